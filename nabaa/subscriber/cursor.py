"""The place of a reader without a group: the last message of each shard that it was given.

Such a reader learns of everything that it may have missed: what was trimmed before it came for it,
and what went with a stream that was deleted or began anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from nabaa.errors import UsageError
from nabaa.streams.errors import is_missing, stream_error
from nabaa.streams.ids import FIRST, following_id, is_message_id, order_of
from nabaa.streams.messages import Message, messages_of_range, messages_of_read
from nabaa.subscriber.received import Received, received_of

_MAX_SHARDS = 1024
_BATCH = 64
_CLOCKS_DIFFER_BY_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Gap:
    """A range of ids in which messages were removed before they were read, at most.

    Attributes:
        stream: key of the stream.
        after: id of the last message that was read.
        before: id of the first message that is left (below `after` where the stream began anew);
            where none is left, an id behind all that are gone.
    """

    stream: str
    after: str
    before: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a reader on all shards.

    Attributes:
        ids: id of the last message that was read, of each shard by number.
        counts: number of messages that were ever added up to that one, where it is known: tells
            exactly whether one behind it was removed. It is not written down.
    """

    ids: tuple[str, ...]
    counts: tuple[int | None, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        """Return the ids, parted by commas."""
        return ",".join(self.ids)

    def after(self, shard: int, message_id: str, count: int | None = None) -> Cursor:
        """Return the place after a message.

        Args:
            shard: number of its shard.
            message_id: id of the message.
            count: number of messages that were ever added up to it, where it is known.
        """
        ids, counts = list(self.ids), list(self.counts or (None,) * len(self.ids))
        ids[shard], counts[shard] = message_id, count
        return Cursor(tuple(ids), tuple(counts))

    def count(self, shard: int) -> int | None:
        """Return `counts` of a shard."""
        return self.counts[shard] if self.counts else None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found behind a place.

    Attributes:
        gaps: what may have been missed before the articles, by shard.
        articles: each with the place after it.
        cursor: place after all of them and after what is no article.
    """

    gaps: tuple[Gap, ...]
    articles: tuple[tuple[Received, Cursor], ...]
    cursor: Cursor


def read_cursor(text: str, shards: int) -> Cursor:
    """Read a place that was written down; shards that were added since are read from their start.

    Args:
        text: as `str` of a cursor gave it.
        shards: how many the wire has.

    Raises:
        UsageError: it is no place on this wire.
    """
    ids = tuple(text.split(",", _MAX_SHARDS))
    if len(ids) > shards or not all(map(is_message_id, ids)):
        raise UsageError(f"{text[:80]!r} is no place on this wire")
    return Cursor(ids + (FIRST,) * (shards - len(ids)))


async def resume(client: Redis, text: str, shards: int) -> Cursor:
    """Read a place that a reader comes back with.

    Args:
        client: answers in bytes.
        text: as `str` of a cursor gave it.
        shards: how many the wire has.

    Raises:
        UsageError: it is no place on this wire, or lies more than an hour in the future.
        redis.exceptions.RedisError: the server cannot be used.
    """
    cursor = read_cursor(text, shards)
    seconds, _ = await client.time()
    latest = (int(seconds) + _CLOCKS_DIFFER_BY_SECONDS) * 1000
    if any(order_of(message_id)[0] > latest for message_id in cursor.ids):
        raise UsageError(f"{text[:80]!r} lies in the future: no message has such an id yet")
    return cursor


async def cursor_before(client: Redis, streams: Sequence[str], message_id: str = "+") -> Cursor:
    """Return the place from which everything behind an id is read.

    Args:
        client: answers in bytes.
        streams: key of the stream of each shard.
        message_id: id, or `+` for what comes from now on.

    Raises:
        redis.exceptions.RedisError: the server cannot be used.
    """
    cursor = Cursor((FIRST,) * len(streams))
    for shard, stream in enumerate(streams):
        cursor = cursor.after(shard, *await _place_before(client, stream, message_id))
    return cursor


async def _place_before(client: Redis, stream: str, message_id: str) -> tuple[str, int | None]:
    try:
        state = _state_of(await client.xinfo_stream(stream))
        last = messages_of_range(await client.xrevrange(stream, max=message_id, count=1))
    except ResponseError as error:
        if not is_missing(error):
            raise stream_error(stream, error) from error
        return FIRST, 0
    if message_id == "+":
        return state.last, state.added
    return last[0].id if last else min(message_id, state.last, key=order_of), None


async def read_after(
    client: Redis, streams: Sequence[str], cursor: Cursor, count: int = _BATCH
) -> Reading:
    """Return what is there behind a place, without waiting.

    Args:
        client: answers in bytes.
        streams: key of the stream of each shard.
        cursor: place of the reader.
        count: messages of a shard at most.

    Raises:
        redis.exceptions.RedisError: the server cannot be used.
    """
    gaps: list[Gap] = []
    articles: list[tuple[Received, Cursor]] = []
    for shard, stream in enumerate(streams):
        place = cursor.ids[shard]
        messages, state = await _read_stream(client, stream, place, count)
        added = cursor.count(shard)
        if found := _find_gap(state, place, added):
            gaps.append(Gap(stream, place, found.before or await _id_after_now(client, place)))
            place = found.goes_on_after
        for received in received_of(stream, messages):
            cursor = cursor.after(shard, received.message_id)
            articles.append((received, cursor))
        last = messages[-1].id if messages else place
        cursor = cursor.after(shard, last, _count_up_to(last, state, added, messages))
    return Reading(tuple(gaps), tuple(articles), cursor)


@dataclass(frozen=True, slots=True)
class _StreamState:
    """What XINFO STREAM says.

    Attributes:
        first: id of the first message that is left; empty where none is.
        last: highest id that was ever given; `0-0` where there is no stream.
        length: number of messages that are left.
        added: number of messages that were ever added; None where nobody counts (Redis 6.2).
    """

    first: str = ""
    last: str = FIRST
    length: int = 0
    added: int | None = 0

    @property
    def removed(self) -> int | None:
        """Number of messages that were ever removed."""
        return None if self.added is None else self.added - self.length


@dataclass(frozen=True, slots=True)
class _FoundGap:
    """How a gap ends.

    Attributes:
        before: as `Gap.before`; empty for the present time.
        goes_on_after: id behind which the reader goes on.
    """

    before: str
    goes_on_after: str


def _find_gap(state: _StreamState, place: str, count: int | None) -> _FoundGap | None:
    """Decide whether a reader may have missed something.

    A message that is still there proves that none behind it was trimmed; so does a reader that has
    read as many as were removed.
    """
    if order_of(place) > order_of(state.last):
        # The stream was deleted; what has begun since is read from its start.
        return _FoundGap(state.first, FIRST)
    if state.first:
        is_overtaken = state.removed is None or state.removed > (count or 0)
        is_gap = is_overtaken and order_of(state.first) > order_of(place)
        return _FoundGap(state.first, place) if is_gap else None
    if order_of(state.last) > order_of(place):
        return _FoundGap(following_id(state.last), state.last)
    return None


def _count_up_to(
    last: str, state: _StreamState, count: int | None, messages: Sequence[Message]
) -> int | None:
    """Return how many messages were ever added up to the last one read, where it is known."""
    if last == state.last:
        return state.added
    if messages and messages[0].id == state.first and state.removed is not None:
        return state.removed + len(messages)
    return None if count is None else count + len(messages)


async def _read_stream(
    client: Redis, stream: str, place: str, count: int
) -> tuple[list[Message], _StreamState]:
    # One transaction: a trimming between the two commands would be missed.
    async with client.pipeline(transaction=True) as pipe:
        pipe.xread({stream: place}, count=count)
        pipe.xinfo_stream(stream)
        answer, state = await pipe.execute(raise_on_error=False)
    for error in (answer, state):
        if isinstance(error, Exception) and not is_missing(error):
            raise stream_error(stream, error) from error
    is_there = not isinstance(state, Exception)
    return messages_of_read(answer), _state_of(state) if is_there else _StreamState()


def _state_of(answer: Any) -> _StreamState:
    first = answer["first-entry"]
    return _StreamState(
        first[0].decode() if first else "",
        answer["last-generated-id"].decode(),
        answer["length"],
        answer.get("entries-added"),
    )


async def _id_after_now(client: Redis, place: str) -> str:
    """Return an id above a place and above all that were given by now."""
    seconds, microseconds = await client.time()
    milliseconds = int(seconds) * 1000 + int(microseconds) // 1000
    return max(f"{milliseconds + 1}-0", following_id(place), key=order_of)
