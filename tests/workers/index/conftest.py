"""Empty archives: every test that asks for one runs on SQLite and, if installed, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.archives import a_postgres, empty_postgres
from workers.index.database import Archive, open_archive


@pytest.fixture(scope="package")
def postgres_url() -> Iterator[str | None]:
    with a_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def archive_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "archive.sqlite3")
    url: str | None = request.getfixturevalue("postgres_url")
    if url is None:
        pytest.skip("postgresql is not installed")
    empty_postgres(url)
    return url


@pytest.fixture
def archive(archive_url: str) -> Iterator[Archive]:
    opened = open_archive(archive_url)
    yield opened
    opened.close()
