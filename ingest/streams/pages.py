"""The queue of pages: entries that wait for the page of their article, and when it is asked for.

Like feeds, pages are taken by a lease: those of a process that died are due again by themselves.
What is fetched next, and what an answer means, is `ingest.pages`'s part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import msgspec
from redis.asyncio import Redis

from ingest.model import Entry
from ingest.streams.entries import decode_entry
from nabaa.redis.client import script
from nabaa.streams.keys import Keys

_RELEASED_AT_ONCE = 100
_RELEASE_LEASE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class PageJob:
    """A page that this process has leased.

    Attributes:
        name: name of the page.
        entries: entries that it is fetched for, oldest first, never empty.
        waited_for_host: whether it was given back because its host was busy, and its turn has come.
        age_seconds: time since its first entry came.
    """

    name: str
    entries: tuple[Entry, ...]
    waited_for_host: bool = False
    age_seconds: float = 0.0

    @property
    def url(self) -> str:
        """Address that is asked: that of the first entry."""
        return self.entries[0].url


class PageQueue:
    """The pages that the entries of one shard wait for.

    Args:
        client: answers in bytes.
        keys: the shard's keys.
        lease_seconds: how long a taken page stays hidden from others.
        memory_seconds: for how long it is remembered that a page went to the workers: another feed
            that shows the article does not have it fetched again.
    """

    def __init__(
        self, client: Redis, keys: Keys, lease_seconds: float, memory_seconds: float
    ) -> None:
        self._client = client
        self._keys = keys
        self._lease_seconds = lease_seconds
        self._memory_seconds = max(1, int(memory_seconds))
        self._take = script(client, "ingest.streams", "take_due")
        self._give_back = script(client, "ingest.streams", "give_back")
        self._begin = script(client, "ingest.streams", "begin_pages", durable=True)
        self._settle = script(client, "ingest.streams", "settle_page", durable=True)
        self._release = script(client, "ingest.streams", "release_page", durable=True)

    async def take(self, limit: int) -> list[PageJob]:
        """Lease up to `limit` pages that are due, the most overdue first."""
        keys = self._keys
        answer = await self._take(keys=[keys.pages, keys.clocks], args=[self._lease_seconds, limit])
        names = [name.decode() for name in answer]
        if not names:
            return []
        async with self._client.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.hgetall(keys.page(name))
            hashes = cast("list[dict[bytes, bytes]]", await pipe.execute())
        now, _ = await self._client.time()
        jobs = []
        for name, stored in zip(names, hashes, strict=True):
            entries = _entries_of(stored)
            if entries:
                age = max(0.0, now - float(stored.get(b"since", now)))
                jobs.append(PageJob(name, entries, b"waits" in stored, age))
            else:
                # Settled between the two commands, or no entries of this version: those go on.
                await self.settle(name, b"")
        return jobs

    async def begin(self, names: Sequence[str]) -> dict[str, int]:
        """Count a try at each page.

        Returns:
            Name → number of the try; those that were settled meanwhile are left out.
        """
        if not names:
            return {}
        tries = await self._begin(keys=[self._keys.page(name) for name in names], args=[1])
        return {name: number for name, number in zip(names, tries, strict=True) if number}

    async def take_back(self, name: str, seconds: float, *, waits: bool) -> None:
        """Give a page back whose try told nothing of it; the try does not count.

        Args:
            name: name of the page.
            seconds: until it is due again.
            waits: it waits for its host, as in `give_back`.
        """
        await self._begin(keys=[self._keys.page(name)], args=[-1])
        await self.give_back({name: seconds}, waits=waits)

    async def give_back(self, waits_seconds: Mapping[str, float], *, waits: bool) -> None:
        """Give leased pages back.

        Args:
            waits_seconds: name → seconds until it is due again (0: at once).
            waits: they wait for their hosts, and are marked `waited_for_host` when they are taken.
        """
        if not waits_seconds:
            return
        args: list[str | float] = []
        for name, seconds in waits_seconds.items():
            args += [name, seconds, int(waits)]
        keys = [self._keys.pages, *map(self._keys.page, waits_seconds)]
        await self._give_back(keys=keys, args=args)

    async def wait_on(self, seconds: Mapping[str, float]) -> None:
        """Let the entries of pages wait for so long from now where they would wait less.

        Args:
            seconds: name of a page → seconds. Entries that have gone to the workers stay there.
        """
        if not seconds:
            return
        now, microseconds = await self._client.time()
        at = now + microseconds / 1e6
        until = {name: at + wait for name, wait in seconds.items()}
        await self._client.zadd(self._keys.page_waits, until, xx=True, gt=True)

    async def settle(self, name: str, page: bytes, *, is_archived: bool = False) -> int:
        """Send the entries of a page to the workers, exactly once, and forget it.

        Args:
            name: name of the page.
            page: page as `encode_page` gives it; empty where it is given up: then only the entries
                go that still wait.
            is_archived: whether the page is kept for `nabaa archive --pages` as well.

        Returns:
            How many entries went; -1 where it was settled before.

        Raises:
            redis.exceptions.RedisError: nothing was done.
        """
        keys = self._keys
        answer = await self._settle(
            keys=[
                *(keys.pages, keys.page_waits, keys.page(name), keys.entries),
                *(keys.page_sent(name), keys.rates, keys.raw_pages),
            ],
            args=[name, page, self._memory_seconds, int(is_archived)],
        )
        return int(answer)

    async def release_overdue(self) -> int:
        """Send the entries to the workers that have waited for long enough, without their pages.

        Returns:
            How many went.
        """
        keys = self._keys
        answer = await self._take(
            keys=[keys.page_waits, keys.clocks], args=[_RELEASE_LEASE_SECONDS, _RELEASED_AT_ONCE]
        )
        return sum([await self.release(name.decode()) for name in answer])

    async def release(self, name: str) -> int:
        """Send those entries to the workers that still wait for a page; it is fetched for later.

        Returns:
            How many went.
        """
        keys = self._keys
        answer = await self._release(
            keys=[keys.page_waits, keys.page(name), keys.entries], args=[name]
        )
        return int(answer)

    async def names(self) -> list[str]:
        """Return the names of all pages that are to be fetched."""
        members = cast("list[bytes]", await self._client.zrange(self._keys.pages, 0, -1))
        return [member.decode() for member in members]

    async def length(self) -> int:
        """Return how many pages are to be fetched, also those that nobody waits for any more."""
        return int(await self._client.zcard(self._keys.pages))


def _entries_of(stored: Mapping[bytes, bytes]) -> tuple[Entry, ...]:
    """Return the entries of a page; none where one is no entry of this version."""
    try:
        count = int(stored.get(b"entries", b"0"))
        return tuple(decode_entry(stored[b"%d" % number]) for number in range(1, count + 1))
    except (KeyError, ValueError, msgspec.MsgspecError):
        return ()
