"""One poll of one feed: fetch, parse, decide what is new, commit. The only place that does all."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import math
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from random import Random

from config.model import Feed
from ingest.changes.detect import DocumentChanges, detect_changes
from ingest.fetch.fetcher import Enter, Fetcher
from ingest.model import FeedState, Fetched, ParsedFeed
from ingest.schedule.failures import kind_of_status
from ingest.schedule.next_poll import (
    News,
    PollPolicy,
    after_cut,
    after_failure,
    after_success,
    retry_after_seconds,
)
from ingest.schedule.publisher_hints import document_hints, encode_hints
from ingest.schedule.push_pacing import apply_push_pacing
from ingest.schedule.relocation import choose_address, has_moved, state_for_address
from ingest.streams.entries import EntriesStream
from nabaa.errors import FailureKind, FetchError, ParseError
from nabaa.streams.keys import host_of

logger = logging.getLogger(__name__)


LARGE_BYTES = 250_000
"""A body over this is read while no other such is: it may take a hundred times its size."""

OnDocument = Callable[[Feed, FeedState, Fetched, ParsedFeed, int], Awaitable[None]]
"""Called with a document after its commit: the feed, its state before, the answer, what the
document says, and how many entries were new."""


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What a poll brought.

    Attributes:
        feed_id: which feed.
        new_entries: entries put on the stream.
        error: why it failed, or None.
        bytes_read: size of the body after decompression.
        failure: of which kind the failure was, or None.
        asked_seconds: how long the host asked to be left alone with `Retry-After`, or 0.
        final_url: the address that answered, or None where none did.
    """

    feed_id: str
    new_entries: int = 0
    error: str | None = None
    bytes_read: int = 0
    failure: FailureKind | None = None
    asked_seconds: float = 0.0
    final_url: str | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a poll came to, before anything of it is written.

    Attributes:
        state: what to remember; its `last_error` says why the poll failed, if it did.
        now: aware UTC; the feed is due again `state.next_due - now` after the commit.
        contents: of a document that is new, whole or in part, or None.
        bytes_read: size of the body after decompression.
        asked_seconds: the `Retry-After` of a host that is busy, or 0.
        final_url: the address that answered, or None where none did.
        fetched: the answer, where it was whole and understood.
    """

    state: FeedState
    now: datetime
    contents: DocumentChanges | None = None
    bytes_read: int = 0
    asked_seconds: float = 0.0
    final_url: str | None = None
    fetched: Fetched | None = None

    @property
    def delay_seconds(self) -> float:
        due = self.state.next_due
        if self.state.ended:
            return math.inf
        return (due - self.now).total_seconds() if due else 0.0


class Poller:
    """Polls feeds and commits what they bring.

    Args:
        fetcher: an open HTTP client.
        policy: intervals and backoff.
        random: source of jitter.
        clock: aware UTC.
        on_document: called after the commit of each whole document that was parsed.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        policy: PollPolicy,
        random: Random,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        on_document: OnDocument | None = None,
    ) -> None:
        self._on_document = on_document
        self._fetcher = fetcher
        self._policy = policy
        self._random = random
        self._clock = clock
        self._logged_as_failing: set[str] = set()
        self._large = asyncio.Semaphore(1)

    async def poll(
        self, feed: Feed, state: FeedState, stream: EntriesStream, enter: Enter | None = None
    ) -> PollOutcome:
        """Poll a feed once; whatever the web does, the feed's next due time is committed.

        Args:
            feed: what to poll.
            state: what is remembered of it.
            stream: where its entries go.
            enter: lets each request in to its host.

        Returns:
            What the poll brought; a failure of the feed is told there, not raised.

        Raises:
            redis.exceptions.RedisError: the commit failed; nothing was changed and the lease
                brings the feed back.
            Exception: what `enter` raised, other than a `FetchError`; nothing was changed.
        """
        state = state_for_address(feed, state)
        plan = await self._plan(feed, state, stream, enter)
        found = plan.contents
        added = await stream.commit_poll(
            feed.id,
            plan.state,
            plan.delay_seconds,
            found.fingerprints if found else None,
            found.new if found else (),
            found.revised if found else (),
            found.content_digests if found else b"",
        )
        self._log_outcome(feed, state, plan)
        if self._on_document and plan.fetched and plan.contents and plan.contents.parsed:
            await self._on_document(feed, state, plan.fetched, plan.contents.parsed, added)
        return PollOutcome(
            feed.id,
            added,
            plan.state.last_error,
            plan.bytes_read,
            plan.state.failure,
            plan.asked_seconds,
            plan.final_url,
        )

    async def _plan(
        self, feed: Feed, state: FeedState, stream: EntriesStream, enter: Enter | None
    ) -> _Plan:
        """Fetch, read and decide; nothing is written."""
        try:
            url = choose_address(feed, state)
            fetched = await self._fetcher.fetch(
                feed.id,
                url,
                state.etag,
                state.last_modified,
                enter,
                insecure_tls=feed.insecure_tls and host_of(url) == host_of(feed.url),
            )
        except FetchError as error:
            return self._failed(feed, state, str(error), error.kind)
        if fetched.status == HTTPStatus.NOT_MODIFIED and (state.etag or state.last_modified):
            return self._succeeded(feed, state, fetched, None, None)
        if fetched.status != HTTPStatus.OK:
            refusal = _describe(feed, fetched, _refusal(fetched.status))
            return self._failed(feed, state, refusal, kind_of_status(fetched.status), fetched)
        body_hash = hashlib.blake2b(fetched.body, digest_size=16).hexdigest()
        if body_hash == state.body_hash:
            return self._succeeded(feed, state, fetched, body_hash, None)
        try:
            known = partial(stream.known, feed.id)
            is_large = len(fetched.body) > LARGE_BYTES
            async with self._large if is_large else nullcontext():
                contents = await detect_changes(
                    fetched, feed, self._clock(), known, state.content_digests
                )
        except ParseError as unreadable:
            reason = unreadable.reason if fetched.complete else _cut(fetched)
            told = _describe(feed, fetched, reason)
            return self._failed(feed, state, told, "unreadable", fetched)
        if contents.cut or not fetched.complete:
            return self._cut_off(feed, state, fetched, contents)
        return self._succeeded(feed, state, fetched, body_hash, contents)

    def _succeeded(
        self,
        feed: Feed,
        state: FeedState,
        fetched: Fetched,
        body_hash: str | None,
        contents: DocumentChanges | None,
    ) -> _Plan:
        news = _news(contents, fetched) if contents else None
        planned = after_success(feed, state, fetched, body_hash, self._policy, self._random, news)
        return _Plan(
            apply_push_pacing(planned, self._policy.push_safety_seconds, self._random),
            fetched.fetched_at,
            contents,
            len(fetched.body),
            final_url=fetched.final_url,
            fetched=fetched,
        )

    def _cut_off(
        self, feed: Feed, state: FeedState, fetched: Fetched, contents: DocumentChanges
    ) -> _Plan:
        """Keep the entries that came whole, and ask for the rest."""
        kept = f"{_cut(fetched)}; entries that came whole were kept: {len(contents.fingerprints)}"
        error = _describe(feed, fetched, kept)
        planned = after_cut(feed, state, fetched, error, self._policy, self._random)
        return _Plan(planned, fetched.fetched_at, contents, len(fetched.body))

    def _failed(
        self,
        feed: Feed,
        state: FeedState,
        error: str,
        kind: FailureKind,
        fetched: Fetched | None = None,
    ) -> _Plan:
        now = self._clock()
        floor = retry_after_seconds(fetched) if fetched and fetched.status != HTTPStatus.OK else 0.0
        planned = after_failure(feed, state, error, floor, self._policy, now, self._random, kind)
        return _Plan(
            planned,
            now,
            asked_seconds=floor if kind == "busy" else 0.0,
            final_url=fetched.final_url if fetched else None,
        )

    def _log_outcome(self, feed: Feed, before: FeedState, plan: _Plan) -> None:
        """Log what a person wants to know of a poll that was committed."""
        after = plan.state
        if after.last_error:
            # The first failure that this process sees is news; `nabaa status` shows all of them.
            level = logging.DEBUG if feed.id in self._logged_as_failing else logging.WARNING
            if after.ended:
                logger.warning("%s; it is not polled any more", after.last_error)
            else:
                again = plan.delay_seconds
                logger.log(level, "%s; trying again in %.0f s", after.last_error, again)
            self._logged_as_failing.add(feed.id)
        else:
            self._logged_as_failing.discard(feed.id)
            if before.failures:
                polls = (
                    "1 failed poll" if before.failures == 1 else f"{before.failures} failed polls"
                )
                logger.info("feed %s works again after %s", feed.id, polls)
        _log_contents(feed, before, plan)


def _news(contents: DocumentChanges, fetched: Fetched) -> News:
    dates = (entry.published for entry in contents.new)
    return News(
        len(contents.new),
        [date for date in dates if date is not None],
        encode_hints(document_hints(fetched.body)),
    )


def _describe(feed: Feed, fetched: Fetched, reason: str) -> str:
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


def _log_contents(feed: Feed, before: FeedState, plan: _Plan) -> None:
    """Log what a person wants to know of a document that was read."""
    after = plan.state
    if has_moved(after) and not (has_moved(before) and after.moved_to == before.moved_to):
        logger.info("feed %s has moved for good to %s", feed.id, after.moved_to)
    parsed = plan.contents.parsed if plan.contents else None
    if parsed is None:
        return
    if parsed.skipped:
        logger.warning(
            "feed %s: items without guid, link, title and text were skipped: %d",
            feed.id,
            parsed.skipped,
        )
    if not parsed.entries and not parsed.skipped:
        logger.info("feed %s: the document holds no entries", feed.id)
