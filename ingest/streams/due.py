"""The due set: which feeds are to be polled when, and what is remembered of each."""

from __future__ import annotations

import math
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis

from ingest.model import FeedState
from ingest.streams.feed_state import decode_state
from nabaa.redis.client import script
from nabaa.streams.keys import Keys


@dataclass(frozen=True, slots=True)
class TakenFeed:
    """A feed that this process has leased.

    Attributes:
        feed_id: the feed.
        state: what is remembered of it.
        waited_for_host: it was given back because its host was busy, and its turn has come.
    """

    feed_id: str
    state: FeedState
    waited_for_host: bool = False


NEW_AT_ONCE = 500
"""Of new feeds so many are polled at once; the first polls of more are spread."""

NEW_PER_SECOND = 100
"""How many begin in each second then, where that is over sooner than a usual interval."""


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
        self._give_back = script(client, "ingest.streams", "give_back")

    async def sync(
        self, feed_ids: Iterable[str], forget_seconds: float, spread_seconds: float = 0.0
    ) -> tuple[int, int]:
        """Make the set hold exactly these feeds; new ones are due at once, or soon where many are.

        Args:
            feed_ids: ids of the shard's part of the feed list.
            forget_seconds: how long the memory of a feed that left the list is kept.
            spread_seconds: over which, at most, those new feeds are spread that are too many for
                now.

        Returns:
            How many were added and how many removed.
        """
        wanted = set(feed_ids)
        members = cast("list[bytes]", await self._client.zrange(self._keys.due, 0, -1))
        held = {member.decode() for member in members}
        added, removed = sorted(wanted - held), sorted(held - wanted)
        now = await self._now() if added else 0.0
        states = dict(zip(added, await self.states(added), strict=True))
        spread = min(spread_seconds, len(added) / NEW_PER_SECOND)
        async with self._client.pipeline(transaction=False) as pipe:
            for feed_id in added:
                wait = _place(feed_id, len(added)) * spread
                due = math.inf if states[feed_id].paused else now + wait if wait else 0
                pipe.zadd(self._keys.due, {feed_id: due}, nx=True)
                pipe.persist(self._keys.feed(feed_id))
                pipe.persist(self._keys.seen(feed_id))
            for feed_id in removed:
                pipe.zrem(self._keys.due, feed_id)
                pipe.expire(self._keys.feed(feed_id), int(forget_seconds))
                pipe.expire(self._keys.seen(feed_id), int(forget_seconds))
            await pipe.execute()
        return len(added), len(removed)

    async def missing(self, feed_ids: Collection[str]) -> list[str]:
        """Return those of the feeds that are not in the set."""
        if not feed_ids or await self._client.zcard(self._keys.due) >= len(feed_ids):
            return []
        ids = list(feed_ids)
        scores = await self._client.zmscore(self._keys.due, ids)
        return [feed_id for feed_id, score in zip(ids, scores, strict=True) if score is None]

    async def take(self, limit: int) -> list[TakenFeed]:
        """Lease up to `limit` feeds that are due, the most overdue first."""
        answer = await self._take(
            keys=[self._keys.due, self._keys.clocks], args=[self._lease_seconds, limit]
        )
        ids = [feed_id.decode() for feed_id in answer]
        hashes = await self._hashes(ids)
        return [
            TakenFeed(feed_id, decode_state(stored), b"waits" in stored)
            for feed_id, stored in zip(ids, hashes, strict=True)
        ]

    async def states(self, feed_ids: Sequence[str]) -> list[FeedState]:
        """Return what is remembered of each feed, in the given order."""
        return [decode_state(stored) for stored in await self._hashes(feed_ids)]

    async def _hashes(self, feed_ids: Sequence[str]) -> list[dict[bytes, bytes]]:
        if not feed_ids:
            return []
        async with self._client.pipeline(transaction=False) as pipe:
            for feed_id in feed_ids:
                pipe.hgetall(self._keys.feed(feed_id))
            return await pipe.execute()

    async def postpone(self, feed_id: str, seconds: float) -> None:
        """Give a leased feed back, due again after `seconds` (0: at once)."""
        await self.give_back({feed_id: seconds}, waits=False)

    async def give_back(self, waits_seconds: Mapping[str, float], waits: bool) -> None:
        """Give leased feeds back.

        Args:
            waits_seconds: feed id → seconds until it is due again (0: at once).
            waits: they wait for their hosts, and are marked `waited_for_host` when they are taken.
        """
        if not waits_seconds:
            return
        args: list[str | float] = []
        for feed_id, seconds in waits_seconds.items():
            args += [feed_id, seconds, int(waits)]
        keys = [self._keys.due, *map(self._keys.feed, waits_seconds)]
        await self._give_back(keys=keys, args=args)

    async def pause(self, feed_id: str) -> None:
        """Poll a feed no more until it goes on; a poll that is under way is the last."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.hset(self._keys.feed(feed_id), "paused", "1")
            pipe.zadd(self._keys.due, {feed_id: math.inf}, xx=True)
            await pipe.execute()

    async def go_on(self, feed_id: str) -> None:
        """Poll a feed again that was paused, at once."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.hdel(self._keys.feed(feed_id), "paused")
            pipe.zadd(self._keys.due, {feed_id: 0}, xx=True)
            await pipe.execute()

    async def revive(self, urls: Mapping[str, str]) -> list[str]:
        """Make ended feeds due again whose address in the list has changed since they ended.

        Args:
            urls: feed id → address in the list, of the feeds of this shard.

        Returns:
            The ids of those that have ended and stay so.
        """
        members = cast(
            "list[bytes]", await self._client.zrangebyscore(self._keys.due, "inf", "inf")
        )
        held = [feed_id for feed_id in map(bytes.decode, members) if feed_id in urls]
        states = dict(zip(held, await self.states(held), strict=True))
        ended = [feed_id for feed_id in held if not states[feed_id].paused]
        changed = [feed_id for feed_id in ended if states[feed_id].url != urls[feed_id]]
        await self.give_back(dict.fromkeys(changed, 0.0), waits=False)
        return [feed_id for feed_id in ended if feed_id not in changed]

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


def _place(feed_id: str, feeds: int) -> float:
    """Return a new feed's place in the time over which so many are spread, 0 to 1; 0 for now."""
    place = zlib.crc32(feed_id.encode()) / 2**32
    return 0.0 if place * feeds < NEW_AT_ONCE else place
