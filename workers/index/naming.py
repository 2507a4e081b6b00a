"""Whom and what articles name, by number: kept with each article, and counted by day.

A row for each article and entity takes as much room in PostgreSQL as half of the text, and a month
of them too long to count. So an article has its numbers in one value, and a day of articles has how
many of them name each: a span is its whole days and the articles at its ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, select, update

from workers.index.entity_rows import chunks
from workers.index.instants import DAY_IDS
from workers.index.schema import article, day

_Numbers = NDArray[np.int64]
_NUMBER = "<u4"  # four thousand million entities
_SPARSE = 32  # times more numbers than counts


@dataclass(frozen=True, slots=True)
class NamedCounts:
    """How many articles name each of some entities.

    Attributes:
        entities: numbers of entities, ascending, each once; shape (n,).
        articles: articles that name it, 1 or more; shape (n,).
    """

    entities: _Numbers
    articles: _Numbers

    def most(self, limit: int | None = None) -> list[tuple[int, int]]:
        """Return number and articles of each entity, those of most articles first.

        Args:
            limit: entities at most; None: all.
        """
        counts = self
        if limit is not None and limit < len(self.articles):
            least = np.partition(self.articles, -limit)[-limit]
            counts = self.only(self.articles >= least)
        order = np.lexsort((counts.entities, -counts.articles))[:limit]
        pairs = zip(counts.entities[order].tolist(), counts.articles[order].tolist(), strict=True)
        return list(pairs)

    def of(self, numbers: Iterable[int]) -> NamedCounts:
        """Return the counts of some entities alone."""
        return self.only(np.isin(self.entities, np.fromiter(numbers, np.int64)))

    def only(self, chosen: NDArray[np.bool_]) -> NamedCounts:
        """Return some of the counts; `chosen` has the shape (n,)."""
        return NamedCounts(self.entities[chosen], self.articles[chosen])


def pack_numbers(numbers: Iterable[int]) -> bytes:
    """Return numbers of entities as an article keeps them."""
    return np.fromiter(numbers, _NUMBER).tobytes()


def unpack_numbers(packed: bytes) -> list[int]:
    """Return numbers of entities as they were before they were packed."""
    numbers: list[int] = np.frombuffer(packed, _NUMBER).tolist()
    return numbers


def read_named(connection: Connection, ids: Sequence[int]) -> dict[int, bytes]:
    """Return whom some articles name, packed, by their ids.

    Args:
        connection: of the archive.
        ids: ids of articles; one that is not there is left out.
    """
    return {
        article_id: bytes(packed)
        for some in chunks(ids)
        for article_id, packed in connection.execute(
            select(article.c.id, article.c.entities).where(article.c.id.in_(some))
        )
    }


def count_in(connection: Connection, packed: Mapping[int, bytes], sign: int) -> None:
    """Add articles to the counts of their days, or take them out.

    Args:
        connection: of `Archive.writing`.
        packed: id of each article → whom it names.
        sign: 1 or -1.
    """
    by_day: dict[int, list[bytes]] = defaultdict(list)
    for article_id, numbers in packed.items():
        by_day[article_id // DAY_IDS].append(numbers)
    stored = _read_days(connection, by_day)
    for number, parts in by_day.items():
        counts = _sum([*([stored[number]] if number in stored else []), _count(parts, sign)])
        row = day.c.number == number
        if not counts.entities.size:
            connection.execute(delete(day).where(row))
        elif number in stored:
            connection.execute(update(day).where(row).values(named=_pack(counts)))
        else:
            connection.execute(insert(day).values(number=number, named=_pack(counts)))


def count_named(connection: Connection, first: int, behind: int) -> NamedCounts:
    """Return whom the articles of a range name, and how many of them.

    Args:
        connection: of the archive.
        first: least id of the range.
        behind: first id behind it.
    """
    day_first, day_behind = -(-first // DAY_IDS), behind // DAY_IDS
    if day_first >= day_behind:
        return _count(_read_range(connection, first, behind))
    ends = _read_range(connection, first, day_first * DAY_IDS)
    ends += _read_range(connection, day_behind * DAY_IDS, behind)
    rows = connection.execute(
        select(day.c.named).where(day.c.number >= day_first, day.c.number < day_behind)
    )
    return _sum([_count(ends), *(_unpack(bytes(named)) for named in rows.scalars())])


def _read_range(connection: Connection, first: int, behind: int) -> list[bytes]:
    rows = connection.execute(
        select(article.c.entities).where(article.c.id >= first, article.c.id < behind)
    )
    return [bytes(packed) for packed in rows.scalars()]


def _read_days(connection: Connection, numbers: Iterable[int]) -> dict[int, NamedCounts]:
    return {
        number: _unpack(bytes(named))
        for some in chunks(list(numbers))
        for number, named in connection.execute(
            select(day.c.number, day.c.named).where(day.c.number.in_(some))
        )
    }


def _count(parts: Sequence[bytes], sign: int = 1) -> NamedCounts:
    numbers = np.frombuffer(b"".join(parts), _NUMBER).astype(np.int64)
    entities, articles = np.unique(numbers, return_counts=True)
    return NamedCounts(entities, sign * articles)


def _sum(counts: Sequence[NamedCounts]) -> NamedCounts:
    entities = np.concatenate([each.entities for each in counts])
    articles = np.concatenate([each.articles for each in counts])
    if len(entities) * _SPARSE > entities.max(initial=0):  # no sorting where numbers are dense
        totals = np.bincount(entities, articles).astype(np.int64)
        found = np.flatnonzero(totals > 0)
        return NamedCounts(found, totals[found])
    found, places = np.unique(entities, return_inverse=True)
    totals = np.zeros(len(found), np.int64)
    np.add.at(totals, places, articles)
    return NamedCounts(found, totals).only(totals > 0)


def _pack(counts: NamedCounts) -> bytes:
    return np.stack([counts.entities, counts.articles]).astype(_NUMBER).tobytes()


def _unpack(packed: bytes) -> NamedCounts:
    entities, articles = np.frombuffer(packed, _NUMBER).astype(np.int64).reshape(2, -1)
    return NamedCounts(entities, articles)
