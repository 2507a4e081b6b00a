"""Instants as the archive's numbers: an article's id says when it was published.

Ids that grow with time make "the newest that match" the natural order of the index, and a span of
time a range of ids, whenever an article was stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from nabaa.types import Article
from workers.index.model import Count, Span, Step

SLOTS = 64
"""Ids of one second; articles of a fuller one go into the next second."""

STEP_SECONDS: dict[Step, int] = {"hour": 3600, "day": 86400, "month": 86400}
"""Length in which articles of a step are counted; days are added up to months."""

DAY_IDS = STEP_SECONDS["day"] * SLOTS
"""Ids of one day."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 2**39
_LAST_SECOND = _LAST // SLOTS - 1


def published_at(article: Article) -> datetime:
    """Return the instant under which an article is kept: no later than it was first seen.

    Args:
        article: any version of it.
    """
    return min(article.published, article.first_seen)


def first_id(at: datetime) -> int:
    """Return the least id of an instant's second.

    Args:
        at: aware; what lies before 1970 counts as 1970.
    """
    seconds = (at - _EPOCH) // timedelta(seconds=1)
    return max(0, min(seconds, _LAST_SECOND)) * SLOTS


def ids_of(span: Span) -> tuple[int, int]:
    """Return the first id of a span and the first one behind it."""
    first = first_id(span.since) if span.since else 0
    return first, first_id(span.until) if span.until else _LAST


def instant_of(article_id: int) -> datetime:
    """Return the second of an id, aware UTC."""
    return _EPOCH + timedelta(seconds=article_id // SLOTS)


def instant_of_milliseconds(milliseconds: int) -> datetime:
    """Return an instant, aware UTC."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def milliseconds_of(at: datetime) -> int:
    """Return an aware instant as milliseconds since 1970."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def series(counts: Iterable[tuple[int, int]], step: Step, span: Span) -> tuple[Count, ...]:
    """Return counts of steps in order; between the first and the last, gaps count 0.

    Args:
        counts: number of the step (`STEP_SECONDS` since 1970) and its articles.
        step: hour, day or month.
        span: the steps that its ends fall into are there, too, where it has ends.
    """
    by_start: dict[datetime, int] = {}
    for number, articles in counts:
        start = _start(_EPOCH + timedelta(seconds=number * STEP_SECONDS[step]), step)
        by_start[start] = by_start.get(start, 0) + articles
    if span.since:
        by_start.setdefault(_start(span.since, step), 0)
    if span.until:
        by_start.setdefault(_start(span.until - timedelta(microseconds=1), step), 0)
    if not by_start:
        return ()
    at, last, found = min(by_start), max(by_start), []
    while at <= last:
        found.append(Count(at, by_start.get(at, 0)))
        at = _next(at, step)
    return tuple(found)


def _start(at: datetime, step: Step) -> datetime:
    at = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if step != "hour":
        at = at.replace(hour=0)
    return at.replace(day=1) if step == "month" else at


def _next(at: datetime, step: Step) -> datetime:
    if step == "hour":
        return at + timedelta(hours=1)
    following = at + timedelta(days=1 if step == "day" else 32)
    return following.replace(day=1) if step == "month" else following
