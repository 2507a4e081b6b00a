"""The full text indexes: tokens of articles and of quotations, in the way of each database.

In both, an id stands for an instant (`workers.index.instants`), and what is asked for is the newest
ids that match: neither database has to look at more of a frequent word than it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from sqlalchemy import Connection, text

from workers.index.dialects import fts5_query, tsquery, tsvector
from workers.index.expression import Expression
from workers.index.words import IndexedText

Name = Literal["article_words", "quotation_words"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry is what the index holds of one article or quotation.

    Attributes:
        id: its id.
        text: its tokens.
    """

    id: int
    text: IndexedText


class FullText(Protocol):
    """A full text index of one kind of thing."""

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


def fulltext(connection: Connection, name: Name) -> FullText:
    """Return the index of a name in the database of a connection."""
    return _SqliteIndex(name) if connection.dialect.name == "sqlite" else _PostgresIndex(name)


def fulltexts(connection: Connection) -> tuple[FullText, FullText]:
    """Return the index of articles and that of quotations."""
    return fulltext(connection, "article_words"), fulltext(connection, "quotation_words")


# Names of tables are ours, not a person's.
# ruff: noqa: S608


class _SqliteIndex:
    def __init__(self, name: Name) -> None:
        self._name = name

    def create(self, connection: Connection) -> None:
        connection.execute(text(f"DROP TABLE IF EXISTS {self._name}"))
        # Without a copy of the text (`content=''`) and without lengths, which only bm25 asks for.
        # The tokeniser parts at spaces: every other mark has been folded away.
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE {self._name} USING fts5(title, body, marks, content='', "
            "columnsize=0, tokenize=\"ascii tokenchars '_='\")"
        )

    def add(self, connection: Connection, entries: Sequence[Entry]) -> None:
        self._write(connection, "", entries)

    def remove(self, connection: Connection, entries: Sequence[Entry]) -> None:
        self._write(connection, f"{self._name}, ", entries)

    def _write(self, connection: Connection, command: str, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        value = "'delete', " if command else ""
        connection.exec_driver_sql(
            f"INSERT INTO {self._name}({command}rowid, title, body, marks) "
            f"VALUES ({value}?, ?, ?, ?)",
            [
                (each.id, *(" ".join(part) for part in (each.text.title, each.text.body,
                                                        each.text.marks)))
                for each in entries
            ],
        )  # fmt: skip

    def newest(
        self, connection: Connection, wanted: Expression, first: int, behind: int, limit: int
    ) -> list[int]:
        rows = connection.exec_driver_sql(
            f"SELECT rowid FROM {self._name} WHERE {self._name} MATCH ? "
            "AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?",
            (fts5_query(wanted), first, behind, limit),
        )
        return [row[0] for row in rows]

    def in_title(
        self, connection: Connection, wanted: Expression, ids: Sequence[int]
    ) -> frozenset[int]:
        rows = connection.exec_driver_sql(
            f"SELECT rowid FROM {self._name} WHERE {self._name} MATCH ? "
            "AND rowid >= ? AND rowid <= ?",
            (f"{{title}} : {fts5_query(wanted)}", min(ids), max(ids)),
        )
        return frozenset(ids).intersection(row[0] for row in rows)

    def count_by(
        self, connection: Connection, wanted: Expression, first: int, behind: int, width: int
    ) -> list[tuple[int, int]]:
        rows = connection.exec_driver_sql(
            f"SELECT rowid / ?, count(*) FROM {self._name} WHERE {self._name} MATCH ? "
            "AND rowid >= ? AND rowid < ? GROUP BY 1",
            (width, fts5_query(wanted), first, behind),
        )
        return [(row[0], row[1]) for row in rows]


class _PostgresIndex:
    def __init__(self, name: Name) -> None:
        self._name = name

    def create(self, connection: Connection) -> None:
        name = self._name
        for statement in (
            f"DROP TABLE IF EXISTS {name}",
            # The tokens lie beside the table, so that its pages hold many ids.
            f"CREATE TABLE {name} (id bigint PRIMARY KEY, words tsvector COMPRESSION lz4 NOT NULL) "
            "WITH (toast_tuple_target = 128)",
            f"CREATE INDEX {name}_index ON {name} USING gin (words)",
        ):
            connection.execute(text(statement))

    def add(self, connection: Connection, entries: Sequence[Entry]) -> None:
        if entries:
            connection.execute(
                text(
                    f"INSERT INTO {self._name} (id, words) VALUES (:id, CAST(:words AS tsvector))"
                ),
                [{"id": each.id, "words": tsvector(each.text)} for each in entries],
            )

    def remove(self, connection: Connection, entries: Sequence[Entry]) -> None:
        if entries:
            connection.execute(
                text(f"DELETE FROM {self._name} WHERE id = ANY(:ids)"),
                {"ids": [each.id for each in entries]},
            )

    def newest(
        self, connection: Connection, wanted: Expression, first: int, behind: int, limit: int
    ) -> list[int]:
        rows = connection.execute(
            text(
                f"WITH found AS MATERIALIZED (SELECT id FROM {self._name} "
                "WHERE words @@ CAST(:wanted AS tsquery) AND id >= :first AND id < :behind) "
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
                f"SELECT id FROM {self._name} "
                "WHERE id = ANY(:ids) AND words @@ CAST(:wanted AS tsquery)"
            ),
            {"wanted": tsquery(wanted, "A"), "ids": list(ids)},
        )
        return frozenset(row[0] for row in rows)

    def count_by(
        self, connection: Connection, wanted: Expression, first: int, behind: int, width: int
    ) -> list[tuple[int, int]]:
        rows = connection.execute(
            text(
                f"SELECT id / :width, count(*) FROM {self._name} "
                "WHERE words @@ CAST(:wanted AS tsquery) AND id >= :first AND id < :behind "
                "GROUP BY 1"
            ),
            {"wanted": tsquery(wanted), "first": first, "behind": behind, "width": width},
        )
        return [(row[0], row[1]) for row in rows]
