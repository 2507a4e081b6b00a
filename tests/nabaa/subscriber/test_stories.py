"""A subscriber of stories is given each event that it wants, until it was dealt with."""

from __future__ import annotations

import asyncio

import pytest
import redis
from redis.asyncio import Redis

from nabaa import Filter, StoryFilter, StorySubscriber, Subscriber
from nabaa.errors import QueueError, UsageError
from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from tests.support.articles import make_article
from tests.support.conditions import until
from tests.support.stories.events import OUTLETS, articles_of
from tests.support.stories.told import make_story, publish, story_fields, tell
from tests.support.wires.stories_service import grouping, until_placed

KEYS = Keys(0)


@pytest.mark.anyio
async def test_events_are_read_in_asyncio(client: Redis) -> None:
    await tell(client, make_story(), "nabaa.story.created")
    await tell(client, make_story(revision=2), "nabaa.story.breaking")
    subscriber, seen = StorySubscriber(client, "desk"), []
    async for event in subscriber:
        seen.append((event.kind, event.story))
        if len(seen) == 2:
            subscriber.stop()
    assert seen == [("created", make_story()), ("breaking", make_story(revision=2))]
    assert (await client.xpending(KEYS.stories, "desk"))["pending"] == 0


def test_events_are_read_in_a_plain_loop(server_url: str) -> None:
    with redis.Redis.from_url(server_url) as plain:
        plain.xadd(KEYS.stories, story_fields(make_story(), "nabaa.story.created"))
    subscriber = StorySubscriber(server_url, "desk")
    for event in subscriber:
        assert event.story == make_story()
        subscriber.stop()


@pytest.mark.anyio
async def test_what_is_not_wanted_is_acknowledged_unseen(client: Redis) -> None:
    await tell(client, make_story(outlet_count=1), "nabaa.story.created")
    await tell(client, make_story(outlet_count=3), "nabaa.story.updated")
    subscriber = StorySubscriber(client, "desk", wanted=StoryFilter(min_outlets=3))
    async for event in subscriber:
        assert event.story.outlet_count == 3
        subscriber.stop()
    assert (await client.xpending(KEYS.stories, "desk"))["pending"] == 0


@pytest.mark.anyio
async def test_a_subscription_gives_a_story_once_as_soon_as_it_is_large_enough(
    client: Redis,
) -> None:
    wanted = Filter(per="story", min_outlets=2)
    subscriber, stories = StorySubscriber(client, "desk", filter=wanted, start="now"), []
    articles = list(articles_of(1))
    async with grouping(client):
        reading = subscriber.__aiter__()

        async def is_registered() -> bool:
            return bool(await client.exists(KEYS.subscription("desk")))

        first = asyncio.ensure_future(anext(reading))
        await until(is_registered)
        await client.delete(KEYS.stories_stage)  # the stage begins anew, and reads subscriptions
        await publish(client, articles)
        await until_placed(client, len(OUTLETS))
        stories.append((await first).story)
        await reading.aclose()
    assert stories[0].outlet_count >= 2
    assert await client.xlen(KEYS.subscription("desk")) == 1


@pytest.mark.anyio
async def test_who_reads_the_other_stream_is_told_so(client: Redis) -> None:
    await client.xadd(KEYS.articles, {"data": encode_article(make_article())})
    await client.xadd(KEYS.subscription("desk"), story_fields(make_story(), "nabaa.story.created"))
    with pytest.raises(QueueError, match="StorySubscriber"):
        async for _ in Subscriber(client, "desk", subscription="desk"):
            pass


def test_a_filter_of_articles_is_refused() -> None:
    with pytest.raises(UsageError, match="per"):
        StorySubscriber("redis://localhost", "desk", filter=Filter(words=("خبر",)))
