"""The stage that fetches pages, as status and metrics tell of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis
from rich.console import Console

from config.model import Feed
from ingest.model import FeedState
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream, PollCommit
from ingest.streams.page_troubles import PageTroubles, Trouble
from ingest.streams.page_wishes import PagePlan, PageWish
from ingest.streams.pages import PageQueue
from nabaa.redis.connection import connect
from nabaa.streams.keys import SHARDS, Keys
from nabaa.types import Page
from tests.support.articles import make_article
from tests.support.entries import make_entry
from workers.operations.metrics import metrics_of
from workers.operations.reshard import reshard
from workers.operations.status import read_status
from workers.operations.status_view import print_status
from workers.page_outcomes import tell_outcomes
from workers.publish.records import read_owner_feed

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
WALL = Trouble("bot_check", "a bot wall", "https://sabah.example/1", NOW)


async def commit(client: Redis, feed: Feed, *marks: str) -> PageQueue:
    """Let entries wait for a page each, named as they are."""
    await DueSet(client, KEYS, 60).sync([feed.id], 3600)
    plan = PagePlan(lambda entry: PageWish(entry.guid, is_wanted=True), 60)
    entries = [make_entry(feed, mark) for mark in marks]
    present = [entry.fingerprint for entry in entries]
    commit = PollCommit(feed.id, FeedState(), 9, present, entries)
    await EntriesStream(client, KEYS, 3600, plan).commit_poll(commit)
    return PageQueue(client, KEYS, 60, 60)


async def test_pages_are_waited_for_or_late(client: Redis, feed: Feed) -> None:
    queue = await commit(client, feed, "a", "b", "c")
    await queue.release("a")
    await queue.settle("b", b"page")
    status = await read_status(client, 1)
    assert (status.pages.waiting, status.pages.late) == (1, 1)
    assert status.rates["pages"][60] == 1


async def test_a_feed_whose_pages_bring_no_text_is_told_with_the_reason(client: Redis) -> None:
    troubles = PageTroubles(client, KEYS)
    for _ in range(3):
        await troubles.tell([("sabah", WALL)])
    await troubles.tell([("masa", replace(WALL, kind="consent"))])
    status = await read_status(client, 1)
    told = [(each.feed_id, each.times, each.last.kind) for each in status.pages.troubles]
    assert told == [("sabah", 3, "bot_check"), ("masa", 1, "consent")]
    assert b'nabaa_feeds_without_page_text{reason="bot_check"} 1.0' in metrics_of(status)
    console = Console(record=True, width=200)
    print_status(status, console)
    assert "a bot wall: https://sabah.example/1" in console.export_text()


async def test_a_page_that_brings_a_text_ends_the_trouble(client: Redis) -> None:
    troubles = PageTroubles(client, KEYS)
    await troubles.tell([("sabah", WALL), ("masa", WALL)])
    read = make_article(page=Page("", "", None, NOW))
    await tell_outcomes(troubles, [read])
    status = await read_status(client, 1)
    assert [each.feed_id for each in status.pages.troubles] == ["masa"]


async def test_a_page_that_holds_no_article_is_told_by_the_workers(client: Redis) -> None:
    walled = make_article(page=Page("", "", None, NOW, "paywall"))
    await tell_outcomes(PageTroubles(client, KEYS), [walled])
    [told] = (await read_status(client, 1)).pages.troubles
    assert (told.last.kind, told.last.reason) == ("paywall", "the page is for subscribers")


async def test_entries_that_wait_for_pages_go_with_the_queue_when_it_is_resharded(
    server_url: str, feed: Feed
) -> None:
    async with connect(server_url) as client:
        await client.hset(SHARDS, "count", "1")
        queue = await commit(client, feed, "a", "b")
        await queue.release("a")
        await reshard(client, 4, {feed.id: feed.url}, 60, read_owner_feed)
        lengths = [await client.xlen(Keys(shard).entries) for shard in range(4)]
        assert sum(lengths) == 2
        assert not await client.exists(KEYS.pages, KEYS.page_waits, KEYS.page("a"))
