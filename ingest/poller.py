"""One poll of one feed: fetch, read, decide, commit. The only place that does all four.

due set ─► take (ingest.service) ─► a place at its host (ingest.inflight) ─► Poller.poll
Feed, FeedState          ingest.fetch      asks the site         Fetched
Fetched ─► detect_changes           ingest.changes    reads, compares       DocumentChanges
└─ fingerprints that `seen` holds  ◄─ Redis
DocumentChanges ─► PollOutcome      this module       what was found
PollOutcome ─► plan_next_poll       ingest.schedule   pure                  FeedState
PollCommit ─► commit_poll           ingest.streams    one script: new entries, `seen`,
state, next due time  ─► Redis
hubs that the document names ─► on_document           ingest.websub
"""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from random import Random

from config.model import Feed
from ingest.changes.detect import DocumentChanges, detect_changes
from ingest.changes.limit import limit_new
from ingest.connectivity import SILENT_KINDS, Connectivity, OfflineError
from ingest.fetch.fetcher import Enter, Fetcher
from ingest.fetch.hosts.names import host_of_address, is_own_machine
from ingest.fetch.refusals import READABLE_STATUSES, describe_refusal
from ingest.model import FeedState, Fetched, ParsedFeed
from ingest.poll_log import PollLog
from ingest.schedule.entry_limits import EntryLimits
from ingest.schedule.failures import kind_of_status
from ingest.schedule.next_poll import plan_next_poll
from ingest.schedule.outcome import News, PollFailure, PollOutcome
from ingest.schedule.policy import PollPolicy
from ingest.schedule.publisher_hints import document_hints, encode_hints
from ingest.schedule.relocation import choose_address, state_for_address
from ingest.streams.entries import EntriesStream, PollCommit
from nabaa.errors import FailureKind, FetchError, ParseError
from nabaa.streams.keys import host_of

MAX_NOTICES = 8
"""Sentences about one document that are kept with its feed."""

LARGE_BYTES = 250_000
"""A body over this is read while no other such is: it may take a hundred times its size."""

OnDocument = Callable[[Feed, FeedState, Fetched, ParsedFeed, int], Awaitable[None]]
"""Called with a document after its commit: the feed, its state before, the answer, what the
document says, and how many entries were new."""


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a poll brought, after its commit.

    Attributes:
        feed_id: the feed.
        new_entries: entries put on the stream.
        error: why it failed, or None.
        bytes_read: size of the body after decompression.
        failure: kind of the failure, or None.
        retry_after_seconds: seconds for which a busy host asks to be left alone, or 0.
        final_url: the address that answered, or None where none did.
    """

    feed_id: str
    new_entries: int = 0
    error: str | None = None
    bytes_read: int = 0
    failure: FailureKind | None = None
    retry_after_seconds: float = 0.0
    final_url: str | None = None


class Poller:
    """Polls feeds and commits what they bring.

    Args:
        fetcher: an open HTTP client.
        policy: intervals and backoff.
        random: source of jitter.
        clock: returns the time, aware UTC.
        on_document: called after the commit of each whole document that was parsed.
        connectivity: is told which hosts answer.
        limits: how many new entries a feed may bring.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        policy: PollPolicy,
        random: Random,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        on_document: OnDocument | None = None,
        connectivity: Connectivity | None = None,
        limits: EntryLimits | None = None,
    ) -> None:
        self._fetcher = fetcher
        self._policy = policy
        self._random = random
        self._clock = clock
        self._on_document = on_document
        self._connectivity = connectivity or Connectivity()
        self._limits = limits or EntryLimits()
        self._log = PollLog(self._connectivity)
        self._large = asyncio.Semaphore(1)

    async def poll(
        self, feed: Feed, state: FeedState, stream: EntriesStream, enter: Enter | None = None
    ) -> PollResult:
        """Poll a feed once; whatever the web does, the feed's next due time is committed.

        Args:
            feed: the feed.
            state: what is remembered of it.
            stream: where its entries go.
            enter: lets each request in to its host.

        Returns:
            What the poll brought; a failure of the feed is told there, not raised.

        Raises:
            redis.exceptions.RedisError: the commit failed; nothing was changed and the lease
                brings the feed back.
            OfflineError: this machine reaches no host at all; nothing was changed.
            Exception: what `enter` raised, other than a `FetchError`; nothing was changed.
        """
        state = state_for_address(feed, state)
        outcome, changes = await self._look(feed, state, stream, enter)
        self._report(feed, state, outcome)
        after = plan_next_poll(feed, state, outcome, self._policy, self._random)
        if changes and changes.parsed and outcome.fetched:
            after = replace(after, notices=_notices(outcome.fetched, changes.parsed))
        delay = _delay_seconds(after, outcome.now)
        added = await stream.commit_poll(
            PollCommit(feed.id, after, delay)
            if changes is None
            else PollCommit(
                feed.id,
                after,
                delay,
                changes.fingerprints,
                changes.new,
                changes.revised,
                changes.content_digests,
                changes.aliases,
            )
        )
        parsed, fetched = changes.parsed if changes else None, outcome.fetched
        self._log.log_poll(feed, state, after, delay, parsed, is_silent=fetched is None)
        self._log.log_withheld(feed, added, after.withheld)
        if parsed:
            self._log.log_notices(feed, after.notices)
        if self._on_document and parsed and fetched and outcome.failure is None:
            await self._on_document(feed, state, fetched, parsed, added)
        return PollResult(
            feed.id,
            added,
            after.last_error,
            len(fetched.body) if fetched else 0,
            after.failure,
            outcome.retry_after_seconds if after.failure == "busy" else 0.0,
            fetched.final_url if fetched else None,
        )

    def _report(self, feed: Feed, state: FeedState, outcome: PollOutcome) -> None:
        """Report whether the host of a feed has answered."""
        host = host_of_address(choose_address(feed, state))
        if outcome.fetched is not None:
            self._connectivity.report_answer(host)
        elif outcome.failure and outcome.failure.kind in SILENT_KINDS:
            self._connectivity.report_silence(host, outcome.failure.kind)
            if self._connectivity.is_offline and not is_own_machine(host):
                raise OfflineError

    async def _look(
        self, feed: Feed, state: FeedState, stream: EntriesStream, enter: Enter | None
    ) -> tuple[PollOutcome, DocumentChanges | None]:
        """Fetch and read; nothing is decided or written."""
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
            return PollOutcome(self._clock(), failure=PollFailure(str(error), error.kind)), None
        if fetched.status == HTTPStatus.NOT_MODIFIED and (state.etag or state.last_modified):
            return PollOutcome(fetched.fetched_at, fetched), None
        if fetched.status not in READABLE_STATUSES:
            kind = kind_of_status(fetched.status)
            reason = describe_refusal(fetched) or _describe_status(fetched.status)
            return self._failed(feed, fetched, reason, kind), None
        body_hash = hashlib.blake2b(fetched.body, digest_size=16).hexdigest()
        if body_hash == state.body_hash:
            return PollOutcome(fetched.fetched_at, fetched, body_hash=body_hash), None
        try:
            known = partial(stream.known, feed.id)
            is_large = len(fetched.body) > LARGE_BYTES
            async with self._large if is_large else nullcontext():
                found = await detect_changes(
                    fetched, feed, self._clock(), known, state.content_digests
                )
        except ParseError as unreadable:
            reason = unreadable.reason if fetched.complete else _describe_cut(fetched)
            reason = describe_refusal(fetched) or reason
            return self._failed(feed, fetched, reason, "unreadable"), None
        changes = limit_new(found, self._limits.room(state, fetched.fetched_at))
        if changes.cut or not fetched.complete:
            return _partial(feed, fetched, changes), changes
        outcome = PollOutcome(
            fetched.fetched_at,
            fetched,
            body_hash=body_hash,
            news=_news(changes, fetched),
            withheld=len(found.new) - len(changes.new),
        )
        return outcome, changes

    def _failed(self, feed: Feed, fetched: Fetched, reason: str, kind: FailureKind) -> PollOutcome:
        failure = PollFailure(_describe(feed, fetched, reason), kind)
        return PollOutcome(self._clock(), fetched, failure)


def _notices(fetched: Fetched, parsed: ParsedFeed) -> tuple[str, ...]:
    """Return what a person is to know of an answer and its document, a few sentences."""
    skipped = (
        (f"items without guid, link, title and text were skipped: {parsed.skipped}",)
        if parsed.skipped
        else ()
    )
    return (*fetched.notices, *parsed.notices, *skipped)[:MAX_NOTICES]


def _delay_seconds(state: FeedState, now: datetime) -> float:
    if state.ended:
        return math.inf
    return (state.next_due - now).total_seconds() if state.next_due else 0.0


def _partial(feed: Feed, fetched: Fetched, changes: DocumentChanges) -> PollOutcome:
    """Keep the entries that came whole, and ask for the rest."""
    kept = f"{_describe_cut(fetched)}; entries that came whole were kept"
    reason = f"{kept}: {len(changes.fingerprints)}"
    failure = PollFailure(_describe(feed, fetched, reason), "unreadable")
    return PollOutcome(fetched.fetched_at, fetched, failure, is_partial=True)


def _news(changes: DocumentChanges, fetched: Fetched) -> News:
    dates = (entry.published for entry in changes.new)
    return News(
        len(changes.new),
        [date for date in dates if date is not None],
        encode_hints(document_hints(fetched.body)),
    )


def _describe(feed: Feed, fetched: Fetched, reason: str) -> str:
    """Return the sentence that a person reads, whatever kind the failure is of."""
    return str(FetchError(feed.id, fetched.final_url, reason))


def _describe_status(status: int) -> str:
    if status == HTTPStatus.GONE:
        return (
            "the publisher has closed this feed for good (HTTP status 410): "
            "find its new address or take it out of the list"
        )
    try:
        return f"HTTP status {status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return f"HTTP status {status}"


def _describe_cut(fetched: Fetched) -> str:
    if fetched.complete:
        return "the document is cut off before its end tag"
    return "the connection ended in the middle of the answer"
