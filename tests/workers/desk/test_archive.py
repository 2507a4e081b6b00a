"""The archive behind the desk: filled from the stream, bounded, made anew by another version."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis
from sqlalchemy import func, select, update

from nabaa.errors import NotFoundError
from tests.support.conditions import until
from tests.support.desk.newsroom import articles, publish
from tests.support.desk.serving import serving
from workers.desk.archive.feeding import ArchiveFeeder, open_own_archive
from workers.index.database import Archive, open_archive
from workers.index.schema import article, fact

pytestmark = [
    pytest.mark.anyio,
    # Nothing here depends on the kind of server.
    pytest.mark.parametrize("server_url", ["valkey"], indirect=True),
]


def count(archive: Archive) -> int:
    with archive.reading() as connection:
        return connection.execute(select(func.count()).select_from(article)).scalar_one()


async def feed_until(client: Redis, archive: Archive, wanted: int, most: int = 1000) -> None:
    stop = asyncio.Event()
    feeding = asyncio.create_task(ArchiveFeeder(archive, most).run(client, 1, stop))

    async def is_there() -> bool:
        return await asyncio.to_thread(count, archive) == wanted

    await until(is_there)
    stop.set()
    await feeding


async def test_what_the_stream_holds_is_there_once_however_often_the_desk_starts(
    client: Redis, tmp_path: Path
) -> None:
    await publish(client, articles(30))
    archive = open_own_archive(tmp_path / "desk.sqlite3")
    await feed_until(client, archive, 30)
    archive.close()
    await publish(client, [replace(articles(1)[0], uri="urn:nabaa:article:" + "e" * 32)])
    archive = open_own_archive(tmp_path / "desk.sqlite3")
    await feed_until(client, archive, 31)
    archive.close()


async def test_no_more_is_kept_than_asked_for(client: Redis, tmp_path: Path) -> None:
    await publish(client, articles(30))
    archive = open_own_archive(tmp_path / "desk.sqlite3")
    await feed_until(client, archive, 10, most=10)
    archive.close()


async def test_an_archive_of_another_version_is_made_anew(client: Redis, tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite3"
    await publish(client, articles(3))
    for name in ("words", "schema"):
        archive = open_own_archive(path)
        await feed_until(client, archive, 3)
        with archive.writing() as connection:
            connection.execute(update(fact).where(fact.c.name == name).values(value="before"))
        archive.close()
        archive = open_own_archive(path)
        assert count(archive) == 0
        archive.close()


async def test_pages_ask_the_archive_of_nabaa_index_and_leave_it_as_it_is(
    client: Redis, tmp_path: Path
) -> None:
    path = tmp_path / "archive.sqlite3"
    archive = open_archive(path)
    await publish(client, articles(5))
    await feed_until(client, archive, 5)
    await client.flushall()
    await publish(client, [replace(articles(1)[0], uri="urn:nabaa:article:" + "e" * 32)])
    async with serving(client, archive_url=str(path)) as http:
        kept = articles(5)[0]
        name = kept.uri.rpartition(":")[2]
        page = (await http.get("/search", params={"q": f'"{kept.title}"'})).text
        assert f"/article/{name}" in page
        assert "e" * 32 not in page
        assert (await http.get(f"/article/{name}")).status_code == 200
    assert count(archive) == 5
    archive.close()


async def test_an_archive_that_is_not_there_is_told(client: Redis, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        async with serving(client, archive_url=str(tmp_path / "none.sqlite3")):
            pass
