"""SIGTERM ends every command within five seconds, also where Redis or a receiver stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.feed_list import save_feeds
from config.model import Feed
from nabaa.message import encode_article
from tests.support.articles import numbered_article
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.faults.silent_server import SilentServer, silent_server
from tests.support.faults.small_wire import KEYS
from tests.support.machines import free_port
from tests.support.servers import Server

pytestmark = pytest.mark.load

ENDS_WITHIN_SECONDS = 5.0
FEED = Feed("sabah", "http://127.0.0.1:1/rss", "الصباح", "الصباح", "JO", "Asia/Amman")
COMMANDS = [
    "run --quiet",
    "run",
    "ingest",
    "work",
    "tail",
    "subscribe --group desk",
    "webhook http://127.0.0.1:1/ --group desk",
    "serve --port {port}",
    "archive files",
    "index",
    "desk --listen 127.0.0.1:{port}",
    "metrics --port {port}",
]
READS = {
    "ingest": "evalsha",
    "tail": "xread",
    "serve": "xread",
    "desk": "xread",
    "metrics": "hmget",
}
"""The last thing that a command asks of Redis once it is at work, where it is not XREADGROUP."""

each_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[:10])


@pytest.fixture
def silent() -> Iterator[SilentServer]:
    with silent_server() as server:
        yield server


def daemon(command: str, url: str, folder: Path) -> Daemon:
    save_feeds(folder / "feeds.yaml", [FEED])
    settings = {
        "NABAA_REDIS_URL": url,
        "NABAA_DATA_DIR": str(folder),
        "NABAA_FEEDS_FILE": str(folder / "feeds.yaml"),
        "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
        "NABAA_FULL_TEXT": "never",
    }
    words = command.format(port=free_port()).split()
    return Daemon(*words, settings=settings, log=folder / "log")


def assert_ends(running: Daemon) -> None:
    assert running.stop() < ENDS_WITHIN_SECONDS
    assert running.process.returncode == 0
    assert "Traceback" not in running.printed()


@each_command
def test_a_command_ends_while_redis_never_answers(
    silent: SilentServer, tmp_path: Path, command: str
) -> None:
    with daemon(command, f"redis://127.0.0.1:{silent.port}/0", tmp_path) as running:
        eventually(lambda: bool(silent.connections))
        assert_ends(running)


@each_command
def test_a_command_ends_while_redis_stands_still(
    server: Server, tmp_path: Path, command: str
) -> None:
    server.start()
    with server.client() as client:
        client.xadd(KEYS.articles, {"data": encode_article(numbered_article(1))})

        reading = READS.get(command.split(maxsplit=1)[0], "xreadgroup")

        def reads() -> bool:
            return any(each["cmd"] == reading for each in client.client_list())

        with daemon(command, server.url, tmp_path) as running:
            eventually(reads)
            with server.paused():
                assert_ends(running)


def test_a_webhook_ends_while_its_receiver_never_answers(
    server: Server, silent: SilentServer, tmp_path: Path
) -> None:
    server.start()
    with server.client() as client:
        for number in range(3):
            client.xadd(KEYS.articles, {"data": encode_article(numbered_article(number))})
        command = f"webhook http://127.0.0.1:{silent.port}/ --group desk"
        with daemon(command, server.url, tmp_path) as running:
            eventually(lambda: len(silent.connections) == 3)
            assert_ends(running)
        # What was on its way is given again, to any reader of the group and at once.
        pending = client.xpending_range(KEYS.articles, "desk", "-", "+", 10, idle=600_000)
        assert len(pending) == 3
