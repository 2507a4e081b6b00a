"""Who may read the wire over HTTP: clients that show the token, pages of web sites that are listed.

https://www.rfc-editor.org/rfc/rfc6750 (bearer tokens)
https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from nabaa.errors import ConfigError, UsageError

TOKEN_PARAMETER = "token"  # noqa: S105 - its name
"""A browser's EventSource can send no header of its own."""

TOKEN_COOKIE = "nabaa_token"  # noqa: S105 - its name

_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET",
    "Access-Control-Allow-Headers": "Authorization, Cache-Control, Last-Event-ID",
    "Access-Control-Max-Age": "3600",
}


class Access:
    """Decides about requests.

    Args:
        token: what clients have to show; empty: nothing.
        origins: web sites whose pages may read, such as `https://desk.example`, or `*`.

    Raises:
        ConfigError: an origin is none.
    """

    def __init__(self, token: str = "", origins: tuple[str, ...] = ()) -> None:
        self._token = token.encode()
        self._origins = frozenset(map(_check_origin, origins))

    def is_allowed(self, request: web.Request) -> bool:
        """Return whether a request shows the token: in a header, the query or a cookie."""
        if not self._token:
            return True
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        tokens = [
            *([bearer.strip()] if scheme.lower() == "bearer" else []),
            *request.query.getall(TOKEN_PARAMETER, []),
            *([request.cookies[TOKEN_COOKIE]] if TOKEN_COOKIE in request.cookies else []),
        ]
        # Bytes of a header that are no UTF-8 come as surrogates.
        encoded = (token.encode("utf-8", "surrogateescape") for token in tokens)
        return any(hmac.compare_digest(token, self._token) for token in encoded)

    def cors_headers(self, request: web.Request) -> Mapping[str, str]:
        """Return the header fields by which a browser lets a page read the answer."""
        if not self._origins:
            return {}
        origin = request.headers.get("Origin", "")
        if origin in self._origins:
            return {
                "Access-Control-Allow-Origin": origin,
                "Access-Control-Allow-Credentials": "true",
                "Vary": "Origin",
            }
        # Without credentials: any page may read, but none with a cookie of its visitor.
        return {"Access-Control-Allow-Origin": "*"} if "*" in self._origins else {"Vary": "Origin"}

    def answer_preflight(self, request: web.Request) -> web.Response:
        """Return the answer to a browser that asks before it sends a request of a page."""
        if "Access-Control-Allow-Origin" not in self.cors_headers(request):
            return web.Response(status=403, text="pages of this web site may not read the wire\n")
        return web.Response(status=204, headers=_PREFLIGHT)


def check_reach(host: str, token: str, is_open: bool) -> None:
    """Refuse to let other machines read without a token unless that was said so.

    Args:
        host: address to listen at.
        token: what clients have to show; empty: nothing.
        is_open: whether everybody who reaches the address may read.

    Raises:
        UsageError: other machines reach the address, and nobody said that they may read.
    """
    if token or is_open or is_loopback(host):
        return
    raise UsageError(
        f"--host {host}: other machines can reach this address: set a token (--token-file or "
        "NABAA_SERVE_TOKEN), or say --without-token"
    )


def is_loopback(host: str) -> bool:
    """Return whether an address, or a name, is of this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_origin(origin: str) -> str:
    """Return an origin as a browser sends it (RFC 6454, section 6.2)."""
    if origin == "*":
        return origin
    try:
        parts = urlsplit(origin)
        is_origin = parts.scheme in ("http", "https") and f"{parts.scheme}://{parts.netloc}" == (
            origin.rstrip("/")
        )
    except ValueError:
        is_origin = False
    if not is_origin or "@" in origin:
        raise ConfigError(
            f"NABAA_SERVE_ORIGINS: {origin!r} is no web site; write https://desk.example, or *"
        )
    return origin.rstrip("/").lower()
