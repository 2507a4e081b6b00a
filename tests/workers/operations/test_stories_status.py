"""How the stage of stories stands is told as it is."""

from __future__ import annotations

import io

import pytest
from redis.asyncio import Redis
from rich.console import Console

from nabaa.streams.keys import Keys
from tests.support.stories.events import articles_of
from tests.support.stories.told import publish
from tests.support.wires.stories_service import grouping, until_placed
from workers.operations.metrics import metrics_of
from workers.operations.status import read_status
from workers.operations.status_model import StoriesStatus
from workers.operations.status_view import print_status

pytestmark = pytest.mark.anyio
KEYS = Keys(0)


async def test_a_wire_without_the_stage_has_none_to_tell_of(client: Redis) -> None:
    await publish(client, articles_of(1))
    status = await read_status(client, 1)
    assert status.stories == StoriesStatus()


async def test_a_stage_that_is_at_work_is_told_and_what_it_has_not_read(client: Redis) -> None:
    articles = list(articles_of(2))
    await publish(client, articles)
    async with grouping(client):
        await until_placed(client, len(articles))
        at_work = (await read_status(client, 1)).stories
    assert (at_work.placed, at_work.lag, at_work.lag_seconds) == (len(articles), 0, 0.0)
    assert at_work.holder
    assert at_work.open == 2
    await publish(client, articles_of(1, first=9))
    stopped = (await read_status(client, 1)).stories
    assert (stopped.holder, stopped.lag) == ("", 6)


async def test_the_status_and_the_metrics_show_the_stage(client: Redis) -> None:
    await publish(client, articles_of(1))
    async with grouping(client):
        await until_placed(client, 6)
    status = await read_status(client, 1)
    out = io.StringIO()
    print_status(status, Console(file=out, width=200))
    assert "nobody" in out.getvalue()
    metrics = metrics_of(status).decode()
    assert "nabaa_stories_articles_placed 6.0" in metrics
    assert "nabaa_stories_at_work 0.0" in metrics


async def test_articles_that_were_trimmed_before_they_were_placed_are_told(client: Redis) -> None:
    await publish(client, articles_of(1))
    async with grouping(client):
        await until_placed(client, 6)
    await publish(client, articles_of(1, first=1))
    await client.xtrim(KEYS.articles, maxlen=0, approximate=False)
    await publish(client, articles_of(1, first=2))
    async with grouping(client):
        await until_placed(client, 12)
    told = (await read_status(client, 1)).stories.lost
    assert KEYS.articles in told
