"""How one waits where Redis cannot be used, and goes on when it can."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

from redis.asyncio import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import ResponseError

from nabaa.errors import QueueError
from nabaa.redis.errors import TRANSIENT_ERRORS, StoredDataError, is_authentication_error
from nabaa.tasks import finish_soon_after, first_of

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

GRACE_SECONDS = 1.0
"""A call that waits for Redis is given up so long after a stop."""

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
        self._is_mendable = False  # by a person, and that has been logged

    async def wait(self, error: Exception, stop: asyncio.Event | None = None) -> None:
        """Wait a little longer after each failure in a row, 5 seconds at most.

        Args:
            error: what the server answered, or why it could not.
            stop: ends the wait at once.

        Raises:
            QueueError: the server does not accept the user or the password; waiting mends nothing.
        """
        reason = str(error).rstrip(".")
        if is_authentication_error(error):
            raise QueueError(
                f"Redis at {self._address} does not accept the user or the password: {reason}"
            ) from error
        self._failures += 1
        is_news = isinstance(error, StoredDataError) and not self._is_mendable
        self._is_mendable = isinstance(error, StoredDataError)
        if self._failures == 1 or is_news or self._failures % _LOGGED_AGAIN_AFTER == 0:
            logger.warning("Redis at %s cannot be used: %s; waiting for it", self._address, reason)
        pause = asyncio.sleep(_WAIT.compute(min(self._failures, _LONGEST_WAIT_AFTER)))
        await (first_of(stop.wait(), pause) if stop else pause)

    def reset(self) -> None:
        """Note that Redis did what it was asked."""
        if self._failures:
            logger.info("Redis at %s can be used again", self._address)
        self._failures = 0
        self._is_mendable = False

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
            stop: ends the tries; one that waits for Redis then is given up after a second.

        Returns:
            What the call returned; None where `stop` came first.

        Raises:
            QueueError: the server does not accept the user or the password.
            Exception: what the call raised, unless it says that Redis cannot be used for now.
        """
        while stop is None or not stop.is_set():
            try:
                result = await (
                    call() if stop is None else finish_soon_after(stop, call(), GRACE_SECONDS)
                )
            except TRANSIENT_ERRORS as error:
                await self.wait(error, stop)
            else:
                self.reset()
                return result
        return None


class ResumingWork:
    """Does one round of work after another; begins anew after Redis was away.

    Args:
        address: name of the server in the log, without its password.
        begin: called before the first round, and again after Redis was away or a consumer group was
            gone: the server may come back empty.
    """

    def __init__(self, address: str, begin: Callable[[], Awaitable[None]]) -> None:
        self._backoff = RedisBackoff(address)
        self._begin = begin
        self._is_begun = False

    async def do(
        self,
        step: Callable[[], Awaitable[Result]],
        stop: asyncio.Event,
        grace_seconds: float | None = None,
    ) -> Result | None:
        """Do one round; where Redis cannot be used, wait and do it then.

        Args:
            step: the round.
            stop: ends the waiting.
            grace_seconds: a round is given up so long after a stop; None: never.

        Returns:
            What `step` returned; None where `stop` came first.

        Raises:
            QueueError: the server does not accept the user or the password.
            Exception: what `begin` or `step` raised, unless it says that Redis cannot be used for
                now.
        """

        async def round_of_work() -> Result:
            if not self._is_begun:
                await self._begin()
                self._is_begun = True
            return await step()

        while not stop.is_set():
            try:
                if grace_seconds is None:
                    result: Result | None = await round_of_work()
                else:
                    result = await finish_soon_after(stop, round_of_work(), grace_seconds)
            except TRANSIENT_ERRORS as error:
                self._is_begun = False
                await self._backoff.wait(error, stop)
            except ResponseError as error:
                if not str(error).startswith("NOGROUP"):
                    raise
                self._is_begun = False
            else:
                self._backoff.reset()
                return result
        return None


async def keep_going(
    address: str,
    begin: Callable[[], Awaitable[None]],
    step: Callable[[], Awaitable[None]],
    stop: asyncio.Event,
) -> None:
    """Do round after round of `ResumingWork` until `stop` is set.

    Args:
        address: name of the server in the log, without its password.
        begin: called first, and again after Redis was away.
        step: one round.
        stop: ends it after the round at hand.

    Raises:
        QueueError: the server does not accept the user or the password.
        Exception: what `begin` or `step` raised, unless it says that Redis cannot be used for now.
    """
    work = ResumingWork(address, begin)
    while not stop.is_set():
        await work.do(step, stop)


async def wait_until_reachable(client: Redis, address: str, stop: asyncio.Event) -> None:
    """Return once the server answers or `stop` is set; until then the log says so.

    Args:
        client: asks the server.
        address: name of the server in the log, without its password.
        stop: ends the wait at once.

    Raises:
        QueueError: the server does not accept the user or the password.
    """
    await RedisBackoff(address).retry(client.ping, stop)
