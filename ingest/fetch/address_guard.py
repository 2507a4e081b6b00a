"""Which addresses a feed may be on: the public Internet only, unless a setting says otherwise.

The check sits in the resolver, so that the address that was checked is the one that is connected
to, whatever a second look-up would say. Addresses that stand in the URL itself are checked before.
"""

from __future__ import annotations

import ipaddress
import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

_NETWORKS = {
    "unicast": "2000::/3",  # all that is assigned of IPv6 (RFC 4291, 2.4)
    "assignments": "192.0.0.0/24",  # RFC 6890; a cloud has its metadata here
    "relay": "192.88.99.0/24",  # anycast of 6to4, given up (RFC 7526)
    "azure": "168.63.129.16/32",  # the platform's own services, reached from inside only
    "nat64": "64:ff9b::/96",  # RFC 6052
    "mapped": "::ffff:0:0/96",  # RFC 4291, 2.5.5.2
    "documentation": "3fff::/20",  # RFC 9637
}
_NETWORK = {name: ipaddress.ip_network(network) for name, network in _NETWORKS.items()}
_REFUSED = tuple(_NETWORK[name] for name in ("assignments", "relay", "azure", "documentation"))
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # the first half of an interface's identifier, RFC 5214, 6.1


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
        addresses and for IPv6 outside of 2000::/3, also where IPv6 carries such an IPv4 address
        (mapped, NAT64, 6to4, Teredo, ISATAP).

    Raises:
        ValueError: it is not an IP address.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if any(ip in network for network in _REFUSED):
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        carried = ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        low = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if ip in _NETWORK["nat64"] or ip in _NETWORK["mapped"]:
            return is_public(str(low))
        if ip not in _NETWORK["unicast"]:
            return False
        if (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP:
            carried = low
        if carried is not None and not is_public(str(carried)):
            return False
    return ip.is_global and not ip.is_multicast


def is_own_address(address: str) -> bool:
    """Tell whether an IP address is one of this machine's own interfaces; nothing is sent.

    What a machine listens at under its public address is often not meant for the public.

    Args:
        address: IPv4 or IPv6 in text form, with or without a zone.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((str(ip), 9))
            # The way to an own address begins at that address.
            return ipaddress.ip_address(probe.getsockname()[0].partition("%")[0]) == ip
    except OSError:  # no way there, or no such family on this machine
        return False


def _is_allowed(address: str) -> bool:
    return is_public(address) and not is_own_address(address)


def refuse_literal(host: str) -> None:
    """Check a host that may be an address itself; a name passes, the resolver checks it.

    Raises:
        AddressRefusedError: it is an address that is not public.
    """
    try:
        allowed = _is_allowed(host.strip("[]"))
    except ValueError:
        return
    if not allowed:
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
            if not _is_allowed(result["host"]):
                raise AddressRefusedError(host, result["host"])
        return results

    async def close(self) -> None:
        """Release the inner resolver."""
        await self._inner.close()
