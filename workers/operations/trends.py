"""The most named entities of a span of time, and how they rise or fall against the span before.

Read straight off the articles stream, whose ids are instants: nothing is kept beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table

from ingest.runtime.terminal import printable
from nabaa.message import article_of
from nabaa.streams.ids import first_id_at, instant_of
from nabaa.streams.keys import all_shards
from nabaa.streams.messages import first_message, read_range
from nabaa.types import Article, EntityType


@dataclass(frozen=True, slots=True)
class EntityTrend:
    """The counts of one entity over two spans of the same length.

    Attributes:
        id: id of the entity.
        type: class of the entity.
        name: its name in the last article that names it.
        articles: number of articles of the span that name it.
        before: their number in the span before; None where the stream does not reach so far back.
    """

    id: str
    type: EntityType
    name: str
    articles: int
    before: int | None


@dataclass(slots=True)
class _Counts:
    now: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    named: dict[str, tuple[EntityType, str]] = field(default_factory=dict)


async def read_trends(
    client: Redis, shards: int, since: timedelta, now: datetime, subscription: str = ""
) -> list[EntityTrend]:
    """Count the entities of all articles published in a span and in the one before.

    An article counts once, by its first version.

    Args:
        client: answers in bytes.
        shards: number of shards to read.
        since: length of the span that ends now.
        now: aware UTC.
        subscription: name of a subscription to read in place of the whole wire.

    Returns:
        Entities named in the span, those of most articles first.
    """
    counts = _Counts()
    begin, middle = now - 2 * since, now - since
    reaches_back = False
    for keys in all_shards(shards):
        stream = keys.subscription(subscription) if subscription else keys.articles
        first = await first_message(client, stream)
        reaches_back = reaches_back or (first is not None and instant_of(first.id) <= begin)
        async for at, article in _articles(client, stream, begin):
            _count(counts, article, is_now=at >= middle)
    return _trends(counts, reaches_back)


async def _articles(
    client: Redis, stream: str, begin: datetime
) -> AsyncIterator[tuple[datetime, Article]]:
    async for message in read_range(client, stream, first_id_at(begin)):
        try:
            yield instant_of(message.id), article_of(message.fields)
        except (KeyError, msgspec.MsgspecError):
            continue  # not an article of this version; subscribers log it


def _count(counts: _Counts, article: Article, is_now: bool) -> None:
    if article.version > 1:
        return
    counter = counts.now if is_now else counts.before
    counter.update({entity.id for entity in article.entities})
    if is_now:
        counts.named |= {e.id: (e.type, e.name) for e in article.entities}


def _trends(counts: _Counts, reaches_back: bool) -> list[EntityTrend]:
    return [
        EntityTrend(
            id=entity_id,
            type=counts.named[entity_id][0],
            name=counts.named[entity_id][1],
            articles=articles,
            before=counts.before[entity_id] if reaches_back else None,
        )
        for entity_id, articles in sorted(
            counts.now.items(), key=lambda item: (-item[1], counts.named[item[0]][1], item[0])
        )
    ]


def print_trends(trends: Iterable[EntityTrend], console: Console) -> None:
    """Print trends as a table.

    Args:
        trends: the rows, in order.
        console: where.
    """
    table = Table("articles", "before", "change", "type", "id", "name", box=None, pad_edge=False)
    for trend in trends:
        table.add_row(
            str(trend.articles),
            "—" if trend.before is None else str(trend.before),
            _change(trend),
            trend.type,
            printable(trend.id),
            printable(trend.name),
        )
    console.print(table)


def _change(trend: EntityTrend) -> str:
    if trend.before is None:
        return "—"
    if not trend.before:
        return "new"
    return f"{100 * (trend.articles - trend.before) / trend.before:+.0f} %"
