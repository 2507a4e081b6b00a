"""The archive: the wire on disk, a file or a folder for each hour, every message once.

What a batch holds is on the disk before it is acknowledged; a message that comes again after a
crash is known by what the hour's files hold. How they are written is the formats' part.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Protocol

from nabaa.errors import OutputError
from nabaa.subscriber.batching import batched
from nabaa.subscriber.group import GroupReader
from nabaa.subscriber.received import Received
from workers.outputs.disk.folder import make_folder

HOURS_OPEN = 4
"""Hours whose messages are kept in mind; an older one is read again when it comes up."""


class Hour(Protocol):
    """The archive of one hour."""

    def add(self, messages: Sequence[Received]) -> int:
        """Write the messages that are not there yet, durably; return how many were written.

        Raises:
            OSError: they could not be written; those of the call are there whole or not at all.
        """


class Archive:
    """Writes each message to the hour in which it came onto the wire, UTC.

    Args:
        folder: gets `YYYY-MM-DD/HH` and what the format adds to that; owned by this process.
        open_hour: opens what there is of an hour and repairs what a crash left behind.
    """

    def __init__(self, folder: Path, open_hour: Callable[[Path], Hour]) -> None:
        self._folder = folder
        self._open_hour = open_hour
        self._hours: dict[Path, Hour] = {}

    def add(self, messages: Iterable[Received]) -> int:
        """Write messages durably; return how many were not there yet.

        Raises:
            OutputError: some could not be written; the same call may be made again.
        """
        added = 0
        for hour, of_hour in groupby(messages, lambda received: _hour(received.at)):
            path = self._folder / hour
            try:
                added += self._hour(path).add(list(of_hour))
            except OSError as error:
                # What is on the disk now is looked at before anything else is written there.
                self._hours.pop(path, None)
                raise OutputError(
                    f"{error.filename or path}: cannot be written: {error.strerror or error}; what "
                    "is not on the disk stays with the group"
                ) from error
        return added

    def _hour(self, path: Path) -> Hour:
        hour = self._hours.pop(path, None)
        if hour is None:
            make_folder(path.parent)
            hour = self._open_hour(path)
        self._hours[path] = hour  # the last used stands last
        while len(self._hours) > HOURS_OPEN:
            del self._hours[next(iter(self._hours))]
        return hour


async def archive(
    reader: GroupReader,
    files: Archive,
    stop: asyncio.Event,
    size: int,
    max_wait_seconds: float,
    on_written: Callable[[int], None] | None = None,
) -> int:
    """Write the articles of a group until `stop` is set.

    Args:
        reader: of the group.
        files: where the messages go.
        stop: ends the reading; what was read by then is written first.
        size: messages written at once at most.
        max_wait_seconds: the longest time that a message waits for others.
        on_written: called with how many messages a batch has written.

    Returns:
        How many messages were written.

    Raises:
        OutputError: the disk does not take the messages; they stay with the group.
    """
    written = 0
    try:
        async with (
            aclosing(reader.read(stop)) as messages,
            aclosing(batched(messages, size, max_wait_seconds)) as batches,
        ):
            async for batch in batches:
                more = await asyncio.to_thread(files.add, batch)
                written += more
                if on_written is not None:
                    on_written(more)
                for received in batch:
                    await reader.acknowledge(received)
    finally:
        await reader.hand_back()
    return written


def _hour(at: datetime) -> str:
    return f"{at:%Y-%m-%d}/{at:%H}"
