"""The host of an address, as the limits of hosts know it."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import httpx

from nabaa.streams.keys import host_of


def host_of_address(url: str) -> str:
    """Return the host of an address, in lower case and as DNS writes it (RFC 5891)."""
    host = host_of(url)
    return host if host.isascii() else httpx.URL(url).raw_host.decode("ascii").rstrip(".")


def origin_of_address(url: str) -> str:
    """Return the name of an address' origin: its host, and the port where it is not the web's own.

    `https://sabah.example/` and `http://sabah.example/` are one: where one does not answer, the
    other does not either.
    """
    host, port = host_of_address(url), urlsplit(url).port
    if port in (None, 80, 443):
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_own_machine(host: str) -> bool:
    """Tell whether a host is loopback, by its name or address; nothing is looked up."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    if not host or not (host[0].isdigit() or ":" in host):
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
