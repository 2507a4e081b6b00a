"""Fetching a feed: one conditional GET, its redirects followed, everything bounded.

Decides nothing about when to ask again; that is `ingest.schedule`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from types import TracebackType
from typing import Self

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from config.errors import FetchError
from config.settings import Settings
from ingest.address import AddressRefusedError, PublicResolver, refuse_literal
from ingest.decompress import ACCEPT_ENCODING, DecompressError, decompress
from ingest.types import Fetched

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
_PERMANENT = frozenset({301, 308})
_CHUNK_BYTES = 64 * 1024


class Fetcher:
    """An HTTP client for feeds; use it as an async context manager.

    Args:
        settings: deadlines, limits, the address policy and the contact for publishers.
        clock: gives the time of the answer, aware UTC.
    """

    def __init__(
        self, settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._settings = settings
        self._clock = clock
        contact = f" (+{settings.contact})" if settings.contact else ""
        self._headers = {
            "User-Agent": f"nabaa/{version('nabaa')}{contact}",
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPT_ENCODING,
        }

    async def __aenter__(self) -> Self:
        # Cookies of one site are no business of another, and a poller has no use for them.
        no_cookies = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
        self._client = httpx.AsyncClient(
            transport=AiohttpTransport(client=self._session),
            headers=self._headers,
            cookies=no_cookies,
            timeout=self._settings.fetch_timeout_seconds,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    def _session(self) -> aiohttp.ClientSession:
        settings = self._settings
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=settings.fetch_concurrency,
                resolver=None if settings.allow_private_addresses else PublicResolver(),
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )

    async def fetch(
        self, feed_id: str, url: str, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        """Fetch a feed.

        Args:
            feed_id: names the feed in errors.
            url: absolute http or https address.
            etag: validator of the last answer, sent as `If-None-Match` (RFC 9110, 13.1.2).
            last_modified: validator of the last answer, sent as `If-Modified-Since`.

        Returns:
            The last answer of the redirect chain, whatever its status, decompressed.

        Raises:
            FetchError: no answer, a refused address, too many redirects, or over a limit.
        """
        validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in validators.items() if value}
        deadline = self._settings.fetch_timeout_seconds
        try:
            async with asyncio.timeout(deadline):
                return await self._follow(feed_id, url, headers)
        except TimeoutError as error:
            reason = f"no complete answer within {deadline:g} seconds"
            raise FetchError(feed_id, url, reason) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, DecompressError) as error:
            raise FetchError(feed_id, url, _reason(error)) from error

    async def _follow(self, feed_id: str, url: str, headers: dict[str, str]) -> Fetched:
        started = time.monotonic()
        request = self._client.build_request("GET", url, headers=headers)
        moved_to: str | None = None
        only_permanent = True
        for _ in range(self._settings.max_redirects + 1):
            self._check(request.url)
            response = await self._client.send(request, stream=True)
            try:
                if response.next_request is None:
                    return await self._complete(url, response, moved_to, started)
            finally:
                await response.aclose()
            only_permanent = only_permanent and response.status_code in _PERMANENT
            request = self._client.build_request("GET", response.next_request.url, headers=headers)
            if only_permanent:
                moved_to = str(request.url)
        raise FetchError(feed_id, url, f"more than {self._settings.max_redirects} redirects")

    def _check(self, url: httpx.URL) -> None:
        if url.scheme not in ("http", "https") or not url.host:
            raise ValueError(f"{str(url)[:200]!r} is not an http or https address")
        if not self._settings.allow_private_addresses:
            refuse_literal(url.host)

    async def _complete(
        self, url: str, response: httpx.Response, moved_to: str | None, started: float
    ) -> Fetched:
        limit = self._settings.max_body_bytes
        body = bytearray()
        async for chunk in response.aiter_raw(_CHUNK_BYTES):
            body += chunk
            if len(body) > limit:
                raise DecompressError(f"the body is larger than {limit:,} bytes")
        coding = response.headers.get("content-encoding", "")
        plain = bytes(body)
        if coding and plain:
            plain = await asyncio.to_thread(decompress, plain, coding, limit)
        return Fetched(
            url=url,
            final_url=str(response.url),
            moved_to=moved_to,
            status=response.status_code,
            headers=dict(response.headers),
            body=plain,
            elapsed_seconds=time.monotonic() - started,
            fetched_at=self._clock(),
        )


def _reason(error: BaseException) -> str:
    """Return one clause: the refusal, the system's word or the library's, in that order."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, AddressRefusedError):
            return str(cause)
        cause = cause.__cause__ or cause.__context__
    text = " ".join(str(error).split())
    if isinstance(error, httpx.ReadError):
        return f"the answer was cut short ({text})"
    return text or type(error).__name__
