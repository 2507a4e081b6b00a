"""The spans of time that pages offer."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

SPANS = {
    "6h": timedelta(hours=6),
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}


def span_of(request: web.Request, usual: str = "24h") -> str:
    """Return the span that a request asks for.

    Args:
        request: with `span` in its query.
        usual: the span of one that asks for none, or for one that is not offered.
    """
    span = request.query.get("span", usual)
    return span if span in SPANS else usual
