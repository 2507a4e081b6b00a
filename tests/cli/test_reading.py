"""`nabaa subscribe`, `tail` and `status` as who reads the wire calls them."""

from __future__ import annotations

import asyncio
import io
import json
import math
import os
import select
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from nabaa import GroupReader
from nabaa.message import encode_article
from nabaa.redis.connection import connect
from nabaa.streams.keys import Keys
from nabaa.types import Article, Entity, Mention
from tests.cli.conftest import Nabaa
from tests.support.articles import make_article
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from workers.outputs.lines import write_articles

ARTICLES = Keys(0).articles

# One server is enough here: both are read in tests/workers.
pytestmark = pytest.mark.parametrize("server_url", ["valkey"], indirect=True)


@pytest.fixture
def server(server_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(server_url) as client:
        yield client


@pytest.fixture
def wire(server_url: str) -> dict[str, str]:
    return {"NABAA_REDIS_URL": server_url}


def publish(server: redis.Redis, *titles: str, body: str = "نص") -> None:
    for title in titles:
        article = make_article(title=title, body_text=body, entities=())
        server.xadd(ARTICLES, {"data": encode_article(article)})


def pending(server: redis.Redis) -> int:
    return int(server.xpending(ARTICLES, "desk")["pending"])


def test_each_article_is_a_line_of_json_and_acknowledged(
    server: redis.Redis, wire: dict[str, str], tmp_path: Path
) -> None:
    publish(server, "أ", "ب", "سطر\nآخر\u2028")
    log, lines = tmp_path / "log", tmp_path / "lines"
    with (
        lines.open("wb") as out,
        Daemon("subscribe", "-g", "desk", settings=wire, log=log, out=out.fileno()) as reader,
    ):
        eventually(lambda: lines.read_bytes().count(b"\n") == 3)
        eventually(lambda: pending(server) == 0)
        reader.stop(signal.SIGINT)
    titles = [json.loads(line)["title"] for line in lines.read_bytes().split(b"\n")[:-1]]
    assert titles == ["أ", "ب", "سطر\nآخر\u2028"]
    assert (reader.process.returncode, log.read_text("utf-8")) == (0, "")


@pytest.mark.anyio
async def test_what_was_published_over_several_lines_is_written_as_one(
    server: redis.Redis, server_url: str
) -> None:
    server.xadd(ARTICLES, {"data": '{\r\n  "title": "أ"\r\n}'})
    stop = asyncio.Event()

    class Out(io.BytesIO):
        def flush(self) -> None:
            stop.set()

    async with connect(server_url) as client:
        await write_articles(GroupReader(client, 1, "desk", "me"), out := Out(), stop)
    assert out.getvalue() == '{    "title": "أ"  }\n'.encode()


def test_a_line_that_nobody_reads_leaves_its_article_with_the_group(
    server: redis.Redis, wire: dict[str, str], tmp_path: Path
) -> None:
    publish(server, "أ")
    log = tmp_path / "log"
    read_end, write_end = os.pipe()
    with Daemon("subscribe", "-g", "desk", settings=wire, log=log, out=write_end) as reader:
        os.close(write_end)
        assert json.loads(os.read(read_end, 65536))["title"] == "أ"
        eventually(lambda: pending(server) == 0)
        os.close(read_end)
        publish(server, "ب")
        assert reader.process.wait(30) == 0
    assert pending(server) == 1
    assert log.read_text("utf-8") == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_told_and_leaves_the_article_with_the_group(
    server: redis.Redis, wire: dict[str, str], tmp_path: Path
) -> None:
    publish(server, "أ")
    log = tmp_path / "log"
    with (
        Path("/dev/full").open("wb") as full,
        Daemon("subscribe", "-g", "desk", settings=wire, log=log, out=full.fileno()) as reader,
    ):
        assert reader.process.wait(30) == 2
    assert log.read_text("utf-8") == (
        "nabaa: standard output cannot be written: No space left on device\n"
    )
    assert pending(server) == 1


def test_a_reader_that_stands_still_does_not_keep_it_from_ending(
    server: redis.Redis, wire: dict[str, str], tmp_path: Path
) -> None:
    publish(server, "أ", body="ا" * 1_000_000)  # more than a pipe holds
    read_end, write_end = os.pipe()
    log = tmp_path / "log"
    with Daemon("subscribe", "-g", "desk", settings=wire, log=log, out=write_end) as reader:
        os.close(write_end)
        select.select([read_end], [], [], 30)
        reader.stop(signal.SIGTERM)
    os.close(read_end)
    assert (reader.process.returncode, log.read_text("utf-8")) == (0, "")
    assert pending(server) == 1


def test_tail_prints_plain_lines_into_a_pipe_and_ends_when_nobody_reads(
    server: redis.Redis, wire: dict[str, str], tmp_path: Path
) -> None:
    publish(server, "قديم", "أحدث", "جديد")
    read_end, write_end = os.pipe()
    log = tmp_path / "log"
    with Daemon("tail", "-n", "2", settings=wire, log=log, out=write_end) as reader:
        os.close(write_end)
        shown = b""
        while shown.count(b"https://") < 2:
            shown += os.read(read_end, 65536)
        os.close(read_end)
        publish(server, "أخير")
        assert reader.process.wait(30) == 0
    lines = shown.decode().splitlines()
    assert [lines[1], lines[6]] == ["أحدث", "جديد"]
    assert "\x1b" not in shown.decode()
    assert log.read_text("utf-8") == ""


def titles_of_tail(server_url: str, tmp_path: Path, *options: str) -> list[str]:
    """Return the titles that `tail` shows until the article with the title «آخر» comes."""
    read_end, write_end = os.pipe()
    settings = {"NABAA_REDIS_URL": server_url}
    with Daemon("tail", *options, settings=settings, log=tmp_path / "log", out=write_end) as reader:
        os.close(write_end)
        shown = b""
        while "آخر".encode() not in shown:
            shown += os.read(read_end, 65536)
        reader.stop(signal.SIGTERM)
    os.close(read_end)
    return [line for line in shown.decode().splitlines() if line in {"القاهرة اليوم", "خبر", "آخر"}]


def named(title: str, entity_id: str, name: str) -> Article:
    entity = Entity(entity_id, "LOC", name, None, (Mention("title", 0, len(name), name),))
    return make_article(title=title, entities=(entity,))


@pytest.mark.parametrize("entity", ["القاهرة", "القاهره", "Q85"])
def test_tail_finds_an_entity_by_its_name_and_by_its_id(
    server: redis.Redis, server_url: str, tmp_path: Path, entity: str
) -> None:
    for article in (
        named("القاهرة اليوم", "Q85", "القاهرة"),
        named("خبر", "Q3805", "عمّان"),
        named("آخر", "Q85", "القاهرة"),
    ):
        server.xadd(ARTICLES, {"data": encode_article(article)})
    assert titles_of_tail(server_url, tmp_path, "--entity", entity) == ["القاهرة اليوم", "آخر"]


def test_tail_begins_so_far_back_as_it_is_told(
    server: redis.Redis, server_url: str, tmp_path: Path
) -> None:
    old = encode_article(make_article(title="خبر"))
    server.xadd(ARTICLES, {"data": old}, id="1-1")
    publish(server, *["القاهرة اليوم"] * 10, "آخر")
    assert len(titles_of_tail(server_url, tmp_path, "--since", "1h")) == 11


def test_tail_reads_a_subscription(server: redis.Redis, server_url: str, tmp_path: Path) -> None:
    publish(server, "خبر")
    server.hset(Keys(0).subscriptions, "desk", '{"topics": ["culture"]}')
    server.xadd(Keys(0).subscription("desk"), {"data": encode_article(make_article(title="آخر"))})
    assert titles_of_tail(server_url, tmp_path, "--subscription", "desk") == ["آخر"]


def test_tail_of_a_subscription_that_is_not_there_is_told(server_url: str, nabaa: Nabaa) -> None:
    done = nabaa("tail", "--subscription", "none", redis_url=server_url)
    assert (done.status, done.err) == (2, "nabaa: there is no subscription none\n")


def test_status_shows_counts_and_groups(server: redis.Redis, server_url: str, nabaa: Nabaa) -> None:
    publish(server, "أ", "ب")
    server.xgroup_create(ARTICLES, "desk", id="0")
    server.zadd(Keys(0).due, {"sabah": math.inf})
    done = nabaa("status", redis_url=server_url)
    rows = [line.split() for line in done.out.splitlines()]
    assert ["1", "0", "0", "0", "0", "0", "2", "0"] in rows
    assert ["desk", ARTICLES, "0", "0", "2", "0"] in rows
    assert (done.status, done.err) == (0, "")


def test_status_is_not_silent_where_no_feeds_are_registered(
    server: redis.Redis, server_url: str, nabaa: Nabaa
) -> None:
    publish(server, "أ")
    done = nabaa("status", redis_url=server_url)
    assert done.status == 1
    assert "no feeds are registered: no ingest has run on this Redis, or it was emptied" in done.out


def test_status_is_a_json_document_for_programs(
    server: redis.Redis, server_url: str, nabaa: Nabaa
) -> None:
    publish(server, "أ")
    server.xgroup_create(ARTICLES, "desk", id="0")
    status = json.loads(nabaa("status", "--json", redis_url=server_url).out)
    assert (status["articles"], status["failing"]) == (1, [])
    [group] = status["groups"]
    assert group == {
        "name": "desk",
        "stream": ARTICLES,
        "consumers": 0,
        "pending": 0,
        "lag": 1,
        "lost": None,
        "dead": 0,
    }
    assert status["rates"]["polls"] == {"1": 0, "5": 0, "60": 0}


def test_a_command_that_redis_refuses_is_told(server_url: str, nabaa: Nabaa) -> None:
    with redis.Redis.from_url(server_url) as server:
        server.set(ARTICLES, "not a stream")
    done = nabaa("status", redis_url=server_url)
    assert (done.status, done.out) == (2, "")
    assert "cannot be used: Operation against a key holding the wrong kind of value" in done.err
    assert done.err.count("\n") == 1
