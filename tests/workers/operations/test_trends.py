"""The most named entities of a span, against the span before, read off a real stream."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis
from rich.console import Console

from nabaa.errors import UsageError
from nabaa.message import event_fields
from nabaa.streams.keys import Keys
from nabaa.time_spans import parse_span
from nabaa.types import Entity, EntityType, Mention
from tests.support.articles import make_article
from workers.operations.trends import EntityTrend, print_trends, read_trends

KEYS = Keys(0)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def entity(entity_id: str, name: str, kind: EntityType = "LOC") -> Entity:
    mentions = (Mention("title", 0, 1, "م"), Mention("title", 3, 4, "م"))
    return Entity(entity_id, kind, name, None, mentions)


async def publish(client: Redis, hours_ago: float, *entities: Entity) -> None:
    at = NOW - timedelta(hours=hours_ago)
    fields = event_fields(make_article(entities=entities), at)
    pairs: dict[Any, Any] = dict(zip(fields[::2], fields[1::2], strict=True))
    await client.xadd(KEYS.articles, pairs, id=f"{int(at.timestamp() * 1000)}-*")


@pytest.mark.anyio
async def test_articles_that_name_an_entity_are_counted_in_both_spans(client: Redis) -> None:
    egypt, syria = entity("Q79", "مصر"), entity("Q858", "سوريا")
    await publish(client, 60)
    await publish(client, 40, egypt, syria)
    await publish(client, 30, egypt)
    await publish(client, 20, egypt)
    await publish(client, 3, egypt, syria)
    await publish(client, 2, egypt)
    assert await read_trends(client, 1, DAY, NOW) == [
        EntityTrend("Q79", "LOC", "مصر", articles=3, before=2),
        EntityTrend("Q858", "LOC", "سوريا", articles=1, before=1),
    ]


@pytest.mark.anyio
async def test_a_stream_that_does_not_reach_back_says_nothing_of_before(client: Redis) -> None:
    await publish(client, 30, entity("Q79", "مصر"))
    await publish(client, 2, entity("Q79", "مصر"))
    assert [trend.before for trend in await read_trends(client, 1, DAY, NOW)] == [None]


@pytest.mark.anyio
async def test_an_empty_stream_has_no_trends(client: Redis) -> None:
    assert await read_trends(client, 1, DAY, NOW) == []


@pytest.mark.anyio
async def test_what_is_no_article_is_passed_over(client: Redis) -> None:
    at = int((NOW - timedelta(hours=1)).timestamp() * 1000)
    await client.xadd(KEYS.articles, {"data": "x"}, id=f"{at}-0")
    await publish(client, 0.5, entity("Q79", "مصر"))
    assert [trend.id for trend in await read_trends(client, 1, DAY, NOW)] == ["Q79"]


@pytest.mark.parametrize(
    ("before", "change"), [(1, "+200 %"), (3, "+0 %"), (6, "-50 %"), (0, "new"), (None, "—")]
)
def test_a_table_shows_how_an_entity_rises_or_falls(before: int | None, change: str) -> None:
    console = Console(file=io.StringIO(), width=200)
    print_trends([EntityTrend("Q79", "LOC", "مصر", 3, before)], console)
    assert isinstance(console.file, io.StringIO)
    assert change in console.file.getvalue()


@pytest.mark.parametrize(
    ("text", "span"),
    [("90m", timedelta(minutes=90)), ("24h", DAY), ("7d", 7 * DAY), ("2w", timedelta(weeks=2))],
)
def test_a_span_is_a_number_and_a_unit(text: str, span: timedelta) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "h", "0h", "24", "-3h", "1y", "3h2m"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a span of time"):
        parse_span(text)
