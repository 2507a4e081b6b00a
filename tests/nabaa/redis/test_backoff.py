"""One waits for Redis, and says so; a stop ends the waiting, a wrong password everything."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import pytest
from redis.asyncio import Redis
from redis.exceptions import (
    AuthenticationError,
    ConnectionError as RedisConnectionError,
    ResponseError,
)

from nabaa.errors import QueueError
from nabaa.redis.backoff import RedisBackoff, ResumingWork, keep_going
from nabaa.redis.errors import StoredDataError
from nabaa.tasks import finish_soon_after

pytestmark = pytest.mark.anyio


def failing(*errors: Exception) -> Callable[[], Awaitable[str]]:
    """Return a call that fails so often, and then works."""
    left = list(errors)

    async def call() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return call


async def stands_still() -> str:
    await asyncio.Event().wait()
    return ""


async def test_a_call_is_made_again_until_redis_can_be_used() -> None:
    call = failing(RedisConnectionError("away"), OSError("away"))
    assert await RedisBackoff("here").retry(call) == "done"


async def test_an_error_that_does_not_pass_is_raised() -> None:
    with pytest.raises(ResponseError, match="unknown command"):
        await RedisBackoff("here").retry(failing(ResponseError("unknown command")))


async def test_a_stop_ends_the_tries() -> None:
    stop = asyncio.Event()
    stop.set()
    assert await RedisBackoff("here").retry(failing(), stop) is None


async def test_a_stop_ends_a_call_that_is_not_answered() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, stop.set)
    began = time.monotonic()
    assert await RedisBackoff("here").retry(stands_still, stop) is None
    assert time.monotonic() - began < 5


async def test_a_round_of_work_is_finished_after_a_stop_unless_it_has_a_grace() -> None:
    stop = asyncio.Event()

    async def begin() -> None:
        pass

    async def step() -> str:
        stop.set()
        await asyncio.sleep(0)
        return "done"

    assert await ResumingWork("here", begin).do(step, stop) == "done"
    stop.clear()
    asyncio.get_running_loop().call_later(0.01, stop.set)
    assert await ResumingWork("here", begin).do(stands_still, stop, 0.01) is None


async def test_work_that_ends_in_its_grace_is_not_lost() -> None:
    stop = asyncio.Event()
    stop.set()
    assert await finish_soon_after(stop, asyncio.sleep(0.01, "done"), 5) == "done"


def wrapped_refusal() -> RedisConnectionError:
    error = RedisConnectionError("invalid username-password pair")
    error.__cause__ = AuthenticationError("invalid username-password pair")
    return error


@pytest.mark.parametrize(
    "error", [AuthenticationError("Authentication required."), wrapped_refusal()], ids=str
)
async def test_a_wrong_password_is_not_waited_out(error: Exception) -> None:
    with pytest.raises(QueueError, match="here does not accept the user or the password"):
        await RedisBackoff("here").retry(failing(error))


async def test_what_a_person_must_mend_is_logged_during_an_outage(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop = asyncio.Event()
    stop.set()  # no wait is waited for
    backoff = RedisBackoff("here")
    for error in (OSError("gone"), OSError("gone"), *[StoredDataError("no stream")] * 3):
        await backoff.wait(error, stop)
    assert caplog.messages == [
        "Redis at here cannot be used: gone; waiting for it",
        "Redis at here cannot be used: no stream; waiting for it",
    ]


async def test_an_outage_is_told_once_and_its_end_as_well(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop = asyncio.Event()
    stop.set()  # no wait is waited for
    backoff = RedisBackoff("here")
    with caplog.at_level(logging.INFO):
        for _ in range(5):
            await backoff.wait(OSError("gone."), stop)
        backoff.reset()
        backoff.reset()
    assert caplog.messages == [
        "Redis at here cannot be used: gone; waiting for it",
        "Redis at here can be used again",
    ]


async def test_an_outage_of_a_day_is_waited_out() -> None:
    stop = asyncio.Event()
    stop.set()
    backoff = RedisBackoff("here")
    for _ in range(2_000):  # 2 to this power is beyond what a float holds
        await backoff.wait(OSError("gone"), stop)


async def test_work_begins_anew_after_an_outage(client: Redis) -> None:
    stop = asyncio.Event()
    done: list[str] = []

    async def begin() -> None:
        done.append("begin")

    async def step() -> None:
        done.append("step")
        if len(done) == 2:
            raise ConnectionResetError
        if len(done) == 4:
            raise ResponseError("NOGROUP no such key")
        if len(done) == 6:
            stop.set()

    await keep_going("here", begin, step, stop)
    assert done == ["begin", "step"] * 3


async def test_a_fault_of_ours_ends_the_work(client: Redis) -> None:
    async def begin() -> None:
        raise ResponseError("ERR unknown command")

    with pytest.raises(ResponseError, match="unknown command"):
        await keep_going("here", begin, begin, asyncio.Event())
