"""A change of the number of shards: all that belongs to a site moves to the site's new shard.

Feeds with their memory, hosts, waiting entries and dead letters move one by one: each is written to
its new shard first and removed from the old one then. Every step may be done twice, so that a
reshard that was killed is simply run again. Articles stay where subscribers look for them, and
expire there. Ingest and workers are stopped meanwhile.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import cast

import msgspec
from redis.asyncio import Redis

from ingest.streams.entries import decode_entry
from ingest.streams.feed_state import decode_state
from ingest.streams.pages import PageQueue
from nabaa.errors import ConfigError
from nabaa.redis.client import Client, script
from nabaa.streams.keys import (
    SHARDS,
    WORKERS_GROUP,
    Keys,
    all_shards,
    host_of,
    host_of_origin,
    shard_of,
    shard_of_host,
)
from nabaa.streams.messages import read_range


@dataclass(slots=True)
class Resharded:
    """The counts of what one run of a reshard has moved.

    Attributes:
        feeds: feeds with their memory.
        hosts: hosts with their limits and breakers.
        articles: records of articles; their messages stay.
        entries: entries that waited for a worker.
        dead: dead letters.
    """

    feeds: int = 0
    hosts: int = 0
    articles: int = 0
    entries: int = 0
    dead: int = 0


async def reshard(
    client: Client,
    shards: int,
    urls: Mapping[str, str],
    keep_seconds: float,
    read_owner_feed: Callable[[bytes], str],
) -> Resharded:
    """Change the number of shards; one that was interrupted goes on.

    Args:
        client: client of the wire; ingest and workers have been stopped.
        shards: number of shards to come.
        urls: feed id → address in the feed list.
        keep_seconds: time for which articles of shards that are removed stay for readers.
        read_owner_feed: returns the id of the feed that the record of an article belongs to.

    Returns:
        The counts of what this run has moved.

    Raises:
        ConfigError: a reshard to another number has not ended, or the wire has no shards yet.
        redis.exceptions.RedisError: Redis cannot be used; run it again.
    """
    count, to = await client.hmget(SHARDS, ["count", "to"])
    if count is None:
        raise ConfigError("no daemon has run on this Redis yet: set NABAA_SHARDS and start one")
    if to is not None and int(to) != shards:
        raise ConfigError(
            f"a reshard to {int(to)} has not ended: run `nabaa reshard --to {int(to)}` first"
        )
    await client.hset(SHARDS, "to", str(shards))
    moved = Resharded()
    target = all_shards(shards)
    for source in all_shards(int(count)):
        move = _Move(client, source, target, urls)
        await move.feeds(moved)
        await move.hosts(moved)
        await move.articles(moved, read_owner_feed)
        await move.pages()
        moved.entries += await move.stream(source.entries)
        moved.dead += await move.stream(source.dead)
        if source.shard >= shards:
            of_shard = (source.rates, source.clocks, source.held_hosts, source.page_troubles)
            await client.delete(*of_shard)
            for stream in (source.entries, source.dead):
                if not await client.xlen(stream):  # only its group is left
                    await client.delete(stream)
            for stream in (source.articles, source.raw_pages):
                await client.expire(stream, int(keep_seconds))
            async for name in move.subscriptions():
                await client.expire(source.subscription(name), int(keep_seconds))
    for keys in target:
        # A shard that was removed once and is back must not expire as it was to then.
        for stream in (keys.articles, keys.raw_pages):
            await client.persist(stream)
        async for name in _Move(client, keys, target, urls).subscriptions():
            await client.persist(keys.subscription(name))
    [read] = await client.hmget(SHARDS, ["read"])
    most = max(shards, int(count), int(read or 0))
    await client.hset(SHARDS, mapping={"count": str(shards), "read": str(most)})
    await client.hdel(SHARDS, "to")
    for keys in target:
        await client.delete(keys.moved)
    return moved


class _Move:
    """Moves everything that no longer belongs to one shard to its new shard."""

    def __init__(
        self, client: Client, source: Keys, target: tuple[Keys, ...], urls: Mapping[str, str]
    ) -> None:
        self._client = client
        self._source = source
        self._target = target
        self._urls = urls
        self._add = script(client, "workers.operations", "move_entry", durable=True)

    async def feeds(self, moved: Resharded) -> None:
        source, client = self._source, self._client
        members = cast("list[bytes]", await client.zrange(source.due, 0, -1))
        due = [member.decode() for member in members]
        remembered = [feed_id async for feed_id in self._names(source.feed(""))]
        seen = [feed_id async for feed_id in self._names(source.seen(""))]
        for feed_id in dict.fromkeys([*due, *remembered, *seen]):
            # A feed that left the list is remembered for a while, by the address it had.
            url = self._urls.get(feed_id) or await self._last_url(feed_id)
            target = self._target_of(url)
            if target is None:
                continue
            await self._copy(source.feed(feed_id), target.feed(feed_id))
            await self._copy(source.seen(feed_id), target.seen(feed_id))
            # A hub calls the shard by its number: it is subscribed to anew after the next poll.
            await client.hdel(target.feed(feed_id), "pushed_until")
            score = await client.zscore(source.due, feed_id)
            if score is not None:
                await client.zadd(target.due, {feed_id: score})
            async with client.pipeline() as pipe:
                pipe.zrem(source.due, feed_id)
                pipe.zrem(source.pushes, feed_id)
                pipe.delete(source.feed(feed_id), source.seen(feed_id), source.push(feed_id))
                await pipe.execute()
            moved.feeds += 1

    async def hosts(self, moved: Resharded) -> None:
        async for host in self._names(self._source.host("")):
            target = self._target[shard_of_host(host_of_origin(host), len(self._target))]
            if target.shard == self._source.shard:
                continue
            await self._copy(self._source.host(host), target.host(host))
            until = await self._client.zscore(self._source.held_hosts, host)
            if until is not None:
                await self._client.zadd(target.held_hosts, {host: until})
                await self._client.zrem(self._source.held_hosts, host)
            await self._client.delete(self._source.host(host))
            moved.hosts += 1

    async def articles(self, moved: Resharded, read_owner_feed: Callable[[bytes], str]) -> None:
        source, client = self._source, self._client
        urls = dict(self._urls)
        async for name in self._names(source.article("")):
            record = await client.get(source.article(name))
            if record is None:
                continue  # its time is over
            feed_id = read_owner_feed(cast("bytes", record))
            if feed_id not in urls:
                urls[feed_id] = await self._last_url(feed_id)
            target = self._target_of(urls[feed_id])
            if target is not None:
                await self._copy(source.article(name), target.article(name))
                await client.delete(source.article(name))
                moved.articles += 1

    async def pages(self) -> None:
        """Let the entries go that wait for pages: with the queue, and without those.

        One page may be waited for by feeds that come to different shards.
        """
        queue = PageQueue(self._client, self._source, lease_seconds=1, memory_seconds=1)
        for name in await queue.names():
            await queue.settle(name, b"")

    def subscriptions(self) -> AsyncIterator[str]:
        """Return the names of the subscriptions that have a stream on this shard."""
        return self._names(self._source.subscription(""))

    async def stream(self, stream: str) -> int:
        """Move the entries of the queue or the dead letters."""
        moved = 0
        name = stream.rpartition(":")[2]
        async for message in read_range(self._client, stream):
            target = self._target_of(_url_of(message.fields))
            if target is None:
                continue
            fields = [part for pair in message.fields.items() for part in pair]
            moved += await self._add(
                keys=[target.entries if name == "entries" else target.dead, target.moved],
                args=[f"{self._source.shard} {name} {message.id}", *fields],
            )
            async with self._client.pipeline() as pipe:
                if name == "entries":
                    pipe.xack(stream, WORKERS_GROUP, message.id)
                pipe.xdel(stream, message.id)
                await pipe.execute()
        return moved

    def _target_of(self, url: str) -> Keys | None:
        """Return the shard to which an address now belongs, or None where it stays."""
        if not host_of(url) and self._source.shard < len(self._target):
            return None  # its shard cannot be computed; it stays as long as the old one does
        target = self._target[shard_of(url, len(self._target))]
        return None if target.shard == self._source.shard else target

    async def _last_url(self, feed_id: str) -> str:
        stored = await self._client.hgetall(self._source.feed(feed_id))
        return decode_state(cast("dict[bytes, bytes]", stored)).url or ""

    async def _copy(self, source: str, target: str) -> None:
        """Copy a key with its expiry to another name; do nothing where it does not exist."""
        dumped = await self._client.dump(source)
        if dumped is not None:
            left = int(await self._client.pttl(source))
            await self._client.restore(target, max(0, left), dumped, replace=True)

    async def _names(self, prefix: str) -> AsyncIterator[str]:
        """Yield what follows a prefix in the names of keys; in a cluster, on the shard's node."""
        node = Redis(connection_pool=self._client.pool_of(prefix))
        names = {key async for key in node.scan_iter(match=f"{prefix}*", count=1000)}
        for name in sorted(names):
            yield name.decode().removeprefix(prefix)


def _url_of(fields: Mapping[bytes, bytes]) -> str:
    """Return the address of the feed of an entry; empty where it is no entry of this version."""
    try:
        return decode_entry(fields.get(b"data", b"")).feed.url
    except msgspec.MsgspecError:
        return ""
