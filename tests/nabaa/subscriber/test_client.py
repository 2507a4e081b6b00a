"""What a program that subscribes sees: articles, in order, until each was dealt with."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis as blocking
from redis.asyncio import Redis

from nabaa import Subscriber
from nabaa.errors import UsageError
from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from nabaa.types import Article
from tests.support.articles import make_article
from tests.support.conditions import until

KEYS = Keys(0)
TITLES = [f"خبر {number}" for number in range(6)]


def publish(server_url: str, *titles: str) -> None:
    with blocking.Redis.from_url(server_url) as client:
        for title in titles:
            client.xadd(KEYS.articles, {"data": encode_article(make_article(title=title))})


def pending(server_url: str, group: str = "desk") -> int:
    with blocking.Redis.from_url(server_url) as client:
        return int(client.xpending(KEYS.articles, group)["pending"])


async def take(subscriber: Subscriber, count: int) -> list[str]:
    """Read so many articles, all of which are dealt with."""
    titles: list[str] = []
    async with aclosing(aiter(subscriber)) as articles:
        async for article in articles:
            titles.append(article.title)
            if len(titles) == count:
                subscriber.stop()
    return titles


@pytest.mark.anyio
async def test_articles_come_typed_and_are_acknowledged(server_url: str) -> None:
    publish(server_url, *TITLES)
    assert await take(Subscriber(server_url, "desk"), 6) == TITLES
    assert pending(server_url) == 0


@pytest.mark.anyio
async def test_a_subscriber_resumes_where_it_stopped(server_url: str) -> None:
    publish(server_url, *TITLES)
    first = await take(Subscriber(server_url, "desk", prefetch=2), 2)
    assert first + await take(Subscriber(server_url, "desk"), 4) == TITLES


@pytest.mark.anyio
async def test_an_open_client_may_be_used(server_url: str, client: Redis) -> None:
    publish(server_url, *TITLES)
    assert await take(Subscriber(client, "desk"), 6) == TITLES
    assert await client.ping()


def test_a_program_without_asyncio_reads_the_same(server_url: str) -> None:
    publish(server_url, *TITLES)
    titles = []
    for article in Subscriber(server_url, "desk"):
        titles.append(article.title)
        if len(titles) == 6:
            break
    assert titles == TITLES
    # Who leaves the loop did not say that it had done with the last one.
    assert pending(server_url) == 1


@pytest.mark.anyio
async def test_what_an_exception_left_comes_again_at_once_to_another_reader(
    server_url: str,
) -> None:
    publish(server_url, *TITLES)
    with pytest.raises(ZeroDivisionError):
        async with aclosing(aiter(Subscriber(server_url, "desk"))) as articles:
            async for _ in articles:
                raise ZeroDivisionError
    assert sorted(await take(Subscriber(server_url, "desk"), 6)) == sorted(TITLES)


@pytest.mark.anyio
async def test_a_stop_hands_back_what_was_read_ahead(server_url: str) -> None:
    publish(server_url, *TITLES)
    await take(Subscriber(server_url, "desk", consumer="me"), 1)
    assert pending(server_url) == 5
    assert sorted(await take(Subscriber(server_url, "desk"), 5)) == TITLES[1:]


@pytest.mark.anyio
async def test_a_handler_that_fails_is_given_the_article_again(server_url: str) -> None:
    publish(server_url, *TITLES)
    subscriber = Subscriber(server_url, "desk", backoff_seconds=0.01, redeliver_seconds=0.2)
    tried: Counter[str] = Counter()

    async def handle(article: Article) -> None:
        tried[article.title] += 1
        if article.title == TITLES[2] and tried[article.title] < 3:
            raise ValueError("not yet")
        if tried[TITLES[2]] == 3 and len(tried) == 6:
            subscriber.stop()

    await asyncio.wait_for(subscriber.run(handle), 30)
    assert tried == Counter(TITLES) + Counter({TITLES[2]: 2})
    assert pending(server_url) == 0


@pytest.mark.anyio
async def test_what_fails_too_often_goes_to_the_dead_letters_of_the_group(
    server_url: str, client: Redis
) -> None:
    publish(server_url, *TITLES[:2])
    subscriber = Subscriber(
        server_url, "desk", tries=2, backoff_seconds=0.01, redeliver_seconds=0.2
    )

    def handle(article: Article) -> None:
        if article.title == TITLES[0]:
            raise ValueError("I cannot read this")

    running = asyncio.create_task(subscriber.run(handle))
    letters = KEYS.dead_of("desk")

    async def is_buried() -> bool:
        return bool(await client.xlen(letters))

    await until(is_buried)
    subscriber.stop()
    await running
    [message] = messages_of_range(await client.xrange(letters))
    letter = message.fields
    assert letter[b"error"] == b"ValueError: I cannot read this"
    assert letter[b"attempts"] == b"2"
    assert TITLES[0].encode() in letter[b"data"]
    assert pending(server_url) == 0


@pytest.mark.anyio
@pytest.mark.parametrize("fields", [{"data": b'{"uri": 1}'}, {"data": b"\xff"}, {"other": b"x"}])
async def test_what_is_no_article_goes_to_the_dead_letters_at_once(
    server_url: str, client: Redis, fields: dict[str, bytes]
) -> None:
    await client.xadd(KEYS.articles, fields)  # type: ignore[arg-type]
    publish(server_url, TITLES[0])
    assert await take(Subscriber(server_url, "desk"), 1) == [TITLES[0]]
    assert await client.xlen(KEYS.dead_of("desk")) == 1
    assert pending(server_url) == 0


@pytest.mark.anyio
async def test_batches_are_acknowledged_as_one(server_url: str) -> None:
    publish(server_url, *TITLES)
    subscriber = Subscriber(server_url, "desk")
    sizes = []
    async with aclosing(subscriber.batches(4, max_wait_seconds=0.2)) as batches:
        async for batch in batches:
            sizes.append(len(batch))
            if sum(sizes) == 6:
                subscriber.stop()
    assert sizes == [4, 2]
    assert pending(server_url) == 0


@pytest.mark.anyio
@pytest.mark.parametrize(
    "since", ["1h", timedelta(hours=1), datetime(2020, 1, 1, tzinfo=UTC)], ids=str
)
async def test_a_group_may_begin_at_a_time(
    server_url: str, since: str | timedelta | datetime
) -> None:
    publish(server_url, TITLES[0])
    assert await take(Subscriber(server_url, "desk", since=since), 1) == [TITLES[0]]


@pytest.mark.anyio
async def test_a_group_may_begin_with_what_comes_next(server_url: str, client: Redis) -> None:
    publish(server_url, TITLES[0])
    subscriber = Subscriber(server_url, "desk", start="now")
    reading = asyncio.create_task(take(subscriber, 1))

    async def has_joined() -> bool:
        return bool(await client.exists(KEYS.articles)) and bool(
            await client.xinfo_groups(KEYS.articles)
        )

    await until(has_joined)
    publish(server_url, TITLES[1])
    assert await reading == [TITLES[1]]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(UsageError, match="names no zone"):
        Subscriber("redis://localhost", "desk", since=datetime(2026, 1, 1))
    with pytest.raises(UsageError, match="is not a span of time"):
        Subscriber("redis://localhost", "desk", since="yesterday")


def test_a_program_that_subscribes_loads_no_model_and_no_parser() -> None:
    code = (
        "import sys; from nabaa import Subscriber; "
        "print([name for name in ('numpy', 'lxml', 'pydantic', 'typer', 'rich', 'aiohttp', "
        "'workers.entities.recognise', 'camel_tools') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.anyio
async def test_who_wants_no_updates_gets_each_article_once(server_url: str) -> None:
    with blocking.Redis.from_url(server_url) as client:
        for version in (1, 2, 3, 1):
            article = make_article(title=f"نسخة {version}", version=version)
            client.xadd(KEYS.articles, {"data": encode_article(article)})
    assert await take(Subscriber(server_url, "desk", updates=False), 2) == ["نسخة 1", "نسخة 1"]
    assert pending(server_url) == 0
