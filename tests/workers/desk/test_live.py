"""What moves on open pages: the newest articles, and one event for all who look at the same."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

from ingest.model import FeedState
from nabaa.errors import QueueError
from nabaa.message import encode_article
from nabaa.subscriber.received import Received
from nabaa.types import Article
from tests.support.desk.newsroom import NOW, articles, reports, stories
from workers.desk.live.broadcast import Broadcast, Source
from workers.desk.live.events import encode_event
from workers.desk.live.newest import Newest
from workers.desk.live.stories import MOST_STORIES, Stories
from workers.operations.feed_health import Condition, condition_of

MADE = articles(20)


def received(article: Article, milliseconds: int) -> Received:
    return Received("nabaa:{0}:articles", f"{milliseconds}-0", encode_article(article))


def newest_of(*found: Article, most: int = 1000, most_bytes: int = 10**6) -> Newest:
    newest = Newest(most, most_bytes)
    for number, article in enumerate(found, 1):
        newest.add(received(article, 1000 * number))
    return newest


def test_the_newest_articles_are_kept_and_no_more() -> None:
    newest = newest_of(*MADE, most=5)
    assert [live.article for live in newest.articles] == MADE[:-6:-1]
    assert newest.last_number == 20
    size = len(encode_article(MADE[-1]))
    assert len(list(newest_of(*MADE, most_bytes=3 * size).articles)) < 6


def test_what_is_no_article_is_passed_over() -> None:
    newest = newest_of(MADE[0])
    newest.add(Received("nabaa:{0}:articles", "5-0", b"{}"))
    assert newest.last_number == 1


def test_an_article_is_shown_in_its_last_version() -> None:
    newest = newest_of(MADE[0], MADE[1], replace(MADE[0], version=2))
    shown = newest.newest(lambda _: True, 10)
    assert [(live.article.uri, live.article.version) for live in shown] == [
        (MADE[0].uri, 2),
        (MADE[1].uri, 1),
    ]
    found = newest.find(MADE[0].uri)
    assert found is not None
    assert found.article.version == 2


def test_what_came_since_is_counted_though_not_all_of_it_is_given() -> None:
    newest = newest_of(*MADE)
    found, count = newest.since(8, lambda facts: facts.source.country != "??", 5)
    assert ([live.number for live in found], count) == ([20, 19, 18, 17, 16], 12)


def test_articles_of_several_shards_stand_in_the_order_of_their_time() -> None:
    newest = Newest()
    for milliseconds, article in zip((3000, 1000, 2000), MADE, strict=False):
        newest.add(received(article, milliseconds))
    shown = newest.newest(lambda _: True, 3)
    assert [live.article for live in shown] == [MADE[0], MADE[2], MADE[1]]


class Counting:
    """A source that tells how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def next_event(self) -> bytes:
        self.asked += 1
        return encode_event(f"<p>{self.asked}</p>")


class Failing:
    """A source that cannot tell."""

    async def next_event(self) -> bytes:
        raise QueueError("Redis is away")


async def broadcasting(broadcast: Broadcast) -> tuple[asyncio.Event, asyncio.Task[None]]:
    stop = asyncio.Event()
    return stop, asyncio.create_task(broadcast.run(stop))


@pytest.mark.anyio
async def test_an_event_is_made_once_for_all_who_look_at_the_same() -> None:
    broadcast, source = Broadcast(0.001), Counting()
    with (
        broadcast.listen("a", source) as (first, _),
        broadcast.listen("a", Counting()) as (second, kept),
    ):
        assert kept is source
        stop, task = await broadcasting(broadcast)
        assert await first.events.get() == await second.events.get() == b"data: <p>1</p>\n\n"
        stop.set()
        await task
    assert broadcast.listeners == 0


@pytest.mark.anyio
async def test_a_page_that_takes_nothing_is_let_go_and_the_others_go_on() -> None:
    broadcast, source = Broadcast(0.001), Counting()
    with broadcast.listen("a", source) as (slow, _), broadcast.listen("a", source) as (quick, _):
        stop, task = await broadcasting(broadcast)

        async def take_all() -> None:
            while not slow.is_lost:
                await quick.events.get()

        await asyncio.wait_for(take_all(), 30)
        assert not quick.is_lost
        stop.set()
        await task


@pytest.mark.anyio
async def test_a_source_that_fails_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    broadcast = Broadcast(0.001)
    failing: Source = Failing()
    with (
        caplog.at_level(logging.WARNING),
        broadcast.listen("bad", failing),
        broadcast.listen("good", Counting()) as (listener, _),
    ):
        stop, task = await broadcasting(broadcast)
        assert await listener.events.get()
        assert await listener.events.get()
        stop.set()
        await task
    assert "Redis is away" in caplog.text


def test_an_event_is_one_line_whatever_a_piece_holds() -> None:
    event = encode_event("<p>a\r\nb\u2028c\n\nid: 7</p>", "e-1")
    assert event == b"id: e-1\ndata: <p>a b c  id: 7</p>\n\n"


def test_a_story_is_kept_as_it_was_told_last() -> None:
    [story, *_] = stories(reports(30))
    kept = Stories()
    kept.add(replace(story, revision=3, title="later"))
    kept.add(replace(story, revision=2, title="sooner"))
    found = kept.find(story.id)
    assert found is not None
    assert found.title == "later"
    kept.add(replace(story, revision=4, merged_into="urn:nabaa:story:" + "f" * 32))
    assert kept.find(story.id) is None


def test_the_story_that_outlets_take_up_now_stands_first() -> None:
    kept = Stories()
    told = stories(reports(60))
    for story in told:
        kept.add(story)
    late = replace(told[-1], outlets=tuple(replace(o, first=NOW) for o in told[-1].outlets))
    kept.add(late)
    assert kept.growing(NOW, 3)[0].story.id == late.id


def test_stories_of_long_ago_are_forgotten() -> None:
    kept, [story, *_] = Stories(), stories(reports(30))
    for number in range(MOST_STORIES + 5):
        kept.add(replace(story, id=f"urn:nabaa:story:{number:032x}"))
    assert len(kept.growing(NOW, 10**6)) == MOST_STORIES
    assert kept.find("urn:nabaa:story:" + "0" * 32) is None


@pytest.mark.parametrize(
    ("state", "due", "condition"),
    [
        (FeedState(polled_at=NOW), 1000, "well"),
        (FeedState(polled_at=NOW), 900, "late"),
        (FeedState(polled_at=NOW, failures=2), 900, "failing"),
        (FeedState(polled_at=NOW, failures=2, ended=True), 900, "ended"),
        (FeedState(polled_at=NOW, failures=2, paused=True), 900, "paused"),
        (FeedState(), 0, "new"),
    ],
)
def test_a_feed_is_in_one_condition(state: FeedState, due: float, condition: Condition) -> None:
    assert condition_of(state, due, now=1000) == condition
