"""Named subscriptions in Redis: one list for all shards, and a stream a shard for each of them.

The streams are made when a subscription is registered and nowhere else, so that a worker which has
not yet heard of its removal cannot bring one back (`workers/publish/publish.lua` adds with
NOMKSTREAM).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import cast

from redis.asyncio import Redis

from nabaa.errors import QueueError
from nabaa.filters.filter import (
    Filter,
    check_filter,
    check_name,
    decode_filter,
    encode_filter,
)
from nabaa.streams.groups import create_group
from nabaa.streams.keys import Keys, all_shards

SUBSCRIPTIONS = Keys(0).subscriptions
REVISION = b""
"""Field of the hash that changes with the list; no subscription has an empty name."""
_MAKER = "made"


async def register(client: Redis, shards: int, name: str, wanted: Filter) -> None:
    """Store a subscription under a name; the one that had the name goes on with the new filter.

    Workers follow within two seconds: it gets what is published from then on.

    Args:
        client: answers in bytes.
        shards: how many the wire has.
        name: name of the subscription.
        wanted: which articles it gets.

    Raises:
        UsageError: the name or the filter is wrong.
    """
    check_name(name)
    data = encode_filter(check_filter(wanted))
    await _make_streams(client, shards, [name])
    async with client.pipeline(transaction=True) as pipe:
        pipe.hset(SUBSCRIPTIONS, mapping={name.encode(): data, REVISION: _new_revision()})
        await pipe.execute()


async def remove(client: Redis, shards: int, name: str) -> bool:
    """Forget a subscription and delete its streams with all that is on them.

    Args:
        client: answers in bytes.
        shards: how many the wire has.
        name: name of the subscription.

    Returns:
        False when there was none of that name.

    Raises:
        UsageError: it cannot be a name.
    """
    check_name(name)
    async with client.pipeline(transaction=True) as pipe:
        pipe.hdel(SUBSCRIPTIONS, name)
        pipe.hset(SUBSCRIPTIONS, REVISION, _new_revision())
        removed, _ = await pipe.execute()
    for keys in all_shards(shards):
        await client.delete(keys.subscription(name), keys.lost_of(name))
    return bool(removed)


async def read_subscriptions(client: Redis) -> dict[str, Filter]:
    """Return the filter of every subscription by its name, in the order of the names.

    Raises:
        QueueError: one was stored by another version and cannot be read; names it.
    """
    stored = await _stored(client)
    return {name: _decoded(name, stored[name]) for name in sorted(stored)}


async def subscription_names(client: Redis) -> list[str]:
    """Return the names of all subscriptions, in order."""
    names = cast("list[bytes]", await client.hkeys(SUBSCRIPTIONS))
    return sorted(name.decode() for name in names if name != REVISION)


async def read_subscription(client: Redis, name: str) -> Filter | None:
    """Return the filter of one subscription, None where there is none.

    Raises:
        QueueError: it was stored by another version and cannot be read.
    """
    data = cast("bytes | None", await client.hget(SUBSCRIPTIONS, name))
    return None if data is None or not name else _decoded(name, data)


async def make_streams(client: Redis, shards: int) -> None:
    """Make the streams that subscriptions lack, for a change of the number of shards.

    Args:
        client: answers in bytes.
        shards: how many the wire has now.
    """
    names = sorted(await _stored(client))
    await _make_streams(client, shards, names)
    for name in set(names) - set(await _stored(client)):  # removed meanwhile
        await remove(client, shards, name)


async def _stored(client: Redis) -> dict[str, bytes]:
    stored = cast("dict[bytes, bytes]", await client.hgetall(SUBSCRIPTIONS))
    return {name.decode(): data for name, data in stored.items() if name != REVISION}


def _decoded(name: str, data: bytes) -> Filter:
    try:
        return decode_filter(data)
    except QueueError as error:
        raise QueueError(f"subscription {name}: {error}") from error


def _new_revision() -> bytes:
    # Not a counter: after a loss of data it would come to the same number with another list.
    return secrets.token_hex(8).encode()


async def _make_streams(client: Redis, shards: int, names: Sequence[str]) -> None:
    """Make empty streams; a group is made with the stream and then taken away again."""
    for keys in all_shards(shards):
        for name in names:
            stream = keys.subscription(name)
            if await client.exists(stream):
                continue
            await create_group(client, stream, _MAKER, "$")  # made by two at the same time, perhaps
            await client.xgroup_destroy(stream, _MAKER)
