"""Server-sent events: the wire over HTTP, for browsers and whatever reads lines.

A client's place on the wire is in the id of each event; one that comes back with it goes on there.
Nothing is kept for clients: each reads Redis at its own pace, a few articles at a time.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from functools import partial

import msgspec
from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response
from multidict import MultiMapping
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ingest.runtime.terminal import printable
from nabaa.errors import NabaaError
from nabaa.redis.backoff import RedisBackoff
from nabaa.redis.connection import address_of
from nabaa.streams.keys import STORIES, all_shards
from nabaa.subscriber.cursor import Cursor, Reading, cursor_before, read_after, resume
from nabaa.subscriber.follow import follow
from nabaa.subscriber.received import Received
from nabaa.tasks import first_of
from workers.outputs.access import Access
from workers.outputs.event_query import EventQuery, read_query, read_story_query
from workers.outputs.http_server import Work

logger = logging.getLogger(__name__)

LOST = "nabaa.lost"
"""Type of the event that tells what was removed before the client came for it, at most."""

MOST_CLIENTS = 256
SEND_SECONDS = 30.0
"""A client that takes nothing for so long is let go."""

_BATCH_BYTES = 256 * 1024  # of articles held for a client at a time, if one is not larger
_FIRST_BATCH = 8
_LARGEST_BATCH = 64
_LOOK_AGAIN_SECONDS = 10.0  # whatever happens to the one that wakes the clients


class Wire:
    """What one path of the server serves.

    Args:
        path: of the address.
        streams: keys of what is read there.
        read_query: reads what a client asks for.
        following: yields what arrives there, for as long as the server runs.
    """

    def __init__(
        self,
        path: str,
        streams: Sequence[str],
        read_query: Callable[[MultiMapping[str], str], EventQuery],
        following: Callable[[], AsyncIterator[Received]],
    ) -> None:
        self.path = path
        self.streams = streams
        self.read_query = read_query
        self._following = following
        self.arrived = asyncio.Event()  # replaced by a new one each time that it is set

    async def follow(self) -> None:
        """Wake the clients each time that something has come: one blocking read for all of them."""
        async for _ in self._following():
            self.wake_clients()

    def wake_clients(self) -> None:
        """Let every client look again."""
        self.arrived.set()
        self.arrived = asyncio.Event()


class EventServer:
    """Answers `GET /articles` and `GET /stories`.

    Args:
        client: answers in bytes.
        shards: how many shards the wire has.
        access: who may read.
        most_clients: one more is asked to come later.
    """

    announcement = "articles are at {address}/articles, stories at /stories"

    def __init__(
        self,
        client: Redis,
        shards: int,
        access: Access | None = None,
        most_clients: int = MOST_CLIENTS,
    ) -> None:
        self._client = client
        self._access = access or Access()
        self._most_clients = most_clients
        self._clients = 0
        self.stop = asyncio.Event()
        articles = [keys.articles for keys in all_shards(shards)]
        self._wires = (
            Wire("/articles", articles, read_query, lambda: follow(client, shards, 0, self.stop)),
            Wire(
                "/stories",
                [STORIES.stories],
                read_story_query,
                lambda: follow(client, shards, 0, self.stop, stories=True),
            ),
        )

    def application(self) -> web.Application:
        """Return what answers."""
        app = web.Application()
        for wire in self._wires:
            app.router.add_get(wire.path, partial(self._answer, wire))
            app.router.add_options(wire.path, self._answer_preflight)
        app.on_response_prepare.append(self._add_cors_headers)
        return app

    def work(self) -> Work:
        """Return what runs beside the answers: what wakes the clients of each path."""
        return {f"the reader of {wire.path}": partial(self._wake, wire) for wire in self._wires}

    async def _wake(self, wire: Wire) -> None:
        try:
            await first_of(self.stop.wait(), wire.follow())
        finally:
            wire.wake_clients()

    async def _add_cors_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(self._access.cors_headers(request))

    async def _answer_preflight(self, request: web.Request) -> web.Response:
        return self._access.answer_preflight(request)

    async def _answer(self, wire: Wire, request: web.Request) -> web.StreamResponse:
        if not self._access.is_allowed(request):
            return _plain(401, "the token is needed", {"WWW-Authenticate": "Bearer"})
        if self._clients >= self._most_clients:
            return _plain(503, "too many clients", {"Retry-After": "30"})
        self._clients += 1
        try:
            return await self._answer_client(wire, request)
        finally:
            self._clients -= 1

    async def _answer_client(self, wire: Wire, request: web.Request) -> web.StreamResponse:
        try:
            query = wire.read_query(request.query, request.headers.get("Last-Event-ID", ""))
            cursor = await self._cursor(wire, query)
        except (RedisError, OSError) as error:
            logger.warning("a client is asked to come later: %s", error)
            return _plain(503, "Redis cannot be used", {"Retry-After": "5"})
        except NabaaError as error:
            return _plain(400, str(error))
        async with sse_response(request, send_timeout=SEND_SECONDS) as response:
            try:
                await self._send(response, wire, cursor, query)
            except (TimeoutError, ConnectionResetError):
                pass  # the client stands still or went
            except (NabaaError, RedisError) as error:
                logger.warning("a client is let go and may come back: %s", error)
        return response

    async def _cursor(self, wire: Wire, query: EventQuery) -> Cursor:
        if query.place:
            return await resume(self._client, query.place, len(wire.streams))
        return await cursor_before(self._client, wire.streams, query.begin)

    async def _send(
        self, response: EventSourceResponse, wire: Wire, cursor: Cursor, query: EventQuery
    ) -> None:
        backoff = RedisBackoff(address_of(self._client))
        count = _FIRST_BATCH
        while not self.stop.is_set() and response.is_connected():
            arrived = wire.arrived
            found = await backoff.retry(
                partial(read_after, self._client, wire.streams, cursor, count), self.stop
            )
            if found is None:
                return
            await _send_events(response, cursor, found, query)
            if found.cursor == cursor:
                with suppress(TimeoutError):
                    await asyncio.wait_for(arrived.wait(), _LOOK_AGAIN_SECONDS)
            cursor, count = found.cursor, _next_count(found, count)


async def _send_events(
    response: EventSourceResponse, cursor: Cursor, found: Reading, query: EventQuery
) -> None:
    for gap in found.gaps:
        await response.send(msgspec.json.encode(gap).decode(), id=str(cursor), event=LOST)
    for received, place in found.articles:
        try:
            event = query.event_of(received)
        except msgspec.MsgspecError:
            continue  # none of this version; subscribers find it in the dead letters
        if event:
            await response.send(received.data.decode(), id=str(place), event=event)


def _next_count(found: Reading, count: int) -> int:
    """Return how many articles to read next, so that a client's fit into `_BATCH_BYTES`."""
    if not found.articles:
        return count
    size = sum(len(received.data) for received, _ in found.articles) / len(found.articles)
    return max(1, min(_LARGEST_BATCH, int(_BATCH_BYTES / size)))


def _plain(status: int, text: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, text=f"{printable(text)}\n", headers=headers)
