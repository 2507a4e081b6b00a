"""An archive of the version of nabaa before this one is brought up to date where it stands.

Messages stay as they are; what they are found by is made again by `workers.index.rebuild`, since
the tokens of that version are others, too.
"""

from __future__ import annotations

from sqlalchemy import Connection, text, update

from workers.index.schema import SCHEMA_VERSION, day, entity_place, fact

BEFORE = "4"
"""Version of the tables that can be brought up to date."""


def migrate(connection: Connection) -> None:
    """Make the tables of version 4 those of this version.

    Rows of `naming`, one for each article and entity, become a value of each article, and counts of
    each day: room that was half of the text in PostgreSQL.

    Args:
        connection: of `Archive.writing`.
    """
    kind = "BLOB" if connection.dialect.name == "sqlite" else "bytea"
    nothing = "x''" if connection.dialect.name == "sqlite" else "''"
    connection.execute(
        text(f"ALTER TABLE article ADD COLUMN entities {kind} NOT NULL DEFAULT {nothing}")
    )
    connection.execute(text("DROP TABLE naming"))
    day.create(connection)
    entity_place.create(connection)
    connection.execute(update(fact).where(fact.c.name == "schema").values(value=SCHEMA_VERSION))
