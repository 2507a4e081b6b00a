"""Messages into the archive, each once, in the transaction of the caller.

What is found belongs to the current version of an article: where a later message comes, what the
former one had put into the index is taken out first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from nabaa.message import decode_article
from nabaa.types import Article
from workers.index.codec import codec_of
from workers.index.entity_rows import chunks, store_entities
from workers.index.facts import check_words
from workers.index.fulltext import fulltext
from workers.index.instants import SLOTS, first_id, published_at
from workers.index.message import ArchivedMessage, latest, order_of
from workers.index.model import Written
from workers.index.naming import count_in, pack_numbers, read_named
from workers.index.schema import article, version
from workers.index.words import Entry, article_tokens


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database has of an article: its id, its current digest, digest → order."""

    id: int
    current: bytes
    orders: dict[bytes, tuple[int, int, int]]


def write_messages(connection: Connection, messages: Sequence[ArchivedMessage]) -> Written:
    """Store messages that are not there yet, and index the articles whose current one is new.

    Args:
        connection: of `Archive.writing`.
        messages: in any order, also several of one article and one several times.

    Raises:
        OutputError: the full text index has to be built again first.
    """
    check_words(connection)
    by_key: dict[bytes, dict[bytes, ArchivedMessage]] = {}
    for message in messages:
        by_key.setdefault(message.key, {}).setdefault(message.digest, message)
    known = _read_known(connection, list(by_key))
    new = {
        key: [
            message
            for message in of_article.values()
            if key not in known or message.digest not in known[key].orders
        ]
        for key, of_article in by_key.items()
    }
    ids = {key: each.id for key, each in known.items()}
    ids |= _new_ids(connection, {key: new[key] for key in by_key if key not in known})
    _insert_versions(connection, ids, new)
    _index(connection, ids, known, new)
    versions = sum(map(len, new.values()))
    return Written(len(by_key) - len(known), versions, len(messages) - versions)


def remove_from_index(connection: Connection, current: Sequence[tuple[int, Article]]) -> None:
    """Take out all by which articles are found.

    Args:
        connection: of `Archive.writing`.
        current: id and current version of each.
    """
    fulltext(connection).remove(connection, [_entry(*each) for each in current])
    count_in(connection, read_named(connection, [article_id for article_id, _ in current]), -1)


def add_to_index(
    connection: Connection, current: Sequence[tuple[int, Article]]
) -> dict[int, bytes]:
    """Put in all by which articles are found, but for what their own rows say.

    Args:
        connection: of `Archive.writing`.
        current: id and current version of each.

    Returns:
        Whom each names, packed, by its id.
    """
    fulltext(connection).add(connection, [_entry(*each) for each in current])
    numbers = store_entities(connection, [article for _, article in current])
    named = {
        article_id: pack_numbers(sorted({numbers[each.id] for each in article.entities}))
        for article_id, article in current
    }
    count_in(connection, named, 1)
    return named


def _read_known(connection: Connection, keys: Sequence[bytes]) -> dict[bytes, _Known]:
    known: dict[bytes, _Known] = {}
    by_id: dict[int, _Known] = {}
    for some in chunks(keys):
        query = select(article.c.key, article.c.id, article.c.current)
        for key, article_id, current in connection.execute(query.where(article.c.key.in_(some))):
            known[bytes(key)] = by_id[article_id] = _Known(article_id, bytes(current), {})
    for ids in chunks(list(by_id)):
        rows = connection.execute(
            select(version.c.article, version.c.digest, version.c.number, version.c.arrived).where(
                version.c.article.in_(ids)
            )
        )
        for article_id, digest, number, arrived in rows:
            by_id[article_id].orders[bytes(digest)] = order_of(number, arrived)
    return known


def _new_ids(
    connection: Connection, new: Mapping[bytes, Sequence[ArchivedMessage]]
) -> dict[bytes, int]:
    """Return an id for each new article: the first that is free from its second on."""
    starts = {key: first_id(published_at(latest(each).article)) for key, each in new.items()}
    taken: dict[int, int] = {}  # first id of a second → the last id used in it
    for some in chunks(list(set(starts.values()))):
        rows = connection.execute(select(article.c.id).where(article.c.id.in_(some)))
        taken |= {start: _last_of_second(connection, start) for start in rows.scalars()}
    ids: dict[bytes, int] = {}
    for key, first in starts.items():
        start = first
        while taken.get(start, 0) == start + SLOTS - 1:
            start += SLOTS
            if start not in taken:
                taken[start] = _last_of_second(connection, start)
        ids[key] = taken[start] = taken.get(start, start - 1) + 1
    return ids


def _last_of_second(connection: Connection, start: int) -> int:
    """Return the highest id of a second, or the one before its first."""
    in_second = (article.c.id >= start, article.c.id < start + SLOTS)
    found: int | None = connection.execute(
        select(func.max(article.c.id)).where(*in_second)
    ).scalar()
    return start - 1 if found is None else found


def _insert_versions(
    connection: Connection,
    ids: Mapping[bytes, int],
    new: Mapping[bytes, Sequence[ArchivedMessage]],
) -> None:
    codec = codec_of(connection)
    rows = [
        {
            "article": ids[key],
            "digest": message.digest,
            "number": message.article.version,
            "arrived": message.arrived,
            "data": codec.pack(message.data),
        }
        for key, messages in new.items()
        for message in messages
    ]
    if rows:
        connection.execute(insert(version), rows)
        codec.learn(connection)


def _index(
    connection: Connection,
    ids: Mapping[bytes, int],
    known: Mapping[bytes, _Known],
    new: Mapping[bytes, Sequence[ArchivedMessage]],
) -> None:
    """Make the latest of the new messages of each article its current version, if it is."""
    current = {key: latest(messages) for key, messages in new.items() if messages}
    outdated = {
        key: known[key]
        for key in current
        if key in known and current[key].order > known[key].orders[known[key].current]
    }
    current = {key: each for key, each in current.items() if key in outdated or key not in known}
    if outdated:
        remove_from_index(
            connection,
            [
                (each.id, read_version(connection, each.id, each.current))
                for each in outdated.values()
            ],
        )
    named = add_to_index(connection, [(ids[key], each.article) for key, each in current.items()])
    rows = [
        {"id": ids[key], "key": key, "current": each.digest, "entities": named[ids[key]]}
        for key, each in current.items()
    ]
    if added := [row for row in rows if row["key"] not in outdated]:
        connection.execute(insert(article), added)
    for row in rows:
        if row["key"] in outdated:
            connection.execute(update(article).where(article.c.id == row["id"]).values(row))


def read_version(connection: Connection, article_id: int, digest: bytes) -> Article:
    """Return a message that is stored."""
    data = connection.execute(
        select(version.c.data).where(version.c.article == article_id, version.c.digest == digest)
    ).scalar_one()
    return decode_article(codec_of(connection).unpack(connection, bytes(data)))


def _entry(article_id: int, article: Article) -> Entry:
    return Entry(article_id, article_tokens(article))
