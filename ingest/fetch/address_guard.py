"""Which addresses a feed may be on: the public Internet only, unless a setting says otherwise.

The check sits in the resolver, so that the address that was checked is the one that is connected
to, whatever a second look-up would say. Addresses that stand in the URL itself are checked before.
"""

from __future__ import annotations

import ipaddress
import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

# Protocol assignments (RFC 6890), of which Python lists some; a cloud has its metadata here.
_ASSIGNMENTS = ipaddress.ip_network("192.0.0.0/24")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
_COMPATIBLE = ipaddress.ip_network("::/96")  # RFC 4291, 2.5.5.1
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")  # RFC 8215


class AddressRefusedError(OSError):
    """The host leads to an address that is not on the public Internet."""

    def __init__(self, host: str, address: str) -> None:
        what = host if host == address else f"{host} leads to {address}, which"
        super().__init__(
            f"{what} is not a public address (NABAA_ALLOW_PRIVATE_ADDRESSES=true allows it)"
        )


def is_public(address: str) -> bool:
    """Tell whether an IP address is on the public Internet.

    Args:
        address: IPv4 or IPv6 in text form, with or without a zone.

    Returns:
        False for loopback, private, link-local, shared (RFC 6598), multicast and reserved
        addresses, also where IPv6 carries such an IPv4 address (mapped, compatible, NAT64, 6to4,
        Teredo).

    Raises:
        ValueError: it is not an IP address.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        carried = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64 or ip in _COMPATIBLE:
            carried = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if carried is not None:
            return is_public(str(carried))
        if ip in _NAT64_LOCAL or ip.is_site_local:
            return False
    elif ip in _ASSIGNMENTS:
        return False
    return ip.is_global and not ip.is_multicast


def refuse_literal(host: str) -> None:
    """Check a host that may be an address itself; a name passes, the resolver checks it.

    Raises:
        AddressRefusedError: it is an address that is not public.
    """
    try:
        public = is_public(host.strip("[]"))
    except ValueError:
        return
    if not public:
        raise AddressRefusedError(host, host)


class PublicResolver(AbstractResolver):
    """A resolver that answers with public addresses or raises `AddressRefusedError`.

    A name with one private address among public ones is refused as a whole: no honest site has it.

    Args:
        inner: looks the names up; default: the system's resolver.
    """

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve and check; what comes back is what is connected to."""
        results = await self._inner.resolve(host, port, family)
        for result in results:
            if not is_public(result["host"]):
                raise AddressRefusedError(host, result["host"])
        return results

    async def close(self) -> None:
        """Release the inner resolver."""
        await self._inner.close()
