"""Where subscriptions are kept: one small value a feed in Redis, shared by all ingest processes.

A change is a pure decision that is applied to what is stored at that moment, so that a process
that asks a hub and another that the hub answers to do not overwrite each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

import msgspec
from redis.asyncio import Redis
from redis.exceptions import WatchError

from ingest.websub.subscription import HubSubscription
from nabaa.redis.client import script
from nabaa.streams.keys import Keys

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(HubSubscription)

Decide = Callable[[HubSubscription | None], HubSubscription | None]
"""Takes the subscription as it is, or None; returns it as it is to be, None to forget it."""


class HubSubscriptionStore:
    """The subscriptions of one shard.

    Args:
        client: answers in bytes.
        keys: the shard's keys.
        lease_seconds: how long one that is taken stays hidden from other processes.
    """

    def __init__(self, client: Redis, keys: Keys, lease_seconds: float = 120.0) -> None:
        self._client = client
        self._keys = keys
        self._lease_seconds = lease_seconds
        self._take = script(client, "ingest.streams", "take_due")

    async def get(self, feed_id: str) -> HubSubscription | None:
        """Return the subscription of a feed, or None."""
        return decode_subscription(
            cast("bytes | None", await self._client.get(self._keys.push(feed_id)))
        )

    async def change(
        self, feed_id: str, decide: Decide
    ) -> tuple[HubSubscription | None, HubSubscription | None]:
        """Apply a decision to a feed's subscription, atomically.

        With it goes what polling reads: until when the feed's state says that news are pushed. A
        feed that is pushed no more is due by the end of the lease at the latest anyway, and at
        once where that end comes early.

        Args:
            feed_id: which feed.
            decide: may be called more than once, where another process was faster.

        Returns:
            The subscription before and after.
        """
        keys = self._keys
        key, feed = keys.push(feed_id), keys.feed(feed_id)
        async with self._client.pipeline(transaction=True) as pipe:
            while True:
                await pipe.watch(key)
                before = decode_subscription(cast("bytes | None", await pipe.get(key)))
                after = decide(before)
                if after == before:
                    return before, after
                pipe.multi()  # type: ignore[no-untyped-call]
                if after is None:
                    pipe.delete(key)
                    pipe.zrem(keys.pushes, feed_id)
                else:
                    pipe.set(key, _encoder.encode(after))
                    pipe.zadd(keys.pushes, {feed_id: after.act_at.timestamp()})
                until = after.pushed_until if after else None
                if until:
                    pipe.hset(feed, "pushed_until", until.isoformat())
                elif before and before.pushed_until:
                    pipe.hdel(feed, "pushed_until")
                    pipe.zadd(keys.due, {feed_id: 0}, xx=True)
                try:
                    await pipe.execute()
                except WatchError:
                    continue
                return before, after

    async def take(self, limit: int) -> list[str]:
        """Lease up to `limit` feeds of which something is due with their hubs."""
        answer = await self._take(
            keys=[self._keys.pushes, self._keys.clocks], args=[self._lease_seconds, limit]
        )
        return [feed_id.decode() for feed_id in answer]

    async def feed_ids(self) -> set[str]:
        """Return the ids of the feeds that have a subscription."""
        members = cast("Iterable[bytes]", await self._client.zrange(self._keys.pushes, 0, -1))
        return {member.decode() for member in members}


def decode_subscription(stored: bytes | None) -> HubSubscription | None:
    """Read a subscription as it is stored; None where nothing is.

    Raises:
        msgspec.ValidationError: it is no subscription of this version.
    """
    return _decoder.decode(stored) if stored is not None else None
