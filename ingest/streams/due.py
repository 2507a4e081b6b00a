"""The due set: which feeds are to be polled when, and what is remembered of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import cast

from redis.asyncio import Redis

from ingest.streams.connection import script
from ingest.streams.keys import Keys
from ingest.types import FeedState


@dataclass(frozen=True, slots=True)
class TakenFeed:
    """A feed that this process has leased.

    Attributes:
        feed_id: which feed.
        overdue_seconds: how late it was taken.
        state: what is remembered of it.
    """

    feed_id: str
    overdue_seconds: float
    state: FeedState


class DueSet:
    """The due set of one shard.

    Args:
        client: answers in bytes.
        keys: the shard's keys.
        lease_seconds: how long a taken feed stays hidden from others.
    """

    def __init__(self, client: Redis, keys: Keys, lease_seconds: float) -> None:
        self._client = client
        self._keys = keys
        self._lease_seconds = lease_seconds
        self._take = script(client, "ingest.streams", "take_due")

    async def sync(self, feed_ids: Iterable[str], forget_seconds: float) -> tuple[int, int]:
        """Make the set hold exactly these feeds; new ones are due at once.

        Args:
            feed_ids: ids of the shard's part of the feed list.
            forget_seconds: how long the memory of a feed that left the list is kept.

        Returns:
            How many were added and how many removed.
        """
        wanted = set(feed_ids)
        members = cast("list[bytes]", await self._client.zrange(self._keys.due, 0, -1))
        held = {member.decode() for member in members}
        added, removed = sorted(wanted - held), sorted(held - wanted)
        async with self._client.pipeline(transaction=False) as pipe:
            for feed_id in added:
                pipe.zadd(self._keys.due, {feed_id: 0}, nx=True)
                pipe.persist(self._keys.feed(feed_id))
                pipe.persist(self._keys.seen(feed_id))
            for feed_id in removed:
                pipe.zrem(self._keys.due, feed_id)
                pipe.expire(self._keys.feed(feed_id), int(forget_seconds))
                pipe.expire(self._keys.seen(feed_id), int(forget_seconds))
            await pipe.execute()
        return len(added), len(removed)

    async def take(self, limit: int) -> list[TakenFeed]:
        """Lease up to `limit` feeds that are due, the most overdue first."""
        answer = await self._take(keys=[self._keys.due], args=[self._lease_seconds, limit])
        ids = [feed_id.decode() for feed_id in answer[::2]]
        states = await self.states(ids)
        return [
            TakenFeed(feed_id, float(overdue), state)
            for feed_id, overdue, state in zip(ids, answer[1::2], states, strict=True)
        ]

    async def states(self, feed_ids: Sequence[str]) -> list[FeedState]:
        """Return what is remembered of each feed, in the given order."""
        if not feed_ids:
            return []
        async with self._client.pipeline(transaction=False) as pipe:
            for feed_id in feed_ids:
                pipe.hgetall(self._keys.feed(feed_id))
            hashes = await pipe.execute()
        return [state_from_hash(stored) for stored in hashes]

    async def postpone(self, feed_id: str, seconds: float) -> None:
        """Give a leased feed back, due again after `seconds` (0: at once)."""
        now = await self._now()
        await self._client.zadd(self._keys.due, {feed_id: now + seconds}, xx=True)

    async def counts(self, late_seconds: float) -> tuple[int, int, int]:
        """Return how many feeds there are, are due, and are due for longer than `late_seconds`."""
        now = await self._now()
        return (
            await self._client.zcard(self._keys.due),
            await self._client.zcount(self._keys.due, "-inf", now),
            await self._client.zcount(self._keys.due, "-inf", now - late_seconds),
        )

    async def _now(self) -> float:
        seconds, micros = await self._client.time()
        return float(seconds) + micros / 1e6


def state_to_hash(state: FeedState) -> list[str]:
    """Return field, value, … of a state; every field, so that an old value is overwritten."""
    flat: list[str] = []
    for field in fields(FeedState):
        value = getattr(state, field.name)
        if isinstance(value, datetime):
            value = value.astimezone(UTC).isoformat()
        flat += [field.name, "" if value is None else str(value)]
    return flat


def state_from_hash(stored: dict[bytes, bytes]) -> FeedState:
    """Read a state back; fields that are missing keep their default."""
    text = {name.decode(): value.decode() for name, value in stored.items() if value}

    def instant(name: str) -> datetime | None:
        return datetime.fromisoformat(text[name]) if name in text else None

    return FeedState(
        url=text.get("url"),
        etag=text.get("etag"),
        last_modified=text.get("last_modified"),
        body_hash=text.get("body_hash"),
        moved_to=text.get("moved_to"),
        interval_seconds=float(text.get("interval_seconds", 0.0)),
        polled_at=instant("polled_at"),
        changed_at=instant("changed_at"),
        next_due=instant("next_due"),
        failures=int(text.get("failures", 0)),
        last_error=text.get("last_error"),
    )
