"""To whom the user and the password in a feed's address may be told: its own origin, nobody else.

An origin is scheme, host and port (RFC 6454). The password leaves an address before anything else
is done with that: requests, redirects and logs know the address without it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

import httpx

Origin = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """An address as it is asked for.

    Attributes:
        url: without user and password.
        authorization: the header for its origin (RFC 7617), or None.
    """

    url: httpx.URL
    authorization: str | None

    def headers_for(self, url: httpx.URL) -> dict[str, str]:
        """Return what a request on the way from this address may tell the server there."""
        if self.authorization is None or origin(url) != origin(self.url):
            return {}
        return {"Authorization": self.authorization}


def asked(address: str) -> Asked:
    """Part an address from its user and password.

    Args:
        address: absolute, as a person wrote it.

    Raises:
        httpx.InvalidURL: it is no address.
    """
    url = httpx.URL(address)
    if not url.userinfo:
        return Asked(url, None)
    told = f"{url.username}:{url.password}".encode()
    return Asked(without_userinfo(url), f"Basic {base64.b64encode(told).decode('ascii')}")


def without_userinfo(url: httpx.URL) -> httpx.URL:
    """Return an address without user and password."""
    return url.copy_with(userinfo=b"") if url.userinfo else url


def origin(url: httpx.URL) -> Origin:
    """Return scheme, host and port; the port is None for the scheme's own."""
    return url.scheme, url.host, url.port


def with_credentials_of(address: str, listed: str) -> str:
    """Return an address with the user and password of another of the same origin, if it has any.

    Args:
        address: where a feed has moved to, without any.
        listed: the feed's address in the list.
    """
    if "@" not in listed:
        return address
    url, own = httpx.URL(address), httpx.URL(listed)
    return str(url.copy_with(userinfo=own.userinfo)) if origin(url) == origin(own) else address
