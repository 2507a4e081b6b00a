"""The full text index: tokens of articles, in the way of each database.

In both, an id stands for an instant (`workers.index.instants`), and what is asked for is the newest
ids that match: neither database has to look at more of a frequent word than it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection

from workers.index.dialects import fts5_query
from workers.index.expression import Expression
from workers.index.fulltext_postgres import PostgresIndex
from workers.index.words import Entry


class FullText(Protocol):
    """The full text index of an archive."""

    def create(self, connection: Connection) -> None:
        """Make the index; empty it where there is one."""

    def add(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Add entries whose ids it does not have."""

    def remove(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Remove entries, given exactly as they were added."""

    def newest(
        self, connection: Connection, wanted: Expression, first: int, behind: int, limit: int
    ) -> list[int]:
        """Return the highest ids, first ≤ id < behind, whose entries match; highest first."""

    def in_title(
        self, connection: Connection, wanted: Expression, ids: Sequence[int]
    ) -> frozenset[int]:
        """Return those of some ids whose headline alone has the words."""

    def count_by(
        self, connection: Connection, wanted: Expression, first: int, behind: int, width: int
    ) -> list[tuple[int, int]]:
        """Return how many entries match for each id // width that has any."""


def fulltext(connection: Connection) -> FullText:
    """Return the index in the database of a connection."""
    return _SqliteIndex() if connection.dialect.name == "sqlite" else PostgresIndex()


class _SqliteIndex:
    """FTS5: https://www.sqlite.org/fts5.html."""

    def create(self, connection: Connection) -> None:
        connection.exec_driver_sql("DROP TABLE IF EXISTS words")
        # Without a copy of the text (`content=''`) and without lengths, which only bm25 asks for.
        # The tokeniser parts at spaces: every other mark has been folded away.
        connection.exec_driver_sql(
            # A word of the first column takes two bytes less: the marks stand there, too.
            "CREATE VIRTUAL TABLE words USING fts5(body, title, content='', columnsize=0, "
            "tokenize=\"ascii tokenchars '_='\")"
        )

    def add(self, connection: Connection, entries: Sequence[Entry]) -> None:
        if entries:
            connection.exec_driver_sql(
                "INSERT INTO words(rowid, body, title) VALUES (?, ?, ?)", _rows(entries)
            )

    def remove(self, connection: Connection, entries: Sequence[Entry]) -> None:
        if entries:  # an index without a copy of the text has to be told what to forget
            connection.exec_driver_sql(
                "INSERT INTO words(words, rowid, body, title) VALUES ('delete', ?, ?, ?)",
                _rows(entries),
            )

    def newest(
        self, connection: Connection, wanted: Expression, first: int, behind: int, limit: int
    ) -> list[int]:
        rows = connection.exec_driver_sql(
            "SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ? AND rowid < ? "
            "ORDER BY rowid DESC LIMIT ?",
            (fts5_query(wanted), first, behind, limit),
        )
        return [row[0] for row in rows]

    def in_title(
        self, connection: Connection, wanted: Expression, ids: Sequence[int]
    ) -> frozenset[int]:
        rows = connection.exec_driver_sql(
            "SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ? AND rowid <= ?",
            (f"{{title}} : {fts5_query(wanted)}", min(ids), max(ids)),
        )
        return frozenset(ids).intersection(row[0] for row in rows)

    def count_by(
        self, connection: Connection, wanted: Expression, first: int, behind: int, width: int
    ) -> list[tuple[int, int]]:
        rows = connection.exec_driver_sql(
            "SELECT rowid / ?, count(*) FROM words WHERE words MATCH ? "
            "AND rowid >= ? AND rowid < ? GROUP BY 1",
            (width, fts5_query(wanted), first, behind),
        )
        return [(row[0], row[1]) for row in rows]


def _rows(entries: Sequence[Entry]) -> list[tuple[int, str, str]]:
    return [
        (each.id, " ".join((*each.text.marks, *each.text.body)), " ".join(each.text.title))
        for each in entries
    ]
