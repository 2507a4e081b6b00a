"""Entries that wait for the page of their article: none is lost, none comes twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from config.model import Feed
from ingest.model import Entry, FeedState
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream, PollCommit, decode_entry
from ingest.streams.page_wishes import PagePlan, PageWish
from ingest.streams.pages import PageQueue
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.entries import make_entry

KEYS = Keys(0)
PAGE = b"the page"

pytestmark = pytest.mark.anyio


class Queue:
    """A shard's entries and pages; the title of an entry says what it wants of its page."""

    def __init__(self, client: Redis, feed: Feed) -> None:
        self._client = client
        self.feed = feed
        self.pages = PageQueue(client, KEYS, lease_seconds=60, memory_seconds=3600)

    async def commit(self, *entries: Entry, wait_seconds: float = 60) -> None:
        plan = PagePlan(
            lambda entry: PageWish(entry.url[-1], entry.title != "complete"), wait_seconds
        )
        stream = EntriesStream(self._client, KEYS, 3600, plan)
        await DueSet(self._client, KEYS, 60).sync([self.feed.id], 3600)
        fresh = [entry for entry in entries if not entry.is_revision]
        revised = [entry for entry in entries if entry.is_revision]
        marks = [entry.fingerprint for entry in entries]
        await stream.commit_poll(PollCommit(self.feed.id, FeedState(), 9, marks, fresh, revised))

    async def sent(self) -> list[tuple[str, bool]]:
        """Return what is on the workers' queue: guid, and whether the page is with it."""
        messages = messages_of_range(await self._client.xrange(KEYS.entries))
        return [
            (decode_entry(each.fields[b"data"]).guid, each.fields.get(b"page") == PAGE)
            for each in messages
        ]


@pytest.fixture
def queue(client: Redis, feed: Feed) -> Queue:
    return Queue(client, feed)


def entry(feed: Feed, mark: str, url: str = "", **changes: object) -> Entry:
    made = make_entry(feed, mark)
    return replace(made, url=f"https://sabah.example/{url or mark}", **changes)  # type: ignore[arg-type]


async def test_an_entry_waits_for_its_page_and_goes_with_it_once(queue: Queue) -> None:
    await queue.commit(entry(queue.feed, "a"), entry(queue.feed, "b", title="complete"))
    assert await queue.sent() == [("b", False)]
    [job] = await queue.pages.take(10)
    assert [each.guid for each in job.entries] == ["a"]
    assert await queue.pages.settle(job.name, PAGE) == 1
    assert await queue.pages.settle(job.name, PAGE) == -1
    assert await queue.sent() == [("b", False), ("a", True)]
    assert await queue.pages.length() == 0


async def test_a_commit_that_is_repeated_adds_nothing(queue: Queue) -> None:
    for _ in range(2):
        await queue.commit(entry(queue.feed, "a"))
    [job] = await queue.pages.take(10)
    assert len(job.entries) == 1


async def test_all_entries_that_show_an_article_have_one_page(queue: Queue) -> None:
    await queue.commit(entry(queue.feed, "a", "x"), entry(queue.feed, "b", "x"))
    [job] = await queue.pages.take(10)
    assert await queue.pages.settle(job.name, PAGE) == 2
    await queue.commit(entry(queue.feed, "c", "x"))
    assert await queue.sent() == [("a", True), ("b", True), ("c", False)]
    assert await queue.pages.take(10) == []


async def test_a_revision_has_its_page_fetched_again(queue: Queue) -> None:
    await queue.commit(entry(queue.feed, "a"))
    await queue.pages.settle("a", PAGE)
    await queue.commit(entry(queue.feed, "a", is_revision=True))
    assert [job.name for job in await queue.pages.take(10)] == ["a"]


async def test_a_revision_does_not_overtake_the_entry_that_waits(queue: Queue) -> None:
    await queue.commit(entry(queue.feed, "a"))
    await queue.commit(entry(queue.feed, "a", title="complete", is_revision=True))
    assert await queue.sent() == []
    await queue.pages.settle("a", PAGE)
    assert await queue.sent() == [("a", True), ("a", True)]


async def test_who_has_waited_long_enough_goes_first_and_again_with_the_page(
    queue: Queue,
) -> None:
    await queue.commit(entry(queue.feed, "a"), wait_seconds=0)
    assert await queue.pages.release_overdue() == 1
    assert await queue.pages.release_overdue() == 0
    await queue.pages.settle("a", PAGE)
    assert await queue.sent() == [("a", False), ("a", True)]


async def test_what_went_without_its_page_does_not_become_what_it_was(queue: Queue) -> None:
    await queue.commit(entry(queue.feed, "a"))
    await queue.pages.release("a")
    await queue.commit(entry(queue.feed, "a", guid="a, revised", is_revision=True))
    await queue.pages.release("a")
    await queue.pages.settle("a", PAGE)
    assert await queue.sent() == [("a", False), ("a, revised", False), ("a, revised", True)]


async def test_a_page_that_is_given_up_lets_only_those_go_that_wait(queue: Queue) -> None:
    await queue.commit(entry(queue.feed, "a", "x"))
    await queue.pages.release("x")
    await queue.commit(entry(queue.feed, "b", "x"))
    assert await queue.pages.settle("x", b"") == 1
    assert await queue.sent() == [("a", False), ("b", False)]


async def test_a_page_whose_process_died_is_due_again_after_the_lease(
    client: Redis, queue: Queue
) -> None:
    brief = PageQueue(client, KEYS, lease_seconds=0, memory_seconds=60)
    await queue.commit(entry(queue.feed, "a"))
    assert [job.name for job in await brief.take(10)] == ["a"]
    assert await brief.begin(["a"]) == {"a": 1}
    assert [job.name for job in await queue.pages.take(10)] == ["a"]
    assert await queue.pages.begin(["a"]) == {"a": 2}
    assert await queue.pages.take(10) == []


async def test_a_try_that_told_nothing_is_not_counted(queue: Queue) -> None:
    await queue.commit(entry(queue.feed, "a"))
    await queue.pages.take(10)
    await queue.pages.begin(["a"])
    await queue.pages.take_back("a", 0, waits=True)
    [job] = await queue.pages.take(10)
    assert job.waited_for_host
    assert await queue.pages.begin(["a"]) == {"a": 1}


async def test_a_page_that_was_settled_meanwhile_is_not_begun(client: Redis, queue: Queue) -> None:
    await queue.commit(entry(queue.feed, "a"))
    await queue.pages.settle("a", PAGE)
    assert await queue.pages.begin(["a"]) == {}
    await queue.pages.take_back("a", 5, waits=True)
    assert not await client.exists(KEYS.page("a"), KEYS.pages)


async def test_entries_that_wait_for_pages_count_in_the_backlog(
    client: Redis, queue: Queue
) -> None:
    await queue.commit(entry(queue.feed, "a"), entry(queue.feed, "b", title="complete"))
    assert await EntriesStream(client, KEYS, 3600).backlog() == 2


async def test_what_is_no_entry_goes_on_to_the_dead_letters_of_the_workers(
    client: Redis, queue: Queue
) -> None:
    await queue.commit(entry(queue.feed, "a"))
    await client.hset(KEYS.page("a"), "1", "nonsense")
    assert await queue.pages.take(10) == []
    [message] = messages_of_range(await client.xrange(KEYS.entries))
    assert message.fields == {b"data": b"nonsense"}
