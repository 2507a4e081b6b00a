"""Push beside polling: subscribes where feeds name hubs, renews, and answers what hubs send.

Nothing of it runs unless `websub_callback_url` is set. Any number of ingest processes share the
subscriptions of one Redis; whichever is free renews, whichever a hub reaches answers.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random

from redis.asyncio import Redis

from config.model import Feed
from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from ingest.fetch.hosts.limits import HostGate, HostRequest
from ingest.fetch.hosts.names import host_of_address, origin_of_address
from ingest.fetch.hosts.session import HostBusyError, HostSession, verdict_of_failure
from ingest.model import FeedState, Fetched, ParsedFeed
from ingest.schedule.entry_limits import EntryLimits
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream
from ingest.streams.page_wishes import NO_PAGES, PagePlan
from ingest.websub.deliveries import Callback, Deliveries, PushProgress, PushShard
from ingest.websub.hub import Refusal, ask_hub
from ingest.websub.hub_links import advertised
from ingest.websub.intake import Intake
from ingest.websub.server import CallbackServer, callback_url
from ingest.websub.store import HubSubscriptionStore
from ingest.websub.subscription import (
    HubSubscription,
    on_advertised,
    on_missed,
    on_refused,
    postpone,
    prepare_request,
    resume,
    unsubscribe,
)
from nabaa.errors import without_credentials
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.streams.keys import Keys, all_shards, shard_of

logger = logging.getLogger(__name__)

ASKED_AT_ONCE = 4
"""Requests to hubs that one process has in flight: one hub serves the feeds of many sites."""

_TAKEN_AT_ONCE = 20


class PushService:
    """The WebSub subscriber of one ingest process.

    Args:
        settings: the callback's address, where to listen, limits.
        client: Redis, answering in bytes.
        fetcher: an open HTTP client.
        gate: lets requests in to the hosts of hubs.
        feed_of: gives a feed of the list by its id, or None.
        random: source of jitter.
        clock: aware UTC.
        pages: says which entries wait for the pages of their articles.
    """

    def __init__(
        self,
        settings: Settings,
        client: Redis,
        fetcher: Fetcher,
        gate: HostGate,
        feed_of: Callable[[str], Feed | None],
        random: Random,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        pages: PagePlan = NO_PAGES,
    ) -> None:
        self._plan = pages
        self._settings = settings
        self._fetcher = fetcher
        self._gate = gate
        self._base_url = settings.websub_callback_url or ""
        self._clock = clock
        self._shards = [self._shard(client, keys) for keys in all_shards(settings.shards)]
        limit = settings.backlog_limit
        self._deliveries = Deliveries(self._shards, feed_of, limit, clock, random)
        self._slots = asyncio.Semaphore(ASKED_AT_ONCE)

    @property
    def progress(self) -> PushProgress:
        """What this process has been sent so far."""
        return self._deliveries.progress

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Answer hubs while the block runs, where this process is to listen.

        Raises:
            ConfigError: it cannot be listened there.
        """
        if not self._settings.websub_listen:
            yield
            return
        host, _, port = self._settings.websub_listen.rpartition(":")
        settings = self._settings
        server = CallbackServer(
            self._deliveries,
            self._base_url,
            settings.max_body_bytes,
            settings.fetch_timeout_seconds,
            self._clock,
        )
        async with server.listening(host.strip("[]"), int(port)):
            yield

    async def on_document(
        self,
        feed: Feed,
        state: FeedState,
        fetched: Fetched,
        parsed: ParsedFeed,
        added: int,
    ) -> None:
        """Look for hubs in a document that polling found, after it was committed.

        Args:
            feed: whose.
            state: before the poll.
            fetched: the answer that subscription it.
            parsed: what it says.
            added: entries that were new, which a hub should have told of before.
        """
        advert = advertised(fetched, parsed)
        if not self._base_url or (advert is None and state.pushed_until is None):
            return
        now = self._clock()
        was_pushed = state.pushed_until is not None and state.pushed_until > now

        def decide(subscription: HubSubscription | None) -> HubSubscription | None:
            after = on_advertised(subscription, advert, self._base_url, now)
            return on_missed(after) if added and was_pushed and after == subscription else after

        try:
            store = self._shards[shard_of(feed.url, len(self._shards))].store
            before, after = await store.change(feed.id, decide)
        except TRANSIENT_ERRORS as error:
            logger.warning("feed %s: its hub was not noted, its next news will: %s", feed.id, error)
            return
        if before and before.pushed_until and after and not after.pushed_until and added:
            logger.warning("feed %s: its hub does not tell of its news; polling goes on", feed.id)

    async def sync(self, feed_ids: Sequence[Collection[str]]) -> None:
        """End the subscriptions of feeds that left the list; those of feeds that are back go on.

        Args:
            feed_ids: those of the list, by shard.
        """
        now = self._clock()

        def stays(subscription: HubSubscription | None) -> HubSubscription | None:
            return resume(subscription, self._base_url, now) if subscription else None

        def leaves(subscription: HubSubscription | None) -> HubSubscription | None:
            # Without a callback there is nothing to verify with; the hub's lease will end.
            return unsubscribe(subscription, now) if self._base_url else None

        for shard, listed in zip(self._shards, feed_ids, strict=True):
            for feed_id in await shard.store.feed_ids():
                is_wanted = self._base_url and feed_id in listed
                await shard.store.change(feed_id, stays if is_wanted else leaves)

    async def tick(self) -> None:
        """Ask hubs for what is due with them; a process that dies at it leaves it to others."""
        try:
            for number, shard in enumerate(self._shards if self._base_url else ()):
                while feed_ids := await shard.store.take(_TAKEN_AT_ONCE):
                    await asyncio.gather(*(self._ask(number, shard, each) for each in feed_ids))
        except TRANSIENT_ERRORS as error:
            logger.debug("hubs are asked later: %s", error)

    async def _ask(self, number: int, shard: PushShard, feed_id: str) -> None:
        """Ask the hub of a feed for what is due, as soon as its host has a place."""
        subscription = await shard.store.get(feed_id)
        if subscription is None or subscription.act_at > self._clock():
            return  # another process was faster
        asked = HostRequest(
            feed_id, host_of_address(subscription.hub), origin=origin_of_address(subscription.hub)
        )
        async with self._slots:
            [admission] = await self._gate.admit([asked])
            if not admission.own_place:
                await self._postpone(shard, feed_id, admission.wait_seconds)
                return
            visit = HostSession(self._gate, asked)
            began, refusal = time.monotonic(), None
            try:
                await asyncio.sleep(admission.wait_seconds)
                refusal = await self._request(number, shard, feed_id, visit)
            except HostBusyError as busy:
                await self._postpone(shard, feed_id, busy.wait_seconds)
            finally:
                visit.leave(
                    verdict_of_failure(refusal.kind if refusal else None),
                    time.monotonic() - began,
                    refusal.asked_seconds if refusal else 0.0,
                )

    async def _postpone(self, shard: PushShard, feed_id: str, seconds: float) -> None:
        until = self._clock() + timedelta(seconds=seconds)
        await shard.store.change(feed_id, lambda subscription: postpone(subscription, until))

    async def _request(
        self, number: int, shard: PushShard, feed_id: str, visit: HostSession
    ) -> Refusal | None:
        """Send what is due; put on record first that it is sent, and afterwards what came of it."""
        now = self._clock()
        _, subscription = await shard.store.change(
            feed_id, lambda subscription: prepare_request(subscription, now)
        )
        if subscription is None or subscription.asked_at != now:
            return None
        address = callback_url(self._base_url, Callback(number, feed_id, subscription.token))
        refusal = await ask_hub(self._fetcher, feed_id, subscription, address, visit.enter)
        if refusal:
            error = refusal.reason
            await shard.store.change(
                feed_id, lambda later: on_refused(later, now, error, self._clock())
            )
            logger.log(
                logging.DEBUG if subscription.failures else logging.WARNING,
                "feed %s: the hub %s did not take the request to %s: %s; it is asked again",
                feed_id,
                without_credentials(subscription.hub),
                subscription.request,
                error,
            )
        return refusal

    def _shard(self, client: Redis, keys: Keys) -> PushShard:
        settings = self._settings
        entries = EntriesStream(client, keys, settings.seen_retention_seconds, self._plan)
        return PushShard(
            HubSubscriptionStore(client, keys),
            DueSet(client, keys, settings.lease_seconds),
            entries,
            Intake(client, keys, entries, self._clock, EntryLimits.of(settings)),
        )
