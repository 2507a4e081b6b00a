"""What a daemon does beside its work: say how far it is, show that it lives, end when told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from nabaa.errors import ConfigError, NabaaError

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 10.0
HEARTBEAT_SECONDS = 5.0
STOP_SECONDS = 3.0


async def run_together(services: Sequence[Coroutine[Any, Any, None]], stop: asyncio.Event) -> None:
    """Run services until `stop` is set or one of them ends, which ends the others as well.

    Args:
        services: each returns soon after the event is set; one that takes longer than
            `STOP_SECONDS` is cancelled.
        stop: set by a signal, or here.

    Raises:
        Exception: the first that a service raised, out of the groups it may come in; all others are
            logged, but those that a person mends by the same.
    """
    tasks = [asyncio.create_task(service) for service in services]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.wait([*tasks, stopping])
    failed = [error for task in tasks if not task.cancelled() and (error := task.exception())]
    errors = [single for error in failed for single in _ungrouped(error)]
    for error in errors[1:]:
        # Several services meet the same refusal of Redis: it is told once.
        if not (isinstance(error, NabaaError) and str(error) == str(errors[0])):
            logger.error("a service failed as well: %s", error, exc_info=error)
    if errors:
        raise errors[0]


def _ungrouped(error: BaseException) -> list[BaseException]:
    """Return an error by itself, or those of a group."""
    if not isinstance(error, BaseExceptionGroup):
        return [error]
    return [single for inner in error.exceptions for single in _ungrouped(inner)]


async def log_progress(parts: Sequence[Callable[[], str]], stop: asyncio.Event) -> None:
    """Log a line of progress now and then, and at the end, when it has changed.

    Args:
        parts: say how far each service is; may grow.
        stop: ends it.
    """
    last = ""
    while not stop.is_set():
        await _pause(PROGRESS_SECONDS, stop)
        line = " · ".join(part() for part in parts)
        if line != last:
            logger.info("%s", line)
        last = line


async def write_heartbeat(file: Path, stop: asyncio.Event) -> None:
    """Touch a file as long as the event loop turns; a health check looks at its age.

    Args:
        file: made when missing.
        stop: ends it.

    Raises:
        ConfigError: the file cannot be written.
    """
    while not stop.is_set():
        try:
            file.touch()  # noqa: ASYNC240 - a local file; a thread would beat for a loop that stands
        except OSError as error:
            raise ConfigError(
                f"NABAA_HEARTBEAT_FILE: {file} cannot be written: {error.strerror}"
            ) from error
        await _pause(HEARTBEAT_SECONDS, stop)


@asynccontextmanager
async def heartbeat(file: Path | None, stop: asyncio.Event) -> AsyncIterator[None]:
    """Touch a file while the block runs; a file that cannot be written sets `stop`.

    Args:
        file: None: nothing is touched.
        stop: set by whoever wants an end, and when the block ends.

    Raises:
        ConfigError: the file cannot be written; raised behind the block.
    """
    if file is None:
        yield
        return
    beating = asyncio.create_task(write_heartbeat(file, stop))
    beating.add_done_callback(lambda _: stop.set())
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait([beating])
    beating.result()


async def _pause(seconds: float, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
