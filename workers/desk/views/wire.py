"""The wire: articles as they arrive, through a filter that can be kept as a subscription."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import islice

from aiohttp import web
from markupsafe import Markup

from nabaa.errors import NabaaError, NotFoundError, UsageError
from nabaa.filters.filter import Filter, check_name, describe_filter
from nabaa.filters.store import read_subscription, read_subscriptions, register
from nabaa.types import Article
from workers.desk.live.events import encode_event, send_events
from workers.desk.live.newest import LiveArticle, Newest
from workers.desk.map.countries import Language
from workers.desk.server.look import look_of
from workers.desk.server.parts import Parts
from workers.desk.server.templates import Templates
from workers.desk.views.wire_query import WireQuery, read_wire_query
from workers.index.instants import published_at
from workers.index.model import Question, Span
from workers.index.search import search

ROWS = 50
ROWS_AT_ONCE = 20
"""Of more that come within a tick, the number is told."""
_LOOKED_AT = 300
_CHOICES = 60


class WireView:
    """Answers `/wire`, its live events at `/live/wire`, and the making of subscriptions.

    Args:
        parts: of the desk.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/wire", self._show)
        app.router.add_get("/live/wire", self._listen)
        app.router.add_post("/subscriptions", self._save)

    async def _show(self, request: web.Request) -> web.Response:
        newest, problem = self._parts.newest, ""
        try:
            query = await self._query(request)
        except NabaaError as error:
            query, problem = WireQuery(), str(error)
        language, until = look_of(request).language, _until(request)
        rows: list[Markup] = []
        oldest: datetime | None = None
        if until and not problem:
            older = await self._older(query, until)
            rows = [self._write_older(article, language) for article in older]
            oldest = published_at(older[-1]) if older else None
        elif not problem:
            found = newest.newest(query.is_wanted, ROWS)
            rows = [write_row(self._parts.templates, live, language) for live in found]
            # Nothing is published after it came: what came before these was published before, too.
            oldest = found[-1].at if found else None
        return self._parts.page(
            request,
            "wire.html",
            rows=rows,
            until=until,
            oldest=oldest,
            query=query,
            described=describe_filter(query.filter) if query.subscription and query.filter else "",
            problem=problem,
            after=f"{newest.epoch}-{newest.last_number}",
            choices=_choices(newest),
            names=_names(newest),
            subscriptions=await read_subscriptions(self._parts.client),
            asked=request.query,
        )

    async def _older(self, query: WireQuery, until: datetime) -> list[Article]:
        """Return the newest articles that were published before an instant, of the archive."""
        question = Question(
            filter=query.filter or Filter(), span=Span(until=until), order="newest", limit=ROWS
        )
        answer = await self._parts.archive.ask(search, question, until)
        return [hit.article for hit in answer.hits]

    def _write_older(self, article: Article, language: Language) -> Markup:
        return self._parts.templates.write(
            "row.html", language, article=article, at=published_at(article)
        )

    async def _query(self, request: web.Request) -> WireQuery:
        if name := request.query.get("subscription", ""):
            wanted = await read_subscription(self._parts.client, name)
            if wanted is None:
                raise NotFoundError(f"there is no subscription {name}")
            return WireQuery(wanted, name)
        known = (live.article for live in self._parts.newest.articles)
        return read_wire_query(request.query, known)

    async def _listen(self, request: web.Request) -> web.StreamResponse:
        query = await self._query(request)
        newest, language = self._parts.newest, look_of(request).language
        place = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        fresh = WireSource(newest, query, self._parts.templates, language)
        with self._parts.broadcast.listen(("wire", language, query), fresh) as (listener, source):
            first = source.event_after(_number_of(place, newest.epoch))
            return await send_events(request, listener, first)

    async def _save(self, request: web.Request) -> web.Response:
        form = await request.post()
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        name = check_name(fields.get("name", "").strip())
        wanted = read_wire_query(request.query, ()).filter or Filter()
        client = self._parts.client
        if await read_subscription(client, name) not in {None, wanted}:
            raise UsageError(f"there is a subscription {name} with another filter: choose a name")
        await register(client, self._parts.shards, name, wanted)
        return web.Response(status=303, headers={"Location": f"/wire?subscription={name}"})


class WireSource:
    """Makes the events of all pages that show the wire through the same filter in one language.

    Args:
        newest: the articles.
        query: the filter.
        templates: writes the rows.
        language: of the page.
    """

    def __init__(
        self, newest: Newest, query: WireQuery, templates: Templates, language: Language
    ) -> None:
        self._newest = newest
        self._is_wanted = query.is_wanted
        self._templates = templates
        self._language = language
        self._number = newest.last_number

    async def next_event(self) -> bytes:
        """Return the rows of what has come since the last event."""
        before, self._number = self._number, self._newest.last_number
        return self._event(before, self._number)

    def event_after(self, number: int | None) -> bytes:
        """Return the rows that a page lacks.

        Args:
            number: of the last article that it has seen; None where that is not known: it gets the
                newest.
        """
        return self._event(number or 0, self._number, tells_count=number is not None)

    def _event(self, after: int, up_to: int, *, tells_count: bool = True) -> bytes:
        if after >= up_to:
            return b""
        found, count = self._newest.since(after, self._is_wanted, ROWS_AT_ONCE)
        if not found:
            return b""
        rows = Markup().join(write_row(self._templates, live, self._language) for live in found)
        if tells_count and count > len(found):
            rows += self._templates.write("more.html", self._language, count=count - len(found))
        return encode_event(rows, f"{self._newest.epoch}-{up_to}")


def write_row(templates: Templates, live: LiveArticle, language: Language) -> Markup:
    """Return the row of an article; it is written once for all pages of a language.

    Args:
        templates: writes it.
        live: the article.
        language: of the page.
    """
    row = live.rows.get(language)
    if row is None:
        row = live.rows[language] = templates.write(
            "row.html", language, article=live.article, at=live.at
        )
    return row


def _until(request: web.Request) -> datetime | None:
    """Return the instant before which a request wants articles, None for the newest."""
    try:
        until = datetime.fromisoformat(request.query.get("until", ""))
    except ValueError:
        return None
    return until if until.tzinfo else None


def _number_of(place: str, epoch: str) -> int | None:
    """Return the number in a place; None where it is one of another process."""
    known, _, number = place.partition("-")
    return int(number) if known == epoch and number.isdecimal() else None


def _choices(newest: Newest) -> dict[str, list[str]]:
    """Return the values that the newest articles have, the most frequent first."""
    of: dict[str, Callable[[LiveArticle], str]] = {
        "outlets": lambda live: live.article.outlet.name,
        "countries": lambda live: live.article.outlet.country,
        "topics": lambda live: live.article.topic,
        "languages": lambda live: live.article.language,
    }
    kept = list(islice(newest.articles, _LOOKED_AT))
    return {
        name: [value for value, _ in Counter(map(value_of, kept)).most_common(_CHOICES) if value]
        for name, value_of in of.items()
    }


def _names(newest: Newest) -> list[str]:
    """Return the names that are in the news, the most frequent first."""
    kept = islice(newest.articles, _LOOKED_AT)
    counts = Counter(entity.name for live in kept for entity in live.article.entities)
    return [name for name, _ in counts.most_common(_CHOICES)]
