"""What articles name most in a span of time: entities against the span before, and places."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from nabaa.types import EntityType
from workers.index.entity_rows import entity_of_row, read_entities
from workers.index.instants import ids_of
from workers.index.model import EntityCount, EntityTrend, Span
from workers.index.schema import article, entity, naming


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
    counts = dict(_most_named(connection, Span(now - since, now), kind, limit))
    first, behind = ids_of(Span(now - 2 * since, now - since))
    rows = connection.execute(
        select(naming.c.entity, func.count().label("articles"))
        .where(naming.c.entity.in_(counts), naming.c.article >= first, naming.c.article < behind)
        .group_by(naming.c.entity)
    )
    before = {row.entity: row.articles for row in rows}
    oldest = connection.execute(select(func.min(article.c.id))).scalar()
    reaches_back = oldest is not None and oldest <= first
    entities = read_entities(connection, list(counts))
    trends: dict[str, EntityTrend] = {}
    for number, articles in counts.items():
        if named := entities.get(number):
            found = EntityTrend(named, articles, before.get(number, 0) if reaches_back else None)
            other = trends.get(named.id)  # the same under an id of before
            trends[named.id] = found if other is None else _together(found, other)
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
    first, behind = ids_of(span)
    articles = func.count()
    rows = connection.execute(
        select(entity, articles.label("articles"))
        .join(naming, naming.c.entity == entity.c.id)
        .where(entity.c.latitude.is_not(None), naming.c.article >= first, naming.c.article < behind)
        .group_by(entity.c.id)
        .order_by(articles.desc(), entity.c.id)
        .limit(limit)
    )
    return tuple(EntityCount(entity_of_row(row), row.articles) for row in rows)


def _most_named(
    connection: Connection, span: Span, kind: EntityType | None, limit: int
) -> list[tuple[int, int]]:
    first, behind = ids_of(span)
    articles = func.count()
    query = select(naming.c.entity, articles).where(
        naming.c.article >= first, naming.c.article < behind
    )
    if kind is not None:
        query = query.join(entity, naming.c.entity == entity.c.id).where(entity.c.type == kind)
    query = query.group_by(naming.c.entity).order_by(articles.desc(), naming.c.entity)
    return [(number, count) for number, count in connection.execute(query.limit(limit))]
