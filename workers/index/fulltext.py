"""The full text index: tokens of articles, in the way of each database.

In both, an id stands for an instant (`workers.index.instants`), and what is asked for is the newest
ids that match: neither database has to look at more of a frequent word than it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, text

from workers.index.dialects import fts5_query, tsquery, tsvector
from workers.index.expression import Expression
from workers.index.words import IndexedText


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry is what the index holds of one article.

    Attributes:
        id: its id.
        text: its tokens.
    """

    id: int
    text: IndexedText


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
    return _SqliteIndex() if connection.dialect.name == "sqlite" else _PostgresIndex()


class _SqliteIndex:
    """FTS5: https://www.sqlite.org/fts5.html."""

    def create(self, connection: Connection) -> None:
        connection.exec_driver_sql("DROP TABLE IF EXISTS words")
        # Without a copy of the text (`content=''`) and without lengths, which only bm25 asks for.
        # The tokeniser parts at spaces: every other mark has been folded away.
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE words USING fts5(title, body, marks, content='', columnsize=0, "
            "tokenize=\"ascii tokenchars '_='\")"
        )

    def add(self, connection: Connection, entries: Sequence[Entry]) -> None:
        if entries:
            connection.exec_driver_sql(
                "INSERT INTO words(rowid, title, body, marks) VALUES (?, ?, ?, ?)", _rows(entries)
            )

    def remove(self, connection: Connection, entries: Sequence[Entry]) -> None:
        if entries:  # an index without a copy of the text has to be told what to forget
            connection.exec_driver_sql(
                "INSERT INTO words(words, rowid, title, body, marks) VALUES ('delete', ?, ?, ?, ?)",
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


def _rows(entries: Sequence[Entry]) -> list[tuple[int, str, str, str]]:
    return [
        (each.id, " ".join(each.text.title), " ".join(each.text.body), " ".join(each.text.marks))
        for each in entries
    ]


class _PostgresIndex:
    """A tsvector with GIN: https://www.postgresql.org/docs/15/textsearch-indexes.html.

    The planner does not know that the tokens lie beside the table, and takes reading all of them
    for cheap: it is told to use the index. `id + 0` keeps it from the index of ids, likewise.
    """

    def create(self, connection: Connection) -> None:
        for statement in (
            "DROP TABLE IF EXISTS words",
            # The tokens lie beside the table, so that its pages hold many ids.
            "CREATE TABLE words (id bigint PRIMARY KEY, tokens tsvector COMPRESSION lz4 NOT NULL) "
            "WITH (toast_tuple_target = 128)",
            "CREATE INDEX words_tokens ON words USING gin (tokens)",
        ):
            connection.execute(text(statement))

    def add(self, connection: Connection, entries: Sequence[Entry]) -> None:
        if entries:
            connection.execute(
                text("INSERT INTO words (id, tokens) VALUES (:id, CAST(:tokens AS tsvector))"),
                [{"id": each.id, "tokens": tsvector(each.text)} for each in entries],
            )

    def remove(self, connection: Connection, entries: Sequence[Entry]) -> None:
        if entries:
            connection.execute(
                text("DELETE FROM words WHERE id = ANY(:ids)"),
                {"ids": [each.id for each in entries]},
            )

    def newest(
        self, connection: Connection, wanted: Expression, first: int, behind: int, limit: int
    ) -> list[int]:
        _use_index(connection)
        rows = connection.execute(
            text(
                "WITH found AS MATERIALIZED (SELECT id FROM words "
                "WHERE tokens @@ CAST(:wanted AS tsquery) "
                "AND id + 0 >= :first AND id + 0 < :behind) "
                "SELECT id FROM found ORDER BY id DESC LIMIT :limit"
            ),
            {"wanted": tsquery(wanted), "first": first, "behind": behind, "limit": limit},
        )
        return [row[0] for row in rows]

    def in_title(
        self, connection: Connection, wanted: Expression, ids: Sequence[int]
    ) -> frozenset[int]:
        rows = connection.execute(
            text(
                "SELECT id FROM words WHERE id = ANY(:ids) AND tokens @@ CAST(:wanted AS tsquery)"
            ),
            {"wanted": tsquery(wanted, "A"), "ids": list(ids)},
        )
        return frozenset(row[0] for row in rows)

    def count_by(
        self, connection: Connection, wanted: Expression, first: int, behind: int, width: int
    ) -> list[tuple[int, int]]:
        _use_index(connection)
        rows = connection.execute(
            text(
                "SELECT id / :width, count(*) FROM words "
                "WHERE tokens @@ CAST(:wanted AS tsquery) "
                "AND id + 0 >= :first AND id + 0 < :behind "
                "GROUP BY 1"
            ),
            {"wanted": tsquery(wanted), "first": first, "behind": behind, "width": width},
        )
        return [(row[0], row[1]) for row in rows]


def _use_index(connection: Connection) -> None:
    """Keep this transaction from reading whole tables."""
    connection.execute(text("SET LOCAL enable_seqscan = off"))
