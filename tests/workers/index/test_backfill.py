"""The files of `nabaa archive` fill the archive: every message once, damage passed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from nabaa.errors import NotFoundError
from nabaa.message import encode_article
from nabaa.subscriber.received import Received
from nabaa.types import Article
from tests.support.archived import NOW, news
from workers.index.articles import read_article
from workers.index.backfill import fill, find_files
from workers.index.database import Archive, open_archive
from workers.index.instants import milliseconds_of
from workers.index.model import Written, add_up
from workers.outputs.archive import Archive as Files, Hour
from workers.outputs.ndjson import NdjsonHour


def parquet_hour(path: Path) -> Hour:
    pytest.importorskip("pyarrow")
    from workers.outputs.parquet import ParquetHour

    return ParquetHour(path)


@pytest.fixture(params=[NdjsonHour, parquet_hour], ids=["ndjson", "parquet"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    open_hour: Callable[[Path], Hour] = request.param
    return Files(tmp_path / "files", open_hour)


@pytest.fixture
def lite(tmp_path: Path) -> Archive:
    return open_archive(tmp_path / "archive.sqlite3")


def keep(files: Files, *articles: Article, hours: int = 0) -> None:
    """Write articles to the files of the hour that begins at NOW, or of a later one."""
    at = milliseconds_of(NOW + timedelta(hours=hours))
    files.add(
        [
            Received("nabaa:{0}:articles", f"{at + number}-0", encode_article(article))
            for number, article in enumerate(articles)
        ]
    )


def fill_all(archive: Archive, folder: Path) -> Written:
    written: list[Written] = []
    for file in find_files([folder]):
        fill(archive, file, written.append)
    return add_up(written)


def test_each_message_of_the_files_is_stored_once(
    lite: Archive, files: Files, tmp_path: Path
) -> None:
    keep(files, *(news(number) for number in range(600)))
    keep(files, news(600), hours=5)
    assert fill_all(lite, tmp_path / "files") == Written(601, 601, 0)
    assert fill_all(lite, tmp_path / "files") == Written(0, 0, 601)


def test_versions_stand_in_the_order_in_which_they_came(
    lite: Archive, files: Files, tmp_path: Path
) -> None:
    versions = [news(1, f"العنوان {number}", version=number) for number in (1, 2, 3)]
    keep(files, *versions[:2])
    keep(files, versions[2], hours=3)
    fill_all(lite, tmp_path / "files")
    with lite.reading() as connection:
        found = read_article(connection, versions[0].uri)
    assert ([each.article for each in found.versions], found.current) == (versions, versions[2])
    assert found.versions[2].arrived >= NOW + timedelta(hours=3)


def test_a_damaged_part_is_passed_over(lite: Archive, tmp_path: Path) -> None:
    files = Files(tmp_path / "files", NdjsonHour)
    for number in range(3):
        keep(files, news(number))
    file = next((tmp_path / "files").rglob("*.zst"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    assert fill_all(lite, tmp_path / "files").articles == 2


def test_a_folder_without_files_of_an_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no file of an archive"):
        find_files([tmp_path])
    with pytest.raises(NotFoundError, match="not there"):
        find_files([tmp_path / "nowhere"])
