"""All that articles are found by, built again from the messages that are stored.

Needed where texts are folded in another way than when they were stored. It goes on where it was
interrupted, several processes share the work, and nothing is written meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from workers.index.articles import read_current
from workers.index.database import Archive
from workers.index.facts import REBUILT, read_facts
from workers.index.fulltext import fulltext
from workers.index.schema import article, day, fact
from workers.index.words import WORDS_VERSION
from workers.index.writer import add_to_index

_BATCH = 500


def begin_rebuild(archive: Archive) -> None:
    """Empty the index; until it is built again, not everything is found.

    Raises:
        OutputError: the database cannot be used.
    """
    with archive.writing() as connection:
        fulltext(connection).create(connection)
        connection.execute(delete(day))
        connection.execute(update(fact).where(fact.c.name == "words").values(value=WORDS_VERSION))
        connection.execute(delete(fact).where(fact.c.name == REBUILT))
        connection.execute(insert(fact).values(name=REBUILT, value="-1"))


def build_again(archive: Archive, on_done: Callable[[int], None] = lambda _: None) -> int:
    """Build the index again, if it has to be.

    Args:
        archive: the archive.
        on_done: told how many articles each batch had.

    Returns:
        How many articles this call has put into the index.

    Raises:
        OutputError: the database cannot be used.
    """
    with archive.reading() as connection:
        facts = read_facts(connection)
    if facts["words"] != WORDS_VERSION:
        begin_rebuild(archive)
    done = 0
    while True:
        with archive.writing() as connection:
            batch = _rebuild_batch(connection)
        if batch is None:
            return done
        done += batch
        on_done(batch)


def _rebuild_batch(connection: Connection) -> int | None:
    cursor = read_facts(connection).get(REBUILT)
    if cursor is None:
        return None
    ids = list(
        connection.execute(
            select(article.c.id)
            .where(article.c.id > int(cursor))
            .order_by(article.c.id)
            .limit(_BATCH)
        ).scalars()
    )
    if not ids:
        connection.execute(delete(fact).where(fact.c.name == REBUILT))
        return None
    named = add_to_index(connection, list(read_current(connection, ids).items()))
    connection.execute(
        update(article).where(article.c.id == bindparam("of")),
        [{"of": article_id, "entities": packed} for article_id, packed in named.items()],
    )
    connection.execute(update(fact).where(fact.c.name == REBUILT).values(value=str(ids[-1])))
    return len(ids)
