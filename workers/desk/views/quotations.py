"""Who said what and when: quotations by speaker, words and days."""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from nabaa.errors import NabaaError, NotFoundError
from workers.desk.server.look import look_of
from workers.desk.server.parts import Parts
from workers.desk.views.spans import days_of
from workers.desk.wording.words import words_of
from workers.index.entities import find_ids
from workers.index.model import QuotationQuestion, StoredQuotation
from workers.index.quotations import find_quotations

ROWS = 40


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
        days = {name: request.query.get(name, "").strip() for name in ("since", "until")}
        found: tuple[StoredQuotation, ...] = ()
        problem = ""
        try:
            ids = await self._parts.archive.ask(find_ids, speaker)
            question = QuotationQuestion(text, ids, days_of(request.query), ROWS + 1, start)
            found = await self._parts.archive.ask(find_quotations, question)
        except NotFoundError:
            problem = words_of(look_of(request).language)("name_not_found")
        except NabaaError as error:
            problem = str(error)
        return self._parts.page(
            request,
            "quotations.html",
            found=found[:ROWS],
            text=text,
            speaker=speaker,
            asked_days=days,
            following=urlencode({"q": text, "speaker": speaker, **days, "from": start + ROWS})
            if len(found) > ROWS
            else "",
            problem=problem,
        )
