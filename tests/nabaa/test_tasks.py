"""Waits side by side: the first ends the others, and no error of any is lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine

import pytest

from nabaa.tasks import first_of, keep_running, start_logged

pytestmark = pytest.mark.anyio


async def failing(name: str) -> None:
    raise ValueError(name)


async def failing_when_cancelled(name: str) -> None:
    try:
        await asyncio.Event().wait()
    finally:
        raise ValueError(name)


async def test_the_first_to_end_ends_the_others() -> None:
    ended = asyncio.Event()

    async def other() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    await first_of(asyncio.sleep(0), other())
    assert ended.is_set()


async def test_the_error_of_a_wait_is_raised() -> None:
    with pytest.raises(ValueError, match="one"):
        await first_of(failing("one"), asyncio.Event().wait())


@pytest.mark.parametrize("other", [failing, failing_when_cancelled])
async def test_when_two_waits_fail_both_errors_are_raised(
    other: Callable[[str], Coroutine[None, None, None]],
) -> None:
    with pytest.raises(ExceptionGroup) as raised:
        await first_of(failing("one"), other("two"))
    assert [str(error) for error in raised.value.exceptions] == ["one", "two"]


async def test_a_wait_that_fails_while_all_are_cancelled_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    waiting = asyncio.create_task(first_of(failing_when_cancelled("late"), asyncio.Event().wait()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with caplog.at_level(logging.ERROR), pytest.raises(asyncio.CancelledError):
        await waiting
    assert "ValueError: late" in caplog.text


@pytest.mark.parametrize("is_failing", [True, False], ids=["fails", "ends"])
async def test_work_that_ends_before_its_time_is_logged_and_started_again(
    caplog: pytest.LogCaptureFixture, is_failing: bool
) -> None:
    stop = asyncio.Event()
    runs = 0

    async def work() -> None:
        nonlocal runs
        runs += 1
        if runs == 3:
            stop.set()
        elif is_failing:
            raise ValueError("a fault of ours")

    await keep_running("the reader", work, stop, pause_seconds=0.01)
    assert runs == 3
    assert caplog.text.count("it is started again") == 2
    assert ("a fault of ours" in caplog.text) == is_failing


async def test_the_failure_of_work_in_the_background_is_logged_when_it_ends(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await asyncio.wait([start_logged("the flushing", failing("a fault of ours"))])
    await asyncio.sleep(0)
    assert "the flushing failed" in caplog.text
    assert "a fault of ours" in caplog.text


async def test_work_in_the_background_that_is_cancelled_has_not_failed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    task = start_logged("the flushing", asyncio.Event().wait())  # type: ignore[arg-type]
    task.cancel()
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert caplog.text == ""
