"""Who is let in to a host, and when: rules kept in a real Redis, over several processes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from redis.asyncio import Redis

from config.settings import Settings
from ingest.fetch.host_limits import (
    HostBusyError,
    HostGate,
    HostRelease,
    HostRequest,
    HostSession,
    HostVerdict,
    host_of_address,
    is_own_machine,
)
from nabaa.streams.keys import Keys
from tests.support.conditions import until

pytestmark = pytest.mark.anyio
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


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("127.example", False),
        ("1.example", False),
        ("", False),
    ],
)
def test_the_own_machine_is_loopback(host: str, own: bool) -> None:
    assert is_own_machine(host) is own


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://User:pw@Sabah.Example.:8443/rss", "sabah.example"),
        ("https://موقع.مثال/rss", "xn--4gbrim.xn--mgbh0fb"),
        ("http://[::1]:80/", "::1"),
    ],
)
def test_a_host_is_named_as_in_dns(url: str, host: str) -> None:
    assert host_of_address(url) == host


# ---- the breaker ------------------------------------------------------------------------------


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
    gate = a_gate(client, **FAST, host_down_after=2, host_down_max_seconds=100)
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
    caplog.set_level("INFO", "ingest.fetch.host_limits")
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


# ---- a host that asks to be left alone --------------------------------------------------------


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


# ---- a poll's way -----------------------------------------------------------------------------


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


async def test_what_is_known_of_a_host_is_forgotten_in_the_end(client: Redis) -> None:
    gate = a_gate(client, host_down_after=1)
    await ask(gate, "a", "b")
    assert 0 < await client.ttl(KEYS.host(HOST)) <= 2 * 3600
    await leave(gate, "a", "down")
    assert 86400 < await client.ttl(KEYS.host(HOST)) <= 14 * 86400
