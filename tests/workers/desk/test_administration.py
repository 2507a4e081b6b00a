"""What an administrator does on the desk: feeds, dead letters, subscriptions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from config.feed_list import load_feeds, save_feeds
from config.model import Feed
from ingest.model import FeedState
from ingest.streams.due import DueSet
from ingest.streams.entries import encode_entry
from ingest.streams.feed_state import encode_state
from nabaa.filters.filter import Filter
from nabaa.filters.store import read_subscription, register
from nabaa.streams.keys import Keys
from tests.support.conditions import until
from tests.support.desk.newsroom import articles, publish
from tests.support.desk.serving import send_form, serving
from tests.support.entries import make_entry
from workers.operations.dead_letters import read_dead

pytestmark = [
    pytest.mark.anyio,
    # Nothing here depends on the kind of server.
    pytest.mark.parametrize("server_url", ["valkey"], indirect=True),
]
KEYS = Keys(0)


@pytest.fixture
async def due(client: Redis, feed: Feed) -> DueSet:
    due = DueSet(client, KEYS, lease_seconds=60)
    await due.sync([feed.id], 3600)
    await due.take(1)
    return due


async def test_a_feed_is_paused_goes_on_and_is_checked_at_once(
    client: Redis, feed: Feed, due: DueSet
) -> None:
    async with serving(client) as http:
        await send_form(http, "/feeds/pause", id=feed.id)
        assert await due.take(1) == []
        assert "موقوفة" in (await http.get("/feeds?state=paused")).text
        await send_form(http, "/feeds/go-on", id=feed.id)
        assert len(await due.take(1)) == 1
        answer = await send_form(http, "/feeds/check?state=well", id=feed.id)
        assert answer.headers["Location"] == "/feeds?state=well&done=check"
        assert len(await due.take(1)) == 1


async def test_a_feed_that_is_not_there_is_told(client: Redis) -> None:
    async with serving(client) as http:
        answer = await send_form(http, "/feeds/pause", id="nobody")
        assert (answer.status_code, "nobody" in answer.text) == (404, True)


async def test_a_feed_is_added_to_the_list(client: Redis, feed: Feed, tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    save_feeds(path, [feed])
    async with serving(client, feeds_file=path) as http:
        new = {"url": "https://nile.example/rss", "outlet": "بوابة النيل", "country": "eg"}
        assert (await send_form(http, "/feeds", **new)).is_redirect
        added = load_feeds(path)[1]
        assert (added.url, added.outlet, added.country) == (new["url"], new["outlet"], "EG")
        again = await send_form(http, "/feeds", **new)
        assert (again.status_code, "already in the list" in again.text) == (400, True)


async def test_the_page_says_why_a_feed_fails(client: Redis, feed: Feed, due: DueSet) -> None:
    state = FeedState(url=feed.url, failures=3, last_error="<b>404</b>", failure="missing")
    await client.hset(KEYS.feed(feed.id), "state", encode_state(state))
    async with serving(client) as http:
        page = (await http.get("/feeds")).text
        assert "لا شيء عند هذا العنوان" in page
        assert "&lt;b&gt;404&lt;/b&gt;" in page


async def test_a_dead_letter_is_tried_again_or_dropped(client: Redis, feed: Feed) -> None:
    for mark in "ab":
        entry = encode_entry(make_entry(feed, mark, title=f"خبر {mark}"))
        await client.xadd(KEYS.dead, {"data": entry, "attempts": "5", "error": "boom"})
    first, second = [letter.id async for letter in read_dead(client, 1)]
    async with serving(client) as http:
        page = (await http.get("/system")).text
        assert "خبر a" in page
        assert "boom" in page
        await send_form(http, "/dead/retry", id=first, group="")
        await send_form(http, "/dead/drop", id=second, group="")
        assert (await client.xlen(KEYS.entries), await client.xlen(KEYS.dead)) == (1, 0)
        assert (await send_form(http, "/dead/drop", id=second, group="")).status_code == 404


async def test_a_filter_is_kept_as_a_subscription(client: Redis) -> None:
    async with serving(client) as http:
        await send_form(http, "/subscriptions?countries=EG&words=قمة", name="summit")
        assert await read_subscription(client, "summit") == Filter(
            countries=("EG",), words=("قمة",)
        )
        page = (await http.get("/wire?subscription=summit")).text
        assert "countries EG, words قمة" in page
        other = await send_form(http, "/subscriptions?countries=JO", name="summit")
        assert (other.status_code, "another filter" in other.text) == (400, True)
        wrong = await send_form(http, "/subscriptions?countries=EG", name="Egypt!")
        assert wrong.status_code == 400
        assert (await http.get("/wire?subscription=nobody")).status_code == 200


async def test_a_subscription_is_shown_and_followed_with_all_of_its_conditions(
    client: Redis,
) -> None:
    wanted = Filter(languages=("ar",), none_of=(Filter(countries=("EG",)),))
    await register(client, 1, "not-egypt", wanted)
    found = [
        replace(article, outlet=replace(article.outlet, country=country))
        for article, country in zip(articles(2), ("EG", "JO"), strict=True)
    ]
    await publish(client, found)
    async with serving(client) as http:

        async def has_come() -> bool:
            return (await http.get("/wire")).text.count("row-title") == 2

        await until(has_come)
        page = (await http.get("/wire?subscription=not-egypt")).text
        assert page.count("row-title") == 1
        assert "/live/wire?subscription=not-egypt" in page
        async with http.stream("GET", "/live/wire?subscription=not-egypt") as events:
            event = await anext(events.aiter_text())
        assert event.count("<article") == 1
