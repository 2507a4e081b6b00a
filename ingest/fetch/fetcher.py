"""Fetching a feed: one conditional GET, its redirects followed, everything bounded.

Decides nothing about when to ask again; that is `ingest.schedule.next_poll`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from types import TracebackType
from typing import Self

import httpx
from aiohttp.abc import AbstractResolver

from config.settings import Settings
from ingest.fetch.address_guard import refuse_literal
from ingest.fetch.clients import HttpClients
from ingest.fetch.content_coding import (
    ACCEPT_ENCODING,
    DecompressError,
    TooLargeError,
    decompress,
)
from ingest.fetch.errors import FETCH_FAILURES, classify, describe
from ingest.fetch.ports import BAD_PORTS, port_of
from ingest.fetch.transport import headers_of
from ingest.identity.credentials import asked, without_userinfo
from ingest.model import Fetched
from nabaa.errors import FetchError

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
_GZIP_MARK = b"\x1f\x8b"  # RFC 1952, section 2.3.1
MAX_REDIRECTS = 5
_LARGE_BYTES = 1_000_000  # plain; decompressing takes a few times as much memory
_PERMANENT = frozenset({301, 308})
Enter = Callable[[str], Awaitable[None]]
"""Lets a request to an address in: it may wait, or raise."""


class Fetcher:
    """An HTTP client for feeds; use it as an async context manager.

    Args:
        settings: deadlines, limits, the address policy and the contact for publishers.
        clock: gives the time of the answer, aware UTC.
        resolver: looks names up in place of the system's resolver; where private addresses are not
            allowed, what it answers is checked as well.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        # A thread keeps the memory that it decompressed in: one for large bodies, one for others.
        self._small, self._large = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._clients = HttpClients(settings, resolver)
        contact = f" (+{settings.contact})" if settings.contact else ""
        self._headers = {
            "User-Agent": f"nabaa/{version('nabaa')}{contact}",
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPT_ENCODING,
        }

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for threads in (self._small, self._large):
            threads.shutdown(wait=False, cancel_futures=True)
        await self._clients.close()

    async def fetch(
        self,
        feed_id: str,
        url: str,
        etag: str | None = None,
        last_modified: str | None = None,
        enter: Enter | None = None,
        first_bytes: int | None = None,
        insecure_tls: bool = False,
        accept: str | None = None,
    ) -> Fetched:
        """Fetch a feed, or a page.

        Args:
            feed_id: names the feed in errors.
            url: absolute http or https address; a user and password in it are told to its own
                origin only, and stand in nothing that is returned but `url`.
            etag: validator of the last answer, sent as `If-None-Match` (RFC 9110, 13.1.2).
            last_modified: validator of the last answer, sent as `If-Modified-Since`.
            enter: awaited before each request with its address; what it raises ends the fetch.
            first_bytes: read no more than so many bytes of the body, on the wire and after
                decompression; what is behind them is left, and `complete` is False.
            insecure_tls: the certificate of the host of `url` is not checked; that of another host,
                to which it redirects, is.
            accept: media types that are wanted (RFC 9110, 12.5.1), in place of those of feeds.

        Returns:
            The last answer of the redirect chain, whatever its status, decompressed. Where the
            connection ended before the body did, what came of it.

        Raises:
            FetchError: no answer, a refused address, too many redirects, or over a limit.
        """
        validators = {"If-None-Match": etag, "If-Modified-Since": last_modified, "Accept": accept}
        headers = {name: value for name, value in validators.items() if value}
        return await self._within_deadline(
            feed_id, url, headers, enter, first_bytes, insecure_tls=insecure_tls
        )

    async def post(
        self,
        feed_id: str,
        url: str,
        form: Mapping[str, str],
        first_bytes: int,
        enter: Enter | None = None,
    ) -> Fetched:
        """Send a form, with the same limits and the same guard as any fetch.

        Args:
            feed_id: names the feed in errors.
            url: absolute http or https address.
            form: sent as `application/x-www-form-urlencoded`.
            first_bytes: of the answer that are read.
            enter: as in `fetch`.

        Returns:
            The last answer, whatever its status. Redirects that keep the method (307 and 308, RFC
            9110, 15.4) are followed; another is the answer.

        Raises:
            FetchError: no answer, a refused address, too many redirects, or over a limit.
        """
        return await self._within_deadline(feed_id, url, {}, enter, first_bytes, form)

    async def _within_deadline(
        self,
        feed_id: str,
        url: str,
        headers: dict[str, str],
        enter: Enter | None,
        first_bytes: int | None,
        form: Mapping[str, str] | None = None,
        insecure_tls: bool = False,
    ) -> Fetched:
        deadline = self._settings.fetch_timeout_seconds
        try:
            async with asyncio.timeout(deadline):
                return await self._follow(
                    feed_id, url, headers, enter, first_bytes, form, insecure_tls
                )
        except TimeoutError as error:
            reason = f"no complete answer within {deadline:g} seconds"
            raise FetchError(feed_id, url, reason, "down") from error
        except FETCH_FAILURES as error:
            raise FetchError(feed_id, url, describe(error), classify(error)) from error

    async def _follow(
        self,
        feed_id: str,
        url: str,
        headers: dict[str, str],
        enter: Enter | None,
        first_bytes: int | None,
        form: Mapping[str, str] | None,
        insecure_tls: bool,
    ) -> Fetched:
        started = time.monotonic()
        method = "GET" if form is None else "POST"
        first = asked(url)
        insecure_host = first.url.host if insecure_tls else None
        address = first.url
        moved_to: str | None = None
        only_permanent = True
        cookies: httpx.Cookies | None = None
        for _ in range(MAX_REDIRECTS + 1):
            self._check(address)
            if enter is not None:
                await enter(str(address))
            request = self._request(method, address, headers | first.headers_for(address), form)
            if cookies is not None:
                cookies.set_cookie_header(request)
            response = await self._clients.send(request, insecure=address.host == insecure_host)
            try:
                following = response.next_request
                if following is None or following.method != method:
                    return await self._complete(url, response, moved_to, started, first_bytes)
            finally:
                await response.aclose()
            if "set-cookie" in response.headers:  # asked for within this one fetch only
                cookies = cookies or httpx.Cookies()
                cookies.extract_cookies(response)
            only_permanent = only_permanent and response.status_code in _PERMANENT
            address = without_userinfo(following.url)
            if only_permanent:
                moved_to = str(address)
        reason = f"more than {MAX_REDIRECTS} redirects"
        raise FetchError(feed_id, url, reason, "redirects")

    def _request(
        self,
        method: str,
        url: httpx.URL,
        headers: Mapping[str, str],
        form: Mapping[str, str] | None,
    ) -> httpx.Request:
        # Not by the client, whose merging of defaults takes a third of the time of a request.
        return httpx.Request(method, url, headers={**self._headers, **headers}, data=form)

    def _check(self, url: httpx.URL) -> None:
        if url.scheme not in ("http", "https") or not url.host:
            raise ValueError(f"{str(url)[:200]!r} is not an http or https address")
        allowed = self._settings.fetch_ports
        port = port_of(url)
        if port not in allowed if allowed else port in BAD_PORTS:
            reason = "not one of NABAA_FETCH_PORTS" if allowed else "no web server listens there"
            raise ValueError(f"port {port} is not asked: {reason}")
        if not self._settings.allow_private_addresses:
            refuse_literal(url.host)

    async def _complete(
        self,
        url: str,
        response: httpx.Response,
        moved_to: str | None,
        started: float,
        first_bytes: int | None,
    ) -> Fetched:
        limit = self._settings.max_body_bytes
        body, complete = await _read(response, limit, first_bytes)
        # A file that is compressed itself, such as sitemap.xml.gz, comes without a header for it.
        packed = "gzip" if body.startswith(_GZIP_MARK) else ""
        headers = headers_of(response)
        coding = headers.get("content-encoding", "") or packed
        if coding and body:
            body = await self._decompress(body, coding, limit)
        if first_bytes is not None and len(body) > first_bytes:
            body, complete = body[:first_bytes], False
        return Fetched(
            url=url,
            final_url=str(response.url),
            moved_to=moved_to,
            status=response.status_code,
            headers=headers,
            body=body,
            elapsed_seconds=time.monotonic() - started,
            fetched_at=self._clock(),
            complete=complete and response.extensions.get("complete", True),
            notices=response.extensions.get("notices", ()),
        )

    async def _decompress(self, body: bytes, coding: str, limit: int) -> bytes:
        """Undo the codings of a body; one that becomes large, while no other such one does."""
        loop = asyncio.get_running_loop()
        least = min(limit, _LARGE_BYTES)
        try:
            return await loop.run_in_executor(self._small, decompress, body, coding, least)
        except TooLargeError:
            if limit <= _LARGE_BYTES:
                raise
            return await loop.run_in_executor(self._large, decompress, body, coding, limit)


async def _read(
    response: httpx.Response, limit: int, first_bytes: int | None
) -> tuple[bytes, bool]:
    """Return the body as it came over the wire, and whether it came whole."""
    body = bytearray()
    try:
        # Without a size: httpx holds back what does not fill a chunk, and loses it with the error.
        async for chunk in response.aiter_raw():
            body += chunk
            if first_bytes is not None and len(body) > first_bytes:
                return bytes(body[:first_bytes]), False
            if len(body) > limit:
                raise DecompressError(
                    f"the body is larger than {limit:,} bytes (NABAA_MAX_BODY_BYTES sets the limit)"
                )
    except httpx.ReadError:
        # A server that announces more than it has, or one that died: what came may be of use.
        return bytes(body), False
    return bytes(body), True
