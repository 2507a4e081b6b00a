"""Articles for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from nabaa.types import Article, Entity, Mention, Outlet

_ARTICLE = Article(
    uri="urn:nabaa:article:" + "0" * 32,
    url="https://sabah.example/a",
    version=1,
    title="معرض الكتاب يفتح أبوابه في عمّان",
    summary="",
    body_text="افتتح الوزير المعرض في عمّان.\n\nويستمر أسبوعين.",
    language="ar",
    published=datetime(2026, 3, 1, 8, tzinfo=UTC),
    updated=None,
    first_seen=datetime(2026, 3, 1, 9, tzinfo=UTC),
    by="ليلى حداد",
    outlet=Outlet("صحيفة الصباح", "JO", "sabah"),
    topic="culture",
    tags=("daily",),
    categories=("ثقافة",),
    media=(),
    entities=(
        Entity(
            "local:0123456789abcdef",
            "LOC",
            "عمّان",
            None,
            (Mention("title", 27, 32, "عمّان"), Mention("body_text", 24, 29, "عمّان")),
        ),
    ),
    content_hash="0" * 32,
    feeds=("sabah",),
)


def make_article(**changes: Any) -> Article:
    """Return an article with some attributes changed."""
    return replace(_ARTICLE, **changes)


def numbered_article(number: int) -> Article:
    """Return one of many articles."""
    return make_article(
        uri=f"urn:nabaa:article:{number:032x}", url=f"https://sabah.example/{number}"
    )
