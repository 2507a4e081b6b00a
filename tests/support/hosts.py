"""Polls that ask for a host and leave it, in as few words as tests of the limits need."""

from __future__ import annotations

from collections.abc import Sequence

from redis.asyncio import Redis

from config.settings import Settings
from ingest.fetch.hosts.limits import HostGate, HostRelease, HostRequest, HostVerdict
from nabaa.streams.keys import Keys

KEYS = Keys(0)


HOST = "sabah.example"


FAST = {"host_gap_seconds": 0.0}


SLOW = {"host_gap_seconds": 100.0}


def a_gate(client: Redis, **settings: object) -> HostGate:
    """Open the gate of one ingest process."""
    return HostGate(client, Settings.model_validate(settings))


async def ask(gate: HostGate, *feeds: str, host: str = HOST, waited: bool = False) -> list[float]:
    """Return for each feed the seconds it must wait, negative where its place is not its own."""
    told = await gate.admit([HostRequest(feed, host, waited) for feed in feeds])
    return [each.wait_seconds if each.own_place else -each.wait_seconds for each in told]


async def leave(gate: HostGate, feed: str, found: HostVerdict = "up", asked: float = 0.0) -> None:
    gate.leave(HostRelease(feed, HOST, found, 0.1, asked))
    await gate.flush()


async def fail(gate: HostGate, feeds: Sequence[str]) -> None:
    """Let each feed find the host down, one after the other."""
    for feed in feeds:
        [wait] = await ask(gate, feed)
        assert wait == 0
        await leave(gate, feed, "down")


async def let_pass(client: Redis, host: str = HOST) -> None:
    """Let the time go by until which a host is held and times at it are promised."""
    await client.hdel(KEYS.host(host), "last", "tail")
    if await client.hexists(KEYS.host(host), "hold"):
        await client.hset(KEYS.host(host), "hold", "1")
