"""The pages about the past: what an archive holds that the stream has forgotten long ago."""

from __future__ import annotations

import html
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from nabaa.filters.moved_ids import load_todays_ids
from nabaa.types import Article, Entity, Quote
from tests.support.archived import named, news, said, store
from tests.support.desk.serving import serving
from workers.index.database import open_archive

NOW = datetime.now(UTC)  # the pages count back from it
pytestmark = [
    pytest.mark.anyio,
    # Nothing here depends on the kind of server.
    pytest.mark.parametrize("server_url", ["valkey"], indirect=True),
]
OLD, TODAY = next((old, new) for old, new in load_todays_ids().items() if new.startswith("Q"))
"""An id that the lists have replaced, and the one that became of it."""


def days_ago(days: int, title: str, entity: Entity, *quotes: Quote) -> Article:
    at = NOW - timedelta(days=days)
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
    assert "لا خبر في الأرشيف يذكر هذا الاسم" in page


async def found(desk: httpx.AsyncClient, path: str, **asked: object) -> list[str]:
    page = (await desk.get(path, params={name: str(value) for name, value in asked.items()})).text
    return re.findall("يزور عدن|في جدة|في مسقط|مفتوح|مغلق", re.sub("</?mark>", "", page))


def day(days_before: int) -> date:
    return (NOW - timedelta(days=days_before)).date()


async def test_a_search_says_where_the_words_stand_and_when_it_was(desk: httpx.AsyncClient) -> None:
    page = (await desk.get("/search", params={"q": "الطرق مغلق"})).text
    assert "<mark>" not in page
    page = (await desk.get("/search", params={"q": "طريق مغلق"})).text
    assert "<mark>الطريق</mark> <mark>مغلق</mark>" in page
    assert day(80).isoformat() in page


async def test_a_search_is_narrowed_to_days_names_and_speakers(desk: httpx.AsyncClient) -> None:
    assert await found(desk, "/search", q="حداد", order="newest") == [
        "يزور عدن", "مفتوح", "في جدة", "مغلق", "في مسقط",
    ]  # fmt: skip
    assert await found(desk, "/search", q="حداد", since=day(80), until=day(80)) == [
        "في جدة",
        "مغلق",
    ]
    assert await found(desk, "/search", entity="سامي حداد", until=day(81)) == ["في مسقط"]
    assert await found(desk, "/search", speaker=OLD, since=day(30)) == ["يزور عدن", "مفتوح"]


async def test_what_was_said_in_a_month_is_found(desk: httpx.AsyncClient) -> None:
    asked = {"speaker": "سامي حداد", "q": "الطريق"}
    assert await found(desk, "/quotations", **asked, since=day(90), until=day(60)) == ["مغلق"]
    assert await found(desk, "/quotations", **asked, since=day(60)) == ["مفتوح"]


async def test_the_trend_of_a_search_is_told_by_month_and_of_a_short_span_by_day(
    desk: httpx.AsyncClient,
) -> None:
    def counts(page: httpx.Response) -> list[int]:
        match = re.search('data-chart="([^"]+)"', page.text)
        assert match is not None
        return [count for count in json.loads(html.unescape(match[1]))["counts"] if count]

    page = await desk.get("/search/trend", params={"q": "حداد"})
    assert sum(counts(page)) == 3
    assert "كل شهر" in page.text
    page = await desk.get("/search/trend", params={"q": "حداد", "since": str(day(30))})
    assert counts(page) == [1]
    assert "كل يوم" in page.text


@pytest.mark.parametrize("path", ["/search", "/quotations"])
async def test_a_day_that_is_none_is_told(desk: httpx.AsyncClient, path: str) -> None:
    answer = await desk.get(path, params={"q": "حداد", "since": "gestern"})
    assert "is no day such as 2026-11-20" in answer.text


async def test_who_was_named_most_in_a_year_is_shown_under_the_id_of_today(
    desk: httpx.AsyncClient,
) -> None:
    page = (await desk.get("/names", params={"span": "365d"})).text
    assert re.findall(r'href="/entity/([^"]+)"', page) == [TODAY]
    assert '<td class="num">3</td>' in page
    assert "سامي" not in (await desk.get("/names", params={"span": "7d"})).text
