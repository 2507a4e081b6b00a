"""Hosts that are down or busy are left alone."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from tests.support.hosts import FAST, HOST, KEYS, a_gate, ask, fail, leave, let_pass

pytestmark = pytest.mark.anyio


async def test_a_host_is_down_when_several_feeds_failed_in_a_row(client: Redis) -> None:
    gate = a_gate(client, **FAST, host_down_after=3)
    await fail(gate, ["a", "b"])
    assert await ask(gate, "c") == [0]
    await leave(gate, "c", "down")
    [wait] = await ask(gate, "d")
    assert -30.1 <= wait < -20
    assert await client.zrange(KEYS.held_hosts, 0, -1) == [HOST.encode()]


async def test_one_feed_that_fails_again_and_again_does_not_make_a_host_down(
    client: Redis,
) -> None:
    gate = a_gate(client, **FAST, host_down_after=3)
    await fail(gate, ["a"] * 6)
    assert await ask(gate, "b") == [0]


async def test_an_answer_ends_a_row_of_failures(client: Redis) -> None:
    gate = a_gate(client, **FAST, host_down_after=3)
    await fail(gate, ["a", "b"])
    await ask(gate, "c")
    await leave(gate, "c", "up")
    await fail(gate, ["d", "e"])
    assert await ask(gate, "f") == [0]


async def test_a_host_that_is_down_is_tried_by_one_feed_at_a_time(client: Redis) -> None:
    gate = a_gate(client, **FAST, host_down_after=2)
    await fail(gate, ["a", "b"])
    await let_pass(client)
    first, second = await ask(gate, "c", "d")
    assert first == 0
    assert second < 0


async def test_a_host_that_stays_down_is_tried_less_and_less(client: Redis) -> None:
    gate = a_gate(client, **FAST, host_down_after=2, retry_max_seconds=600)
    await fail(gate, ["a", "b"])
    waits = []
    for feed in "cdef":
        await let_pass(client)
        await fail(gate, [feed])
        waits.append(-(await ask(gate, "z"))[0])
    assert [round(wait, -1) for wait in waits] == [60, 100, 100, 100]


async def test_a_poll_on_its_way_when_the_host_went_down_says_nothing_new(client: Redis) -> None:
    gate = a_gate(client, **FAST, host_down_after=2, host_concurrency=4)
    await ask(gate, "a", "b", "c")
    for feed in "abc":
        await leave(gate, feed, "down")
    assert await client.hget(KEYS.host(HOST), "open") == b"1"


async def test_a_host_that_answers_again_is_open_to_all(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "ingest.fetch.hosts.limits")
    gate = a_gate(client, **FAST, host_down_after=2)
    await fail(gate, ["a", "b"])
    await let_pass(client)
    await ask(gate, "c")
    await leave(gate, "c", "up")
    assert await ask(gate, "d", "e") == [0, 0]
    assert not await client.exists(KEYS.held_hosts)
    assert caplog.messages == [
        f"host {HOST} is down: one feed at a time tries it until it answers",
        f"host {HOST} answers again",
    ]


async def test_retry_after_holds_for_the_whole_host(client: Redis) -> None:
    gate = a_gate(client, **FAST)
    await ask(gate, "a")
    await leave(gate, "a", "busy", asked=600)
    [wait] = await ask(gate, "b")
    assert -601 <= wait < -590


async def test_an_earlier_answer_does_not_end_what_a_host_asked_for(client: Redis) -> None:
    gate = a_gate(client, **FAST)
    await ask(gate, "a", "b")
    await leave(gate, "a", "busy", asked=600)
    await leave(gate, "b", "up")
    [wait] = await ask(gate, "c")
    assert wait < -590


async def test_a_host_is_left_alone_for_a_day_at_most(client: Redis) -> None:
    gate = a_gate(client, **FAST)
    await ask(gate, "a")
    await leave(gate, "a", "busy", asked=7 * 86400)
    [wait] = await ask(gate, "b")
    assert -86401 <= wait < -86000


async def test_a_busy_host_that_names_no_time_is_left_alone_longer_each_time(
    client: Redis,
) -> None:
    gate = a_gate(client, **FAST)
    waits = []
    for feed in "abc":
        assert await ask(gate, feed) == [0]
        await leave(gate, feed, "busy")
        waits.append(-(await ask(gate, "z"))[0])
        await let_pass(client)
    assert [round(wait, -1) for wait in waits] == [30, 60, 120]


async def test_an_answer_ends_the_wait_of_a_busy_host(client: Redis) -> None:
    gate = a_gate(client, **FAST)
    await ask(gate, "a")
    await leave(gate, "a", "busy")
    await let_pass(client)
    await ask(gate, "b")
    await leave(gate, "b", "up")
    assert await client.hmget(KEYS.host(HOST), "hold", "busy_answers") == [None, None]
    assert not await client.exists(KEYS.held_hosts)
