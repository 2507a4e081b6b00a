"""The full text index in PostgreSQL: GIN over the tokens of a text, which lies beside its table.

https://www.postgresql.org/docs/15/textsearch-indexes.html

A tsvector with the places of all words takes as much room as text and messages together, so an
article has its words in a row, as text that PostgreSQL packs, and the index is one over the
tsvector that is made of it. Phrases are looked for in that text, among the newest that have their
words.

GIN gives everything that matches in no order. Each article has marks for its day and for longer
times, and the newest ones are asked for by these, a longer time only where too few were found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, text

from workers.index.dialects import phrase_conditions, tsquery
from workers.index.entity_rows import chunks
from workers.index.expression import Every, Expression, Mark, Some
from workers.index.instants import DAY_IDS
from workers.index.words import ANY, Entry

# The planner does not know that the tokens lie beside the table, and takes reading all of them for
# cheap: it is told to use the index. `id + 0` keeps it from the index of ids, likewise.

MOST_CHECKED = 2000
"""Articles that have the words of a phrase, the newest ones, in which it is looked for."""

_VECTOR = "array_to_tsvector(string_to_array(rtrim(tokens), ' '))"
_TEXT = "(' ' || tokens)"
# Conditions are put together of what stands here; what is asked for is given as values.
# ruff: noqa: S608

_TITLE = "(' ' || title || ' ')"
_TITLE_VECTOR = "array_to_tsvector(string_to_array(title, ' '))"
_LONGEST_TITLE = 500  # code points
_DAYS = (1, 8, 64, 512)
_MOST_TIMES = 8
_LEAST_BYTES = 2080  # PostgreSQL packs no row of less than 2 KB; spaces take no room when packed

_Check = tuple[str, dict[str, object]]
"""A condition in SQL, and the values that it names."""


class PostgresIndex:
    """The index; methods as `workers.index.fulltext.FullText` has them."""

    def create(self, connection: Connection) -> None:
        """Make the index; empty it where there is one."""
        for statement in (
            "DROP TABLE IF EXISTS words",
            # The tokens lie beside the table, so that its pages hold many ids, and are packed.
            "CREATE TABLE words (id bigint PRIMARY KEY, title text NOT NULL, "
            "tokens text COMPRESSION pglz NOT NULL) WITH (toast_tuple_target = 128)",
            "ALTER TABLE words ALTER title SET STORAGE PLAIN",
            # What waits for the index would be read from one end to the other by each question.
            f"CREATE INDEX words_tokens ON words USING gin ({_VECTOR}) WITH (fastupdate = off)",
        ):
            connection.execute(text(statement))

    def add(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Add entries whose ids it does not have."""
        if entries:
            connection.execute(
                text("INSERT INTO words (id, title, tokens) VALUES (:id, :title, :tokens)"),
                [
                    {"id": each.id, "title": _title(each), "tokens": _tokens(each)}
                    for each in entries
                ],
            )

    def remove(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Remove entries."""
        if entries:
            connection.execute(
                text("DELETE FROM words WHERE id = ANY(:ids)"),
                {"ids": [each.id for each in entries]},
            )

    def newest(
        self, connection: Connection, wanted: Expression, first: int, behind: int, limit: int
    ) -> list[int]:
        """Return the highest ids, first ≤ id < behind, whose entries match; highest first."""
        _use_index(connection)
        last = connection.execute(
            text("SELECT max(id) FROM words WHERE id < :behind"), {"behind": behind}
        ).scalar()
        if last is None or last < first:
            return []
        checks = _phrase_checks(wanted)
        most = max(limit, MOST_CHECKED) if checks else limit
        found: list[int] = []
        for part in _times(wanted, first, last):
            ids = connection.execute(
                text(
                    f"WITH found AS MATERIALIZED (SELECT id FROM words WHERE {_VECTOR} @@ "
                    "CAST(:wanted AS tsquery) AND id + 0 >= :first AND id + 0 < :behind) "
                    "SELECT id FROM found ORDER BY id DESC LIMIT :most"
                ),
                {"wanted": tsquery(part), "first": first, "behind": behind, "most": most},
            )
            found = list(ids.scalars())
            if len(found) == most:
                break
        if not checks:
            return found
        matching: list[int] = []
        for some in chunks(found):
            matching += self._matching(connection, some, checks)
            if len(matching) >= limit:
                break
        return matching[:limit]

    def in_title(
        self, connection: Connection, wanted: Expression, ids: Sequence[int]
    ) -> frozenset[int]:
        """Return those of some ids whose headline alone has the words."""
        is_there = f"{_TITLE_VECTOR} @@ CAST(:wanted AS tsquery)"
        in_words: _Check = (is_there, {"wanted": tsquery(wanted)})
        checks = [in_words, *_phrase_checks(wanted, _TITLE)]
        return frozenset(self._matching(connection, ids, checks))

    def count_by(
        self, connection: Connection, wanted: Expression, first: int, behind: int, width: int
    ) -> list[tuple[int, int]]:
        """Return how many entries match for each id // width that has any."""
        _use_index(connection)
        conditions = [
            f"{_VECTOR} @@ CAST(:wanted AS tsquery)",
            "id + 0 >= :first AND id + 0 < :behind",
        ]
        values: dict[str, object] = {
            "wanted": tsquery(_narrowed(wanted, first, behind)),
            "first": first,
            "behind": behind,
            "width": width,
        }
        for condition, more in _phrase_checks(wanted):
            conditions.append(condition)
            values |= more
        rows = connection.execute(
            text(
                "SELECT id / :width, count(*) FROM words "
                f"WHERE {' AND '.join(conditions)} GROUP BY 1"
            ),
            values,
        )
        return [(row[0], row[1]) for row in rows]

    def _matching(
        self, connection: Connection, ids: Sequence[int], checks: Sequence[_Check]
    ) -> list[int]:
        """Return those of some ids for which conditions hold, highest first."""
        conditions = ["id = ANY(:ids)", *(condition for condition, _ in checks)]
        values: dict[str, object] = {"ids": list(ids)}
        for _, more in checks:
            values |= more
        rows = connection.execute(
            text(f"SELECT id FROM words WHERE {' AND '.join(conditions)} ORDER BY id DESC"), values
        )
        return list(rows.scalars())


def _phrase_checks(wanted: Expression, tokens: str = _TEXT) -> list[_Check]:
    """Return conditions on the order of words; none where there is no phrase."""
    values: dict[str, object] = {}
    conditions = phrase_conditions(wanted, tokens, values)
    return [(condition, values) for condition in conditions]


def _title(entry: Entry) -> str:
    return " ".join(entry.text.title)[:_LONGEST_TITLE].strip()


def _tokens(entry: Entry) -> str:
    """Return the tokens of an article: its headline, the mark that all have, text and marks."""
    marks = (mark for mark in entry.text.marks if mark != ANY)
    words = (*entry.text.title, ANY, *entry.text.body, *marks, *_marks_of_times(entry.id))
    tokens = f"{' '.join(words)} "
    return tokens + " " * (_LEAST_BYTES - len(tokens.encode()))


def _marks_of_times(article_id: int) -> list[str]:
    return [_time_mark(days, article_id // DAY_IDS // days) for days in _DAYS]


def _time_mark(days: int, number: int) -> str:
    return f"d{days}={number}"


def _times(wanted: Expression, first: int, last: int) -> Iterator[Expression]:
    """Yield what is wanted in a time that ends with an id, then in longer ones, then in all.

    Args:
        wanted: what is wanted.
        first: least id of interest; no time reaches further back than is needed for it.
        last: highest id of interest.
    """
    for days in _DAYS:
        number = last // DAY_IDS // days
        marks = (Mark(_time_mark(days, number)), Mark(_time_mark(days, number - 1)))
        yield Every((wanted, Some(marks)))
        if (number - 1) * days * DAY_IDS <= first:
            return
    yield wanted


def _narrowed(wanted: Expression, first: int, behind: int) -> Expression:
    """Return what is wanted with the marks of a span of time, where few say it."""
    for days in _DAYS:
        numbers = range(first // DAY_IDS // days, (behind - 1) // DAY_IDS // days + 1)
        if len(numbers) <= _MOST_TIMES:
            return Every((wanted, Some(tuple(Mark(_time_mark(days, n)) for n in numbers))))
    return wanted


def _use_index(connection: Connection) -> None:
    """Keep this transaction from reading whole tables, and its bitmaps exact."""
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    connection.execute(text("SET LOCAL work_mem = '64MB'"))
