"""Under which names the desk answers, and which pages may send it forms.

A page elsewhere whose name is made to point at this machine (DNS rebinding) comes with that name in
`Host`: it is refused. An address in figures cannot be rebound.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

_OF_THIS_MACHINE = frozenset({"localhost"})


def known_names(configured: Iterable[str]) -> frozenset[str]:
    """Return the names under which the desk answers, in small letters.

    Args:
        configured: those of the settings.
    """
    own = socket.gethostname().lower()
    return frozenset({*_OF_THIS_MACHINE, own, *(name.lower() for name in configured)})


def is_known_host(host: str, names: frozenset[str]) -> bool:
    """Return whether a request's `Host` is one under which the desk answers.

    Args:
        host: header field `Host`, with or without a port.
        names: as `known_names` gives them.
    """
    name = _name_of(host)
    if name in names:
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def is_foreign_use(headers: Mapping[str, str]) -> bool:
    """Return whether a page of another site uses the desk otherwise than by a link to it.

    It could not read what comes, but keep connections open.
    https://www.w3.org/TR/fetch-metadata/

    Args:
        headers: header fields.
    """
    return (
        headers.get("Sec-Fetch-Site") == "cross-site"
        and headers.get("Sec-Fetch-Mode") != "navigate"
    )


def is_own_page(headers: Mapping[str, str]) -> bool:
    """Return whether a request that changes something comes from a page of the desk itself.

    Args:
        headers: header fields; browsers send `Sec-Fetch-Site`, older ones `Origin` alone, programs
            neither.
    """
    if site := headers.get("Sec-Fetch-Site", ""):
        return site in ("same-origin", "none")
    origin = headers.get("Origin", "")
    if not origin:
        return True
    try:
        return urlsplit(origin).netloc.lower() == headers.get("Host", "").lower()
    except ValueError:
        return False


def _name_of(host: str) -> str:
    """Return the name or address of `name:port`, `[::1]:port` in small letters."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].removesuffix(".").lower()
