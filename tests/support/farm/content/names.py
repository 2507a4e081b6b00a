"""Many host names for one farm: a resolver under which every name is loopback."""

from __future__ import annotations

import socket
from collections.abc import Collection, Sequence
from dataclasses import replace

from aiohttp.abc import AbstractResolver, ResolveResult

from config.model import Feed
from tests.support.farm.server import HOST


class LoopbackResolver(AbstractResolver):
    """Answers every name with 127.0.0.1.

    Args:
        unknown: names that do not exist.

    Attributes:
        asked: the names that were looked up, in order.
    """

    def __init__(self, unknown: Collection[str] = ()) -> None:
        self.unknown = set(unknown)
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Answer at once.

        Raises:
            socket.gaierror: the name is one of the unknown.
        """
        self.asked.append(host)
        if host in self.unknown:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            ResolveResult(
                hostname=host,
                host=HOST,
                port=port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Nothing is open."""


def on_hosts(feeds: Sequence[Feed], hosts: Sequence[str]) -> list[Feed]:
    """Return feeds of a farm as if they were on these hosts, in turn."""
    return [
        replace(feed, url=feed.url.replace(HOST, hosts[number % len(hosts)], 1))
        for number, feed in enumerate(feeds)
    ]
