"""The due set: leases, and following the feed list."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given, strategies as st
from redis.asyncio import Redis

from config.model import Feed
from ingest.model import FeedState
from ingest.streams.due import NEW_AT_ONCE, NEW_PER_SECOND, DueSet
from ingest.streams.entries import EntriesStream, PollCommit
from ingest.streams.feed_state import decode_state, encode_state
from nabaa.errors import FailureKind
from nabaa.streams.keys import Keys

KEYS = Keys(0)


@pytest.mark.anyio
async def test_a_feed_that_is_new_in_the_list_is_due_at_once(client: Redis) -> None:
    due = DueSet(client, KEYS, lease_seconds=60)
    await due.sync(["a", "b"], 3600)
    assert {taken.feed_id for taken in await due.take(10)} == {"a", "b"}


@pytest.mark.anyio
async def test_a_leased_feed_is_not_taken_twice(client: Redis) -> None:
    due = DueSet(client, KEYS, lease_seconds=60)
    await due.sync(["a"], 3600)
    await due.take(10)
    assert await due.take(10) == []


@pytest.mark.anyio
async def test_the_feed_of_a_process_that_died_comes_back_after_its_lease(client: Redis) -> None:
    due = DueSet(client, KEYS, lease_seconds=0)
    await due.sync(["a"], 3600)
    await due.take(10)
    assert [taken.feed_id for taken in await due.take(10)] == ["a"]


@pytest.mark.anyio
async def test_no_more_feeds_are_taken_than_asked_for(client: Redis) -> None:
    due = DueSet(client, KEYS, lease_seconds=60)
    await due.sync(["a", "b", "c"], 3600)
    assert len(await due.take(2)) == 2


@pytest.mark.anyio
async def test_a_feed_that_was_given_back_is_due_at_once(client: Redis) -> None:
    due = DueSet(client, KEYS, lease_seconds=60)
    await due.sync(["a"], 3600)
    await due.take(10)
    await due.postpone("a", 0)
    assert [taken.feed_id for taken in await due.take(10)] == ["a"]


@pytest.mark.anyio
async def test_a_restart_does_not_make_polled_feeds_due(client: Redis) -> None:
    due = DueSet(client, KEYS, lease_seconds=60)
    await due.sync(["a"], 3600)
    await due.take(10)
    assert await due.sync(["a"], 3600) == (0, 0)
    assert await due.take(10) == []


@pytest.mark.anyio
async def test_what_was_seen_of_a_removed_feed_is_kept_for_a_while(client: Redis) -> None:
    due = DueSet(client, KEYS, lease_seconds=60)
    await due.sync(["a"], 3600)
    await client.zadd(KEYS.seen("a"), {"mark": 1})
    await due.sync([], 3600)
    assert 0 < await client.ttl(KEYS.seen("a")) <= 3600


@pytest.mark.anyio
async def test_the_memory_of_a_feed_that_came_back_is_kept_for_good(client: Redis) -> None:
    due = DueSet(client, KEYS, lease_seconds=60)
    await due.sync(["a"], 3600)
    await client.zadd(KEYS.seen("a"), {"mark": 1})
    await due.sync([], 3600)
    await due.sync(["a"], 3600)
    assert await client.ttl(KEYS.seen("a")) == -1


@pytest.mark.anyio
async def test_a_feed_that_left_the_list_is_not_given_back(client: Redis) -> None:
    due = DueSet(client, KEYS, lease_seconds=60)
    await due.sync(["a"], 3600)
    await due.take(10)
    await due.sync([], 3600)
    await due.give_back({"a": 0}, waits=True)
    assert await client.keys() == [KEYS.clocks.encode()]


@pytest.mark.anyio
async def test_an_ended_feed_is_due_again_when_its_address_has_changed(client: Redis) -> None:
    due = DueSet(client, KEYS, lease_seconds=60)
    await due.sync(["same", "changed", "lives"], 3600)
    await due.take(10)
    for feed_id in ("same", "changed"):
        await client.zadd(KEYS.due, {feed_id: math.inf})
        state = encode_state(FeedState(url="https://a.example/", ended=True))
        await client.hset(KEYS.feed(feed_id), "state", state)
    urls = {"same": "https://a.example/", "changed": "https://b.example/", "lives": "https://c/"}
    assert await due.revive(urls) == ["same"]
    assert [taken.feed_id for taken in await due.take(10)] == ["changed"]


_text = st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
_instant = st.none() | st.datetimes(
    datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)
)


@given(
    st.builds(
        FeedState,
        url=_text,
        etag=_text,
        last_modified=_text,
        body_hash=_text,
        moved_to=_text,
        moved_seen=st.integers(0, 5),
        ended=st.booleans(),
        interval_seconds=st.floats(0, 1e6),
        polled_at=_instant,
        changed_at=_instant,
        next_due=_instant,
        failures=st.integers(0, 1000),
        last_error=_text,
        failure=st.none() | st.sampled_from(get_args(FailureKind)),
    )
)
def test_every_state_survives_the_hash(state: FeedState) -> None:
    assert decode_state({b"state": encode_state(state)}) == state


def test_what_a_hub_writes_of_a_feed_is_its_own() -> None:
    until = datetime(2026, 3, 1, tzinfo=UTC)
    assert encode_state(FeedState(pushed_until=until)) == b"{}"
    assert decode_state({b"pushed_until": until.isoformat().encode()}).pushed_until == until


@pytest.mark.anyio
async def test_more_new_feeds_than_a_few_are_spread(client: Redis) -> None:
    due = DueSet(client, KEYS, lease_seconds=60)
    ids = [f"feed{number}" for number in range(4 * NEW_AT_ONCE)]
    await due.sync(ids, 3600, spread_seconds=10_000)
    taken = await due.take(len(ids))
    assert NEW_AT_ONCE / 2 < len(taken) < 2 * NEW_AT_ONCE
    seconds, _ = await client.time()
    half = len(ids) / NEW_PER_SECOND / 2
    assert await client.zcount(KEYS.due, seconds + half, "inf") > NEW_AT_ONCE


@pytest.mark.anyio
async def test_a_clock_that_is_set_back_takes_the_times_with_it(client: Redis) -> None:
    due = DueSet(client, KEYS, lease_seconds=60)
    await due.sync(["a", "b"], 3600)
    assert len(await due.take(10)) == 2
    await due.give_back({"a": 1800, "b": 1800}, waits=False)
    # As if the clock had been an hour ahead until now.
    for feed_id in ("a", "b"):
        await client.zincrby(KEYS.due, 3600, feed_id)
    await client.hincrbyfloat(KEYS.clocks, KEYS.due, 3600)
    await due.take(10)
    seconds, _ = await client.time()
    assert await client.zcount(KEYS.due, seconds + 1700, seconds + 1900) == 2


@pytest.mark.anyio
async def test_a_paused_feed_is_not_taken_until_it_goes_on(client: Redis) -> None:
    due = DueSet(client, KEYS, lease_seconds=60)
    await due.sync(["a", "b"], 3600)
    await due.pause("a")
    assert [taken.feed_id for taken in await due.take(10)] == ["b"]
    await due.postpone("a", 0)
    assert await due.take(10) == []
    await due.go_on("a")
    assert [taken.feed_id for taken in await due.take(10)] == ["a"]


@pytest.mark.anyio
async def test_a_feed_that_is_paused_while_it_is_polled_stays_paused(
    client: Redis, feed: Feed
) -> None:
    due = DueSet(client, KEYS, lease_seconds=60)
    await due.sync([feed.id], 3600)
    await due.take(10)
    await due.pause(feed.id)
    await EntriesStream(client, KEYS, 3600).commit_poll(
        PollCommit(feed.id, FeedState(url=feed.url), 0, [], [])
    )
    assert await due.take(10) == []
    [state] = await due.states([feed.id])
    assert (state.paused, state.url) == (True, feed.url)


@pytest.mark.anyio
async def test_a_paused_feed_stays_so_when_the_due_set_is_lost_or_its_address_changes(
    client: Redis,
) -> None:
    due = DueSet(client, KEYS, lease_seconds=60)
    await due.sync(["a"], 3600)
    await due.pause("a")
    assert await due.revive({"a": "https://sabah.example/new"}) == []
    await client.delete(KEYS.due)
    await due.sync(["a"], 3600)
    assert await due.take(10) == []
