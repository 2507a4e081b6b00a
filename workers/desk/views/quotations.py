"""Who said what: quotations by speaker and by word."""

from __future__ import annotations

from aiohttp import web

from nabaa.errors import NabaaError, NotFoundError
from nabaa.filters.entity_id import is_entity_id
from workers.desk.server.parts import Parts
from workers.index.entities import find_entities
from workers.index.model import QuotationQuestion, StoredQuotation
from workers.index.quotations import find_quotations

ROWS = 40
_MOST_SPEAKERS = 5


class QuotationsView:
    """Answers `/quotations`.

    Args:
        parts: of the desk.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/quotations", self._show)

    async def _show(self, request: web.Request) -> web.Response:
        text = request.query.get("q", "").strip()
        speaker = request.query.get("speaker", "").strip()
        start = int(number) if (number := request.query.get("from", "")).isdecimal() else 0
        found: tuple[StoredQuotation, ...] = ()
        problem = ""
        try:
            ids = await self._speakers(speaker)
            found = await self._parts.archive.ask(
                find_quotations, QuotationQuestion(text, ids, limit=ROWS + 1, offset=start)
            )
        except NabaaError as error:
            problem = str(error)
        return self._parts.page(
            request,
            "quotations.html",
            found=found[:ROWS],
            text=text,
            speaker=speaker,
            start=start,
            following=start + ROWS if len(found) > ROWS else 0,
            problem=problem,
        )

    async def _speakers(self, text: str) -> tuple[str, ...]:
        """Return the ids of those who may be meant by an id or a name."""
        if not text:
            return ()
        if is_entity_id(text):
            return (text,)
        found = await self._parts.archive.ask(find_entities, text, limit=_MOST_SPEAKERS)
        if not found:
            raise NotFoundError(f"no article of the archive names {text!r}")
        return tuple(each.entity.id for each in found)
