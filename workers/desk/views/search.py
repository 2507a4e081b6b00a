"""Search: articles of the archive by words, names and days, with what stands around the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from aiohttp import web
from multidict import MultiMapping
from sqlalchemy import Connection

from nabaa.errors import NabaaError, NotFoundError
from nabaa.filters.filter import Filter
from workers.desk.server.look import look_of
from workers.desk.server.parts import Parts
from workers.desk.views.chart import chart_of
from workers.desk.views.spans import days_of
from workers.desk.wording.words import words_of
from workers.index.entities import find_entities, find_ids
from workers.index.model import Answer, Count, EntityCount, Order, Question, Span, Step
from workers.index.search import count_matches, search

ROWS = 20
CONDITIONS = ("q", "entity", "speaker", "since", "until")
"""Fields of the form, each of which may be empty."""

_YEAR, _BY_DAY = timedelta(days=365), timedelta(days=62)
_NAMES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A search as its form states it.

    Attributes:
        asked: the fields of the form, empty ones too.
        order: order of the articles.
        start: articles to pass over.
    """

    asked: dict[str, str]
    order: Order
    start: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return not any(self.asked.values())

    def address(self, order: Order | None = None, start: int = 0) -> str:
        """Return the query of an address that asks the same.

        Args:
            order: another order.
            start: articles to pass over.
        """
        fields: dict[str, object] = {name: value for name, value in self.asked.items() if value}
        if (order or self.order) == "newest":
            fields["order"] = "newest"
        if start:
            fields["from"] = start
        return urlencode(fields)

    def question(self, connection: Connection, span: Span) -> Question:
        """Return the question to the archive; its errors are those of `find_ids`.

        Args:
            connection: of `Archive.reading`.
            span: days that are asked for.
        """
        return Question(
            self.asked["q"],
            Filter(entities=find_ids(connection, self.asked["entity"])),
            find_ids(connection, self.asked["speaker"]),
            span,
            self.order,
            ROWS,
            self.start,
        )


def read_search_query(query: MultiMapping[str]) -> SearchQuery:
    """Read a search from the address of a page.

    Args:
        query: parameters of the request; what makes no sense is as usual.
    """
    start = query.get("from", "")
    return SearchQuery(
        {name: query.get(name, "").strip() for name in CONDITIONS},
        "newest" if query.get("order") == "newest" else "relevance",
        int(start) if start.isdecimal() else 0,
    )


class SearchView:
    """Answers `/search`, and `/search/trend`, which pages ask for when they are shown.

    Args:
        parts: of the desk.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/search", self._show)
        app.router.add_get("/search/trend", self._show_trend)

    async def _show(self, request: web.Request) -> web.Response:
        query = read_search_query(request.query)
        answer, problem = Answer((), 0, is_all=True), ""
        entities: tuple[EntityCount, ...] = ()
        if not query.is_empty:
            try:
                span, now = days_of(request.query), datetime.now(UTC)
                answer = await self._parts.archive.ask(_search, query, span, now)
                entities = await self._parts.archive.ask(
                    find_entities, query.asked["q"], limit=_NAMES_SHOWN
                )
            except NotFoundError:
                problem = words_of(look_of(request).language)("name_not_found")
            except NabaaError as error:
                problem = str(error)
        end = query.start + ROWS
        return self._parts.page(
            request,
            "search.html",
            query=query,
            asked=query.asked,
            answer=answer,
            entities=entities,
            problem=problem,
            following=end if answer.found > end else 0,
        )

    async def _show_trend(self, request: web.Request) -> web.Response:
        query, span, now = read_search_query(request.query), days_of(request.query), _tomorrow()
        span = Span(span.since or (span.until or now) - _YEAR, span.until or now)
        step: Step = "day" if _length(span) <= _BY_DAY else "month"
        counts = await self._parts.archive.ask(_count, query, span, step)
        return self._parts.piece(request, "trend.html", step=step, chart=chart_of(counts))


def _search(connection: Connection, query: SearchQuery, span: Span, now: datetime) -> Answer:
    return search(connection, query.question(connection, span), now)


def _count(connection: Connection, query: SearchQuery, span: Span, step: Step) -> tuple[Count, ...]:
    return count_matches(connection, query.question(connection, span), step)


def _length(span: Span) -> timedelta:
    return span.until - span.since if span.until and span.since else timedelta.max


def _tomorrow() -> datetime:
    now = datetime.now(UTC)
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
