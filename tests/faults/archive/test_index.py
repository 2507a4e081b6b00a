"""kill -9 in the midst of indexing, two indexers, a full disk: each message once in the archive."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

import pytest
import redis

from tests.support.archives import a_postgres
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.faults.indexed_wire import (
    EACH_ONCE,
    GROUP,
    is_done,
    outcome,
    publish,
    stored_versions,
    versions_of,
)
from tests.support.servers import Server
from workers.index.database import Archive, open_archive

pytestmark = pytest.mark.load

ARTICLES = 2_500
KILLS = 6
SEED = 20261126


@pytest.fixture(params=["sqlite", "postgres"])
def archive_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "archive.sqlite3")
        return
    with a_postgres() as url:
        if url is None:
            pytest.skip("postgresql is not installed")
        yield url


def indexer(server: Server, archive_url: str, log: Path, name: str) -> Daemon:
    settings = {"NABAA_REDIS_URL": server.url, "NABAA_ARCHIVE_URL": archive_url}
    return Daemon("index", "--group", GROUP, "--consumer", name, settings=settings, log=log)


def test_indexers_that_are_killed_lose_nothing_and_double_nothing(
    server: Server, archive_url: str, tmp_path: Path
) -> None:
    server.start()
    random = Random(SEED)
    total = versions_of(ARTICLES)
    moments = sorted(random.randrange(1, total - 200) for _ in range(KILLS))
    archive = open_archive(archive_url)
    with ExitStack() as stack, redis.Redis(unix_socket_path=str(server.socket)) as client:
        publish(client, 0, ARTICLES)
        daemons = [
            stack.enter_context(indexer(server, archive_url, tmp_path / f"{name}.log", name))
            for name in ("one", "two")
        ]
        for moment in moments:
            eventually(lambda moment=moment: stored_versions(archive) >= moment, 60)  # type: ignore[misc]
            victim = random.choice(daemons)
            victim.kill()
            victim.start()
        eventually(lambda: is_done(client), 120)
        for daemon in daemons:
            daemon.stop()
    assert outcome(archive, ARTICLES) == EACH_ONCE
    archive.close()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """Mount a disk of some megabytes while the block runs."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_ends_the_indexer_and_what_it_lacks_comes_when_there_is_room(
    server: Server, tmp_path: Path
) -> None:
    server.start()
    disk, log = tmp_path / "disk", tmp_path / "log"
    with (
        small_disk(disk, 3),
        redis.Redis(unix_socket_path=str(server.socket)) as client,
    ):
        publish(client, 0, ARTICLES)
        with indexer(server, str(disk / "archive.sqlite3"), log, "one") as daemon:
            assert daemon.process.wait(60) == 2
        assert "disk is full" in log.read_text("utf-8").splitlines()[-1]
        grow = ["mount", "-o", "remount,size=400m", str(disk)]
        subprocess.run(grow, check=True)
        with indexer(server, str(disk / "archive.sqlite3"), log, "one") as daemon:
            eventually(lambda: is_done(client), 120)
            daemon.stop()
        archive: Archive = open_archive(disk / "archive.sqlite3")
        assert outcome(archive, ARTICLES) == EACH_ONCE
        archive.close()
