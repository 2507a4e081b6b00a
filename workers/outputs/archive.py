"""The archive: the wire on disk, a file or a folder for each hour, every message once.

What a batch holds is on the disk before it is acknowledged; a message that comes again after a
crash is known by what the hour's files hold. How they are written is the formats' part.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Protocol

from nabaa.subscriber.batching import batched
from nabaa.subscriber.group import GroupReader
from nabaa.subscriber.received import Received

HOURS_OPEN = 4
"""Hours whose messages are kept in mind; an older one is read again when it comes up."""


class Hour(Protocol):
    """What an archive has of one hour."""

    def add(self, messages: Sequence[Received]) -> int:
        """Write those that are not there yet, durably; return how many.

        Raises:
            OSError: they could not be written; those of the call are there whole or not at all.
        """


class Archive:
    """Writes messages to the hours that they came onto the wire in, UTC.

    Args:
        folder: gets `YYYY-MM-DD/HH` and what the format adds to that.
        open_hour: opens what there is of an hour, mending what a crash left behind.
    """

    def __init__(self, folder: Path, open_hour: Callable[[Path], Hour]) -> None:
        self._folder = folder
        self._open_hour = open_hour
        self._hours: dict[Path, Hour] = {}

    def add(self, messages: Iterable[Received]) -> int:
        """Write messages; return how many were not there yet.

        Raises:
            OSError: some could not be written; the same call may be made again.
        """
        added = 0
        for hour, of_hour in groupby(messages, lambda received: _hour(received.at)):
            added += self._hour(hour).add(list(of_hour))
        return added

    def _hour(self, name: str) -> Hour:
        path = self._folder / name
        hour = self._hours.pop(path, None)
        if hour is None:
            path.parent.mkdir(parents=True, exist_ok=True)
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
) -> int:
    """Write what a group is given until `stop` is set.

    Args:
        reader: of the group.
        files: where.
        stop: ends it; what was read by then is written first.
        size: messages written at once at most.
        max_wait_seconds: the longest that one waits for others.

    Returns:
        How many messages were written.

    Raises:
        OSError: the disk does not take them; they stay with the group.
    """
    written = 0
    try:
        async with aclosing(reader.read(stop)) as messages:
            async for batch in batched(messages, size, max_wait_seconds):
                written += await asyncio.to_thread(files.add, batch)
                for received in batch:
                    await reader.acknowledge(received)
    finally:
        await reader.hand_back()
    return written


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _hour(at: datetime) -> str:
    return f"{at:%Y-%m-%d}/{at:%H}"
