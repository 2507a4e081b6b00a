"""The stage places every article in one story, once, whoever runs it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from nabaa.message import encode_article
from nabaa.story_message import STORY_CREATED, STORY_UPDATED
from nabaa.streams.keys import Keys
from tests.support.conditions import until
from tests.support.stories.events import OUTLETS, articles_of, number_of
from tests.support.stories.told import EACH_IN_ONE, outcome_of, publish, read_told, stories_now
from tests.support.wires.stories_service import grouping, until_placed

pytestmark = pytest.mark.anyio
KEYS = Keys(0)


async def test_the_articles_of_all_shards_are_placed(client: Redis) -> None:
    await client.hset("nabaa:shards", "count", "3")
    articles = list(articles_of(4))
    await publish(client, articles, shards=3)
    async with grouping(client):
        await until_placed(client, len(articles))
    told = await read_told(client)
    assert outcome_of(told, [article.uri for article in articles]) == EACH_IN_ONE


async def test_a_later_version_stays_in_its_story_and_changes_its_title(client: Redis) -> None:
    [article, *_] = articles_of(1)
    await publish(client, [article])
    async with grouping(client):
        await until_placed(client, 1)
        await publish(client, [replace(article, version=2, title="عنوان بعيد عن كل ما سبق")])

        async def is_told() -> bool:
            return int(await client.xlen(KEYS.stories)) == 2

        await until(is_told)
    created, updated = await read_told(client)
    assert (created.kind, updated.kind) == (STORY_CREATED, STORY_UPDATED)
    assert updated.story.id == created.story.id
    assert updated.story.title == "عنوان بعيد عن كل ما سبق"
    assert updated.story.article_count == 1
    assert updated.story.added == ()


async def test_a_version_that_changes_nothing_to_see_is_not_told(client: Redis) -> None:
    [article, *_] = articles_of(1)
    again = replace(article, version=2, feeds=("sabah", "other"), changed=("feeds",))
    await publish(client, [article])
    async with grouping(client):
        await until_placed(client, 1)
        await publish(client, [again, *articles_of(1, first=7)])
        await until_placed(client, 1 + len(OUTLETS))
    assert [
        each.story.revision for each in await read_told(client) if article.uri in each.story.added
    ] == [1]


async def test_another_one_goes_on_where_the_first_stopped(client: Redis) -> None:
    articles = list(articles_of(5))
    half = len(articles) // 2
    await publish(client, articles[:half])
    async with grouping(client):
        await until_placed(client, half)
    await publish(client, articles[half:])
    async with grouping(client):
        await until_placed(client, len(articles))
    told = await read_told(client)
    assert outcome_of(told, [article.uri for article in articles]) == EACH_IN_ONE


async def test_of_two_at_once_one_works_and_the_other_takes_over(client: Redis) -> None:
    articles = list(articles_of(5))
    half = len(articles) // 2
    await publish(client, articles[:half])
    async with grouping(client) as first:
        await until_placed(client, half)
        async with grouping(client) as second:
            assert first.progress.is_at_work
            assert not second.progress.is_at_work
            first_stop = asyncio.Event()
            first_stop.set()
            await client.delete(KEYS.stories_lease)  # as if the first had been held up for long
            await publish(client, articles[half:])
            await until_placed(client, len(articles))
    told = await read_told(client)
    assert outcome_of(told, [article.uri for article in articles]) == EACH_IN_ONE


async def test_a_message_that_is_no_article_holds_up_nobody(client: Redis) -> None:
    await client.xadd(KEYS.articles, {"data": b'{"of": "a later version"}'})
    await client.xadd(KEYS.articles, {"what": "else"})
    [article, *_] = articles_of(1)
    await client.xadd(KEYS.articles, {"data": encode_article(article)})
    async with grouping(client):
        await until_placed(client, 1)
    assert [each.story.added for each in await read_told(client)] == [(article.uri,)]


async def test_a_wire_that_is_emptied_begins_anew(client: Redis) -> None:
    await publish(client, articles_of(2))
    async with grouping(client):
        await until_placed(client, 2 * len(OUTLETS))
        await client.flushall()
        articles = list(articles_of(2, first=10))
        await publish(client, articles)
        await until_placed(client, len(articles))
    told = await read_told(client)
    assert outcome_of(told, [article.uri for article in articles]) == EACH_IN_ONE


async def test_one_event_told_by_six_outlets_is_one_story(client: Redis) -> None:
    articles = list(articles_of(3))
    await publish(client, articles)
    async with grouping(client):
        await until_placed(client, len(articles))
    told = await read_told(client)
    assert outcome_of(told, [article.uri for article in articles]) == EACH_IN_ONE
    stories = stories_now(told).values()
    assert sorted(story.outlet_count for story in stories) == [len(OUTLETS)] * 3
    for story in stories:
        assert len({number_of(report.id) for report in story.articles}) == 1


async def test_shards_that_are_added_while_it_runs_are_read(client: Redis) -> None:
    await client.hset("nabaa:shards", "count", "1")
    async with grouping(client, lease_seconds=0.3):
        await publish(client, articles_of(1))
        await until_placed(client, len(OUTLETS))
        await client.hset("nabaa:shards", "count", "2")
        added = list(articles_of(1, first=3))
        for article in added:
            await client.xadd(Keys(1).articles, {"data": encode_article(article)})
        await until_placed(client, 2 * len(OUTLETS))
    told = await read_told(client)
    assert {uri for each in told for uri in each.story.added}.issuperset(
        article.uri for article in added
    )
