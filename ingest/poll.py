"""One poll of one feed: fetch, parse, decide what is new, commit. The only place that does all."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from random import Random

from config.errors import FetchError, ParseError
from config.types import Feed
from ingest.fetch import Fetcher
from ingest.parse import parse_feed
from ingest.schedule import (
    PollPolicy,
    after_cut,
    after_failure,
    after_success,
    retry_after_seconds,
)
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


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a poll came to, before anything of it is written.

    Attributes:
        state: what to remember; its `last_error` says why the poll failed, if it did.
        now: aware UTC; the feed is due again `state.next_due - now` after the commit.
        parsed: a document that is new, whole or in part, or None.
        bytes_read: size of the body after decompression.
    """

    state: FeedState
    now: datetime
    parsed: ParsedFeed | None = None
    bytes_read: int = 0

    @property
    def delay_seconds(self) -> float:
        due = self.state.next_due
        return (due - self.now).total_seconds() if due else 0.0


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
        self._told_failing: set[str] = set()

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
        plan = await self._plan(feed, state)
        present: list[str] | None = None
        new: list[Entry] = []
        if plan.parsed is not None:
            present = [entry.fingerprint for entry in plan.parsed.entries]
            new = unseen(plan.parsed.entries, await stream.known(feed.id, present))
        added = await stream.commit_poll(feed.id, plan.state, plan.delay_seconds, present, new)
        self._tell(feed, state, plan)
        return PollOutcome(feed.id, added, plan.state.last_error, plan.bytes_read)

    async def _plan(self, feed: Feed, state: FeedState) -> _Plan:
        """Fetch, read and decide; nothing is written."""
        try:
            fetched = await self._fetcher.fetch(
                feed.id, state.moved_to or feed.url, state.etag, state.last_modified
            )
        except FetchError as error:
            return self._failed(feed, state, str(error), 0.0)
        if fetched.status == HTTPStatus.NOT_MODIFIED and (state.etag or state.last_modified):
            return self._succeeded(feed, state, fetched, None, None)
        if fetched.status != HTTPStatus.OK:
            refusal = _told(feed, fetched, _refusal(fetched.status))
            return self._failed(feed, state, refusal, self._least_wait(fetched))
        body_hash = hashlib.blake2b(fetched.body, digest_size=16).hexdigest()
        if body_hash == state.body_hash:
            return self._succeeded(feed, state, fetched, body_hash, None)
        try:
            parsed = await asyncio.to_thread(parse_feed, fetched, feed, self._clock())
        except ParseError as unreadable:
            reason = unreadable.reason if fetched.complete else _cut(fetched)
            return self._failed(feed, state, _told(feed, fetched, reason), 0.0)
        if parsed.cut or not fetched.complete:
            return self._cut_off(feed, state, fetched, parsed)
        return self._succeeded(feed, state, fetched, body_hash, parsed)

    def _succeeded(
        self,
        feed: Feed,
        state: FeedState,
        fetched: Fetched,
        body_hash: str | None,
        parsed: ParsedFeed | None,
    ) -> _Plan:
        planned = after_success(feed, state, fetched, body_hash, self._policy, self._random)
        return _Plan(planned, fetched.fetched_at, parsed, len(fetched.body))

    def _cut_off(self, feed: Feed, state: FeedState, fetched: Fetched, parsed: ParsedFeed) -> _Plan:
        """Keep the entries that came whole, and ask for the rest."""
        kept = f"{_cut(fetched)}; entries that came whole were kept: {len(parsed.entries)}"
        error = _told(feed, fetched, kept)
        planned = after_cut(feed, state, fetched, error, self._policy, self._random)
        return _Plan(planned, fetched.fetched_at, parsed, len(fetched.body))

    def _failed(self, feed: Feed, state: FeedState, error: str, floor_seconds: float) -> _Plan:
        now = self._clock()
        planned = after_failure(feed, state, error, floor_seconds, self._policy, now, self._random)
        return _Plan(planned, now)

    def _tell(self, feed: Feed, before: FeedState, plan: _Plan) -> None:
        """Log what a person wants to know of a poll that was committed."""
        after = plan.state
        if after.last_error:
            # The first failure that this process sees is news; `nabaa status` shows all of them.
            level = logging.DEBUG if feed.id in self._told_failing else logging.WARNING
            logger.log(level, "%s; trying again in %.0f s", after.last_error, plan.delay_seconds)
            self._told_failing.add(feed.id)
        else:
            self._told_failing.discard(feed.id)
            if before.failures:
                polls = (
                    "1 failed poll" if before.failures == 1 else f"{before.failures} failed polls"
                )
                logger.info("feed %s works again after %s", feed.id, polls)
        _tell_contents(feed, before, plan)

    def _least_wait(self, fetched: Fetched) -> float:
        """Return seconds to leave the feed alone; one that is gone is asked as seldom as any."""
        if fetched.status == HTTPStatus.GONE:
            return self._policy.retry_max_seconds
        return retry_after_seconds(fetched)


def unseen(entries: Collection[Entry], known: Collection[str]) -> list[Entry]:
    """Return the entries that are new, the oldest first: feeds list the newest first.

    Args:
        entries: of one document, in its order.
        known: fingerprints that the feed has shown before.
    """
    return [entry for entry in reversed(list(entries)) if entry.fingerprint not in known]


def _told(feed: Feed, fetched: Fetched, reason: str) -> str:
    """Return the sentence that a person reads, of whatever kind the trouble is."""
    return str(FetchError(feed.id, fetched.final_url, reason))


def _refusal(status: int) -> str:
    if status == HTTPStatus.GONE:
        return (
            "the publisher has closed this feed for good (HTTP status 410): "
            "find its new address or take it out of the list"
        )
    try:
        return f"HTTP status {status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return f"HTTP status {status}"


def _cut(fetched: Fetched) -> str:
    if fetched.complete:
        return "the document is cut off before its end tag"
    return "the connection ended in the middle of the answer"


def _tell_contents(feed: Feed, before: FeedState, plan: _Plan) -> None:
    """Log what a person wants to know of a document that was read."""
    after = plan.state
    if after.moved_to and after.moved_to != before.moved_to:
        logger.info("feed %s has moved for good to %s", feed.id, after.moved_to)
    if plan.parsed is None:
        return
    if plan.parsed.skipped:
        logger.warning(
            "feed %s: items without guid, link, title and text were skipped: %d",
            feed.id,
            plan.parsed.skipped,
        )
    if not plan.parsed.entries and not plan.parsed.skipped:
        logger.info("feed %s: the document holds no entries", feed.id)
