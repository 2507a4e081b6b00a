"""The due set: leases, and following the feed list."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st
from redis.asyncio import Redis

from ingest.streams.due import DueSet, state_from_hash, state_to_hash
from ingest.streams.keys import Keys
from ingest.types import FeedState

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
        interval_seconds=st.floats(0, 1e6),
        polled_at=_instant,
        changed_at=_instant,
        next_due=_instant,
        failures=st.integers(0, 1000),
        last_error=_text,
    )
)
def test_every_state_survives_the_hash(state: FeedState) -> None:
    flat = [part.encode() for part in state_to_hash(state)]
    assert state_from_hash(dict(zip(flat[::2], flat[1::2], strict=True))) == state
