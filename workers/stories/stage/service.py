"""The stage of stories as a daemon: any number may run, and one of them is at work.

It reads the articles of all shards, places each in its story and tells what became of stories. What
it has in memory is what stands in Redis: each batch is one commit, and another process that takes
the lease goes on from there.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
from redis.asyncio import Redis

from config.settings import Settings
from nabaa.errors import NabaaError
from nabaa.redis.backoff import RedisBackoff, keep_going, wait_until_reachable
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.redis.url import redacted
from nabaa.streams.keys import all_shards
from nabaa.streams.shards import recorded_shards
from nabaa.subscriber.cursor import Cursor, Gap
from nabaa.tasks import first_of, start_logged
from workers.stories.index import StoryIndex
from workers.stories.stage.arrivals import (
    Arrivals,
    decode_arrivals,
    read_arrivals,
    wait_for_articles,
)
from workers.stories.stage.batch import (
    Arrival,
    TellingRules,
    place_articles,
    tell_stories,
)
from workers.stories.stage.open_story import BreakingRule
from workers.stories.stage.store import StageLost, StageStore
from workers.subscriptions.live import SavedFilters

logger = logging.getLogger(__name__)

LEASE_SECONDS = 5.0
"""A process that died is replaced after this, and the time that the open stories take to load."""

BATCH = 128
_LOOK_SECONDS = 1.0
BLOCK_SECONDS = 0.5
_FAULT_SECONDS = 5.0
_MOST_STEPS = 8


@dataclass(slots=True)
class StageProgress:
    """How far this process is.

    Attributes:
        is_at_work: whether it holds the lease.
        articles: articles that it has placed since it started.
        events: events that it has added since.
        open_stories: stories that are open now, as far as it knows.
    """

    is_at_work: bool = False
    articles: int = 0
    events: int = 0
    open_stories: int = 0


@dataclass(slots=True)
class _Work:
    """What the holder of the lease has in memory; all of it stands in Redis."""

    cursor: Cursor
    sequence: int
    articles: int
    index: StoryIndex = field(default_factory=StoryIndex)


class StoriesService:
    """Groups articles into stories until it is stopped.

    Args:
        settings: all settings.
        client: Redis, answering in bytes.
        address: name of the server in the log.
        lease_seconds: time after which another process replaces one that died.
        block_seconds: longest wait for an article, and so for a stop, in one command.
    """

    def __init__(
        self,
        settings: Settings,
        client: Redis,
        address: str,
        lease_seconds: float = LEASE_SECONDS,
        block_seconds: float = BLOCK_SECONDS,
    ) -> None:
        self.progress = StageProgress()
        self._settings = settings
        self._client = client
        self._address = redacted(address)
        self._lease_seconds = lease_seconds
        self._block_seconds = block_seconds
        holder = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        self._store = StageStore(client, holder, lease_seconds, settings.article_memory_seconds)
        self._backoff = RedisBackoff(self._address)
        self._subscriptions = SavedFilters(client, per="story")
        self._streams: list[str] = []
        self._work: _Work | None = None
        self._lost: StageLost | None = None
        self._unwritable: set[str] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work, or wait for the lease, until `stop` is set; the batch at hand is committed first.

        Args:
            stop: set by whoever wants the service to end.

        Raises:
            QueueError: the server does not accept the user or the password.
        """
        await wait_until_reachable(self._client, self._address, stop)
        async with self._lease_renewed():
            await keep_going(self._address, self._begin, partial(self._step, stop), stop)

    async def _begin(self) -> None:
        shards = await recorded_shards(self._client, self._settings.shards)
        self._streams = [keys.articles for keys in all_shards(shards)]
        if self._work is not None and len(self._work.cursor.ids) != shards:
            self._lost = StageLost("the number of shards has changed")

    async def _step(self, stop: asyncio.Event) -> None:
        try:
            if self._work is None:
                await self._take_over(stop)
            elif self._lost is None:
                await self._place_batch(self._work, stop)
        except StageLost as lost:
            self._lost = lost
        except (NabaaError, *TRANSIENT_ERRORS):
            raise
        except Exception:
            # A fault of ours must not end what runs beside, such as the workers.
            logger.exception("stories: a batch failed; it is tried again")
            self._drop()
            await first_of(stop.wait(), asyncio.sleep(_FAULT_SECONDS))
        if self._lost is not None:
            logger.warning("stories: this process begins anew: %s", self._lost)
            self._drop()
            await self._store.release()

    def _drop(self) -> None:
        self._work = self._lost = None
        self.progress.is_at_work = False

    async def _take_over(self, stop: asyncio.Event) -> None:
        """Take the lease where it is free, and load what the last holder left."""
        if not await self._store.take():
            await first_of(stop.wait(), asyncio.sleep(_LOOK_SECONDS))
            return
        await self._begin()
        await self._subscriptions.refresh()  # no story is told before they are known
        self._lost = None
        place = await self._store.place(len(self._streams))
        work = _Work(place.cursor, place.sequence, place.articles)
        async for states in self._store.index_states():
            await asyncio.to_thread(_load, work.index, states)
            if stop.is_set():
                return
        logger.info(
            "stories: this process is at work; %d stories are open, %d articles were placed before",
            len(work.index),
            work.articles,
        )
        self._work = work
        self.progress.is_at_work = True
        self.progress.open_stories = len(work.index)

    async def _place_batch(self, work: _Work, stop: asyncio.Event) -> None:
        arrivals = await read_arrivals(self._client, self._streams, work.cursor, BATCH)
        if arrivals.cursor == work.cursor and not arrivals.gaps:
            await wait_for_articles(self._client, self._streams, work.cursor, self._block_seconds)
            return
        # From here on memory is ahead of Redis: nothing may end this but the commit, or its loss.
        try:
            is_done = await self._commit(work, arrivals, stop)
        except BaseException:
            self._drop()
            raise
        if not is_done:
            self._drop()

    async def _commit(self, work: _Work, arrivals: Arrivals, stop: asyncio.Event) -> bool:
        retry, store = self._backoff.retry, self._store
        batch = await asyncio.to_thread(decode_arrivals, arrivals.messages)
        known = await retry(partial(self._stories_of, work.index, batch), stop)
        if known is None:
            return False
        placements = await asyncio.to_thread(place_articles, work.index, batch, known)
        told = await retry(partial(store.told, placements.touched), stop)
        if told is None:
            return False
        for uri, error in placements.failed:
            logger.error("article %s is a story of its own", uri, exc_info=error)
        changes = await asyncio.to_thread(
            tell_stories, work.index, placements, told, self._rules(), datetime.now(UTC)
        )
        articles = work.articles + sum(placed.placement is not None for placed in placements.placed)
        fields = _fields(work.cursor, arrivals, articles)
        failures = await retry(partial(store.commit, work.sequence, fields, changes), stop)
        if failures is None:
            return False
        for failure in set(failures) - self._unwritable:
            logger.error("a subscription receives no stories: %s", failure)
            self._unwritable.add(failure)
        for gap in arrivals.gaps:
            logger.warning(
                "stories: articles of %s behind %s and before %s were trimmed before they were "
                "placed: they are in no story",
                gap.stream,
                gap.after,
                gap.before,
            )
        work.cursor, work.articles = arrivals.cursor, articles
        work.sequence += 1
        self.progress.articles += len(batch)
        self.progress.events += len(changes.events)
        self.progress.open_stories = len(work.index)
        return True

    def _rules(self) -> TellingRules:
        settings = self._settings
        within = timedelta(seconds=settings.story_breaking_seconds)
        return TellingRules(
            settings.story_articles_listed,
            BreakingRule(settings.story_breaking_outlets, within),
            self._subscriptions.match,
            {name: wanted.min_outlets for name, wanted in self._subscriptions.filters.items()},
        )

    async def _stories_of(self, index: StoryIndex, batch: list[Arrival]) -> dict[str, str]:
        """Return the story of each article that was placed before; of one that merged, the last."""
        found = await self._store.stories_of([arrival.id for arrival in batch])
        for _ in range(_MOST_STEPS):
            ended = {story for story in found.values() if story not in index}
            became = await self._store.stories_of(sorted(ended))
            moved = {story: new for story, new in became.items() if new != story}
            if not moved:
                break
            found = {article: moved.get(story, story) for article, story in found.items()}
        return found

    @asynccontextmanager
    async def _lease_renewed(self) -> AsyncIterator[None]:
        """Keep the lease while the block runs, and give it up behind it."""
        is_over = False

        async def renew() -> None:
            while not is_over:
                await asyncio.sleep(self._lease_seconds / 3)
                if self._work is None:
                    continue
                try:
                    await self._store.take()
                    await self._begin()
                    await self._subscriptions.refresh()
                except StageLost as lost:
                    self._lost = lost
                except TRANSIENT_ERRORS as error:
                    logger.debug("the lease of stories is not renewed: %s", error)

        renewing = start_logged("the renewal of the lease of stories", renew())
        try:
            yield
        finally:
            # A cancellation may get lost in a command that ends at the same moment.
            is_over = True
            renewing.cancel()
            await asyncio.wait({renewing})
            try:
                await self._store.release()
            except TRANSIENT_ERRORS as error:
                logger.debug("the lease of stories ends by itself: %s", error)


def _load(index: StoryIndex, states: list[bytes]) -> None:
    for state in states:
        try:
            index.load(state)
        except msgspec.MsgspecError as error:
            logger.error("an open story of another version is closed: %s", error)


def _fields(before: Cursor, arrivals: Arrivals, articles: int) -> dict[str, str]:
    """Return what changes in the stage's hash."""
    fields = {"articles": str(articles)}
    for shard, message_id in enumerate(arrivals.cursor.ids):
        if message_id != before.ids[shard]:
            count = arrivals.cursor.count(shard)
            fields[f"at:{shard}"] = message_id
            fields[f"read:{shard}"] = "" if count is None else str(count)
    if arrivals.gaps:
        fields["lost"] = _describe(arrivals.gaps[-1])
    return fields


def _describe(gap: Gap) -> str:
    return msgspec.json.encode(gap).decode()
