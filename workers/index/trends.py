"""What articles name most in a span of time: entities against the span before, and places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Connection, func, select

from nabaa.types import EntityType
from workers.index.entity_rows import chunks, read_entities
from workers.index.instants import ids_of
from workers.index.model import EntityCount, EntityTrend, Span, StoredEntity
from workers.index.naming import NamedCounts, count_named
from workers.index.schema import article, entity

_MOST_FIRST = 500


def read_trends(
    connection: Connection,
    since: timedelta,
    now: datetime,
    kind: EntityType | None = None,
    limit: int = 30,
) -> tuple[EntityTrend, ...]:
    """Return the entities that most articles of a span name, and their articles of the span before.

    Args:
        connection: of `Archive.reading`.
        since: length of the span that ends now.
        now: aware.
        kind: class of the entities; None for all.
        limit: entities at most.

    Returns:
        Those of most articles first.
    """
    first, behind = ids_of(Span(now - 2 * since, now - since))
    oldest = connection.execute(select(func.min(article.c.id))).scalar()
    reaches_back = oldest is not None and oldest <= first
    counts = count_named(connection, *ids_of(Span(now - since, now)))
    found = list(islice(_most_of(connection, counts, kind), limit))
    before = dict[int, int]()
    if reaches_back:
        earlier = count_named(connection, first, behind).of(number for number, _, _ in found)
        before = dict(earlier.most())
    trends: dict[str, EntityTrend] = {}
    for number, named, articles in found:
        trend = EntityTrend(named, articles, before.get(number, 0) if reaches_back else None)
        other = trends.get(named.id)  # the same under an id of before
        trends[named.id] = trend if other is None else _together(trend, other)
    return tuple(sorted(trends.values(), key=lambda each: -each.articles))


def _together(one: EntityTrend, other: EntityTrend) -> EntityTrend:
    before = None if one.before is None else one.before + (other.before or 0)
    return EntityTrend(other.entity, one.articles + other.articles, before)


def count_places(connection: Connection, span: Span, limit: int = 1000) -> tuple[EntityCount, ...]:
    """Return the places with coordinates that most articles of a span name.

    Args:
        connection: of `Archive.reading`.
        span: time of publication.
        limit: places at most.

    Returns:
        Those of most articles first.
    """
    places = connection.execute(select(entity.c.id).where(entity.c.latitude.is_not(None)))
    counts = count_named(connection, *ids_of(span)).of(places.scalars())
    found = _entities_of(connection, counts.most(limit))
    return tuple(EntityCount(each, articles) for _, each, articles in found)


def _most_of(
    connection: Connection, counts: NamedCounts, kind: EntityType | None
) -> Iterator[tuple[int, StoredEntity, int]]:
    """Yield number, entity and articles of those of a class, those of most articles first."""
    done = 0
    for most in (_MOST_FIRST, None):  # to put all of them in order takes its time
        counted = counts.most(most)
        for found in _entities_of(connection, counted[done:]):
            if kind in {None, found[1].type}:
                yield found
        done = len(counted)


def _entities_of(
    connection: Connection, counts: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, StoredEntity, int]]:
    for some in chunks(counts):
        entities = read_entities(connection, [number for number, _ in some])
        for number, articles in some:
            if number in entities:
                yield number, entities[number], articles
