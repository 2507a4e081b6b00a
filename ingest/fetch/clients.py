"""The connections that requests are sent by: checked, unchecked where a list says so, lenient.

A server whose answer is not quite HTTP is asked a second time by `ingest.fetch.broken_http`, and
from then on only that way.
"""

from __future__ import annotations

import ssl
from collections import OrderedDict
from functools import cached_property, partial

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver
from aiohttp.resolver import ThreadedResolver

from config.settings import Settings
from ingest.fetch.address_guard import PublicResolver
from ingest.fetch.broken_http import BrokenHttpTransport, NotHttpError
from ingest.fetch.transport import any_certificate, certificates, open_client
from ingest.identity.credentials import origin

_MAX_BROKEN = 1_000


class HttpClients:
    """Sends requests; each client is opened when it is first needed.

    Args:
        settings: limits and the address policy.
        resolver: looks names up in place of the system's resolver; where private addresses are not
            allowed, what it answers is checked as well.
    """

    def __init__(self, settings: Settings, resolver: AbstractResolver | None) -> None:
        self._settings = settings
        self._resolver = resolver
        self._open: dict[str, httpx.AsyncClient] = {}
        # Origins whose answers are not quite HTTP; the one that was asked last stands at the end.
        self._broken: OrderedDict[object, None] = OrderedDict()

    async def close(self) -> None:
        """Close all connections."""
        for client in self._open.values():
            await client.aclose()
        self._open.clear()

    async def send(self, request: httpx.Request, *, insecure: bool) -> httpx.Response:
        """Send a request and return the answer, its body unread.

        Args:
            request: to send.
            insecure: whether the certificate of the host is not checked.

        Raises:
            httpx.HTTPError, aiohttp.ClientError, OSError: there is no answer.
        """
        name = "unchecked" if insecure else "checked"
        if self._broken and (asked := origin(request.url)) in self._broken:
            self._broken.move_to_end(asked)
            response = await self._client(f"lenient {name}").send(request, stream=True)
            if not response.extensions["notices"]:
                self._broken.pop(asked, None)  # another request may have seen it first
            return response
        try:
            return await self._client(name).send(request, stream=True)
        except aiohttp.ClientResponseError as error:
            if request.method != "GET":
                raise
            try:
                response = await self._client(f"lenient {name}").send(request, stream=True)
            except NotHttpError:
                raise error from None
            self._broken[origin(request.url)] = None
            while len(self._broken) > _MAX_BROKEN:
                self._broken.popitem(last=False)
            return response

    def _client(self, name: str) -> httpx.AsyncClient:
        if name not in self._open:
            checks = not name.endswith("unchecked")
            self._open[name] = (
                httpx.AsyncClient(transport=self._lenient(checks), timeout=None)  # noqa: S113 - the deadline is the fetcher's
                if name.startswith("lenient")
                else open_client(partial(self._session, checks_certificates=checks))
            )
        return self._open[name]

    def _session(self, *, checks_certificates: bool) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._settings.fetch_concurrency,
                ssl=self._certificates if checks_certificates else False,
                resolver=self._guarded_resolver(),
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )

    def _lenient(self, checks_certificates: bool) -> BrokenHttpTransport:
        context = self._certificates if checks_certificates else any_certificate()
        resolver = self._guarded_resolver() or ThreadedResolver()
        return BrokenHttpTransport(resolver, context, self._settings.max_body_bytes)

    def _guarded_resolver(self) -> AbstractResolver | None:
        if self._settings.allow_private_addresses:
            return self._resolver
        return PublicResolver(self._resolver)

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        return certificates()
