"""Empty archives for tests: in SQLite and, where it is installed, in PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.support.postgres import find_postgres, postgres_server


@contextmanager
def a_postgres() -> Iterator[str | None]:
    """Run a PostgreSQL while the block does; gives its address, None where none is installed."""
    programs = find_postgres()
    if programs is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="nabaa-pg-") as folder:
        Path(folder).chmod(0o711)
        with postgres_server(programs, Path(folder) / "s") as url:
            yield url


def empty_postgres(url: str) -> None:
    """Remove all that is in the database of an address."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
