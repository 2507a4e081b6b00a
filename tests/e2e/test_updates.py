"""Feeds that change what they say, from the poll to the article: what is new, what is an update."""

from __future__ import annotations

from collections.abc import AsyncIterator
from random import Random

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from redis.asyncio import Redis

from config.model import Feed
from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from ingest.poller import Poller
from ingest.schedule.policy import PollPolicy
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream, decode_entry
from nabaa.message import article_of
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from nabaa.types import Article
from tests.support.documents.building import rss
from tests.support.wires.worker_service import plain_maker
from workers.publish.versions import MadeArticle
from workers.queue import WorkQueue

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
ITEM = (
    '<item><title>{title}</title><link>{url}</link><guid isPermaLink="false">{guid}</guid>'
    "<description><![CDATA[<p>{text}</p>]]></description></item>"
)


def item(number: int, title: str = "", text: str = "", url: str = "", guid: str = "") -> str:
    """Return an item; what is not given is as its number has it."""
    return ITEM.format(
        title=title or f"خبر رقم {number}",
        url=url or f"https://mina.example/news/{number}",
        guid=guid or f"mina-{number}",
        text=text or f"وصلت السفينة {number} إلى الميناء.",
    )


class Newsroom:
    """A site with three feeds, and the wire that reads it."""

    def __init__(self, client: Redis, url: str, fetcher: Fetcher, documents: dict[str, bytes]):
        self._client = client
        self._documents = documents
        self._poller = Poller(fetcher, PollPolicy.of(Settings()), Random(1))
        self._stream = EntriesStream(client, KEYS, 3600)
        self._queue = WorkQueue(client, KEYS, "me")
        self._maker = plain_maker()
        self._due = DueSet(client, KEYS, 60)
        self._feeds = {
            name: Feed(name, f"{url}{name}", name, "صحيفة الميناء", "JO", "Asia/Amman")
            for name in ("all", "sport", "port")
        }

    async def begin(self) -> None:
        await self._due.sync(self._feeds, 3600)
        await self._queue.join()

    async def show(self, *items: str, feed: str = "all") -> list[Article]:
        """Let a feed show these items; return what comes onto the wire of it."""
        before = await self._client.xlen(KEYS.articles)
        self._documents[feed] = rss(*items)
        [state] = await self._due.states([feed])
        outcome = await self._poller.poll(self._feeds[feed], state, self._stream)
        assert outcome.error is None
        deliveries = await self._queue.take(100, 0.001)
        entries = [decode_entry(delivery.data) for delivery in deliveries]
        made = [
            MadeArticle.of(entry, article)
            for entry, article in zip(entries, self._maker.make(entries), strict=True)
        ]
        await self._queue.publish(list(zip(deliveries, made, strict=True)))
        messages = messages_of_range(await self._client.xrange(KEYS.articles))
        return [article_of(message.fields) for message in messages][before:]


@pytest.fixture
async def newsroom(client: Redis) -> AsyncIterator[Newsroom]:
    documents: dict[str, bytes] = {}

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=documents[request.match_info["name"]], content_type="text/xml")

    site = web.Application()
    site.router.add_get("/{name}", answer)
    async with (
        TestServer(site) as server,
        Fetcher(Settings(allow_private_addresses=True)) as fetcher,
    ):
        newsroom = Newsroom(client, str(server.make_url("/")), fetcher, documents)
        await newsroom.begin()
        yield newsroom


async def test_an_article_whose_headline_changes_is_updated(newsroom: Newsroom) -> None:
    [first] = await newsroom.show(item(1))
    [second] = await newsroom.show(item(1, title="عاجل: خبر رقم 1"))
    assert (first.version, second.version, second.uri) == (1, 2, first.uri)
    assert (second.changed, second.title) == (("title",), "عاجل: خبر رقم 1")


async def test_an_article_is_updated_as_often_as_it_changes(newsroom: Newsroom) -> None:
    versions = []
    for number in range(1, 5):
        [article] = await newsroom.show(item(1, text=f"ارتفع عدد السفن إلى {number}."))
        versions.append(article.version)
    assert versions == [1, 2, 3, 4]


async def test_what_goes_back_to_what_it_was_is_an_update_too(newsroom: Newsroom) -> None:
    for title, version in (("أ", 1), ("ب", 2), ("أ", 3)):
        [article] = await newsroom.show(item(1, title=title))
        assert (article.title, article.version) == (title, version)


async def test_an_update_and_a_new_article_come_beside_each_other(newsroom: Newsroom) -> None:
    await newsroom.show(item(1), item(2))
    articles = await newsroom.show(item(3), item(1), item(2, title="تصحيح"))
    assert sorted((article.version, article.title) for article in articles) == [
        (1, "خبر رقم 3"),
        (2, "تصحيح"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "وصلت   السفينة 1\n إلى الميناء.",
        '<b class="x">وصلت</b> السفينة 1 إلى الميناء.<img src="https://ads.example/?n=17">',
        "وصلت السفينة 1 إلى الميناء.</p><p>اقرأ أيضا: سفينة أخرى",
    ],
    ids=["spaces", "markup", "advertisement"],
)
async def test_what_is_no_change_of_the_words_is_no_update(newsroom: Newsroom, text: str) -> None:
    await newsroom.show(item(1), item(2))
    assert await newsroom.show(item(1, text=text), item(2)) == []


async def test_a_feed_that_counts_its_readers_in_every_item_updates_nothing(
    newsroom: Newsroom,
) -> None:
    for readers in range(5):
        articles = await newsroom.show(
            *(item(number, text=f"نص الخبر. القراء: {readers}") for number in range(10))
        )
        assert len(articles) == (10 if readers == 0 else 0)


async def test_a_new_guid_at_an_address_that_is_known_is_no_new_article(
    newsroom: Newsroom,
) -> None:
    await newsroom.show(item(1))
    assert await newsroom.show(item(1, guid="https://mina.example/?p=1")) == []


async def test_one_address_in_three_feeds_of_a_site_is_one_article(newsroom: Newsroom) -> None:
    articles = [
        article
        for feed in ("all", "sport", "port")
        for article in await newsroom.show(item(1), feed=feed)
    ]
    assert len({article.uri for article in articles}) == 1
    assert [article.version for article in articles] == [1, 2, 3]
    assert articles[-1].feeds == ("all", "sport", "port")


async def test_items_of_a_ticker_that_share_an_address_are_articles_of_their_own(
    newsroom: Newsroom,
) -> None:
    live = "https://mina.example/live"
    articles = await newsroom.show(*(item(number, url=live) for number in range(3)))
    assert len({article.uri for article in articles}) == 3
