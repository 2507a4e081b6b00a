"""One article: its text with the names lit, what is said in it, what its versions changed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from aiohttp import web

from nabaa.errors import NotFoundError
from nabaa.types import Article, TextField
from workers.desk.server.parts import Parts
from workers.desk.text.word_diff import Stretch, diff_words
from workers.index.articles import read_article
from workers.index.model import StoredArticle, StoredVersion

_FIELDS: tuple[TextField, ...] = ("title", "summary", "body_text")
_MOST_CHANGES = 20


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """A change is what a version says that the one before it did not.

    Attributes:
        version: number of the later version.
        at: when it came, aware UTC.
        texts: name of a text that changed, with the words of both versions.
    """

    version: int
    at: datetime
    texts: tuple[tuple[TextField, tuple[Stretch, ...]], ...]


class ArticleView:
    """Answers `/article/NAME`.

    Args:
        parts: of the desk.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/article/{name:[0-9a-f]{32}}", self._show)

    async def _show(self, request: web.Request) -> web.Response:
        stored = await self._find(f"urn:nabaa:article:{request.match_info['name']}")
        current = stored.versions[-1].article
        return self._parts.page(
            request,
            "article.html",
            article=current,
            # Words are compared in a thread: long texts take a while.
            changes=await asyncio.to_thread(changes_of, stored.versions),
            story=await self._parts.stories.of_article(self._parts.client, current),
        )

    async def _find(self, uri: str) -> StoredArticle:
        """Return an article with its versions; one that came just now is not in the archive yet."""
        live = self._parts.newest.find(uri)
        try:
            stored = await self._parts.archive.ask(read_article, uri)
        except NotFoundError:
            if live is None:
                raise
            stored = StoredArticle(live.article, ())
        known = [each.article for each in stored.versions]
        if live is None or live.article in known:
            return stored
        return StoredArticle(live.article, (*stored.versions, StoredVersion(live.article, live.at)))


def changes_of(versions: Sequence[StoredVersion]) -> list[ArticleChange]:
    """Compare each version of an article with the one before it.

    Args:
        versions: in the order in which they came.

    Returns:
        The changes, the last one first; of many versions the last 20.
    """
    last = versions[-_MOST_CHANGES - 1 :]
    return [
        ArticleChange(new.article.version, new.arrived, _texts(old.article, new.article))
        for old, new in reversed(list(pairwise(last)))
    ]


def _texts(old: Article, new: Article) -> tuple[tuple[TextField, tuple[Stretch, ...]], ...]:
    return tuple(
        (field, tuple(diff_words(getattr(old, field), getattr(new, field))))
        for field in _FIELDS
        if getattr(old, field) != getattr(new, field)
    )
