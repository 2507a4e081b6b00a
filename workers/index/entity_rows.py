"""The rows of entities: one each, as the last message has it, and the spellings of their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from nabaa.filters.moved_ids import load_moved_ids, todays_id, with_moved
from nabaa.search_key import search_key
from nabaa.types import Article, Entity, Geo
from workers.index.model import StoredEntity
from workers.index.schema import entity, spelling

_CHUNK = 500  # values that one statement names

_T = TypeVar("_T")


def store_entities(connection: Connection, articles: Iterable[Article]) -> dict[str, int]:
    """Store the entities of articles; what is known of one is what its last article says.

    Args:
        connection: of `Archive.writing`.
        articles: in any order.

    Returns:
        The number of each entity by its id.
    """
    articles = list(articles)
    entities = {each.id: each for article in articles for each in article.entities}
    rows = read_entities_by_key(connection, list(entities))
    for key in rows:
        if _columns(entities[key]) != _columns_of(rows[key]):
            connection.execute(
                update(entity).where(entity.c.id == rows[key].id).values(_columns(entities[key]))
            )
    if new := [{"key": key, **_columns(entities[key])} for key in entities if key not in rows]:
        connection.execute(insert(entity), new)
        rows |= read_entities_by_key(connection, [row["key"] for row in new])
    numbers: dict[str, int] = {key: row.id for key, row in rows.items()}
    _store_spellings(connection, articles, numbers)
    return numbers


def chunks(values: Sequence[_T]) -> Iterable[Sequence[_T]]:
    """Yield values in lists short enough for one statement."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def read_entities_by_key(connection: Connection, keys: Sequence[str]) -> dict[str, Row[Any]]:
    """Return the rows of entities by their ids; those that are not stored are left out."""
    return {
        row.key: row
        for some in chunks(keys)
        for row in connection.execute(select(entity).where(entity.c.key.in_(some)))
    }


def read_entities(connection: Connection, numbers: Sequence[int]) -> dict[int, StoredEntity]:
    """Return entities by their numbers."""
    return {
        row.id: entity_of_row(row)
        for some in chunks(numbers)
        for row in connection.execute(select(entity).where(entity.c.id.in_(some)))
    }


def read_row(connection: Connection, entity_id: str) -> Row[Any] | None:
    """Return the row of an entity: that of the id of today, if no article has it of an older one.

    Args:
        connection: of `Archive.reading`.
        entity_id: any id that the entity has or once had.
    """
    rows = read_entities_by_key(connection, sorted(with_moved([entity_id], load_moved_ids())))
    return rows.get(todays_id(entity_id)) or next(iter(rows.values()), None)


def entity_of_row(row: Row[Any]) -> StoredEntity:
    """Return the entity of a row, with the id of today."""
    geo = None if row.latitude is None else Geo(row.latitude, row.longitude)
    return StoredEntity(todays_id(row.key), row.type, row.name, row.name_en, row.country, geo)


@lru_cache(50_000)
def name_key(text: str) -> str:
    """Return what a name is looked up by."""
    return search_key(text)


def _columns(named: Entity) -> dict[str, Any]:
    return {
        "type": named.type,
        "name": _storable(named.name),
        "name_en": _storable(named.name_en) if named.name_en else None,
        "country": _storable(named.country),
        "latitude": named.geo.latitude if named.geo else None,
        "longitude": named.geo.longitude if named.geo else None,
    }


def _columns_of(row: Row[Any]) -> dict[str, Any]:
    found = row._asdict()
    del found["id"], found["key"]
    return found


def _storable(text: str) -> str:
    return text.replace("\0", "")  # PostgreSQL has none in a text


def _store_spellings(
    connection: Connection, articles: Sequence[Article], numbers: dict[str, int]
) -> None:
    written = {
        (_storable(name_key(text)), numbers[each.id])
        for article in articles
        for each in article.entities
        for text in (each.name, *(m.text for m in each.mentions if m.kind == "name"))
    }
    known = set[tuple[str, int]]()
    for some in chunks(list({key for key, _ in written})):
        rows = connection.execute(
            select(spelling.c.key, spelling.c.entity).where(spelling.c.key.in_(some))
        )
        known.update((key, number) for key, number in rows)
    new = [{"key": key, "entity": number} for key, number in sorted(written - known)]
    if new:
        connection.execute(insert(spelling), new)


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows whose keys the table does not have."""
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)
