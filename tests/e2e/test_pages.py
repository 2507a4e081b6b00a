"""From a short feed to an article with the text of its page, through ingest and worker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from config.settings import Settings
from nabaa.message import article_of
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from nabaa.types import Article
from tests.support.conditions import until
from tests.support.faults.paged_site import PagedSite, run_paged_site, text_of, title_of
from tests.support.wires.ingest_service import running
from tests.support.wires.worker_service import plain_maker, working

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
SLOW = 3


@pytest.fixture
async def site() -> AsyncIterator[PagedSite]:
    site = PagedSite(delay=lambda number: 1.0 if number == SLOW else 0.0)
    with run_paged_site(site):
        yield site


async def articles(client: Redis) -> list[Article]:
    messages = messages_of_range(await client.xrange(KEYS.articles))
    return [article_of(message.fields) for message in messages]


async def test_an_article_has_the_text_of_its_page_and_a_late_one_is_an_update(
    client: Redis, site: PagedSite, tmp_path: Path
) -> None:
    site.shown = 5
    maker = plain_maker()
    async with (
        running(
            client,
            tmp_path / "feeds.yaml",
            site.feeds(),
            full_text="auto",
            page_wait_seconds=0.2,
        ),
        working(client, Settings(reclaim_idle_seconds=5), maker),
    ):

        async def are_all_there() -> bool:
            return len(await articles(client)) == site.shown + 1

        await until(are_all_there)
    found = await articles(client)
    created = {each.title: each for each in found if each.version == 1}
    assert set(created) == {title_of(number) for number in range(site.shown)}
    [update] = [each for each in found if each.version > 1]
    assert (update.title, update.changed) == (title_of(SLOW), ("summary", "body_text"))
    assert created[title_of(SLOW)].body_source == "feed"
    latest = {each.title: each for each in found}
    assert all(latest[title_of(n)].body_text == text_of(n) for n in range(site.shown))
    assert set(site.asked.values()) == {1}
