"""The feed list is read again while the service runs: on change and on SIGHUP."""

from __future__ import annotations

import os
import pty
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from config.feed_list import save_feeds
from nabaa.streams.keys import Keys
from tests.support.conditions import eventually, until
from tests.support.daemons import Daemon
from tests.support.farm.behaviour import Behaviour
from tests.support.farm.content.articles import read_articles
from tests.support.farm.server import Farm
from tests.support.wires.ingest_service import running

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
HEALTHY = Behaviour()


@pytest.fixture
def feeds_file(tmp_path: Path) -> Path:
    return tmp_path / "feeds.yaml"


async def until_queued(client: Redis, count: int) -> None:
    async def are_there() -> bool:
        return int(await client.xlen(KEYS.entries)) >= count

    await until(are_there)


async def until_logged(caplog: pytest.LogCaptureFixture, text: str) -> None:
    async def is_logged() -> bool:
        return any(text in message for message in caplog.messages)

    await until(is_logged)


def spoil(feeds_file: Path) -> int:
    """Spoil the first address of a list; return its line."""
    lines = feeds_file.read_text("utf-8").splitlines()
    number = next(number for number, line in enumerate(lines) if "url:" in line)
    lines[number] = lines[number].partition("url:")[0] + "url: nowhere"
    feeds_file.write_text("\n".join(lines), "utf-8")
    return number + 1


async def until_due_again(client: Redis, farm: Farm, feed_id: str, asked: int) -> None:
    async def was_asked() -> bool:
        return farm.counters(feed_id).requests > asked

    await until(was_asked)


async def test_sighup_takes_a_changed_list_over_at_once(client: Redis, feeds_file: Path) -> None:
    async with Farm(read_articles()[:6], 2, behaviours=[HEALTHY]) as farm:
        first, second = farm.feeds()
        async with running(client, feeds_file, [first]):
            await until_queued(client, 3)
            save_feeds(feeds_file, [first, second])
            os.kill(os.getpid(), signal.SIGHUP)
            await until_queued(client, 6)


async def test_a_broken_list_is_refused_with_its_line_and_the_old_one_stays(
    client: Redis, feeds_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    farm = Farm(read_articles()[:2], 1, behaviours=[HEALTHY], interval_seconds=1)
    async with farm, running(client, feeds_file, farm.feeds()):
        await until_queued(client, 2)
        line = spoil(feeds_file)
        os.kill(os.getpid(), signal.SIGHUP)
        await until_logged(caplog, "the feed list is not taken over, the old one stays")
        [told] = {each for each in caplog.messages if "not taken over" in each}
        assert f"{feeds_file}, line {line}: " in told
        await until_due_again(client, farm, "farm-0001", farm.counters().requests)


async def test_a_feed_whose_address_changes_is_asked_there_at_once(
    client: Redis, feeds_file: Path
) -> None:
    farm = Farm(read_articles()[:4], 2, behaviours=[HEALTHY], interval_seconds=3600)
    async with farm:
        first, second = farm.feeds()
        async with running(client, feeds_file, [first]):
            await until_queued(client, 2)
            save_feeds(feeds_file, [replace(first, url=second.url)])
            os.kill(os.getpid(), signal.SIGHUP)
            await until_queued(client, 4)


async def test_a_feed_whose_interval_changes_is_asked_at_once(
    client: Redis, feeds_file: Path
) -> None:
    farm = Farm(read_articles()[:2], 1, behaviours=[HEALTHY], interval_seconds=3600)
    async with farm:
        [feed] = farm.feeds()
        async with running(client, feeds_file, [feed]):
            await until_queued(client, 2)
            asked = farm.counters().requests
            save_feeds(feeds_file, [replace(feed, interval_seconds=1800)])
            os.kill(os.getpid(), signal.SIGHUP)
            await until_due_again(client, farm, feed.id, asked)


async def test_sighup_when_nothing_changed_changes_nothing(client: Redis, feeds_file: Path) -> None:
    farm = Farm(read_articles()[:2], 1, behaviours=[HEALTHY], interval_seconds=3600)
    async with farm, running(client, feeds_file, farm.feeds()) as service:
        await until_queued(client, 2)
        due = await client.zscore(KEYS.due, "farm-0001")
        os.kill(os.getpid(), signal.SIGHUP)

        async def was_read() -> bool:
            return bool(service._register._loaded_stamp)

        await until(was_read)
        assert await client.zscore(KEYS.due, "farm-0001") == due


def test_a_terminal_that_is_closed_ends_the_process(tmp_path: Path, server_url: str) -> None:
    ours, theirs = pty.openpty()
    settings = {"NABAA_REDIS_URL": server_url, "NABAA_FEEDS_FILE": str(tmp_path / "feeds.yaml")}
    save_feeds(tmp_path / "feeds.yaml", [])
    log = tmp_path / "log"
    with Daemon("ingest", settings=settings, log=log, out=theirs) as daemon:
        os.close(theirs)
        os.set_blocking(ours, False)
        eventually(lambda: _catches_hangup(daemon.process.pid))
        os.close(ours)
        daemon.process.send_signal(signal.SIGHUP)
        assert daemon.process.wait(30) == 0


def _catches_hangup(pid: int) -> bool:
    """Tell whether a process has a handler for SIGHUP (SigCgt of proc(5))."""
    status = Path(f"/proc/{pid}/status").read_text()
    [mask] = [line.split()[1] for line in status.splitlines() if line.startswith("SigCgt")]
    return bool(int(mask, 16) >> (signal.SIGHUP - 1) & 1)
