"""Who comes and what they may do: decided for each request by its address and what it shows.

Loopback needs no password. Any other address shows a token, comes with a session that a token
opened, or is named by a reverse proxy in a header. Pure, but for the comparison of secrets.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from nabaa.errors import ConfigError, UsageError
from workers.outputs.access import is_loopback

Network = IPv4Network | IPv6Network

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""A request with one of these has come through a proxy, whatever address it comes from."""


class Rights(IntEnum):
    """The rights of a visitor; each includes those before it."""

    NONE = 0
    READ = 1
    ADMINISTER = 2


@dataclass(frozen=True, slots=True)
class AccessRules:
    """The rules of who may come.

    Attributes:
        token: token that lets read; empty: none does.
        admin_token: token that lets read and administer; empty: none does.
        user_header: header field in which a reverse proxy names the user; empty: none is believed.
        admins: names of users who may administer.
        proxies: networks of reverse proxies whose header fields are believed.
    """

    token: str = ""
    admin_token: str = ""
    user_header: str = ""
    admins: frozenset[str] = frozenset()
    proxies: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1"))


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller is who stands behind one request, before any session.

    Attributes:
        rights: what the request may do by itself.
        user: name that a reverse proxy gives, or an empty string.
    """

    rights: Rights
    user: str = ""


def rights_of_token(rules: AccessRules, shown: str) -> Rights:
    """Return what a token lets do.

    Args:
        rules: the rules.
        shown: the token as it was typed or sent.
    """
    # Bytes of a header that are no UTF-8 come as surrogates.
    given = shown.encode("utf-8", "surrogateescape")
    for token, rights in ((rules.admin_token, Rights.ADMINISTER), (rules.token, Rights.READ)):
        if token and hmac.compare_digest(given, token.encode()):
            return rights
    return Rights.NONE


def identify(rules: AccessRules, peer: str, headers: Mapping[str, str]) -> Caller:
    """Tell who calls by the address and the header fields of a request.

    Args:
        rules: the rules.
        peer: address that the connection comes from.
        headers: header fields, names in any case.
    """
    scheme, _, bearer = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and (rights := rights_of_token(rules, bearer.strip())):
        return Caller(rights)
    if rules.user_header:
        user = headers.get(rules.user_header, "").strip()
        if not user or not comes_from_proxy(rules, peer):
            return Caller(Rights.NONE)
        return Caller(Rights.ADMINISTER if user in rules.admins else Rights.READ, user)
    if is_loopback(peer) and not any(name in headers for name in _FORWARDED):
        return Caller(Rights.ADMINISTER)
    return Caller(Rights.NONE)


def comes_from_proxy(rules: AccessRules, peer: str) -> bool:
    """Return whether a connection comes from a reverse proxy whose header fields are believed."""
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in rules.proxies)


def caller_address(rules: AccessRules, peer: str, headers: Mapping[str, str]) -> str:
    """Return the address that a request comes from, before the reverse proxy where there is one.

    Args:
        rules: the rules.
        peer: address that the connection comes from.
        headers: header fields, names in any case.
    """
    forwarded = headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded if forwarded and comes_from_proxy(rules, peer) else peer


def read_networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    """Read the addresses of reverse proxies.

    Args:
        texts: addresses or networks, `10.0.0.2` or `10.0.0.0/24`.

    Raises:
        ConfigError: one is neither.
    """
    networks = []
    for text in texts:
        try:
            networks.append(ip_network(text))
        except ValueError as error:
            raise ConfigError(
                f"NABAA_DESK_PROXIES: {text!r} is no address or network such as 10.0.0.0/24"
            ) from error
    return tuple(networks)


def check_reach(host: str, rules: AccessRules) -> None:
    """Refuse to listen where others can come and nobody has said who may.

    Args:
        host: address to listen at.
        rules: the rules.

    Raises:
        UsageError: other machines reach the address, and there is neither a token nor a header.
    """
    if is_loopback(host) or rules.token or rules.admin_token or rules.user_header:
        return
    raise UsageError(
        f"the desk at {host}: other machines can reach this address: set a token "
        "(NABAA_DESK_TOKEN, NABAA_DESK_ADMIN_TOKEN) or the header of your reverse proxy "
        "(NABAA_DESK_USER_HEADER)"
    )
