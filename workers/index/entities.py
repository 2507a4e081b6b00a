"""Entities of the archive: found by name, with all that a page about one shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from nabaa.errors import NotFoundError
from nabaa.filters.entity_id import is_entity_id
from nabaa.filters.moved_ids import todays_id
from workers.index.articles import read_current, read_data
from workers.index.entity_rows import (
    entity_of_row,
    name_key,
    read_entities,
    read_row,
)
from workers.index.expression import naming_expression
from workers.index.fulltext import fulltext
from workers.index.instants import SLOTS, STEP_SECONDS, ids_of, series
from workers.index.message import NamedEntity, named_in
from workers.index.model import (
    Count,
    EntityCount,
    EntityView,
    QuotationQuestion,
    Span,
    Spelling,
    Step,
)
from workers.index.naming import read_named, unpack_numbers
from workers.index.quotations import find_quotations
from workers.index.schema import entity, spelling

SAMPLE = 500
"""Newest articles of an entity in which those are counted that are named with it."""

SPELT = 100
"""Newest articles of an entity in which its spellings are counted: they have to be read."""

_HOURS, _DAYS = timedelta(days=2), timedelta(days=30)


def find_entities(connection: Connection, name: str, limit: int = 10) -> tuple[EntityCount, ...]:
    """Return the entities that articles write by a name, those of most articles first.

    Args:
        connection: of `Archive.reading`.
        name: in any spelling that the search key folds.
        limit: entities at most.
    """
    rows = connection.execute(
        select(entity).where(
            entity.c.id.in_(select(spelling.c.entity).where(spelling.c.key == name_key(name)))
        )
    )
    in_order = sorted(rows, key=lambda row: row.key == todays_id(row.key))
    entities = {named.id: named for named in map(entity_of_row, in_order)}
    found = [EntityCount(named, count_naming(connection, id_)) for id_, named in entities.items()]
    return tuple(sorted(found, key=lambda each: (-each.articles, each.entity.id))[:limit])


def find_ids(connection: Connection, text: str) -> tuple[str, ...]:
    """Return the ids of those whom a person means.

    Args:
        connection: of `Archive.reading`.
        text: an id, which comes back as it is, or a name in any spelling; empty: nobody.

    Raises:
        NotFoundError: no article of the archive names it.
    """
    if not text or is_entity_id(text):
        return (text,) if text else ()
    found = find_entities(connection, text)
    if not found:
        raise NotFoundError(f"no article of the archive names {text!r}")
    return tuple(each.entity.id for each in found)


def view_entity(
    connection: Connection, entity_id: str, now: datetime, limit: int = 10
) -> EntityView:
    """Return what a page about an entity shows.

    Args:
        connection: of `Archive.reading`.
        entity_id: any id that the entity has or once had.
        now: aware; end of the hours and days that are counted.
        limit: articles, quotations and co-named entities at most.

    Raises:
        NotFoundError: no article of the archive names it.
    """
    row = read_row(connection, entity_id)
    if row is None:
        raise NotFoundError(f"no article of the archive names {entity_id}")
    sample = newest_naming(connection, entity_id, SAMPLE)
    named = [_with_todays_ids(data) for data in read_data(connection, sample[:SPELT]).values()]
    entity_id = todays_id(entity_id)
    return EntityView(
        entity=entity_of_row(row),
        articles=count_naming(connection, entity_id),
        spellings=_spellings(entity_id, named),
        hours=count_entity(connection, entity_id, "hour", Span(now - _HOURS, now)),
        days=count_entity(connection, entity_id, "day", Span(now - _DAYS, now)),
        named_with=_named_with(connection, entity_id, sample, limit),
        quotations=find_quotations(
            connection, QuotationQuestion(speakers=(entity_id,), limit=limit)
        ),
        newest=tuple(read_current(connection, sample[:limit]).values()),
    )


def count_entity(
    connection: Connection, entity_id: str, step: Step, span: Span
) -> tuple[Count, ...]:
    """Count the articles that name an entity, by hour, day or month of publication.

    Args:
        connection: of `Archive.reading`.
        entity_id: id of the entity.
        step: hour, day or month.
        span: what is counted; the steps that its ends fall into are there, with 0 where none is.
    """
    counts = fulltext(connection).count_by(
        connection, naming_expression(entity_id), *ids_of(span), STEP_SECONDS[step] * SLOTS
    )
    return series(counts, step, span)


def count_naming(connection: Connection, entity_id: str) -> int:
    """Return how many articles name an entity."""
    first, behind = ids_of(Span())
    counts = fulltext(connection).count_by(
        connection, naming_expression(entity_id), first, behind, behind
    )
    return sum(articles for _, articles in counts)


def newest_naming(connection: Connection, entity_id: str, limit: int) -> list[int]:
    """Return the ids of the newest articles that name an entity."""
    return fulltext(connection).newest(
        connection, naming_expression(entity_id), *ids_of(Span()), limit
    )


def _with_todays_ids(data: bytes) -> list[NamedEntity]:
    return [NamedEntity(todays_id(each.id), each.mentions) for each in named_in(data)]


def _spellings(entity_id: str, articles: Sequence[Sequence[NamedEntity]]) -> tuple[Spelling, ...]:
    counts: Counter[str] = Counter()
    for entities in articles:
        for each in entities:
            if each.id == entity_id:
                counts.update({m.text for m in each.mentions if m.kind == "name"})
    found = [Spelling(text, count) for text, count in counts.items()]
    return tuple(sorted(found, key=lambda each: (-each.articles, each.text)))


def _named_with(
    connection: Connection, entity_id: str, articles: Sequence[int], limit: int
) -> tuple[EntityCount, ...]:
    counts = Counter(
        other
        for packed in read_named(connection, articles).values()
        for other in unpack_numbers(packed)
    )
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: 2 * limit]
    # An entity that has an id of before as well is there under two numbers.
    entities = read_entities(connection, [other for other, _ in most])
    found: dict[str, EntityCount] = {}
    for other, count in most:
        each = entities.get(other)
        if each is not None and each.id != entity_id:
            before = found[each.id].articles if each.id in found else 0
            found[each.id] = EntityCount(each, before + count)
    in_order = sorted(found.values(), key=lambda each: (-each.articles, each.entity.id))
    return tuple(in_order[:limit])
