"""A wire under load on several Redis servers: what is counted on the streams of all shards."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from nabaa.message import article_of
from nabaa.redis.connection import connect
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.streams.keys import WORKERS_GROUP, Keys, all_shards
from nabaa.streams.messages import messages_of_range
from tests.support.conditions import eventually
from tests.support.farm.content.articles import key_of
from tests.support.faults.loaded_wire import LoadedWire, Outcome, loaded_wire


class MachinesWire:
    """The daemons of a wire and what they have put on the streams.

    Args:
        wire: the daemons and the farm.
        url: of the servers.
        shards: whose streams are counted.
    """

    def __init__(self, wire: LoadedWire, url: str, shards: int) -> None:
        self.wire = wire
        self._url = url
        self.shards = shards
        self._expected = {entry.key for entry in wire.farm.expected()}

    def lengths(self) -> list[int]:
        """Return how many articles are on the stream of each shard, [] where one is away."""
        return asyncio.run(_lengths(self._url, [keys.articles for keys in all_shards(self.shards)]))

    def published(self) -> int:
        """Return how many articles are on the streams; 0 while one does not answer."""
        return sum(self.lengths())

    def is_worked_off(self) -> bool:
        """Tell whether no entries are left; False while one does not answer."""
        lengths = asyncio.run(
            _lengths(self._url, [keys.entries for keys in all_shards(self.shards)])
        )
        return bool(lengths) and not any(lengths)

    def waiting(self) -> int:
        """Return how many entries are on the queues; 0 while one does not answer."""
        streams = [keys.entries for keys in all_shards(self.shards)]
        return sum(asyncio.run(_lengths(self._url, streams)))

    def until_published(self, count: int, seconds: float = 90) -> None:
        """Wait until so many articles are on the streams."""
        eventually(lambda: self.published() >= count, seconds)

    def until_all(self, seconds: float = 90) -> None:
        """Wait until all is published, nothing waits and the desk has every article."""
        self.until_published(len(self._expected), seconds)
        eventually(self.is_worked_off, seconds)
        eventually(lambda: not self.wire.missing_at_desk(), seconds)

    def outcome(self) -> Outcome:
        """Count what is on the streams now."""
        return asyncio.run(_outcome(self._url, all_shards(self.shards), self._expected))


async def _lengths(url: str, streams: Sequence[str]) -> list[int]:
    async with connect(url) as client:
        try:
            return [int(await client.xlen(stream)) for stream in streams]
        except TRANSIENT_ERRORS:
            return []


async def _outcome(url: str, shards: Sequence[Keys], expected: AbstractSet[str]) -> Outcome:
    arrived: Counter[str | None] = Counter()
    dead = left = 0
    async with connect(url) as client:
        for keys in shards:
            messages = messages_of_range(await client.xrange(keys.articles))
            arrived.update(key_of(article_of(message.fields).url) for message in messages)
            dead += await client.xlen(keys.dead)
            if not await client.exists(keys.entries):  # a shard that is gone
                continue
            held = await client.xpending(keys.entries, WORKERS_GROUP)
            left += max(await client.xlen(keys.entries), int(held["pending"]))
    return Outcome(
        lost=len(expected - arrived.keys()),
        doubled=sum(times > 1 for times in arrived.values()),
        dead=dead,
        left=left,
    )


@contextmanager
def machines_wire(
    url: str,
    folder: Path,
    articles: int,
    shards: int,
    variables: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    **settings: str,
) -> Iterator[MachinesWire]:
    """Run a wire while the block runs; see `loaded_wire`."""
    with loaded_wire(
        url,
        folder,
        articles,
        shown=None,
        hosts=32,
        variables=variables,
        shards=str(shards),
        **settings,
    ) as wire:
        yield MachinesWire(wire, url, shards)
