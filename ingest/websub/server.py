"""The HTTP server that hubs call back: two methods at addresses that nobody can guess.

It reads no more than it must, and none of a body before it knows the address; what follows from a
request is decided in `deliveries`. TLS is the reverse proxy's part.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote, unquote, urlsplit

from aiohttp import web

from ingest.websub.deliveries import Callback, Deliveries
from ingest.websub.intake import Pushed
from nabaa.errors import ConfigError
from nabaa.redis.errors import TRANSIENT_ERRORS

logger = logging.getLogger(__name__)

LONGEST_CHALLENGE = 2_000
"""Code points of a challenge that are sent back."""

BODIES_AT_ONCE = 16
BODIES_OF_A_FEED = 2
"""Bodies that are read and parsed at a time, so that memory has a bound whatever hubs send."""

RETRY_SECONDS = 30
_KEPT_ALIVE_SECONDS = 15.0
_SHUTDOWN_SECONDS = 2.0


def callback_url(base_url: str, callback: Callback) -> str:
    """Return the address that a hub is given.

    Args:
        base_url: what the setting `websub_callback_url` says.
        callback: of one subscription.
    """
    path = f"{callback.shard}/{quote(callback.feed_id, safe='')}/{callback.token}"
    return f"{base_url.rstrip('/')}/{path}"


class CallbackServer:
    """Listens for hubs.

    Args:
        deliveries: decides.
        base_url: what the setting `websub_callback_url` says; its path is that of the server.
        max_body_bytes: largest delivery.
        deadline_seconds: for the whole of a delivery to arrive.
        clock: aware UTC.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        base_url: str,
        max_body_bytes: int,
        deadline_seconds: float,
        clock: Callable[[], datetime],
    ) -> None:
        self._deliveries = deliveries
        self._prefix = urlsplit(base_url).path.rstrip("/")
        self._max_body_bytes = max_body_bytes
        self._deadline_seconds = deadline_seconds
        self._clock = clock
        self._slots = asyncio.Semaphore(BODIES_AT_ONCE)
        self._reading: Counter[str] = Counter()

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[None]:
        """Listen while the block runs; processes of one machine may share the port.

        Args:
            host: address to bind.
            port: to listen on.

        Raises:
            ConfigError: it cannot be listened there.
        """
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        # Bodies are bounded as they come: nothing may unpack itself on the way in.
        runner = web.AppRunner(
            app,
            access_log=None,
            handler_cancellation=True,
            auto_decompress=False,
            keepalive_timeout=_KEPT_ALIVE_SECONDS,
            shutdown_timeout=_SHUTDOWN_SECONDS,
        )
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, host, port, reuse_port=True).start()
            except OSError as error:
                raise ConfigError(
                    f"NABAA_WEBSUB_LISTEN: cannot listen at {host}:{port}: {error.strerror}"
                ) from error
            logger.info("hubs are answered at %s:%d", host, port)
            yield
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        callback = self._callback(request.raw_path)
        if callback is None:
            return _plain(HTTPStatus.NOT_FOUND)
        try:
            match request.method:
                case "GET":
                    return await self._verify(request, callback)
                case "POST":
                    return await self._deliver(request, callback)
            return _plain(HTTPStatus.METHOD_NOT_ALLOWED)
        except TRANSIENT_ERRORS as error:
            logger.debug("a hub is asked to come again: %s", error)
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE)

    def _callback(self, raw_path: str) -> Callback | None:
        path = raw_path.partition("?")[0]
        parts = path.removeprefix(self._prefix).split("/")
        if not path.startswith(f"{self._prefix}/") or len(parts) != 4:
            return None
        _, shard, feed_id, token = parts
        if not (shard.isascii() and shard.isdigit() and len(shard) < 6):
            return None
        return Callback(int(shard), unquote(feed_id), token)

    async def _verify(self, request: web.Request, callback: Callback) -> web.Response:
        challenge = request.query.get("hub.challenge", "")
        if await self._deliveries.subscription_of(callback) is None or (
            len(challenge) > LONGEST_CHALLENGE
        ):
            return _plain(HTTPStatus.NOT_FOUND)
        if not await self._deliveries.verify(callback, request.query):
            return _plain(HTTPStatus.NOT_FOUND)
        return _plain(HTTPStatus.OK, challenge)

    async def _deliver(self, request: web.Request, callback: Callback) -> web.Response:
        subscription = await self._deliveries.subscription_of(callback)
        if subscription is None:
            return _plain(HTTPStatus.NOT_FOUND)
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            return _plain(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        if self._reading[callback.feed_id] >= BODIES_OF_A_FEED:
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE)
        self._reading[callback.feed_id] += 1
        try:
            async with asyncio.timeout(self._deadline_seconds), self._slots:
                body = await self._body(request)
                if body is None:
                    self._deliveries.progress.too_large += 1
                    return _plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                signature = request.headers.get("X-Hub-Signature", "")
                content_type = request.headers.get("Content-Type", "")
                pushed = Pushed(subscription.base_url, content_type, body, self._clock())
                status = await self._deliveries.deliver(callback, subscription, signature, pushed)
                return _plain(status)
        except TimeoutError:
            return _plain(HTTPStatus.REQUEST_TIMEOUT)
        finally:
            self._reading[callback.feed_id] -= 1
            if not self._reading[callback.feed_id]:
                del self._reading[callback.feed_id]

    async def _body(self, request: web.Request) -> bytes | None:
        """Return the body, or None where it is over the limit."""
        if (request.content_length or 0) > self._max_body_bytes:
            return None
        body = bytearray()
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > self._max_body_bytes:
                return None
        return bytes(body)


def _plain(status: HTTPStatus, text: str = "") -> web.Response:
    headers = {"X-Content-Type-Options": "nosniff"}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_SECONDS)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = "GET, POST"
    response = web.Response(status=status, text=text, headers=headers)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        response.force_close()
    return response
