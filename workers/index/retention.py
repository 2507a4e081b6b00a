"""Retention: what is older than is kept, or more, goes out of the archive, the oldest first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from workers.index.articles import read_current
from workers.index.database import Archive
from workers.index.entities import newest_naming
from workers.index.entity_rows import chunks, name_key, read_entities
from workers.index.facts import check_words
from workers.index.instants import first_id, milliseconds_of
from workers.index.naming import read_named, unpack_numbers
from workers.index.schema import article, entity, spelling, story, telling, version
from workers.index.writer import remove_from_index

_BATCH = 200


def remove_old(archive: Archive, oldest: datetime | None, most: int | None = None) -> int:
    """Remove articles that were published before an instant, and the oldest of too many.

    In transactions of 200 articles, so that writers and readers go on meanwhile.

    Args:
        archive: the archive.
        oldest: aware; None: none is too old.
        most: articles to keep; None: as many as there are.

    Returns:
        How many were removed.

    Raises:
        OutputError: the database cannot be used, or its index has to be built again first.
    """
    removed = 0
    while True:
        with archive.writing() as connection:
            check_words(connection)
            ids = _too_old(connection, oldest, most)
            _remove(connection, ids)
        removed += len(ids)
        if len(ids) < _BATCH:
            return removed


def remove_old_stories(archive: Archive, oldest: datetime) -> int:
    """Remove stories whose last report was before an instant; return how many.

    Args:
        archive: the archive.
        oldest: aware.

    Raises:
        OutputError: the database cannot be used.
    """
    with archive.writing() as connection:
        is_old = story.c.last_seen < milliseconds_of(oldest)
        keys = select(story.c.key).where(is_old)
        connection.execute(delete(telling).where(telling.c.story.in_(keys)))
        return connection.execute(delete(story).where(is_old)).rowcount


def _too_old(connection: Connection, oldest: datetime | None, most: int | None) -> list[int]:
    in_order = select(article.c.id).order_by(article.c.id)
    ids: list[int] = []
    if oldest is not None:
        query = in_order.where(article.c.id < first_id(oldest)).limit(_BATCH)
        ids = list(connection.execute(query).scalars())
    if most is not None and len(ids) < _BATCH:
        stored = connection.execute(select(func.count()).select_from(article)).scalar_one()
        if stored - most > len(ids):
            query = in_order.limit(min(_BATCH, stored - most))
            ids = list(connection.execute(query).scalars())
    return ids


def _remove(connection: Connection, ids: list[int]) -> None:
    if not ids:
        return
    named = read_named(connection, ids).values()
    entities = list({number for packed in named for number in unpack_numbers(packed)})
    articles = read_current(connection, ids)
    remove_from_index(connection, list(articles.items()))
    connection.execute(delete(version).where(version.c.article.in_(ids)))
    connection.execute(delete(article).where(article.c.id.in_(ids)))
    gone = [
        number
        for number, each in read_entities(connection, entities).items()
        if not newest_naming(connection, each.id, 1)
    ]
    for some in chunks(gone):
        connection.execute(delete(entity).where(entity.c.id.in_(some)))
    keys = {
        name_key(text)
        for each in articles.values()
        for named in each.entities
        for text in (named.name, *(mention.text for mention in named.mentions))
    }
    for some_keys in chunks(list(keys)):
        connection.execute(
            delete(spelling).where(
                spelling.c.key.in_(some_keys), spelling.c.entity.not_in(select(entity.c.id))
            )
        )
