"""A farm of feeds, a poller and a Redis, joined: polls over real HTTP into a real stream."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

from redis.asyncio import Redis

from config.model import Feed
from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from ingest.model import Entry, FeedState
from ingest.poller import Poller, PollResult
from ingest.schedule.policy import PollPolicy
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream, decode_entry
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.farm.behaviour import Behaviour
from tests.support.farm.content.articles import key_of, read_articles
from tests.support.farm.server import Farm

KEYS = Keys(0)
RETENTION_SECONDS = 3600.0


@dataclass(slots=True)
class Wire:
    """What a poll needs, and what it leaves behind."""

    farm: Farm
    client: Redis
    new_poller: Callable[[], Poller]
    poller: Poller
    due: DueSet
    stream: EntriesStream

    def feed(self, number: int = 0) -> Feed:
        """Return a feed of the farm by its number."""
        return self.farm.feeds()[number]

    async def state(self, number: int = 0) -> FeedState:
        """Return what is remembered of a feed."""
        [state] = await self.due.states([self.feed(number).id])
        return state

    async def poll(self, number: int = 0) -> PollResult:
        """Poll a feed once, from what is remembered of it."""
        return await self.poller.poll(self.feed(number), await self.state(number), self.stream)

    def restart(self) -> None:
        """Poll from now on as a new process, which knows only what is in Redis."""
        self.poller = self.new_poller()

    async def entries(self) -> list[Entry]:
        """Return the entries on the stream, in its order."""
        messages = messages_of_range(await self.client.xrange(KEYS.entries))
        return [decode_entry(message.fields[b"data"]) for message in messages]

    async def keys(self) -> list[str | None]:
        """Return the farm's names of the entries on the stream, in its order."""
        return [key_of(entry.url) for entry in await self.entries()]

    def paths(self, number: int = 0) -> list[str]:
        """Return the paths at which a feed was asked for, without its own, oldest first."""
        feed = self.feed(number).id
        return [seen.path.removeprefix(f"/feeds/{feed}") for seen in self.farm.requests(feed)]


@asynccontextmanager
async def wired(
    client: Redis,
    *behaviours: Behaviour,
    articles: int = 12,
    deadline_seconds: float = 20,
    max_body_bytes: int = 2_000_000,
) -> AsyncIterator[Wire]:
    """Open a farm with one feed a behaviour, and what polls it; its feeds are in the due set."""
    settings = Settings(
        allow_private_addresses=True,
        fetch_timeout_seconds=deadline_seconds,
        max_body_bytes=max_body_bytes,
        retry_base_seconds=30,
        retry_max_seconds=3600,
    )
    farm = Farm(read_articles()[:articles], len(behaviours), behaviours=behaviours)
    async with farm, Fetcher(settings) as fetcher:
        due = DueSet(client, KEYS, lease_seconds=60)
        await due.sync([feed.id for feed in farm.feeds()], RETENTION_SECONDS)
        stream = EntriesStream(client, KEYS, RETENTION_SECONDS)

        def new_poller() -> Poller:
            return Poller(fetcher, PollPolicy.of(settings), Random(1))

        yield Wire(farm, client, new_poller, new_poller(), due, stream)
