"""More articles of those that are stored: the same, later, each with words and a person of its own.

What the index has of an article is put together of what it has of another one, which takes a
fifth of the time that storing takes; the database has the same size, and as much to look through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from sqlalchemy import Connection, func, insert, select

from bench.search.corpus import NEW_WORDS, new_words
from workers.index.articles import read_current
from workers.index.database import Archive
from workers.index.entity_rows import chunks, read_entities_by_key
from workers.index.fulltext import fulltext
from workers.index.naming import count_in, pack_numbers, unpack_numbers
from workers.index.schema import article, entity, spelling, version
from workers.index.words import Entry, IndexedText, article_tokens, mark

_WRITTEN = 4000  # of one transaction


@dataclass(frozen=True, slots=True)
class _Stored:
    """An article as the index has it.

    Attributes:
        id: its id.
        key: of its uri.
        current: digest of its message.
        text: its tokens.
        person: mark and number of the person that it alone names.
        numbers: whom it names besides.
    """

    id: int
    key: bytes
    current: bytes
    text: IndexedText
    person: tuple[str, int]
    numbers: tuple[int, ...]


def copy_articles(
    archive: Archive, times: int, step: int, on_done: Callable[[int], None] = lambda _: None
) -> None:
    """Store all articles of an archive again some times, each time later.

    Args:
        archive: has articles of `bench.search.corpus` alone, one version each.
        times: how often.
        step: ids between an article and its next copy.
        on_done: told how many articles each transaction had.
    """
    with archive.reading() as connection:
        stored = list(_read(connection))
        highest = connection.execute(select(func.max(entity.c.id))).scalar_one()
    people, random = iter(range(highest + 1, highest + 1 + times * len(stored))), Random(4)
    for time in range(1, times + 1):
        for start in range(0, len(stored), _WRITTEN):
            some = stored[start : start + _WRITTEN]
            with archive.writing() as connection:
                _write(connection, some, time, step, people, random)
            on_done(len(some))


def _read(connection: Connection) -> Iterator[_Stored]:
    rows = connection.execute(select(article).order_by(article.c.id)).all()
    for some in chunks(rows):
        articles = read_current(connection, [row.id for row in some])
        people = {row.id: articles[row.id].entities[0].id for row in some}
        numbers = read_entities_by_key(connection, list(people.values()))
        for row in some:
            person = numbers[people[row.id]].id
            named = tuple(n for n in unpack_numbers(bytes(row.entities)) if n != person)
            yield _Stored(
                row.id,
                bytes(row.key),
                bytes(row.current),
                article_tokens(articles[row.id]),
                (mark("e", people[row.id]), person),
                named,
            )


def _write(
    connection: Connection,
    stored: Sequence[_Stored],
    time: int,
    step: int,
    people: Iterator[int],
    random: Random,
) -> None:
    shift = time * step
    entries, articles, entities, spellings = [], [], [], []
    named: dict[int, bytes] = {}
    for each, person in zip(stored, people, strict=False):
        words = new_words(random)
        key, name = f"local:{person:016x}", f"{words[0]} {words[1]}"
        marks = tuple(mark("e", key) if m == each.person[0] else m for m in each.text.marks)
        body = each.text.body[:-NEW_WORDS] + tuple(words)
        entries.append(Entry(each.id + shift, replace(each.text, body=body, marks=marks)))
        named[each.id + shift] = pack_numbers((*each.numbers, person))
        articles.append(
            {
                "id": each.id + shift,
                "key": each.key[:-4] + time.to_bytes(4),
                "current": each.current,
                "entities": named[each.id + shift],
            }
        )
        entities.append({"id": person, "key": key, "type": "PERS", "name": name, "country": ""})
        spellings.append({"key": name, "entity": person})
    messages = select(
        version.c.article + shift,
        version.c.digest,
        version.c.number,
        version.c.arrived,
        version.c.data,
    ).where(version.c.article >= stored[0].id, version.c.article <= stored[-1].id)
    connection.execute(insert(version).from_select(list(version.c.keys()), messages))
    connection.execute(insert(article), articles)
    connection.execute(insert(entity), entities)
    connection.execute(insert(spelling), spellings)
    fulltext(connection).add(connection, entries)
    count_in(connection, named, 1)
