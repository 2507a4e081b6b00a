"""Of a document with thousands of items the newest: the rest is left out before it is parsed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ingest.parse.dates import parse_date

MAX_ITEMS = 2_000
"""Items of a document that are read: twenty times what a long feed shows."""

_UTC = ZoneInfo("UTC")
_DATE = re.compile(
    r"<(?:[\w.-]{1,64}:)?(?:pubDate|published|issued|date|publication_date|lastmod|updated)\b[^<>]*>"
    r"\s*(?:<!\[CDATA\[)?([^<\]]{4,100})"
    r"|\"date_(?:published|modified)\"\s*:\s*\"([^\"]{4,100})\"",
    re.IGNORECASE,
)


class ItemSpans(NamedTuple):
    """Where the items of a document stand.

    Attributes:
        start: position where the first one begins.
        ends: position behind each one, in document order.
        separator: text that parts two items, or an empty string.
    """

    start: int
    ends: Sequence[int]
    separator: str = ""


def cut_to_newest(text: str, spans: ItemSpans, limit: int = MAX_ITEMS) -> tuple[str, int]:
    """Return a document with its newest items only, and how many were left out.

    The newest items are the first ones, unless the last item has a later date than the first.

    Args:
        text: of the document.
        spans: of all its items.
        limit: most items that stay, at least 1.
    """
    ends, omitted = spans.ends, len(spans.ends) - limit
    if omitted <= 0:
        return text, 0
    if not _is_oldest_first(text, spans):
        return text[: ends[limit - 1]] + text[ends[-1] :], omitted
    rest = text[ends[omitted - 1] :]
    if spans.separator:
        rest = rest.lstrip().removeprefix(spans.separator)
    return text[: spans.start] + rest, omitted


def describe_omitted(omitted: int) -> tuple[str, ...]:
    """Return the notice of items that were left out; empty where there are none."""
    if not omitted:
        return ()
    return (f"the document has too many items: the newest were read, {omitted:,} were left out",)


def _is_oldest_first(text: str, spans: ItemSpans) -> bool:
    first = _date_in(text, spans.start, spans.ends[0])
    last = _date_in(text, spans.ends[-2], spans.ends[-1])
    return first is not None and last is not None and last > first


def _date_in(text: str, start: int, end: int) -> float | None:
    found = _DATE.search(text, start, end)
    date = parse_date(found[1] or found[2], _UTC) if found else None
    return date.timestamp() if date else None
