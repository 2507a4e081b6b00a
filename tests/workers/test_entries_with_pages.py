"""What happens to an entry whose page is with it: tried again, buried, told of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from config.model import Feed
from ingest.model import Entry
from ingest.streams.entries import encode_entry
from ingest.streams.page_troubles import PageTroubles, Trouble
from ingest.streams.stored_page import StoredPage, encode_page
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from nabaa.types import Article
from tests.support.conditions import until
from tests.support.entries import make_entry
from tests.support.wires.worker_service import (
    QUICK,
    NoNames,
    dead_letters,
    plain_maker,
    published_titles,
    until_queue_is_empty,
    working,
)
from workers.operations.dead_letters import read_dead, retry_dead
from workers.operations.status import read_status
from workers.pipeline import ArticleMaker

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
PAGE = encode_page(
    StoredPage(
        "https://sabah.example/a",
        "text/html",
        "<html><title>تسجيل</title><p>اقبل ملفات الارتباط</p></html>".encode(),
        datetime(2026, 3, 1, tzinfo=UTC),
    )
)


class Delicate(ArticleMaker):
    """Fails at every page, as a fault of ours would."""

    def make(self, entries: Sequence[Entry], pages: Sequence[bytes] = ()) -> list[Article | None]:
        if any(pages):
            raise ValueError("cannot digest this page")
        return super().make(entries, pages)


async def queue(client: Redis, feed: Feed) -> None:
    await client.xadd(KEYS.entries, {"data": encode_entry(make_entry(feed, "a")), "page": PAGE})


async def test_an_entry_whose_page_cannot_be_dealt_with_is_made_without_it(
    client: Redis, feed: Feed
) -> None:
    await queue(client, feed)
    async with working(client, QUICK, Delicate(NoNames())) as service:
        await until_queue_is_empty(client)
        assert service.progress.failed == 2
    assert len(await published_titles(client)) == 1
    assert await dead_letters(client) == []


async def test_a_dead_letter_that_is_tried_again_has_its_page(client: Redis, feed: Feed) -> None:
    await client.xadd(KEYS.dead, {"data": encode_entry(make_entry(feed, "a")), "page": PAGE})
    [letter] = [each async for each in read_dead(client, 1)]
    await retry_dead(client, 1, letter.id)
    [message] = messages_of_range(await client.xrange(KEYS.entries))
    assert message.fields[b"page"] == PAGE


async def test_what_the_page_was_is_told_of_its_feed(client: Redis, feed: Feed) -> None:
    await queue(client, feed)
    async with working(client, QUICK, plain_maker()):
        await until_queue_is_empty(client)

        async def is_told() -> bool:
            return bool((await read_status(client, 1)).pages.troubles)

        await until(is_told)
    [told] = (await read_status(client, 1)).pages.troubles
    assert (told.feed_id, told.last.url) == (feed.id, "https://sabah.example/a")


async def test_feeds_without_pages_have_no_troubles(client: Redis, feed: Feed) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    trouble = Trouble("down", "no answer", "https://sabah.example/1", at)
    await PageTroubles(client, KEYS).tell([(feed.id, trouble)])
    await client.xadd(KEYS.entries, {"data": encode_entry(make_entry(feed, "a"))})
    async with working(client, QUICK, plain_maker()):
        await until_queue_is_empty(client)
    assert len((await read_status(client, 1)).pages.troubles) == 1, "nothing was learnt"
