"""One poll of one feed: fetch, parse, decide what is new, commit. The only place that does all."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from config.errors import FetchError, ParseError
from config.types import Feed
from ingest.fetch import Fetcher
from ingest.parse import parse_feed
from ingest.schedule import PollPolicy, after_failure, after_success, retry_after_seconds
from ingest.streams.entries import EntriesStream
from ingest.types import Entry, FeedState, Fetched, ParsedFeed

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What a poll brought.

    Attributes:
        feed_id: which feed.
        new_entries: entries put on the stream.
        error: why it failed, or None.
        bytes_read: size of the body after decompression.
    """

    feed_id: str
    new_entries: int = 0
    error: str | None = None
    bytes_read: int = 0


class Poller:
    """Polls feeds and commits what they bring.

    Args:
        fetcher: an open HTTP client.
        policy: intervals and backoff.
        random: source of jitter.
        clock: aware UTC.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        policy: PollPolicy,
        random: Random,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._fetcher = fetcher
        self._policy = policy
        self._random = random
        self._clock = clock

    async def poll(self, feed: Feed, state: FeedState, stream: EntriesStream) -> PollOutcome:
        """Poll a feed once; whatever the web does, the feed's next due time is committed.

        Args:
            feed: what to poll.
            state: what is remembered of it.
            stream: where its entries go.

        Returns:
            What the poll brought; a failure of the feed is told there, not raised.

        Raises:
            redis.exceptions.RedisError: the commit failed; nothing was changed and the lease
                brings the feed back.
        """
        if state.url != feed.url:
            # A new address knows nothing of the old one's validators; `seen` still holds.
            state = FeedState(url=feed.url, failures=state.failures, last_error=state.last_error)
        try:
            fetched = await self._fetcher.fetch(
                feed.id, state.moved_to or feed.url, state.etag, state.last_modified
            )
        except FetchError as error:
            return await self._failed(feed, state, stream, str(error), 0.0)
        if fetched.status == 304 and (state.etag or state.last_modified):
            return await self._unchanged(feed, state, stream, fetched, None)
        if fetched.status != 200:
            refused = FetchError(feed.id, fetched.final_url, f"HTTP status {fetched.status}")
            return await self._failed(
                feed, state, stream, str(refused), retry_after_seconds(fetched)
            )
        body_hash = hashlib.blake2b(fetched.body, digest_size=16).hexdigest()
        if body_hash == state.body_hash:
            return await self._unchanged(feed, state, stream, fetched, body_hash)
        try:
            parsed = await asyncio.to_thread(parse_feed, fetched, feed, self._clock())
        except ParseError as error:
            return await self._failed(feed, state, stream, str(error), 0.0)
        return await self._changed(feed, state, stream, fetched, body_hash, parsed)

    async def _changed(
        self,
        feed: Feed,
        state: FeedState,
        stream: EntriesStream,
        fetched: Fetched,
        body_hash: str,
        parsed: ParsedFeed,
    ) -> PollOutcome:
        if parsed.skipped:
            logger.warning(
                "feed %s: %d items have no guid, link, title or text and were skipped",
                feed.id,
                parsed.skipped,
            )
        present = [entry.fingerprint for entry in parsed.entries]
        new = unseen(parsed.entries, await stream.known(feed.id, present))
        planned = after_success(feed, state, fetched, body_hash, self._policy, self._random)
        added = await stream.commit_poll(
            feed.id, planned, _delay(planned, fetched.fetched_at), present, new
        )
        _tell_recovery(feed, state)
        return PollOutcome(feed.id, new_entries=added, bytes_read=len(fetched.body))

    async def _unchanged(
        self,
        feed: Feed,
        state: FeedState,
        stream: EntriesStream,
        fetched: Fetched,
        body_hash: str | None,
    ) -> PollOutcome:
        planned = after_success(feed, state, fetched, body_hash, self._policy, self._random)
        delay = _delay(planned, fetched.fetched_at)
        await stream.commit_poll(feed.id, planned, delay, None, ())
        _tell_recovery(feed, state)
        return PollOutcome(feed.id, bytes_read=len(fetched.body))

    async def _failed(
        self,
        feed: Feed,
        state: FeedState,
        stream: EntriesStream,
        error: str,
        floor_seconds: float,
    ) -> PollOutcome:
        now = self._clock()
        planned = after_failure(feed, state, error, floor_seconds, self._policy, now, self._random)
        delay = _delay(planned, now)
        # The first failure is news; that it goes on failing is what `nabaa status` shows.
        level = logging.WARNING if planned.failures == 1 else logging.DEBUG
        logger.log(level, "%s; trying again in %.0f s", error, delay)
        await stream.commit_poll(feed.id, planned, delay, None, ())
        return PollOutcome(feed.id, error=error)


def unseen(entries: Collection[Entry], known: Collection[str]) -> list[Entry]:
    """Return the entries that are new, the oldest first: feeds list the newest first.

    Args:
        entries: of one document, in its order.
        known: fingerprints that the feed has shown before.
    """
    return [entry for entry in reversed(list(entries)) if entry.fingerprint not in known]


def _delay(planned: FeedState, now: datetime) -> float:
    return (planned.next_due - now).total_seconds() if planned.next_due else 0.0


def _tell_recovery(feed: Feed, state: FeedState) -> None:
    if state.failures:
        logger.info("feed %s works again after %d failed polls", feed.id, state.failures)
