"""Waits side by side: the first ends the others, and no error of any is lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine

import pytest

from nabaa.tasks import first_of

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
