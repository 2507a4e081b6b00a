"""The indexer: from the stream into the archive, each message once and acknowledged when kept."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from nabaa.errors import OutputError
from nabaa.message import event_fields
from nabaa.streams.keys import Keys
from nabaa.subscriber.group import GroupReader
from nabaa.types import Article
from tests.support.archived import NOW, news
from tests.support.conditions import until
from workers.index.database import Archive, ArchiveAwayError, open_archive
from workers.index.indexer import KEEP_ALL, Retention, count_behind, index_group
from workers.index.model import Question, Written
from workers.index.search import search

KEYS = Keys(0)

# What a group is given, on either server, is shown by the tests of groups.
pytestmark = pytest.mark.parametrize("server_url", ["valkey"], indirect=True)


async def publish(client: Redis, *articles: Article) -> None:
    for article in articles:
        fields = event_fields(article, NOW)
        pairs: dict[Any, Any] = dict(zip(fields[::2], fields[1::2], strict=True))
        await client.xadd(KEYS.articles, pairs)


def stored(archive: Archive, text: str = "") -> list[int]:
    with archive.reading() as connection:
        hits = search(connection, Question(text, order="newest", limit=1000), NOW).hits
    return sorted(int(hit.article.uri[-32:], 16) for hit in hits)


async def pending(client: Redis) -> int:
    return int((await client.xpending(KEYS.articles, "index"))["pending"])


@contextlib.asynccontextmanager
async def indexing(
    client: Redis, archive: Archive, consumer: str = "a", retention: Retention = KEEP_ALL
) -> AsyncIterator[list[Written]]:
    """Run an indexer while the block does; gives what it has written."""
    stop, written = asyncio.Event(), list[Written]()
    reader = GroupReader(client, 1, "index", consumer)
    task = asyncio.ensure_future(
        index_group(reader, archive, stop, retention, written.append, max_wait_seconds=0.02)
    )
    try:
        yield written
    finally:
        stop.set()
        await task


@pytest.fixture
def lite(tmp_path: Path) -> Archive:
    return open_archive(tmp_path / "archive.sqlite3")


@pytest.mark.anyio
async def test_articles_are_stored_and_acknowledged(client: Redis, lite: Archive) -> None:
    await publish(client, *(news(number) for number in range(700)))
    assert await count_behind(client, 1, "index") == 700
    async with indexing(client, lite) as written:
        await until(lambda: _is(sum(each.articles for each in written) == 700))
        await publish(client, news(700))
        await until(lambda: _is(written[-1].versions == 1))
    assert await pending(client) == 0
    assert (await client.xinfo_groups(KEYS.articles))[0]["entries-read"] == 701


async def _is(condition: object) -> bool:
    return bool(condition)


@pytest.mark.anyio
async def test_two_indexers_share_the_articles_and_double_none(
    client: Redis, lite: Archive, tmp_path: Path
) -> None:
    other = open_archive(tmp_path / "archive.sqlite3")
    async with indexing(client, lite, "a") as one, indexing(client, other, "b") as two:
        for start in range(0, 400, 20):
            await publish(client, *(news(number) for number in range(start, start + 20)))
        await until(lambda: _is(sum(each.articles for each in (*one, *two)) == 400))
    assert stored(lite) == list(range(400))
    assert sum(each.known for each in (*one, *two)) == 0


@pytest.mark.anyio
async def test_what_is_no_article_goes_to_the_dead_letters_and_holds_up_nothing(
    client: Redis, lite: Archive
) -> None:
    await client.xadd(KEYS.articles, {"data": '{"uri": 5}'})
    await publish(client, news(1))
    async with indexing(client, lite) as written:
        await until(lambda: _is(written))
    assert stored(lite) == [1]
    assert await client.xlen(KEYS.dead_of("index")) == 1
    assert await pending(client) == 0


@pytest.mark.anyio
async def test_a_message_that_the_database_refuses_holds_up_nothing(
    client: Redis, lite: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(client, news(1), news(2, version=2**70), news(3))
    async with indexing(client, lite) as written:
        await until(lambda: _is(written))
    assert stored(lite) == [1, 3]
    assert await client.xlen(KEYS.dead_of("index")) == 1


@pytest.mark.anyio
async def test_a_database_that_is_away_is_waited_for(
    client: Redis, lite: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [ArchiveAwayError("the archive cannot be reached")]
    working = Archive.writing

    def writing(self: Archive) -> Any:
        if failures:
            raise failures.pop()
        return working(self)

    monkeypatch.setattr(Archive, "writing", writing)
    monkeypatch.setattr("workers.index.indexer._FIRST_PAUSE_SECONDS", 0.01)
    await publish(client, news(1))
    async with indexing(client, lite) as written:
        await until(lambda: _is(written))
    assert stored(lite) == [1]
    assert await pending(client) == 0


@pytest.mark.anyio
async def test_what_cannot_be_written_stays_with_the_group(
    client: Redis, lite: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def writing(_self: Archive) -> Any:
        raise OutputError("the archive cannot be used: disk full")

    await publish(client, news(1))
    with monkeypatch.context() as broken:
        broken.setattr(Archive, "writing", writing)
        with pytest.raises(OutputError, match="disk full"):
            reader = GroupReader(client, 1, "index", "a")
            await index_group(reader, lite, asyncio.Event())
    async with indexing(client, lite, "b") as written:
        await until(lambda: _is(written))
    assert stored(lite) == [1]


@pytest.mark.anyio
async def test_what_is_too_old_is_removed_while_the_indexer_runs(
    client: Redis, lite: Archive
) -> None:
    await publish(client, *(replace(news(n), uri=news(n).uri) for n in range(30)))
    async with indexing(client, lite) as written:
        await until(lambda: _is(written))
    async with indexing(client, lite, retention=Retention(max_articles=5)):
        await until(lambda: _is(len(stored(lite)) == 5))
