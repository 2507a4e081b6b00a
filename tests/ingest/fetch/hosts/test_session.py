"""A poll holds and releases every host that it comes to."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from ingest.fetch.hosts.limits import HostGate, HostRelease, HostRequest, HostVerdict
from ingest.fetch.hosts.names import host_of_address, origin_of_address
from ingest.fetch.hosts.session import HostBusyError, HostSession
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
    assert caught.value.origin == "masa.example"
    assert caught.value.wait_seconds > 0


async def leave_from(client: Redis, listed: str, *way: str, found: HostVerdict) -> HostGate:
    """Let a poll of a feed come to some addresses and tell how the last one was found."""
    gate = a_gate(client, **FAST, host_down_after=1)
    asked = HostRequest("a", host_of_address(way[0]), origin=origin_of_address(way[0]))
    visit = HostSession(gate, asked, listed)
    await gate.admit([asked])
    for url in way:
        await visit.enter(url)
    visit.leave(found)
    await gate.flush()
    return gate


async def test_a_host_is_down_for_a_feed_that_is_listed_there(client: Redis) -> None:
    listed = f"https://{HOST}/rss"
    await leave_from(client, listed, f"http://{HOST}/rss", found="down")
    assert await client.zrange(KEYS.held_hosts, 0, -1) == [HOST.encode()]


@pytest.mark.parametrize(
    "last", ["https://masa.example/rss", f"https://{HOST}:81/rss", "https://masa.example:81/"]
)
async def test_where_a_redirect_leads_is_down_for_nobody(client: Redis, last: str) -> None:
    listed = f"https://{HOST}/rss"
    gate = await leave_from(client, listed, listed, last, found="down")
    assert await client.zcard(KEYS.held_hosts) == 0
    assert await ask(gate, "b", host="masa.example") == [0]


async def test_an_address_that_a_feed_has_moved_to_is_down_for_nobody(client: Redis) -> None:
    await leave_from(client, f"https://{HOST}/rss", "https://masa.example/rss", found="down")
    assert await client.zcard(KEYS.held_hosts) == 0


async def test_a_server_that_is_busy_holds_its_own_port_alone(client: Redis) -> None:
    listed = "https://masa.example/rss"
    gate = await leave_from(client, listed, listed, f"https://{HOST}:81/", found="busy")
    assert await client.zrange(KEYS.held_hosts, 0, -1) == [f"{HOST}:81".encode()]
    assert await ask(gate, "b") == [0]


async def test_an_answer_at_another_port_ends_no_wait(client: Redis) -> None:
    listed = f"https://{HOST}/rss"
    await leave_from(client, listed, listed, found="down")
    await leave_from(client, listed, f"https://{HOST}:81/rss", found="up")
    assert await client.zrange(KEYS.held_hosts, 0, -1) == [HOST.encode()]


async def test_nothing_is_said_of_a_host_that_was_not_reached(client: Redis) -> None:
    gate = a_gate(client, **FAST, host_down_after=1)
    visit = HostSession(gate, HostRequest("a", "masa.example"), f"https://{HOST}/rss")
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
