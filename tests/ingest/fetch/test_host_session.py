"""A poll holds and releases every host that it comes to."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from ingest.fetch.host_limits import HostRelease, HostRequest
from ingest.fetch.host_session import HostBusyError, HostSession
from tests.support.hosts import FAST, HOST, KEYS, a_gate, ask

pytestmark = pytest.mark.anyio


async def test_a_redirect_to_another_host_takes_a_place_there(client: Redis) -> None:
    gate = a_gate(client, **FAST, host_concurrency=1)
    visit = HostSession(gate, HostRequest("a", HOST))
    await gate.admit([HostRequest("a", HOST)])
    await visit.enter(f"https://{HOST}/rss")
    await visit.enter("https://masa.example/rss")
    [elsewhere] = await ask(gate, "b", host="masa.example")
    assert elsewhere < 0


async def test_a_redirect_to_a_host_without_a_place_waits(client: Redis) -> None:
    gate = a_gate(client, **FAST, host_concurrency=1)
    await ask(gate, "b", host="masa.example")
    visit = HostSession(gate, HostRequest("a", HOST))
    await visit.enter(f"https://{HOST}/rss")
    with pytest.raises(HostBusyError) as caught:
        await visit.enter("https://masa.example/rss")
    assert caught.value.host == "masa.example"
    assert caught.value.wait_seconds > 0


async def test_what_a_poll_found_is_said_of_the_host_it_came_to_last(client: Redis) -> None:
    gate = a_gate(client, **FAST, host_down_after=1)
    visit = HostSession(gate, HostRequest("a", HOST))
    await gate.admit([HostRequest("a", HOST)])
    await visit.enter(f"https://{HOST}/rss")
    await visit.enter("https://masa.example/rss")
    visit.leave("down")
    await gate.flush()
    assert await client.zrange(KEYS.held_hosts, 0, -1) == [b"masa.example"]
    assert await ask(gate, "b") == [0]


async def test_nothing_is_said_of_a_host_that_was_not_reached(client: Redis) -> None:
    gate = a_gate(client, **FAST, host_down_after=1)
    visit = HostSession(gate, HostRequest("a", "masa.example"))
    await gate.admit([HostRequest("a", "masa.example")])
    await visit.enter(f"https://{HOST}/rss")
    visit.leave("down")
    await gate.flush()
    assert await client.zrange(KEYS.held_hosts, 0, -1) == [HOST.encode()]
    assert not await client.hexists(KEYS.host("masa.example"), "failed")


async def test_those_who_left_are_told_to_redis_by_themselves(client: Redis) -> None:
    gate = a_gate(client, **FAST, host_concurrency=1)
    await ask(gate, "a")
    gate.leave(HostRelease("a", HOST, "up"))
    await gate.close()
    assert await ask(gate, "b") == [0]
