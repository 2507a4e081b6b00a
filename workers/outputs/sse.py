"""Server-sent events: the wire over HTTP, for browsers and whatever reads lines.

A client's place on the wire is in the id of each event; one that comes back with it goes on there.
Nothing is kept for clients: each reads Redis at its own pace.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import msgspec
from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response
from redis.asyncio import Redis

from nabaa.errors import ConfigError, NabaaError
from nabaa.filters.filter import VALUES, Filter, check_filter
from nabaa.message import CREATED, UPDATED
from nabaa.redis.backoff import RedisBackoff
from nabaa.redis.connection import address_of
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.subscriber.client import message_id_of
from nabaa.subscriber.cursor import Cursor, cursor_before, read_after, resume
from nabaa.subscriber.follow import follow
from nabaa.types import Article
from workers.outputs.http_server import listen
from workers.subscriptions.match import ArticleFacts, check_of

logger = logging.getLogger(__name__)

LOST = "nabaa.lost"
"""Type of the event that tells what was trimmed before the client came back for it."""


class EventServer:
    """Answers `GET /articles`.

    Args:
        client: answers in bytes.
        shards: how many shards the wire has.
        token: what clients must show; empty: nothing.
    """

    def __init__(self, client: Redis, shards: int, token: str = "") -> None:
        self._client = client
        self._shards = shards
        self._token = token
        self._arrived = asyncio.Event()  # replaced by a new one each time that it is set
        self._stop = asyncio.Event()

    @asynccontextmanager
    async def listen(self, host: str, port: int) -> AsyncIterator[int]:
        """Listen while the block runs.

        Args:
            host: address to bind.
            port: to listen on; 0 for any that is free.

        Yields:
            The port.

        Raises:
            OutputError: the address cannot be listened at.
        """
        app = web.Application()
        app.router.add_get("/articles", self._articles)
        async with listen(app, host, port) as bound:
            ringing = asyncio.create_task(self._ring())
            logger.info("articles are at http://%s:%d/articles", host, bound)
            try:
                yield bound
            finally:
                self._stop.set()
                self._arrived.set()
                await ringing

    async def _ring(self) -> None:
        """Wake the clients when something has come: one blocking read for all of them."""
        async for _ in follow(self._client, self._shards, 0, self._stop):
            self._arrived.set()
            self._arrived = asyncio.Event()

    async def _articles(self, request: web.Request) -> web.StreamResponse:
        if self._token and not _shows(request, self._token):
            asked = {"WWW-Authenticate": "Bearer"}
            return web.Response(status=401, text="a bearer token is needed\n", headers=asked)
        try:
            is_wanted = _wanted(request)
            place = request.headers.get("Last-Event-ID") or request.query.get("last_event_id", "")
            cursor = await self._cursor(place, request.query.get("since", ""))
        except NabaaError as error:
            return web.Response(status=400, text=f"{error}\n")
        except TRANSIENT_ERRORS:
            return web.Response(status=503, headers={"Retry-After": "5"})
        async with sse_response(request) as response:
            await self._send(response, cursor, is_wanted)
        return response

    async def _cursor(self, place: str, since: str) -> Cursor:
        if place:
            return await resume(self._client, place, self._shards)
        begin = message_id_of(since) if since else "+"
        return await cursor_before(self._client, self._shards, begin)

    async def _send(
        self, response: EventSourceResponse, cursor: Cursor, is_wanted: Callable[[Article], bool]
    ) -> None:
        backoff = RedisBackoff(address_of(self._client))
        while not self._stop.is_set() and response.is_connected():
            arrived = self._arrived
            found = await backoff.retry(partial(read_after, self._client, cursor), self._stop)
            if found is None:
                return
            for gap in found.gaps:
                data = msgspec.json.encode(gap).decode()
                await response.send(data, id=str(cursor), event=LOST)
            for received, place in found.articles:
                try:
                    article = received.article
                except msgspec.MsgspecError:
                    continue  # not an article of ours; who subscribes is told of it
                if is_wanted(article):
                    event = CREATED if article.version == 1 else UPDATED
                    await response.send(received.data.decode(), id=str(place), event=event)
            if found.cursor == cursor:
                await arrived.wait()
            cursor = found.cursor


def _shows(request: web.Request, token: str) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(), token.encode())


def _wanted(request: web.Request) -> Callable[[Article], bool]:
    """Return the filter that the query states: any field of `Filter` that holds values.

    Raises:
        ConfigError: a parameter is none of these, or its value cannot be what it should be.
    """
    values = {
        name: request.query.getall(name)
        for name in request.query
        if name not in {"since", "last_event_id", "updates"}
    }
    unknown = sorted(values.keys() - set(VALUES))
    if unknown:
        raise ConfigError(f"{unknown[0]} is no condition; these are: {', '.join(VALUES)}")
    matches = check_of(check_filter(msgspec.convert(values, Filter))) if values else None
    updates = request.query.get("updates", "yes") != "no"
    return lambda article: (
        (updates or article.version == 1) and (matches is None or matches(ArticleFacts(article)))
    )
