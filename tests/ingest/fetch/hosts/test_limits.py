"""Who is let in to a host, and when: rules kept in a real Redis, over several processes."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from config.settings import Settings
from ingest.fetch.hosts.limits import HostGate, HostRelease, HostRequest
from tests.support.conditions import until
from tests.support.hosts import FAST, HOST, KEYS, SLOW, a_gate, ask, leave, let_pass

pytestmark = pytest.mark.anyio


async def test_no_more_than_two_are_at_a_host(client: Redis) -> None:
    first, second, third = await ask(a_gate(client, **FAST), "a", "b", "c")
    assert (first, second) == (0, 0)
    assert third < 0


async def test_the_places_of_a_host_are_shared_by_all_processes(client: Redis) -> None:
    one, other = a_gate(client, **FAST), a_gate(client, **FAST)
    assert await ask(one, "a") == [0]
    assert await ask(other, "b") == [0]
    [third] = await ask(other, "c")
    assert third < 0


async def test_one_that_leaves_makes_room(client: Redis) -> None:
    gate = a_gate(client, **FAST, host_concurrency=1)
    await ask(gate, "a")
    await leave(gate, "a")
    assert await ask(gate, "b") == [0]


async def test_the_place_of_a_process_that_died_is_free_after_the_lease(client: Redis) -> None:
    dead = a_gate(client, **FAST, host_concurrency=1, lease_seconds=0.001)
    alive = a_gate(client, **FAST, host_concurrency=1)
    await ask(dead, "a")

    async def is_let_in() -> bool:
        return await ask(alive, "b", waited=True) == [0]

    await until(is_let_in)


async def test_two_polls_are_a_gap_apart_in_all_processes(client: Redis) -> None:
    await ask(a_gate(client, **SLOW), "a")
    [wait] = await ask(a_gate(client, **SLOW), "b")
    assert -100 <= wait < -90


async def test_those_who_wait_get_times_a_gap_apart(client: Redis) -> None:
    _, *waits = await ask(a_gate(client, **SLOW), "a", "b", "c")
    assert [round(-wait / 100) for wait in waits] == [1, 2]


async def test_who_comes_later_does_not_get_in_before_who_has_waited(client: Redis) -> None:
    gate = a_gate(client, **SLOW)
    await ask(gate, "a", "b")
    await leave(gate, "a")
    await client.hset(KEYS.host(HOST), "last", "1")  # the gap has passed
    [late] = await ask(gate, "late")
    assert late < 0
    assert await ask(gate, "b", waited=True) == [0]


async def test_who_has_waited_gets_a_place_that_is_free_within_a_tick(client: Redis) -> None:
    gate = a_gate(client, **SLOW, tick_seconds=101)
    await ask(gate, "a")
    [wait] = await ask(gate, "b", waited=True)
    assert 90 < wait <= 100
    [third] = await ask(gate, "c", waited=True)
    assert third < 0


async def test_who_has_waited_waits_again_for_a_place_that_is_free_later(client: Redis) -> None:
    gate = a_gate(client, **SLOW, tick_seconds=1)
    await ask(gate, "a")
    [wait] = await ask(gate, "b", waited=True)
    assert -100 <= wait < -90


async def test_nobody_is_promised_a_time_more_than_minutes_ahead(client: Redis) -> None:
    waits = await ask(a_gate(client, **SLOW), *map(str, range(200)))
    assert all(-300 <= wait < 0 for wait in waits[1:])


async def test_a_slow_host_is_asked_at_the_pace_that_it_keeps(client: Redis) -> None:
    gate = a_gate(client, host_gap_seconds=1)
    await ask(gate, "a")
    gate.leave(HostRelease("a", HOST, "up", lasted_seconds=40))
    await gate.flush()
    await let_pass(client)
    waits = await ask(gate, "b", "c", "d", "e")
    assert [round(-wait) for wait in waits] == [0, 1, 21, 41]


async def test_a_site_that_asks_for_a_longer_gap_gets_it(client: Redis) -> None:
    gate = HostGate(client, Settings(host_gap_seconds=1), lambda host: 30.0)
    _, wait = await ask(gate, "a", "b")
    assert -30 <= wait < -29


async def test_hosts_do_not_wait_for_each_other(client: Redis) -> None:
    gate = a_gate(client, **SLOW)
    await ask(gate, "a", "b", "c")
    assert await ask(gate, "d", host="masa.example") == [0]


async def test_answers_are_in_the_order_of_the_questions_over_all_shards(client: Redis) -> None:
    gate = a_gate(client, **SLOW, shards=4)
    hosts = [f"site{number}.example" for number in range(12)]
    await gate.admit([HostRequest(host, host) for host in hosts[::2]])
    told = await gate.admit([HostRequest("late", host) for host in hosts])
    assert [each.own_place for each in told] == [False, True] * 6


async def test_nothing_is_limited_on_the_own_machine(client: Redis) -> None:
    gate = a_gate(client, **SLOW)
    assert await ask(gate, *"abcdef", host="127.0.0.1") == [0] * 6
    gate.leave(HostRelease("a", "127.0.0.1", "down"))
    await gate.flush()
    assert await client.keys() == []


async def test_what_is_known_of_a_host_is_forgotten_in_the_end(client: Redis) -> None:
    gate = a_gate(client, host_down_after=1)
    await ask(gate, "a", "b")
    assert 0 < await client.ttl(KEYS.host(HOST)) <= 2 * 3600
    await leave(gate, "a", "down")
    assert 86400 < await client.ttl(KEYS.host(HOST)) <= 14 * 86400
