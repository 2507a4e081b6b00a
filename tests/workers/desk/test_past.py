"""The pages about the past: what an archive holds that the stream has forgotten long ago."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from nabaa.filters.moved_ids import load_todays_ids
from nabaa.types import Article, Entity, Quote
from tests.support.archived import named, news, said, store
from tests.support.desk.serving import serving
from workers.index.database import open_archive

pytestmark = [
    pytest.mark.anyio,
    # Nothing here depends on the kind of server.
    pytest.mark.parametrize("server_url", ["valkey"], indirect=True),
]
OLD, TODAY = next((old, new) for old, new in load_todays_ids().items() if new.startswith("Q"))
"""An id that the lists have replaced, and the one that became of it."""


def days_ago(days: int, title: str, entity: Entity, *quotes: Quote) -> Article:
    at = datetime.now(UTC) - timedelta(days=days)
    return news(days, title, entities=[entity], quotes=quotes, published=at, first_seen=at)


@pytest.fixture
async def desk(client: Redis, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A desk on an empty wire, over an archive of articles of half a year."""
    path = tmp_path / "archive.sqlite3"
    archive = open_archive(path)
    before, now = (named(id_, "سامي حداد") for id_ in (OLD, TODAY))
    store(
        archive,
        days_ago(20, "حداد يزور عدن", now, said("الطريق مفتوح", TODAY)),
        days_ago(80, "حداد في جدة", before, said("الطريق مغلق", OLD)),
        days_ago(140, "حداد في مسقط", before),
    )
    archive.close()
    async with serving(client, archive_url=str(path)) as http:
        yield http


async def test_an_entity_has_one_page_whatever_its_id_was(desk: httpx.AsyncClient) -> None:
    led = await desk.get(f"/entity/{OLD}")
    assert (led.status_code, led.headers["Location"]) == (301, f"/entity/{TODAY}")
    page = (await desk.get(f"/entity/{TODAY}")).text
    for title in ("حداد يزور عدن", "حداد في جدة", "حداد في مسقط"):
        assert title in page
    for text in ("الطريق مفتوح", "الطريق مغلق"):
        assert text in page
    assert "كل شهر" in page


async def test_what_somebody_said_months_ago_is_found_by_name_and_by_either_id(
    desk: httpx.AsyncClient,
) -> None:
    for speaker in ("سامي حداد", OLD, TODAY):
        page = (await desk.get("/quotations", params={"speaker": speaker})).text
        assert "الطريق مفتوح" in page
        assert "الطريق مغلق" in page


async def test_a_name_that_begins_like_an_id_is_a_name(desk: httpx.AsyncClient) -> None:
    page = (await desk.get("/quotations", params={"speaker": "Qasim"})).text
    assert "no article of the archive names" in page
