"""Server-sent events: what a client gets, and what one that comes back gets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from nabaa.message import encode_article
from nabaa.streams.keys import Keys, all_shards
from nabaa.streams.messages import messages_of_range
from tests.support.articles import make_article
from tests.support.stories.told import make_story, tell
from workers.outputs.access import Access
from workers.outputs.http_server import run_server
from workers.outputs.sse import EventServer

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
Event = dict[str, str]


@asynccontextmanager
async def serving(
    client: Redis, shards: int = 1, token: str = ""
) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        run_server(EventServer(client, shards, Access(token)), "127.0.0.1", 0) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30, verify=False) as http,
    ):
        yield http


async def publish(client: Redis, *numbers: int, keys: Keys = KEYS, **changes: Any) -> None:
    for number in numbers:
        article = make_article(title=str(number), **changes)
        await client.xadd(keys.articles, {"data": encode_article(article)})


@asynccontextmanager
async def events(
    http: httpx.AsyncClient, last: str = "", path: str = "/articles", **query: str
) -> AsyncIterator[AsyncIterator[Event]]:
    """Open a stream of events; the body begins once it has been answered."""

    async def read(lines: AsyncIterator[str]) -> AsyncIterator[Event]:
        event: Event = {}
        async for line in lines:
            name, _, value = line.partition(": ")
            if line and name:
                event[name] = value
            elif event:
                yield event
                event = {}

    headers = {"Last-Event-ID": last} if last else {}
    async with http.stream("GET", path, headers=headers, params=query) as answer:
        assert answer.status_code == 200
        yield read(answer.aiter_lines())


async def take(reading: AsyncIterator[Event], count: int) -> list[Event]:
    async with asyncio.timeout(30):
        return [await anext(reading) for _ in range(count)]


def titles(found: list[Event]) -> list[str]:
    return [json.loads(event["data"])["title"] for event in found]


async def test_a_client_gets_what_comes(client: Redis) -> None:
    await publish(client, 0)
    async with serving(client) as http, events(http) as reading:
        await publish(client, 1, 2)
        found = await take(reading, 2)
        await publish(client, 3)
        assert titles(found + await take(reading, 1)) == ["1", "2", "3"]
        assert found[0]["event"] == "nabaa.article.created"


async def test_a_client_that_comes_back_goes_on_where_it_stopped(client: Redis) -> None:
    await publish(client, *range(6))
    async with serving(client) as http:
        async with events(http, since="1h") as reading:
            first = await take(reading, 4)
        async with events(http, last=first[-1]["id"]) as reading:
            rest = await take(reading, 2)
    assert titles(first + rest) == ["0", "1", "2", "3", "4", "5"]


async def test_it_goes_on_in_every_shard(client: Redis) -> None:
    for number in range(12):
        await publish(client, number, keys=all_shards(3)[number % 3])
    async with serving(client, shards=3) as http:
        async with events(http, since="1h") as reading:
            first = await take(reading, 5)
        async with events(http, last=first[-1]["id"]) as reading:
            rest = await take(reading, 7)
    assert sorted(titles(first + rest), key=int) == [str(number) for number in range(12)]


async def test_what_was_trimmed_meanwhile_is_told_first(client: Redis) -> None:
    await publish(client, *range(6))
    ids = [message.id for message in messages_of_range(await client.xrange(KEYS.articles))]
    await client.xtrim(KEYS.articles, minid=ids[4], approximate=False)
    async with serving(client) as http, events(http, last=ids[1]) as reading:
        lost, following = await take(reading, 2)
    assert lost["event"] == "nabaa.lost"
    assert json.loads(lost["data"]) == {"stream": KEYS.articles, "after": ids[1], "before": ids[4]}
    assert titles([following]) == ["4"]


async def test_who_lost_nothing_is_told_nothing(client: Redis) -> None:
    await publish(client, *range(3))
    first, *_ = messages_of_range(await client.xrange(KEYS.articles))
    async with serving(client) as http, events(http, last=first.id) as reading:
        assert titles(await take(reading, 2)) == ["1", "2"]


async def test_a_query_asks_for_a_part(client: Redis) -> None:
    await publish(client, 1, language="fa")
    await publish(client, 2)
    await publish(client, 3, version=2)
    async with serving(client) as http:
        async with events(http, since="1h", languages="ar") as reading:
            assert titles(await take(reading, 2)) == ["2", "3"]
        async with events(http, since="1h", updates="no") as reading:
            assert titles(await take(reading, 2)) == ["1", "2"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"colour": "red"}, "colour is no condition"),
        ({"countries": "Egypt"}, "country's code"),
        ({"since": "yesterday"}, "yesterday"),
        ({"last_event_id": "x"}, "is no place on this wire"),
        ({"last_event_id": "1-0,1-0"}, "is no place on this wire"),
    ],
)
async def test_a_question_that_makes_no_sense_is_told(
    client: Redis, query: dict[str, str], told: str
) -> None:
    async with serving(client) as http:
        answer = await http.get("/articles", params=query)
    assert answer.status_code == 400
    assert told in answer.text


async def test_who_shows_no_token_gets_nothing(client: Redis) -> None:
    await publish(client, 1)
    async with serving(client, token="geheim") as http:
        assert (await http.get("/articles")).status_code == 401
        wrong = {"Authorization": "Bearer other"}
        assert (await http.get("/articles", headers=wrong)).status_code == 401
        http.headers["Authorization"] = "Bearer geheim"
        async with events(http, since="1h") as reading:
            assert len(await take(reading, 1)) == 1


async def test_a_server_that_stops_ends_its_streams(client: Redis) -> None:
    async with httpx.AsyncClient(timeout=30) as http:
        async with run_server(EventServer(client, 1), "127.0.0.1", 0) as port:
            http.base_url = httpx.URL(f"http://127.0.0.1:{port}")
            request = http.build_request("GET", "/articles")
            answer = await http.send(request, stream=True)
        async with asyncio.timeout(30):
            assert not [line async for line in answer.aiter_lines() if line.startswith("data")]


async def test_stories_are_served_beside_the_articles(client: Redis) -> None:
    await tell(client, make_story(title="small", outlet_count=1), "nabaa.story.created")
    await tell(client, make_story(title="large", outlet_count=3), "nabaa.story.updated")
    async with (
        serving(client) as http,
        events(http, path="/stories", since="1h", min_outlets="2") as reading,
    ):
        await tell(client, make_story(title="larger", outlet_count=4), "nabaa.story.breaking")
        found = await take(reading, 2)
    assert titles(found) == ["large", "larger"]
    assert [event["event"] for event in found] == ["nabaa.story.updated", "nabaa.story.breaking"]


async def test_reprints_can_be_left_out(client: Redis) -> None:
    await publish(client, 1, duplicate_of="urn:nabaa:article:" + "1" * 32)
    await publish(client, 2)
    async with serving(client) as http, events(http, since="1h", reprints="no") as reading:
        assert titles(await take(reading, 1)) == ["2"]


@pytest.mark.parametrize("query", ["min_outlets=many", "events=ended", "words=خبر"])
async def test_a_query_of_stories_that_makes_no_sense_is_told(client: Redis, query: str) -> None:
    async with serving(client) as http:
        assert (await http.get(f"/stories?{query}")).status_code == 400
