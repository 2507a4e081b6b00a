"""Fills the desk's own archive with what the stream holds, and keeps it from growing.

No consumer group: a desk that is gone for good would leave one behind. How far it has come stands
in the archive itself, in the transaction of the messages; one that comes again is known there.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec
from redis.asyncio import Redis
from sqlalchemy import Connection, delete, insert

from nabaa.errors import OutputError, UsageError
from nabaa.redis.backoff import RedisBackoff
from nabaa.redis.connection import address_of
from nabaa.streams.ids import FIRST
from nabaa.streams.keys import all_shards
from nabaa.subscriber.cursor import Cursor, read_after, read_cursor
from nabaa.subscriber.received import Received
from nabaa.tasks import first_of
from workers.index.database import Archive, open_archive
from workers.index.facts import read_facts
from workers.index.message import message_of_received
from workers.index.retention import remove_old
from workers.index.schema import fact
from workers.index.words import WORDS_VERSION
from workers.index.writer import write_messages

logger = logging.getLogger(__name__)

_PLACE = "desk_place"
_BATCH = 200
_LOOK_SECONDS = 1.0
_RETENTION_SECONDS = 300.0


def open_own_archive(path: Path) -> Archive:
    """Open the desk's own archive; one of another version is made anew, for the stream has it all.

    Args:
        path: file of the database.

    Raises:
        OutputError: the database cannot be used.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        archive = open_archive(path)
        with archive.reading() as connection:
            if read_facts(connection).get("words") == WORDS_VERSION:
                return archive
        archive.close()
    except OutputError as error:
        logger.info("%s is made anew: %s", path, error)
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).unlink()
    return open_archive(path)


class ArchiveFeeder:
    """Keeps an archive filled.

    Args:
        archive: an open archive of the desk's own.
        most_articles: how many are kept.
    """

    def __init__(self, archive: Archive, most_articles: int) -> None:
        self._archive = archive
        self._most_articles = most_articles

    async def run(self, client: Redis, shards: int, stop: asyncio.Event) -> None:
        """Store what comes until `stop` is set.

        While it catches up it leaves half of a core's time to others. It waits where Redis is away.

        Args:
            client: answers in bytes.
            shards: number of shards of the wire.
            stop: set by whoever wants an end.

        Raises:
            OutputError: the database cannot be used.
        """
        cursor = await asyncio.to_thread(self._read_place, shards)
        streams = [keys.articles for keys in all_shards(shards)]
        backoff, next_retention = RedisBackoff(address_of(client)), 0.0
        while not stop.is_set():
            read = partial(read_after, client, streams, cursor, _BATCH)
            reading = await backoff.retry(read, stop)
            if reading is None:
                return  # stopped while Redis was away
            if reading.cursor != cursor:
                began = time.monotonic()
                received = [each for each, _ in reading.articles]
                await asyncio.to_thread(self._store, received, reading.cursor)
                cursor = reading.cursor
                pause = time.monotonic() - began
            else:
                pause = _LOOK_SECONDS
            if time.monotonic() >= next_retention:
                await asyncio.to_thread(remove_old, self._archive, None, self._most_articles)
                next_retention = time.monotonic() + _RETENTION_SECONDS
            await first_of(stop.wait(), asyncio.sleep(pause))

    def _read_place(self, shards: int) -> Cursor:
        with self._archive.reading() as connection:
            place = read_facts(connection).get(_PLACE, "")
        try:
            return read_cursor(place, shards)
        except UsageError:  # none yet, or of another wire
            return Cursor((FIRST,) * shards)

    def _store(self, received: Sequence[Received], place: Cursor) -> None:
        messages = []
        for each in received:
            with suppress(msgspec.MsgspecError):  # subscribers find it in the dead letters
                messages.append(message_of_received(each))
        with self._archive.writing() as connection:
            write_messages(connection, messages)
            _write_place(connection, str(place))


def _write_place(connection: Connection, place: str) -> None:
    connection.execute(delete(fact).where(fact.c.name == _PLACE))
    connection.execute(insert(fact), [{"name": _PLACE, "value": place}])
