"""Entries for tests of both sides."""

from __future__ import annotations

from datetime import UTC, datetime

from config.model import Feed
from ingest.model import Entry


def make_entry(
    feed: Feed,
    mark: str,
    title: str = "افتتاح معرض الكتاب في عمّان",
    summary: str = "",
    content: str = "<p>افتتح وزير الثقافة معرض الكتاب في العاصمة الأردنية عمّان.</p>",
) -> Entry:
    """Return an entry of a feed; `mark` makes its fingerprint."""
    return Entry(
        feed=feed,
        fingerprint=mark.ljust(32, "0"),
        guid=mark,
        url=f"https://sabah.example/{mark}",
        title=title,
        summary_html=summary,
        content_html=content,
        author="",
        published=datetime(2026, 3, 1, 8, tzinfo=UTC),
        updated=None,
        categories=(),
        media=(),
        fetched_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
    )
