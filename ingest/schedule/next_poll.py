"""When a feed is asked next: pure decisions from the old state and what the poll brought."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from config.model import Feed
from ingest.model import FeedState, Fetched
from ingest.schedule.arrival_rate import (
    ArrivalRate,
    decode_arrival_rate,
    encode_arrival_rate,
    interval_seconds,
    learn,
    learn_history,
)
from ingest.schedule.failures import longest_wait_seconds
from ingest.schedule.outcome import News, PollOutcome
from ingest.schedule.policy import PollPolicy
from ingest.schedule.publisher_hints import (
    after_skipped,
    decode_hints,
    header_floor_seconds,
    retry_after_seconds,
)
from ingest.schedule.push_pacing import apply_push_pacing
from ingest.schedule.relocation import after_failed_poll, after_redirects, has_ended
from nabaa.errors import FailureKind

_LONGEST_VALIDATOR = 1_000  # characters; real ones have some dozens


def plan_next_poll(
    feed: Feed, state: FeedState, outcome: PollOutcome, policy: PollPolicy, random: Random
) -> FeedState:
    """Decide what is remembered of a feed after a poll, and when the next one is due.

    Args:
        feed: gives its own interval, if any.
        state: before the poll.
        outcome: what the poll found.
        policy: intervals and backoff.
        random: source of the jitter.

    Returns:
        The new state; its `next_due` is None where the feed has ended.
    """
    failure, fetched = outcome.failure, outcome.fetched
    if failure is None and fetched is not None:
        planned = after_success(
            feed, state, fetched, outcome.body_hash, policy, random, outcome.news, outcome.withheld
        )
        return apply_push_pacing(planned, policy.push_safety_seconds, random)
    sentence = failure.sentence if failure else "no answer came"
    if outcome.is_partial and fetched is not None:
        return after_cut(feed, state, fetched, sentence, policy, random)
    kind = failure.kind if failure else "other"
    floor = outcome.retry_after_seconds
    return after_failure(feed, state, sentence, floor, policy, outcome.now, random, kind)


def after_success(
    feed: Feed,
    state: FeedState,
    fetched: Fetched,
    body_hash: str | None,
    policy: PollPolicy,
    random: Random,
    news: News | None = None,
    withheld: int = 0,
) -> FeedState:
    """Plan the next poll after an answer that was understood (200 or 304).

    Args:
        feed: gives its own interval, if any.
        state: before the poll.
        fetched: the answer.
        body_hash: hash of the body, or None on 304.
        policy: intervals.
        random: source of the jitter, so that restarts and whole hours make no herd.
        news: what the document brought; None where none was read, for it is the same.
        withheld: new entries of it that were left to later polls; then the next one comes soon, and
            asks for the whole document again.

    Returns:
        The new state, its `next_due` set.
    """
    now = fetched.fetched_at
    hints = news.hints if news else state.publisher_hints
    if feed.interval_seconds:
        rate, interval = None, float(feed.interval_seconds)
    else:
        rate = _learnt(state, news, now)
        interval = _interval_seconds(rate, now, policy)
    if withheld:
        interval = min(interval, policy.shortest_seconds, policy.interval_seconds)
    said = decode_hints(hints)
    floor = max(header_floor_seconds(fetched.headers, now), said.seconds)
    delay = max(
        # Feeds that were added together do not stay together.
        interval * (random.uniform(0.9, 1.1) if state.polled_at else random.uniform(0.3, 1.0)),
        min(floor, policy.longest_floor_seconds) * random.uniform(1.0, 1.1),
        retry_after_seconds(fetched),
    )
    # A 304 may leave the validators out; then the old ones still hold (RFC 9110, 15.4.5).
    kept = state if fetched.status == 304 else FeedState()
    etag = _validator(fetched, "etag") or kept.etag
    last_modified = _validator(fetched, "last-modified") or kept.last_modified
    moved_to, moved_seen = after_redirects(state, fetched)
    return replace(
        state,
        etag=state.etag if withheld else etag,
        last_modified=state.last_modified if withheld else last_modified,
        body_hash=state.body_hash if withheld else body_hash or state.body_hash,
        moved_to=moved_to,
        moved_seen=moved_seen,
        ended=False,
        interval_seconds=interval,
        polled_at=now,
        # A build date, a comment or a counter is no change.
        changed_at=now if news and news.new else state.changed_at,
        next_due=after_skipped(now + timedelta(seconds=delay), said),
        failures=0,
        last_error=None,
        failure=None,
        arrival_rate=encode_arrival_rate(rate) if rate else None,
        publisher_hints=hints,
        withheld=withheld,
    )


def _learnt(state: FeedState, news: News | None, now: datetime) -> ArrivalRate:
    """Return what is known of a feed's arrival rate after a good poll."""
    known = decode_arrival_rate(state.arrival_rate)
    if known is None:
        return learn_history(news.published if news else (), now)
    # What a feed brings after it failed came at a time that nobody watched.
    since = None if state.failures else state.polled_at
    return learn(known, since, now, news.new if news else 0)


def _interval_seconds(rate: ArrivalRate, now: datetime, policy: PollPolicy) -> float:
    base = policy.interval_seconds
    shortest, longest = min(policy.shortest_seconds, base), max(policy.longest_seconds, base)
    return min(max(interval_seconds(rate, now, base), shortest), longest)


def after_failure(
    feed: Feed,
    state: FeedState,
    error: str,
    floor_seconds: float,
    policy: PollPolicy,
    now: datetime,
    random: Random,
    kind: FailureKind = "other",
) -> FeedState:
    """Plan the next poll after a failure: exponential backoff with full jitter on its upper half.

    Args:
        feed: gives its own interval, if any.
        state: before the poll.
        error: why it failed.
        floor_seconds: what the server asked for with `Retry-After`, else 0.
        policy: intervals.
        now: aware UTC.
        random: source of the jitter.
        kind: of the failure; one that seldom mends itself waits longer in the end, and 410 ends
            the feed: it is not due again.

    Returns:
        The new state. The validators stay; where the feed had moved, the next poll asks the listed
        address.
    """
    failures = state.failures + 1
    longest = longest_wait_seconds(kind, policy.retry_max_seconds, policy.missing_max_seconds)
    ceiling = min(longest, policy.retry_base_seconds * 2.0 ** min(state.failures, 30))
    ended = kind == "gone" and has_ended(state)
    moved_to, moved_seen = after_failed_poll(state)
    delay = max(ceiling * random.uniform(0.5, 1.0), floor_seconds)
    return replace(
        state,
        moved_to=moved_to,
        moved_seen=moved_seen,
        ended=ended,
        interval_seconds=float(feed.interval_seconds or policy.interval_seconds),
        polled_at=now,
        next_due=None if ended else now + timedelta(seconds=delay),
        failures=failures,
        last_error=error,
        failure=kind,
    )


def after_cut(
    feed: Feed,
    state: FeedState,
    fetched: Fetched,
    error: str,
    policy: PollPolicy,
    random: Random,
) -> FeedState:
    """Plan the next poll after a document that was cut off: what came of it is kept.

    Args:
        feed: gives its own interval, if any.
        state: before the poll.
        fetched: the answer.
        error: what was cut off and how much was kept.
        policy: intervals and backoff.
        random: source of the jitter.

    Returns:
        The new state: a failure whose wait never exceeds that of a good poll, for a server that
        always cuts its answers off still brings news. The validators and the hash stay those of
        the last whole document, so that the next poll gets the rest.
    """
    floor = retry_after_seconds(fetched)
    now = fetched.fetched_at
    failed = after_failure(feed, state, error, floor, policy, now, random, "unreadable")
    regular = after_success(feed, state, fetched, None, policy, random)
    due = [planned.next_due for planned in (failed, regular) if planned.next_due]
    return replace(
        failed,
        moved_to=regular.moved_to,
        moved_seen=regular.moved_seen,
        changed_at=now,
        next_due=min(due),
    )


def _validator(fetched: Fetched, name: str) -> str | None:
    """Return a validator that a request can carry back, else None: a header is printable ASCII."""
    value = fetched.headers.get(name, "")
    usable = value.isascii() and value.isprintable() and len(value) <= _LONGEST_VALIDATOR
    return value if value and usable else None
