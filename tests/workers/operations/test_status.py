"""How the wire stands is told as it is."""

from __future__ import annotations

import asyncio
import io
import time
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis
from rich.console import Console

from config.model import Feed
from ingest.model import FeedState
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream, PollCommit
from nabaa import GroupReader
from nabaa.streams.keys import Keys, all_shards
from tests.support.articles import numbered_article
from tests.support.entries import make_entry
from workers.operations.status import read_status
from workers.operations.status_model import FailingFeed, HeldHost, WireStatus, sum_rates
from workers.operations.status_view import print_status
from workers.publish.versions import MadeArticle
from workers.queue import WorkQueue

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


async def commit(client: Redis, feed: Feed, state: FeedState, delay: float, *marks: str) -> None:
    entries = [make_entry(feed, mark) for mark in marks]
    present = [entry.fingerprint for entry in entries]
    stream = EntriesStream(client, KEYS, 3600)
    await stream.commit_poll(PollCommit(feed.id, state, delay, present, entries))


async def published(client: Redis, feed: Feed, *marks: str) -> WorkQueue:
    """Make entries and publish all but the last two, of which a worker holds one."""
    await DueSet(client, KEYS, 60).sync([feed.id], 3600)
    await commit(client, feed, FeedState(), 900, *marks)
    queue = WorkQueue(client, KEYS, "me")
    await queue.join()
    deliveries = await queue.take(len(marks) - 1, 1)
    await queue.publish(
        [
            (each, MadeArticle(numbered_article(number)))
            for number, each in enumerate(deliveries[:-1])
        ]
    )
    return queue


async def test_an_empty_server_has_nothing_to_tell(client: Redis) -> None:
    status = await read_status(client, 1)
    assert abs(status.at.timestamp() - time.time()) < 60
    looked_at = {"server_faults": status.server_faults, "memory_bytes": status.memory_bytes}
    assert status == WireStatus(status.at, **looked_at)  # type: ignore[arg-type]


async def test_feeds_are_due_or_late(client: Redis) -> None:
    now = time.time()
    for feed_id, due in (("soon", 900), ("now", -5), ("late", -90), ("later", -600)):
        await client.zadd(KEYS.due, {feed_id: now + due})
    status = await read_status(client, 1)
    assert (status.feeds, status.due, status.late) == (4, 3, 2)
    assert 600 <= status.longest_wait_seconds < 660


async def test_a_feed_that_was_never_polled_is_due_but_since_when_is_not_known(
    client: Redis,
) -> None:
    await DueSet(client, KEYS, 60).sync(["new"], 3600)
    status = await read_status(client, 1)
    assert (status.due, status.longest_wait_seconds) == (1, 0.0)


async def test_failing_feeds_are_told_with_the_reason_the_worst_first(
    client: Redis, feed: Feed
) -> None:
    await DueSet(client, KEYS, 60).sync(["well", "bad", "worse", "bad too"], 3600)
    for feed_id, failures in (("well", 0), ("bad", 1), ("worse", 7), ("bad too", 1)):
        error = f"feed {feed_id}: HTTP status 50{failures}" if failures else None
        state = FeedState(failures=failures, last_error=error, next_due=NOW)
        await EntriesStream(client, KEYS, 3600).commit_poll(
            PollCommit(feed_id, state, 60, None, ())
        )
    status = await read_status(client, 1)
    assert status.failing == [
        FailingFeed("worse", 7, "feed worse: HTTP status 507", NOW),
        FailingFeed("bad", 1, "feed bad: HTTP status 501", NOW),
        FailingFeed("bad too", 1, "feed bad too: HTTP status 501", NOW),
    ]


async def test_entries_wait_or_are_worked_on(client: Redis, feed: Feed) -> None:
    await published(client, feed, "a", "b", "c", "d")
    status = await read_status(client, 1)
    assert (status.waiting, status.working, status.articles, status.dead) == (1, 1, 2, 0)


async def test_dead_letters_are_counted(client: Redis, feed: Feed) -> None:
    queue = await published(client, feed, "a", "b", "c")
    [held] = await queue.take(1, 1)
    await queue.bury(held, "ValueError: no")
    status = await read_status(client, 1)
    assert (status.dead, status.rates["dead"][60]) == (1, 1)


async def test_groups_are_told_with_what_they_hold_and_what_waits_for_them(
    client: Redis, feed: Feed
) -> None:
    await published(client, feed, *"abcdef")
    slow = GroupReader(client, 1, "slow", "me", count=2)
    async with aclosing(slow.read(asyncio.Event())) as reading:
        await anext(reading)
    [group] = (await read_status(client, 1)).groups
    assert (group.name, group.stream, group.consumers) == ("slow", KEYS.articles, 1)
    assert (group.pending, group.lag) == (2, 2)


async def test_a_group_that_has_had_all_lags_behind_nothing(client: Redis, feed: Feed) -> None:
    await published(client, feed, *"abc")
    await client.xgroup_create(KEYS.articles, "desk", id="$")
    [group] = (await read_status(client, 1)).groups
    assert (group.pending, group.lag) == (0, 0)


async def test_all_shards_are_one_wire(client: Redis) -> None:
    for keys in all_shards(3):
        await client.zadd(keys.due, {f"feed{keys.shard}": time.time() - 5})
        await client.xadd(keys.articles, {"data": "x"})
        await client.xgroup_create(keys.articles, "desk", id="0")
        await client.hset(keys.rates, f"polls:{int(time.time() // 60)}", "2")
    status = await read_status(client, 3)
    assert (status.feeds, status.due, status.articles, len(status.groups)) == (3, 3, 3, 3)
    assert status.rates["polls"][60] == 6


async def test_what_was_done_is_counted_by_the_minute(client: Redis, feed: Feed) -> None:
    await published(client, feed, "a", "b", "c", "d")
    status = await read_status(client, 1)
    counted = {kind: by_minutes[60] for kind, by_minutes in status.rates.items()}
    of_articles = {"polls": 1, "entries": 4, "articles": 2, "updates": 0, "dead": 0}
    assert counted == {**of_articles, "pages": 0, "stories": 0}


def test_of_the_oldest_minute_only_the_part_that_counts_is_taken() -> None:
    counts = {b"polls:100": b"60", b"polls:99": b"40", b"polls:95": b"20", b"polls:39": b"99"}
    # A quarter of minute 100 is over: three quarters of minute 99 are within the last minute.
    assert sum_rates(counts, 100.25 * 60)["polls"] == {
        1: 60 + 30,
        5: 60 + 40 + 15,
        60: 60 + 40 + 20,
    }


def test_kinds_of_a_later_version_and_minutes_to_come_are_passed_over() -> None:
    assert sum_rates({b"updates:100": b"5", b"polls:101": b"7"}, 6000.0)["polls"][60] == 0


def shown(status: WireStatus) -> str:
    out = io.StringIO()
    print_status(status, Console(file=out, width=10_000))
    return out.getvalue()


def test_what_is_shown_names_why_a_feed_fails_and_obeys_nothing_in_it() -> None:
    failing = FailingFeed("x", 3, "feed x: [red]\x1b[31m[/]", NOW + timedelta(minutes=5))
    text = shown(WireStatus(NOW, feeds=9, failing=[failing]))
    assert "x             3      09:05:00Z  feed x: [red]␛[31m[/]" in text


def test_only_the_worst_feeds_are_shown_and_the_rest_counted() -> None:
    failing = [FailingFeed(f"feed-{i}", 1, "no", None) for i in range(50)]
    text = shown(WireStatus(NOW, failing=failing))
    assert text.count("feed-") == 20
    assert "and 30 more; --json has all" in text


def test_reasons_ended_feeds_and_hosts_left_alone_are_shown() -> None:
    failing = [
        FailingFeed("a", 9, "feed a: 404", NOW + timedelta(days=3), "missing"),
        FailingFeed("b", 1, "feed b: 404", NOW + timedelta(minutes=1), "missing"),
    ]
    ended = [FailingFeed("c", 1, "feed c: 410", None, "gone")]
    held = [HeldHost("sabah.example", "down", NOW + timedelta(minutes=2))]
    text = shown(WireStatus(NOW, failing=failing, ended=ended, held_hosts=held))
    assert "a             9      2026-03-04 09:00Z  feed a: 404" in text
    assert "missing          2" in text
    assert "c                feed c: 410" in text
    assert "sabah.example                  down  09:02:00Z" in text


async def test_a_host_that_asked_to_be_left_alone_is_shown_for_that_long(client: Redis) -> None:
    now = time.time()
    await client.zadd(KEYS.held_hosts, {"busy.example": now + 60, "over.example": now - 1})
    await client.zadd(KEYS.held_hosts, {"down.example": now - 1})
    await client.hset(KEYS.host("down.example"), "open", "3")
    status = await read_status(client, 1)
    assert [(each.host, each.why) for each in status.held_hosts] == [
        ("busy.example", "busy"),
        ("down.example", "down"),
    ]


def test_what_was_left_out_of_documents_is_shown() -> None:
    text = shown(WireStatus(NOW, notices={"sabah": ("the newest were read, 500 were left out",)}))
    assert "what was mended or left out" in text
    assert "500 were left out" in text
