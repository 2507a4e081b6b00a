"""httpx on aiohttp's transport, without what a poller has no use for.

Cookies, timers and the merging of headers cost a poll more than they give; deadlines are
`ingest.fetch.fetcher`'s.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport


class _NoCookies(httpx.Cookies):
    """Cookies of one site are no business of another, and a poller has no use for them."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Take none: to look for them takes 4 % of the CPU of a poll."""


class _Client(httpx.AsyncClient):
    _none = _NoCookies()

    @property  # type: ignore[misc]
    def cookies(self) -> httpx.Cookies:
        return self._none


def open_client(session: Callable[[], aiohttp.ClientSession]) -> httpx.AsyncClient:
    """Return a client.

    Args:
        session: makes the session that it sends by, when it is first used.
    """
    # The session checks certificates. By default the transport would read all authorities once
    # more, for a session of its own that it never makes; by this context it would trust none.
    unused = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return _Client(transport=AiohttpTransport(verify=unused, client=session), timeout=None)


def certificates() -> ssl.SSLContext:
    """Return the context that checks certificates, by the authorities that the system trusts."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def any_certificate() -> ssl.SSLContext:
    """Return a context that takes any certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    return context


def headers_of(response: httpx.Response) -> dict[str, str]:
    """Return the headers by their names in lower case; one that came twice is joined with `, `."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name = raw_name.decode("latin-1").lower()
        try:
            value = raw_value.decode()
        except UnicodeDecodeError:
            value = raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
