"""Empty archives: every test that asks for one runs on SQLite and, if installed, on PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.support.postgres import find_postgres, postgres_server
from workers.index.database import Archive, open_archive


@pytest.fixture(scope="package")
def postgres_url() -> Iterator[str | None]:
    programs = find_postgres()
    if programs is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="nabaa-pg-") as folder:
        Path(folder).chmod(0o711)
        with postgres_server(programs, Path(folder) / "s") as url:
            yield url


def empty_postgres(url: str) -> str:
    """Return the address of a server whose database has been emptied."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def archive_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "archive.sqlite3")
    url: str | None = request.getfixturevalue("postgres_url")
    if url is None:
        pytest.skip("postgresql is not installed")
    return empty_postgres(url)


@pytest.fixture
def archive(archive_url: str) -> Iterator[Archive]:
    opened = open_archive(archive_url)
    yield opened
    opened.close()
