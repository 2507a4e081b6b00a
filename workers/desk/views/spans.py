"""The spans of time that pages offer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from aiohttp import web
from multidict import MultiMapping

from nabaa.errors import UsageError
from workers.index.model import Span

SPANS = {
    "6h": timedelta(hours=6),
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "365d": timedelta(days=365),
}


def span_of(request: web.Request, usual: str = "24h") -> str:
    """Return the span that a request asks for.

    Args:
        request: with `span` in its query.
        usual: the span of one that asks for none, or for one that is not offered.
    """
    span = request.query.get("span", usual)
    return span if span in SPANS else usual


def days_of(query: MultiMapping[str]) -> Span:
    """Return the days that a form asks for, UTC.

    Args:
        query: with `since` and `until`, the first and the last day, `2026-11-20`; either may be
            empty.

    Raises:
        UsageError: one of them is no day.
    """
    since, until = (_day(query.get(name, "").strip()) for name in ("since", "until"))
    return Span(since, until + timedelta(days=1) if until else None)


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    except ValueError as error:
        raise UsageError(f"{text!r} is no day such as 2026-11-20") from error
