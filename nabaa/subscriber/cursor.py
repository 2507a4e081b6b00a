"""Where a reader without a group stands: the last message of each shard that it was given."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from redis.asyncio import Redis

from nabaa.errors import QueueError
from nabaa.streams.ids import FIRST, order_of
from nabaa.streams.keys import all_shards
from nabaa.streams.messages import first_message, messages_of_range, messages_of_read
from nabaa.subscriber.received import Received, received_of

_CURSOR = re.compile(r"\d{1,20}-\d{1,20}(?:,\d{1,20}-\d{1,20}){0,1023}")
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages that were trimmed before they were read.

    Attributes:
        stream: key of the stream.
        after: id of the last message that was read.
        before: id of the first that is left.
    """

    stream: str
    after: str
    before: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """One message id a shard, by number."""

    ids: tuple[str, ...]

    def __str__(self) -> str:
        """Return the ids, parted by commas."""
        return ",".join(self.ids)

    def after(self, shard: int, message_id: str) -> Cursor:
        """Return where the reader stands after a message."""
        return replace(self, ids=(*self.ids[:shard], message_id, *self.ids[shard + 1 :]))


def read_cursor(text: str, shards: int) -> Cursor:
    """Read a cursor; shards that were added since then are read from their beginning.

    Raises:
        QueueError: it is none of this wire.
    """
    ids = tuple(text.split(","))
    if not _CURSOR.fullmatch(text) or len(ids) > shards:
        raise QueueError(f"{text[:80]!r} is no place on this wire")
    return Cursor(ids + (FIRST,) * (shards - len(ids)))


async def cursor_before(client: Redis, shards: int, message_id: str = "+") -> Cursor:
    """Return where what comes from an id on is read; by default, what comes from now on."""
    ids = []
    for keys in all_shards(shards):
        last = messages_of_range(await client.xrevrange(keys.articles, max=message_id, count=1))
        ids.append(last[0].id if last else FIRST)
    return Cursor(tuple(ids))


async def gaps(client: Redis, cursor: Cursor) -> list[Gap]:
    """Return what a reader that comes back has lost to the trimming, at most.

    A message that is still there proves that nothing behind it is gone.
    """
    found = []
    for keys, after in zip(all_shards(len(cursor.ids)), cursor.ids, strict=True):
        first = await first_message(client, keys.articles)
        if after == FIRST or not first or order_of(first.id) <= order_of(after):
            continue
        found.append(Gap(keys.articles, after, first.id))
    return found


async def read_after(client: Redis, cursor: Cursor) -> tuple[list[tuple[Received, Cursor]], Cursor]:
    """Return what is there behind a cursor, up to 64 articles a shard, without waiting.

    Returns:
        Each article with where the reader stands after it; and where it stands after all of them
        and what is no article.
    """
    articles = []
    for shard, keys in enumerate(all_shards(len(cursor.ids))):
        answer = await client.xread({keys.articles: cursor.ids[shard]}, count=_BATCH)
        messages = messages_of_read(answer)
        for received in received_of(keys.articles, messages):
            cursor = cursor.after(shard, received.message_id)
            articles.append((received, cursor))
        if messages:
            cursor = cursor.after(shard, messages[-1].id)
    return articles, cursor
