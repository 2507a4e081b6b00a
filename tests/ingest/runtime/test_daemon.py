"""Services of one process live and end together."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from ingest.runtime import daemon
from ingest.runtime.daemon import log_progress, run_together, write_heartbeat
from nabaa.errors import ConfigError

pytestmark = pytest.mark.anyio


async def patient(stop: asyncio.Event, ended: list[str], name: str) -> None:
    await stop.wait()
    ended.append(name)


async def test_a_stop_ends_all_services() -> None:
    stop, ended = asyncio.Event(), list[str]()
    running = asyncio.create_task(
        run_together([patient(stop, ended, "a"), patient(stop, ended, "b")], stop)
    )
    stop.set()
    await running
    assert ended == ["a", "b"]


async def test_a_service_that_ends_ends_the_others() -> None:
    stop, ended = asyncio.Event(), list[str]()

    async def short() -> None:
        ended.append("short")

    await run_together([patient(stop, ended, "long"), short()], stop)
    assert ended == ["short", "long"]


async def test_the_error_of_a_service_is_raised_out_of_the_group_it_comes_in() -> None:
    stop, ended = asyncio.Event(), list[str]()

    async def failing() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(refuse())

    async def refuse() -> None:
        raise ConfigError("no such thing")

    with pytest.raises(ConfigError, match="no such thing"):
        await run_together([patient(stop, ended, "other"), failing()], stop)
    assert ended == ["other"]


async def test_every_error_of_services_that_fail_together_is_raised_or_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop = asyncio.Event()

    async def fail(reason: str) -> None:
        await stop.wait()
        raise ConfigError(reason)

    async def fail_twice() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(fail("second"))
            tasks.create_task(fail("third"))

    stop.set()
    with pytest.raises(ConfigError, match="first"):
        await run_together([fail("first"), fail_twice()], stop)
    logged = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert [str(error) for error in logged] == ["second", "third"]


async def test_what_several_services_say_of_one_thing_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop = asyncio.Event()

    async def refuse() -> None:
        raise ConfigError("Redis does not accept the password")

    with pytest.raises(ConfigError, match="password"):
        await run_together([refuse(), refuse(), refuse()], stop)
    assert caplog.records == []


async def test_a_service_that_does_not_end_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "STOP_SECONDS", 0.01)
    stop = asyncio.Event()
    stop.set()
    forever = asyncio.Event()
    await run_together([patient(forever, [], "deaf")], stop)
    assert not forever.is_set()


async def test_progress_is_told_at_the_end_and_only_when_it_changed(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "PROGRESS_SECONDS", 0.001)
    stop, looks = asyncio.Event(), list[int]()

    def feeds() -> str:
        looks.append(1)
        if len(looks) == 5:
            stop.set()
        return f"feeds: {len(looks) // 3} polls"

    with caplog.at_level(logging.INFO, "ingest.runtime.daemon"):
        await log_progress([feeds, lambda: "workers: 0"], stop)
    assert caplog.messages == [f"feeds: {polls} polls · workers: 0" for polls in (0, 1)]


async def test_a_heart_that_beats_makes_its_file(tmp_path: Path) -> None:
    stop = asyncio.Event()
    beating = asyncio.create_task(write_heartbeat(tmp_path / "alive", stop))
    await asyncio.sleep(0)
    stop.set()
    await beating
    assert (tmp_path / "alive").exists()


async def test_a_heartbeat_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"NABAA_HEARTBEAT_FILE: .*none/alive cannot be written"):
        await write_heartbeat(tmp_path / "none" / "alive", asyncio.Event())
