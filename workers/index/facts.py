"""What an archive knows of itself: the version of its tables and tokens, how far a rebuild is."""

from __future__ import annotations

from sqlalchemy import Connection, select

from nabaa.errors import OutputError
from workers.index.schema import fact
from workers.index.words import WORDS_VERSION

REBUILT = "rebuilt"
"""Fact that is there while the full text index is built again: id of the last article done."""


def read_facts(connection: Connection) -> dict[str, str]:
    """Return what is known: `schema`, `words` and, during a rebuild, `rebuilt`."""
    rows = connection.execute(select(fact.c.name, fact.c.value))
    return {row.name: row.value for row in rows}


def must_rebuild(facts: dict[str, str]) -> bool:
    """Return whether the index has to be built again before anything is written."""
    return facts["words"] != WORDS_VERSION or REBUILT in facts


def check_words(connection: Connection) -> None:
    """Refuse to write to an index whose tokens are of another version.

    Raises:
        OutputError: it has to be built again first.
    """
    if must_rebuild(read_facts(connection)):
        raise OutputError(
            "the full text index of the archive was made by another version of nabaa and has to be "
            "built again: start `nabaa index` anew"
        )
