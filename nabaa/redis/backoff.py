"""How one waits where Redis cannot be used, and goes on when it can."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import TypeVar, overload

from redis.asyncio import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import ResponseError

from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.tasks import first_of

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

_WAIT = ExponentialWithJitterBackoff(base=0.25, cap=5)
_LONGEST_WAIT_AFTER = 10  # failures; the backoff cannot raise 2 to a power beyond 1,023
_LOGGED_AGAIN_AFTER = 60  # failures, two to five minutes


class RedisBackoff:
    """Waits while Redis cannot be used, and logs the outage: once, every few minutes, at its end.

    Args:
        address: name of the server in the log, without its password.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._failures = 0

    async def wait(self, error: Exception, stop: asyncio.Event | None = None) -> None:
        """Wait a little longer after each failure in a row, 5 seconds at most.

        Args:
            error: what the server answered, or why it could not.
            stop: ends the wait at once.
        """
        self._failures += 1
        if self._failures == 1 or self._failures % _LOGGED_AGAIN_AFTER == 0:
            reason = str(error).rstrip(".")
            logger.warning("Redis at %s cannot be used: %s; waiting for it", self._address, reason)
        pause = asyncio.sleep(_WAIT.compute(min(self._failures, _LONGEST_WAIT_AFTER)))
        await (first_of(stop.wait(), pause) if stop else pause)

    def reset(self) -> None:
        """Note that Redis did what it was asked."""
        if self._failures:
            logger.info("Redis at %s can be used again", self._address)
        self._failures = 0

    @overload
    async def retry(self, call: Callable[[], Awaitable[Result]]) -> Result: ...

    @overload
    async def retry(
        self, call: Callable[[], Awaitable[Result]], stop: asyncio.Event
    ) -> Result | None: ...

    async def retry(
        self, call: Callable[[], Awaitable[Result]], stop: asyncio.Event | None = None
    ) -> Result | None:
        """Call until Redis can be used.

        Args:
            call: makes the awaitable of one try.
            stop: ends the tries; nothing is called once it is set.

        Returns:
            What the call returned; None where `stop` came first.

        Raises:
            Exception: what the call raised, unless it says that Redis cannot be used for now.
        """
        while stop is None or not stop.is_set():
            try:
                result = await call()
            except TRANSIENT_ERRORS as error:
                await self.wait(error, stop)
            else:
                self.reset()
                return result
        return None


async def wait_until_reachable(client: Redis, address: str, stop: asyncio.Event) -> None:
    """Return once the server answers or `stop` is set; until then the log says so.

    Args:
        client: asks the server.
        address: name of the server in the log, without its password.
        stop: ends the wait at once.
    """
    await first_of(stop.wait(), RedisBackoff(address).retry(client.ping))


async def repeat(
    address: str,
    begin: Callable[[], Awaitable[None]],
    step: Callable[[], Awaitable[Result]],
    stop: asyncio.Event,
) -> AsyncGenerator[Result, None]:
    """Yield what `step` returns, again and again; where Redis cannot be used, wait and go on.

    Args:
        address: name of the server in the log, without its password.
        begin: called first, and again after Redis was away or a consumer group was gone: the server
            may come back empty.
        step: one round of work.
        stop: ends it after the round at hand.

    Raises:
        Exception: what `begin` or `step` raised, unless it says that Redis cannot be used for now.
    """
    backoff = RedisBackoff(address)
    is_begun = False
    while not stop.is_set():
        try:
            if not is_begun:
                await begin()
                is_begun = True
            result = await step()
        except TRANSIENT_ERRORS as error:
            is_begun = False
            await backoff.wait(error, stop)
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            is_begun = False
        else:
            backoff.reset()
            yield result


async def keep_going(
    address: str,
    begin: Callable[[], Awaitable[None]],
    step: Callable[[], Awaitable[None]],
    stop: asyncio.Event,
) -> None:
    """Do the rounds of `repeat` for a step that returns nothing.

    Args:
        address: name of the server in the log, without its password.
        begin: as `repeat` has it.
        step: as `repeat` has it.
        stop: ends it after the round at hand.

    Raises:
        Exception: as `repeat` does.
    """
    async with aclosing(repeat(address, begin, step, stop)) as rounds:
        async for _ in rounds:
            pass
