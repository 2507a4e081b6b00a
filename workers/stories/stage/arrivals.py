"""The articles of all shards behind the stage's place, in the order in which they came."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from redis.asyncio import Redis

from nabaa.streams.ids import FIRST, order_of
from nabaa.streams.messages import messages_of_read
from nabaa.subscriber.cursor import Cursor, Gap, Reading, read_after
from nabaa.subscriber.received import Received
from workers.stories.stage.batch import Arrival

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A batch of articles.

    Attributes:
        messages: messages in the order of their ids, over all shards.
        cursor: place behind them.
        gaps: what was trimmed before it was read, at most.
    """

    messages: tuple[Received, ...]
    cursor: Cursor
    gaps: tuple[Gap, ...] = ()


async def read_arrivals(
    client: Redis, streams: Sequence[str], cursor: Cursor, count: int
) -> Arrivals:
    """Return what came behind a place, without waiting.

    Where a shard has more than is read at once, what others have of later is left for the next
    time: a story is told in the order in which it happened.

    Args:
        client: answers in bytes.
        streams: key of the articles stream of each shard.
        cursor: place of the stage.
        count: messages of a shard at most.

    Raises:
        redis.exceptions.RedisError: the server cannot be used.
    """
    reading = await read_after(client, streams, cursor, count)
    return _up_to_horizon(streams, cursor, reading, count)


def _up_to_horizon(
    streams: Sequence[str], cursor: Cursor, reading: Reading, count: int
) -> Arrivals:
    messages = [received for received, _ in reading.articles]
    # What was trimmed before the stage began is no loss.
    gaps = tuple(gap for gap in reading.gaps if gap.after != FIRST)
    lasts = [
        of_shard[-1].message_id
        for stream in streams
        if len(of_shard := [each for each in messages if each.stream == stream]) >= count
    ]
    messages.sort(key=lambda received: order_of(received.message_id))
    if not lasts or len(streams) == 1:
        return Arrivals(tuple(messages), reading.cursor, gaps)
    horizon = min(map(order_of, lasts))
    kept = [each for each in messages if order_of(each.message_id) <= horizon]
    place = reading.cursor
    for shard, stream in enumerate(streams):
        if any(each.stream == stream for each in messages if each not in kept):
            ids = [each.message_id for each in kept if each.stream == stream]
            place = place.after(shard, ids[-1] if ids else cursor.ids[shard])
    return Arrivals(tuple(kept), place, gaps)


async def wait_for_articles(
    client: Redis, streams: Sequence[str], cursor: Cursor, seconds: float
) -> None:
    """Return when something came behind a place, or after a while.

    Args:
        client: answers in bytes.
        streams: key of the articles stream of each shard.
        cursor: place of the stage.
        seconds: longest wait, in all.

    Raises:
        redis.exceptions.RedisError: the server cannot be used.
    """
    block = max(1, int(seconds * 1000 / len(streams)))
    for stream, message_id in zip(streams, cursor.ids, strict=True):
        if messages_of_read(await client.xread({stream: message_id}, count=1, block=block)):
            return


def decode_arrivals(messages: Sequence[Received]) -> list[Arrival]:
    """Return the articles of messages; what is none of this version is passed over, and logged."""
    arrivals = []
    for received in messages:
        try:
            arrivals.append(Arrival(received.article, received.at))
        except (msgspec.MsgspecError, ValueError) as error:
            logger.warning(
                "%s on %s is in no story: it is no article of this version: %s",
                received.message_id,
                received.stream,
                error,
            )
    return arrivals
