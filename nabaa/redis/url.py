"""The address of a wire's Redis: one server, a service of Sentinel, or a cluster.

    redis://host:6379/0                            one server; rediss:// with TLS
    unix:///run/valkey.sock                        one server on this machine
    unix://data/valkey.sock                        the same, its socket in a folder below this one
    redis+sentinel://host:26379,other:26379/news   the master of the service `news`
    redis+cluster://host:6379,other:6379           a cluster; any of its nodes to begin with

A user, a password and options (`?ssl_ca_certs=…`) stand where they do in redis-py's addresses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode

from redis.asyncio.connection import parse_url

from nabaa.errors import ConfigError

Kind = Literal["server", "sentinel", "cluster"]
Node = tuple[str, int]
"""Host and port."""

_PORTS = {"sentinel": 26379, "cluster": 6379}
_EXAMPLES = {
    "sentinel": "redis+sentinel://host:26379,other:26379/service",
    "cluster": "redis+cluster://host:6379,other:6379",
}


_ENCODE = (
    "each of / ? # @ : % in a user or password is percent-encoded there (%2F for /), or the "
    "password stands in NABAA_REDIS_PASSWORD"
)


class _AddressError(ValueError):
    """What is wrong with an address, in words that hold nothing of its secrets."""


@dataclass(frozen=True, slots=True)
class Safety:
    """A safety says what a write must have reached before it counts as done.

    Attributes:
        replicas: number of replicas that have it in memory, or on their disks with `fsync`.
        fsync: whether it must be on disks, the server's own among them (WAITAOF: Redis 7.2, Valkey
            7.2).
        milliseconds: longest wait for it.
    """

    replicas: int = 0
    fsync: bool = False
    milliseconds: int = 1000

    @property
    def waits(self) -> bool:
        """Whether anything is waited for."""
        return self.replicas > 0 or self.fsync


@dataclass(frozen=True, slots=True)
class Address:
    """An address says where a wire's Redis is and how it is talked to.

    Attributes:
        redacted: address without user, password and options, for logs and messages.
        kind: kind of what is there.
        nodes: sentinels, or nodes of the cluster to begin with; none of a server.
        service: name of the service, with Sentinel.
        connection: options that redis-py needs to open a connection, the secrets among them.
        sentinel: options that it needs to open one to a sentinel.
        safety: safety of writes.
    """

    redacted: str
    kind: Kind
    nodes: tuple[Node, ...]
    service: str
    connection: Mapping[str, Any]
    sentinel: Mapping[str, Any]
    safety: Safety


def parse_address(url: str) -> Address:
    """Read an address.

    Args:
        url: as the head of this module has it.

    Options of nabaa's own: `wait_replicas`, `wait_fsync` and `wait_milliseconds` (see `Safety`),
    and `sentinel_username` and `sentinel_password`.

    Raises:
        ConfigError: it is none.
    """
    try:
        return _parse(url)
    except ValueError as error:
        # What a library says of an address may quote a piece of the password.
        reason = str(error) if isinstance(error, _AddressError) else _ENCODE
        raise ConfigError(
            f"{redacted(url)} is no address of a Redis server, such as redis://localhost:6379/0: "
            f"{reason}"
        ) from None


def _parse(url: str) -> Address:
    base, _, query = url.partition("?")
    if _ends_too_soon(base, query):
        raise _AddressError(_ENCODE)
    options = dict(parse_qsl(query))
    safety = Safety(
        _count(options, "wait_replicas", 0),
        options.pop("wait_fsync", "").lower() in ("1", "true", "yes"),
        _count(options, "wait_milliseconds", 1000),
    )
    sentinel: dict[str, Any] = {
        name.removeprefix("sentinel_"): options.pop(name)
        for name in ("sentinel_username", "sentinel_password")
        if name in options
    }
    scheme, _, rest = base.partition("://")
    plain, _, kind = scheme.partition("+")
    nodes: tuple[Node, ...] = ()
    service = ""
    if kind in ("sentinel", "cluster") and plain in ("redis", "rediss"):
        login, _, after = rest.rpartition("@")
        places, _, path = after.partition("/")
        nodes = tuple(_node(place, _PORTS[kind]) for place in places.split(",") if place)
        if kind == "sentinel":
            service, _, path = path.partition("/")
        if not nodes or (kind == "sentinel") != bool(service):
            raise _AddressError(f"write {_EXAMPLES[kind]}")
        base = f"{plain}://{login + '@' if login else ''}localhost/{path}"
    connection = parse_url(f"{base}?{urlencode(options)}" if options else base)
    if scheme == "unix":
        # redis-py takes the first folder of a relative path for a host, and drops it.
        connection["path"] = unquote(rest.rpartition("@")[2])
    if kind == "cluster" and connection.get("db"):
        raise _AddressError("a cluster has one database only")
    if kind == "sentinel" and plain == "rediss":
        sentinel |= {"ssl": True}
        sentinel |= {name: value for name, value in connection.items() if name[:4] == "ssl_"}
    of_kind: Kind = "sentinel" if service else "cluster" if nodes else "server"
    return Address(redacted(url), of_kind, nodes, unquote(service), connection, sentinel, safety)


def _ends_too_soon(base: str, query: str) -> bool:
    """Return whether a mark in the password has ended the host, which another name then is."""
    scheme, _, rest = base.partition("://")
    in_path = re.search("[/#].*@", rest) and scheme != "unix"
    return bool(in_path) or any("@" in part and "=" not in part for part in query.split("&"))


def _count(options: dict[str, str], name: str, default: int) -> int:
    text = options.pop(name, str(default))
    if not text.isdecimal():
        raise _AddressError(f"{name} should be a whole number, not {text}")
    return int(text)


def _node(place: str, port: int) -> Node:
    host, colon, number = place.rpartition(":")
    if not colon or place.endswith("]"):
        return place.strip("[]"), port
    if not number.isdecimal():
        raise _AddressError("a port is no number")
    return host.strip("[]"), int(number)


def with_options(url: str, password: str | None, options: Mapping[str, str | int | None]) -> str:
    """Return an address with a password and options, where it does not have them itself.

    Args:
        url: the address.
        password: password of the server, or None.
        options: names and values; those that are None are left out.

    Returns:
        An address for `parse_address`, with the secrets: never to be shown.
    """
    base, _, query = url.partition("?")
    said = dict(parse_qsl(query))
    if password is not None:
        scheme, _, rest = base.partition("://")
        login, at, after = rest.rpartition("@")
        if ":" not in login:
            rest = f"{login}:{quote(password, safe='')}@{after if at else rest}"
        base = f"{scheme}://{rest}"
    more = {name: str(value) for name, value in options.items() if value is not None}
    merged = {**more, **said}
    return f"{base}?{urlencode(merged)}" if merged else base


def redacted(url: str) -> str:
    """Return a Redis address without its user, password and options, for logs and messages.

    Nothing but the scheme is left where the password may hold a `?` or `#`, which ends it too soon.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        scheme, rest = "", url
    end = min((place for mark in "?#" if (place := rest.find(mark)) >= 0), default=len(rest))
    shown = "…" if "@" in rest[end:] else rest[:end].rpartition("@")[2]
    return f"{scheme}{separator}{shown}"
