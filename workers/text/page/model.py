"""The records of an article page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from nabaa.types import Picture

Problem = Literal["paywall", "empty", "javascript", "consent", "bot_check", "list", "too_long"]
"""Why a page has no text, or only its beginning: it is for subscribers (`paywall`), holds no
article (`empty`), draws it with a script, asks for consent first, wants to know whether a person
reads, lists many articles (`list`), or has more elements than are looked at."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The Dates of an article, both aware and in UTC.

    Attributes:
        published: when it appeared, or None where the page does not tell.
        modified: when it was last changed; never before `published`.
        sources: place in the page for `published` and `modified`.
    """

    published: datetime | None = None
    modified: datetime | None = None
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An ArticlePage is what one page says of its article.

    Attributes:
        title: one line, or an empty string.
        body_text: paragraphs parted by one empty line; of a page behind a paywall its beginning.
        by: author line, or an empty string where no author is sure.
        published: aware, UTC, to the second; None where the page does not tell.
        modified: the same; never before `published`.
        picture: None where there is none.
        canonical: address of the article at its own site; the page's own where it names no other.
        section: part of the newspaper, or an empty string.
        keywords: at most 15.
        language: primary tag (BCP 47) of the text, `und` where nothing is likely.
        amp: address of the page's AMP form, or an empty string.
        next_page: address of the next part of an article in several, or an empty string.
        problem: None where all is well.
        sources: for each of the above that is not empty, the place in the page it was taken from.
    """

    title: str = ""
    body_text: str = ""
    by: str = ""
    published: datetime | None = None
    modified: datetime | None = None
    picture: Picture | None = None
    canonical: str = ""
    section: str = ""
    keywords: tuple[str, ...] = ()
    language: str = "und"
    amp: str = ""
    next_page: str = ""
    problem: Problem | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
