"""What a hub sends at once is bounded as what a poll brings is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from config.model import Feed
from ingest.schedule.entry_limits import EntryLimits
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream
from ingest.streams.page_wishes import PagePlan, PageWish
from ingest.streams.pages import PageQueue
from ingest.websub.intake import Intake, Pushed
from nabaa.streams.keys import Keys

pytestmark = pytest.mark.anyio
KEYS = Keys(0)


def document(items: int, letters: int = 0) -> bytes:
    listed = "".join(
        f"<item><title>خبر {number}</title><guid>{number}</guid>"
        f"<description>{'x' * letters}</description></item>"
        for number in range(items)
    )
    return f'<rss version="2.0"><channel><title>x</title>{listed}</channel></rss>'.encode()


@pytest.mark.parametrize(
    ("letters", "each_time"), [(0, [3, 2, 0]), (40_000, [1, 1, 1]), (200_000, [1, 0, 0])]
)
async def test_a_hub_brings_no_more_at_once_and_a_day_than_a_feed_may(
    client: Redis, feed: Feed, letters: int, each_time: list[int]
) -> None:
    await DueSet(client, KEYS, 60).sync([feed.id], 3600)
    entries = EntriesStream(client, KEYS, 3600)
    seconds, _ = await client.time()

    def clock() -> datetime:
        return datetime.fromtimestamp(seconds, UTC)

    intake = Intake(client, KEYS, entries, clock, EntryLimits(at_once=3, a_day=5))
    pushed = Pushed(feed.url, "application/rss+xml", document(10, letters), clock())
    taken = [await intake.take_in(feed, pushed) for _ in range(3)]
    assert taken == [(count, True) for count in each_time]
    assert await entries.backlog() == sum(each_time)


async def test_what_a_hub_sends_of_a_paused_feed_is_left_to_the_poll_after_it(
    client: Redis, feed: Feed
) -> None:
    due = DueSet(client, KEYS, 60)
    await due.sync([feed.id], 3600)
    await due.pause(feed.id)
    entries = EntriesStream(client, KEYS, 3600)
    now = datetime(2026, 3, 1, tzinfo=UTC)
    intake = Intake(client, KEYS, entries, lambda: now, EntryLimits(at_once=3, a_day=5))
    pushed = Pushed(feed.url, "application/rss+xml", document(1), now)
    assert await intake.take_in(feed, pushed) == (0, False)
    assert await entries.known(feed.id, ["0" * 32]) == set()
    await due.go_on(feed.id)
    assert (await intake.take_in(feed, pushed)).new_entries == 1


async def test_an_entry_that_a_hub_sends_waits_for_its_page_as_well(
    client: Redis, feed: Feed
) -> None:
    await DueSet(client, KEYS, 60).sync([feed.id], 3600)
    plan = PagePlan(lambda entry: PageWish(entry.guid, is_wanted=entry.guid == "1"), 60)
    entries = EntriesStream(client, KEYS, 3600, plan)
    now = datetime(2026, 3, 1, tzinfo=UTC)
    intake = Intake(client, KEYS, entries, lambda: now, EntryLimits(at_once=9, a_day=9))
    pushed = Pushed(feed.url, "application/rss+xml", document(3), now)
    assert [(await intake.take_in(feed, pushed)).new_entries for _ in range(2)] == [3, 0]
    assert await client.xlen(KEYS.entries) == 2
    [job] = await PageQueue(client, KEYS, 60, 60).take(9)
    assert [each.guid for each in job.entries] == ["1"]
