"""Redis that dies, stands still or has a full disk while the wire is at work: each article once."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from tests.support.conditions import eventually
from tests.support.faults.loaded_wire import EACH_ONCE, FEEDS, KEYS, loaded_wire
from tests.support.faults.small_wire import AWAY
from tests.support.servers import Server

pytestmark = pytest.mark.load

ARTICLES = 1_200
PAUSE_SECONDS = 20
BACKLOG = 100
IN_FLIGHT = 4  # polls
PAUSES = "polling pauses"
FULL = "used memory > 'maxmemory'"


@pytest.mark.parametrize("fsync", ["always", "everysec"])
def test_a_server_killed_under_load_loses_nothing_and_doubles_nothing(
    server: Server, tmp_path: Path, fsync: str
) -> None:
    server.start({"appendfsync": fsync})
    with loaded_wire(server.url, tmp_path, ARTICLES) as wire:
        for moment in (ARTICLES // 4, ARTICLES // 2):
            wire.until_published(moment)
            server.kill()
            server.start({"appendfsync": fsync})
        wire.until_all()
        assert wire.outcome() == EACH_ONCE


def test_a_server_restarted_under_load_loses_nothing_and_doubles_nothing(
    server: Server, tmp_path: Path
) -> None:
    server.start({"appendfsync": "everysec"})
    with loaded_wire(server.url, tmp_path, ARTICLES) as wire:
        for moment in (ARTICLES // 4, ARTICLES // 2):
            wire.until_published(moment)
            server.stop()
            server.start({"appendfsync": "everysec"})
        wire.until_all()
        assert wire.outcome() == EACH_ONCE


def test_a_server_that_stands_still_for_twenty_seconds_is_waited_for(
    server: Server, tmp_path: Path
) -> None:
    server.start()
    with loaded_wire(server.url, tmp_path, ARTICLES) as wire:
        wire.until_published(ARTICLES // 3)
        with server.paused():
            time.sleep(PAUSE_SECONDS)  # the fault itself, not a wait for a condition
        wire.until_all()
        assert wire.outcome() == EACH_ONCE


def test_a_server_whose_disk_is_full_is_waited_for(tmp_path: Path) -> None:
    with (
        a_server_of_limited_size(tmp_path / "redis") as (process, url),
        loaded_wire(url, tmp_path, ARTICLES) as wire,
    ):
        wire.until_published(ARTICLES // 3)
        sizes = [file.stat().st_size for file in (tmp_path / "redis").rglob("*.aof")]
        set_file_limit(process, max(sizes))
        eventually(lambda: AWAY in wire.work.printed(), 60)
        set_file_limit(process, resource.RLIM_INFINITY)
        wire.until_all()
        assert wire.outcome() == EACH_ONCE


def test_a_server_without_memory_is_waited_for(server: Server, tmp_path: Path) -> None:
    server.start({"maxmemory-policy": "noeviction"})
    with (
        server.client() as client,
        loaded_wire(
            server.url, tmp_path, ARTICLES, shown=ARTICLES // 2, backlog_limit=str(ARTICLES)
        ) as wire,
    ):
        wire.until_published(ARTICLES // 3)
        client.config_set("maxmemory", 1)
        wire.show_the_rest()
        eventually(lambda: FULL in wire.ingest.printed(), 60)
        eventually(lambda: FULL in wire.work.printed(), 60)
        full = wire.published()
        # A subscriber reads on: neither reading nor acknowledging takes memory.
        eventually(lambda: int(client.xinfo_groups(KEYS.articles)[0]["lag"]) == 0)
        assert wire.published() == full
        client.config_set("maxmemory", 0)
        wire.until_all()
        assert wire.outcome() == EACH_ONCE


def test_slow_workers_stop_the_polling_at_a_bounded_backlog(server: Server, tmp_path: Path) -> None:
    server.start()
    with (
        server.client() as client,
        loaded_wire(
            server.url,
            tmp_path,
            ARTICLES,
            backlog_limit=str(BACKLOG),
            fetch_concurrency=str(IN_FLIGHT),
        ) as wire,
    ):
        wire.work.process.send_signal(signal.SIGSTOP)
        eventually(lambda: PAUSES in wire.ingest.printed())
        wire.ingest.stop()
        backlog = int(client.xlen(KEYS.entries))
        assert BACKLOG <= backlog <= BACKLOG + IN_FLIGHT * ARTICLES // FEEDS
        wire.ingest.start()
        eventually(lambda: wire.ingest.printed().count(PAUSES) == 2)
        assert int(client.xlen(KEYS.entries)) == backlog
        wire.work.process.send_signal(signal.SIGCONT)
        wire.until_all()
        assert wire.outcome() == EACH_ONCE


@contextmanager
def a_server_of_limited_size(
    folder: Path,
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run Debian's Redis with an append-only file whose size can be limited."""
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("redis-server is not installed")
    folder.mkdir()
    socket = folder / "s"
    options = ["--port", "0", "--unixsocket", str(socket), "--dir", str(folder)]
    options += ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec"]
    # A write beyond the limit then fails as on a full disk, in place of ending the process:
    # Python ignores SIGXFSZ, and the server inherits that.
    with subprocess.Popen(
        [binary, *options], stdout=subprocess.DEVNULL, restore_signals=False
    ) as process:
        try:
            eventually(lambda: answers(socket))
            yield process, f"unix://{socket}"
        finally:
            process.kill()


def answers(socket: Path) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(socket)) as client:
            return bool(client.ping())
    except redis.exceptions.ConnectionError:
        return False


def set_file_limit(process: subprocess.Popen[bytes], size: int) -> None:
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
