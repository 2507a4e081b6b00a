"""The commit of a poll: all or nothing, and idempotent."""

from __future__ import annotations

import math

import pytest
from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError

from config.model import Feed
from ingest.model import Entry, FeedState
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream, PollCommit, decode_entry
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.entries import make_entry

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
STATE = FeedState(url="https://sabah.example/rss.xml", etag='"1"')


@pytest.fixture
async def stream(client: Redis, feed: Feed) -> EntriesStream:
    await DueSet(client, KEYS, 60).sync([feed.id], 3600)
    return EntriesStream(client, KEYS, retention_seconds=3600)


async def commit(stream: EntriesStream, entries: list[Entry]) -> int:
    marks = [entry.fingerprint for entry in entries]
    return await stream.commit_poll(PollCommit("sabah", STATE, 900, marks, entries))


async def test_new_entries_go_on_the_stream_in_order(
    client: Redis, stream: EntriesStream, feed: Feed
) -> None:
    entries = [make_entry(feed, mark) for mark in "abc"]
    assert await commit(stream, entries) == 3
    stored = messages_of_range(await client.xrange(KEYS.entries))
    assert [decode_entry(message.fields[b"data"]) for message in stored] == entries


async def test_a_commit_that_is_repeated_adds_nothing(
    client: Redis, stream: EntriesStream, feed: Feed
) -> None:
    entries = [make_entry(feed, "a")]
    await commit(stream, entries)
    assert await commit(stream, entries) == 0
    assert await stream.backlog() == 1


async def test_known_entries_are_told_from_new_ones(stream: EntriesStream, feed: Feed) -> None:
    entry = make_entry(feed, "a")
    await commit(stream, [entry])
    assert await stream.known(feed.id, [entry.fingerprint, "f" * 32]) == {entry.fingerprint}


async def test_the_feed_is_due_again_after_the_delay(
    client: Redis, stream: EntriesStream, feed: Feed
) -> None:
    await commit(stream, [])
    seconds, _ = await client.time()
    score = await client.zscore(KEYS.due, feed.id)
    assert score == pytest.approx(seconds + 900, abs=30)


async def test_the_state_is_read_back_as_it_was(
    client: Redis, stream: EntriesStream, feed: Feed
) -> None:
    await commit(stream, [])
    assert await DueSet(client, KEYS, 60).states([feed.id]) == [STATE]


async def test_a_feed_that_left_the_list_while_it_was_polled_stays_out(
    client: Redis, stream: EntriesStream, feed: Feed
) -> None:
    await DueSet(client, KEYS, 60).sync([], 3600)
    await commit(stream, [])
    assert await client.zcard(KEYS.due) == 0


async def test_an_entry_is_forgotten_only_when_it_has_left_the_feed_for_long(
    client: Redis, feed: Feed
) -> None:
    await DueSet(client, KEYS, 60).sync([feed.id], 3600)
    forgetful = EntriesStream(client, KEYS, retention_seconds=0.000001)
    gone, stays = make_entry(feed, "a"), make_entry(feed, "b")
    await commit(forgetful, [gone, stays])
    await commit(forgetful, [stays])
    await commit(forgetful, [stays])
    marks = [gone.fingerprint, stays.fingerprint]
    assert await forgetful.known(feed.id, marks) == {stays.fingerprint}


async def test_an_entry_that_stood_in_an_unchanged_feed_for_long_is_kept_when_it_leaves(
    client: Redis, stream: EntriesStream, feed: Feed
) -> None:
    entry = make_entry(feed, "a")
    await commit(stream, [entry])
    # The feed answered 304 for two hours: the document is that old, the entry was there all along.
    seconds, _ = await client.time()
    await client.zadd(KEYS.seen(feed.id), {entry.fingerprint: seconds - 7200})
    await client.hset(KEYS.feed(feed.id), "seen_at", str(seconds - 7200))
    await commit(stream, [])
    assert await stream.known(feed.id, [entry.fingerprint]) == {entry.fingerprint}


async def test_a_server_without_memory_takes_all_or_nothing(
    client: Redis, stream: EntriesStream, feed: Feed
) -> None:
    await client.config_set("maxmemory", "1")
    try:
        with pytest.raises(OutOfMemoryError):
            await commit(stream, [make_entry(feed, "a")])
    finally:
        await client.config_set("maxmemory", "0")
    assert await stream.known(feed.id, [make_entry(feed, "a").fingerprint]) == set()
    assert await stream.backlog() == 0


async def test_ten_thousand_entries_fit_in_one_commit(stream: EntriesStream, feed: Feed) -> None:
    entries = [make_entry(feed, f"{number:05}", content="") for number in range(10_000)]
    assert await commit(stream, entries) == 10_000


async def test_what_is_empty_takes_no_room_and_leaves_no_old_value(
    client: Redis, stream: EntriesStream, feed: Feed
) -> None:
    failed = FeedState(url=feed.url, failures=1, last_error="no route", failure="down")
    await stream.commit_poll(PollCommit(feed.id, failed, 60, None, []))
    await stream.commit_poll(PollCommit(feed.id, FeedState(url=feed.url), 60, None, []))
    stored = await client.hgetall(KEYS.feed(feed.id))
    assert stored == {b"state": f'{{"url":"{feed.url}"}}'.encode()}


async def test_a_feed_that_is_never_due_again_stays_in_the_set(
    client: Redis, stream: EntriesStream, feed: Feed
) -> None:
    await stream.commit_poll(PollCommit(feed.id, STATE, math.inf, None, []))
    assert await client.zscore(KEYS.due, feed.id) == math.inf


async def test_a_feed_that_waited_for_its_host_has_not_waited_for_its_next_poll(
    client: Redis, stream: EntriesStream, feed: Feed
) -> None:
    due = DueSet(client, KEYS, 60)
    await due.give_back({feed.id: 0}, waits=True)
    [taken] = await due.take(1)
    await commit(stream, [])
    await due.give_back({feed.id: 0}, waits=False)
    [again] = await due.take(1)
    assert (taken.waited_for_host, again.waited_for_host) == (True, False)
