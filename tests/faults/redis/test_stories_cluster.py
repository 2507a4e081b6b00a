"""The stage of stories on a cluster: articles of all shards, stories on one, a master that dies."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from redis.crc import key_slot

from nabaa.message import encode_article
from nabaa.redis.connection import connect
from nabaa.streams.keys import STORIES, Keys
from nabaa.streams.messages import read_range
from nabaa.types import Article
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.machines import ClusterOfNodes, Node, cluster_of_nodes
from tests.support.stories.events import articles_of
from tests.support.stories.told import EACH_IN_ONE, Told, outcome_of, told_of

SHARDS = 4


async def add(url: str, articles: list[Article]) -> None:
    async with connect(url) as client:
        await client.hset("nabaa:shards", "count", str(SHARDS))
        for number, article in enumerate(articles):
            stream = Keys(number % SHARDS).articles
            await client.xadd(stream, {"data": encode_article(article)})


async def placed(url: str) -> int:
    async with connect(url) as client:
        return int(await client.hget(STORIES.stories_stage, "articles") or 0)


async def told(url: str) -> list[Told]:
    async with connect(url) as client:
        return [told_of(each) async for each in read_range(client, STORIES.stories)]


@pytest.mark.load
def test_every_article_is_in_one_story_though_the_master_of_stories_dies(tmp_path: Path) -> None:
    articles = list(articles_of(60))
    half = len(articles) // 2
    settings = {"NABAA_SHARDS": str(SHARDS), "NABAA_REDIS_WAIT_REPLICAS": "1"}
    with cluster_of_nodes(tmp_path / "servers") as cluster:
        settings["NABAA_REDIS_URL"] = cluster.url
        asyncio.run(add(cluster.url, articles[:half]))
        with Daemon("work", "--stories", settings=settings, log=tmp_path / "log"):
            eventually(lambda: asyncio.run(placed(cluster.url)) >= half, 60)
            slot = key_slot(STORIES.stories.encode())
            victim = cluster.holder(slot)
            victim.kill()
            eventually(lambda: another_holds(cluster, slot, victim), 60)
            victim.start()  # as a replica, which each commit waits for
            asyncio.run(add(cluster.url, articles[half:]))
            eventually(lambda: asyncio.run(placed(cluster.url)) >= len(articles), 60)
            events = asyncio.run(told(cluster.url))
    assert outcome_of(events, [article.uri for article in articles]) == EACH_IN_ONE


def another_holds(cluster: ClusterOfNodes, slot: int, dead: Node) -> bool:
    try:
        return cluster.holder(slot) is not dead
    except LookupError:
        return False
