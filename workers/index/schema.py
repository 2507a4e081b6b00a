"""The tables of the archive, the same in SQLite and PostgreSQL.

The full text index, which differs, is made in `workers.index.fulltext`. What an article is found
by (its tokens and entities) belongs to its current version; `version` keeps every message. Numbers
of entities are packed as `workers.index.naming` has it: a row each took half as much room as text.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

SCHEMA_VERSION = "5"
"""Changes when tables or columns do."""

metadata = MetaData()

fact = Table(
    "fact",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What is known of the database itself: the versions of its tables and of its tokens."""

_COUNTED = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up INTEGER alone

article = Table(
    "article",
    metadata,
    # The second of publication and a number in it: `workers.index.instants`.
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", LargeBinary, nullable=False, unique=True),  # of its uri, 16 bytes
    Column("current", LargeBinary, nullable=False),  # digest of its current version
    Column("entities", LargeBinary, nullable=False),  # whom and what it names: `numbers`
)

version = Table(
    "version",
    metadata,
    Column("article", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", LargeBinary, primary_key=True),  # of the message, 8 bytes
    Column("number", BigInteger, nullable=False),
    Column("arrived", BigInteger, nullable=False),  # Unix milliseconds
    Column("data", LargeBinary, nullable=False),  # the message: JSON in zstandard
)

dictionary = Table(
    "dictionary",
    metadata,
    Column("id", _COUNTED, primary_key=True),
    Column("data", LargeBinary, nullable=False),  # of zstandard
)
"""What messages are packed with: `workers.index.codec`."""

entity = Table(
    "entity",
    metadata,
    Column("id", _COUNTED, primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # Q142, local:…
    Column("type", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("country", Text, nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
    sqlite_autoincrement=True,  # no number is used again: `spelling` may still have it
)

spelling = Table(
    "spelling",
    metadata,
    Column("key", Text, primary_key=True),  # search key of a name
    Column("entity", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""The names that articles have for entities."""

entity_place = Index(
    "entity_place",
    entity.c.id,
    sqlite_where=entity.c.latitude.is_not(None),
    postgresql_where=entity.c.latitude.is_not(None),
)

day = Table(
    "day",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # since 1970, UTC
    Column("named", LargeBinary, nullable=False),  # entities and their articles: `counts`
)
"""How many articles of each day name whom: what they add up to, so that a month is few rows."""

story = Table(
    "story",
    metadata,
    Column("key", LargeBinary, primary_key=True),  # of its id, 16 bytes
    Column("revision", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False, index=True),  # Unix milliseconds
    Column("merged_into", LargeBinary),  # key of the story that it turned out to be
    Column("data", LargeBinary, nullable=False),  # its last event: JSON in zstandard
)

telling = Table(
    "telling",
    metadata,
    # Of an article's uri: what tells of a story may come before the article itself.
    Column("article", LargeBinary, primary_key=True),
    Column("story", LargeBinary, nullable=False, index=True),
)
"""Which articles tell of which story."""
