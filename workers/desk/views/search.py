"""Search: articles of the archive by words, with what stands around them."""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web

from nabaa.errors import NabaaError
from workers.desk.server.parts import Parts
from workers.index.entities import find_entities
from workers.index.model import Answer, EntityCount, Question
from workers.index.search import search

ROWS = 20


class SearchView:
    """Answers `/search`.

    Args:
        parts: of the desk.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/search", self._show)

    async def _show(self, request: web.Request) -> web.Response:
        text = request.query.get("q", "").strip()
        start = int(number) if (number := request.query.get("from", "")).isdecimal() else 0
        newest = request.query.get("order") == "newest"
        answer, problem = Answer((), 0, is_all=True), ""
        entities: tuple[EntityCount, ...] = ()
        if text:
            question = Question(
                text, order="newest" if newest else "relevance", limit=ROWS, offset=start
            )
            try:
                answer = await self._parts.archive.ask(search, question, datetime.now(UTC))
                entities = await self._parts.archive.ask(find_entities, text, limit=6)
            except NabaaError as error:
                problem = str(error)
        return self._parts.page(
            request,
            "search.html",
            text=text,
            answer=answer,
            entities=entities,
            problem=problem,
            newest=newest,
            start=start,
            following=start + ROWS if answer.found > start + ROWS else 0,
        )
