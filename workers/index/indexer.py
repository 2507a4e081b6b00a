"""The indexer: what a consumer group is given into the archive, acknowledged when it is kept.

What comes again after a crash is known by what the archive holds; several indexers share a group.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import msgspec
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from nabaa.errors import OutputError
from nabaa.streams.errors import is_missing, stream_error
from nabaa.streams.keys import STORIES, all_shards
from nabaa.subscriber.batching import batched
from nabaa.subscriber.group import GroupReader
from nabaa.subscriber.received import Received
from nabaa.tasks import first_of
from nabaa.types import Story
from workers.index.database import Archive, ArchiveAwayError, RefusedError
from workers.index.message import ArchivedMessage, message_of_received
from workers.index.model import Written, add_up
from workers.index.retention import remove_old, remove_old_stories
from workers.index.stories import write_stories
from workers.index.writer import write_messages

logger = logging.getLogger(__name__)

BATCH = 500
"""Messages of one transaction at most."""

REDELIVER_SECONDS = 120.0
"""What an indexer that died had taken is given to another after so long."""

_RETENTION_SECONDS = 600.0
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1.0, 30.0


@dataclass(frozen=True, slots=True)
class Retention:
    """A retention says what is kept.

    Attributes:
        max_age_seconds: age at which articles go; None: none is too old.
        max_articles: articles that are kept at most; None: as many as there are.
    """

    max_age_seconds: float | None = None
    max_articles: int | None = None


KEEP_ALL = Retention()


async def count_behind(client: Redis, shards: int, group: str, subscription: str = "") -> int:
    """Return how many messages a group has still to be given, about.

    Args:
        client: answers in bytes.
        shards: number of shards of the wire.
        group: name of the group; one that does not exist yet has all before it.
        subscription: name of the subscription that it reads; empty: the whole wire and its stories.
    """
    behind = 0
    streams = [STORIES.stories] if not subscription else []
    for keys in all_shards(shards):
        streams.append(keys.subscription(subscription) if subscription else keys.articles)
    for stream in streams:
        try:
            groups = {each["name"].decode(): each for each in await client.xinfo_groups(stream)}
        except ResponseError as error:
            if not is_missing(error):
                raise stream_error(stream, error) from error
            continue  # nothing has come yet
        lag = groups[group].get("lag") if group in groups else None  # Redis 6.2 tells none
        behind += await client.xlen(stream) if lag is None else lag
    return behind


async def index_group(
    reader: GroupReader,
    archive: Archive,
    stop: asyncio.Event,
    retention: Retention = KEEP_ALL,
    on_written: Callable[[Written], None] = lambda _: None,
    max_wait_seconds: float = 1.0,
) -> None:
    """Store the articles of a group until `stop` is set.

    A database that is away is waited for.

    Args:
        reader: of the group.
        archive: where the messages go.
        stop: ends the reading; what was read by then is stored first.
        retention: what is kept; looked at every ten minutes.
        on_written: told of each transaction, on the event loop.
        max_wait_seconds: the longest time that a message waits for others.

    Raises:
        OutputError: the database does not take the messages, as where its disk is full; they stay
            with the group.
        QueueError: Redis refuses what is needed.
    """
    removing = asyncio.ensure_future(_retain(archive, retention, stop))
    try:
        async with (
            aclosing(reader.read(stop)) as messages,
            aclosing(batched(messages, BATCH, max_wait_seconds)) as batches,
        ):
            async for batch in batches:
                done = await _store_patiently(archive, batch, stop)
                if done is None:
                    return  # stopped while the database was away
                for received, reason in zip(batch, done.refusals, strict=True):
                    if reason:
                        await reader.fail(received, reason, 0, 0.0)
                    else:
                        await reader.acknowledge(received)
                on_written(done.written)
                if removing.done():
                    removing.result()
    finally:
        removing.cancel()
        await asyncio.gather(removing, return_exceptions=True)
        await reader.hand_back()


@dataclass(frozen=True, slots=True)
class _Stored:
    """What became of a batch: for each message why it cannot be stored, empty where it is."""

    written: Written
    refusals: list[str]


async def _store_patiently(
    archive: Archive, batch: Sequence[Received], stop: asyncio.Event
) -> _Stored | None:
    pause = _FIRST_PAUSE_SECONDS
    while True:
        try:
            return await asyncio.to_thread(_store, archive, batch)
        except ArchiveAwayError as error:
            logger.warning("%s; trying again in %g s", error, pause)
            await first_of(stop.wait(), asyncio.sleep(pause))
            if stop.is_set():
                return None
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


def _store(archive: Archive, batch: Sequence[Received]) -> _Stored:
    refusals = [""] * len(batch)
    messages: dict[int, ArchivedMessage | Story] = {}
    for place, received in enumerate(batch):
        try:
            is_story = received.is_story
            messages[place] = received.story if is_story else message_of_received(received)
        except msgspec.MsgspecError as error:
            refusals[place] = f"not an article or story of this version: {error}"
    try:
        written = [write(archive, list(messages.values()))]
    except RefusedError:  # one of them is such as the database does not take: which?
        written = []
        for place, message in messages.items():
            try:
                written.append(write(archive, [message]))
            except RefusedError as error:
                refusals[place] = str(error)
    for received, reason in zip(batch, refusals, strict=True):
        if reason:
            logger.error("%s goes to the dead letters: %s", received.message_id, reason)
    return _Stored(add_up(written), refusals)


def write(archive: Archive, messages: Sequence[ArchivedMessage | Story]) -> Written:
    """Store messages of articles and events of stories in one transaction.

    Raises:
        OutputError: the database does not take them.
    """
    stories = [message for message in messages if isinstance(message, Story)]
    articles = [message for message in messages if not isinstance(message, Story)]
    with archive.writing() as connection:
        written = write_messages(connection, articles)
        events = write_stories(connection, stories)
    return replace(written, stories=events, known=written.known + len(stories) - events)


async def _retain(archive: Archive, retention: Retention, stop: asyncio.Event) -> None:
    if retention == KEEP_ALL:
        return
    while not stop.is_set():
        age = retention.max_age_seconds
        oldest = None if age is None else datetime.now(UTC) - timedelta(seconds=age)
        try:
            removed = await asyncio.to_thread(remove_old, archive, oldest, retention.max_articles)
            if oldest is not None:
                await asyncio.to_thread(remove_old_stories, archive, oldest)
        except OutputError as error:
            logger.warning("nothing is removed for now: %s", error)
        else:
            if removed:
                logger.info("%d articles were removed from the archive", removed)
        await first_of(stop.wait(), asyncio.sleep(_RETENTION_SECONDS))
