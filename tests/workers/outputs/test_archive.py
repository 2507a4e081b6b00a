"""The archive: every message once, in the hour in which it came, through crashes."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from redis.asyncio import Redis

from nabaa import GroupReader, Received
from nabaa.errors import OutputError
from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from nabaa.types import Article, Media, Page, Picture
from tests.support.articles import numbered_article
from tests.support.conditions import until
from workers.outputs.archive import HOURS_OPEN, Archive, Hour, archive
from workers.outputs.ndjson import NdjsonHour

KEYS = Keys(0)
FIVE = datetime(2026, 11, 24, 5, tzinfo=UTC)
HOUR_MILLISECONDS = 3_600_000


def message(number: int, hours: int = 0) -> Received:
    """Return a message of that hour after five."""
    at = int(FIVE.timestamp() * 1000) + hours * HOUR_MILLISECONDS + number
    return Received(KEYS.articles, f"{at}-0", encode_article(numbered_article(number)))


def lines(path: Path) -> list[bytes]:
    reader = zstandard.ZstdDecompressor().stream_reader(path.read_bytes(), read_across_frames=True)
    return io.BytesIO(reader.read()).readlines()


def rows(folder: Path) -> list[dict[str, Any]]:
    parquet = pytest.importorskip("pyarrow.parquet")
    return [
        row
        for part in sorted(folder.glob("*.parquet"))
        for row in parquet.read_table(part).to_pylist()
    ]


def parquet_hour(path: Path) -> Hour:
    pytest.importorskip("pyarrow")
    from workers.outputs.parquet import ParquetHour

    return ParquetHour(path)


def kept(folder: Path) -> list[bytes]:
    """Return the messages of five o'clock, of whichever format."""
    file = folder / "2026-11-24" / "05.ndjson.zst"
    if file.exists():
        return [line.rstrip(b"\n") for line in lines(file)]
    return [row["data"].encode() for row in rows(folder / "2026-11-24" / "05")]


FORMATS = pytest.mark.parametrize(
    "open_hour", [NdjsonHour, parquet_hour], ids=["ndjson", "parquet"]
)
OpenHour = Callable[[Path], Hour]


@FORMATS
def test_messages_are_kept_as_they_are(tmp_path: Path, open_hour: OpenHour) -> None:
    messages = [message(number) for number in range(5)]
    assert Archive(tmp_path, open_hour).add(messages) == 5
    assert kept(tmp_path) == [each.data for each in messages]


@FORMATS
def test_each_hour_has_a_place_of_its_own(tmp_path: Path, open_hour: OpenHour) -> None:
    Archive(tmp_path, open_hour).add([message(1), message(2, hours=1), message(3, hours=20)])
    names = {path.relative_to(tmp_path).as_posix().split(".")[0] for path in tmp_path.glob("*/*")}
    assert names == {"2026-11-24/05", "2026-11-24/06", "2026-11-25/01"}


@FORMATS
def test_a_message_that_comes_again_is_not_written_again(
    tmp_path: Path, open_hour: OpenHour
) -> None:
    files = Archive(tmp_path, open_hour)
    files.add([message(1), message(2)])
    assert files.add([message(2), message(3)]) == 1
    assert Archive(tmp_path, open_hour).add([message(1), message(3), message(4)]) == 1
    assert len(kept(tmp_path)) == 4


@FORMATS
def test_an_hour_that_was_put_away_is_known_when_it_comes_up_again(
    tmp_path: Path, open_hour: OpenHour
) -> None:
    files = Archive(tmp_path, open_hour)
    for hours in range(HOURS_OPEN + 2):
        files.add([message(1, hours)])
    assert files.add([message(1)]) == 0


def test_a_frame_that_was_torn_by_a_crash_is_cut_off_and_written_again(tmp_path: Path) -> None:
    files = Archive(tmp_path, NdjsonHour)
    files.add([message(1)])
    file = tmp_path / "2026-11-24" / "05.ndjson.zst"
    whole = file.stat().st_size
    files.add([message(2), message(3)])
    for size in range(whole + 1, file.stat().st_size):
        torn = tmp_path / f"{size}" / "2026-11-24"
        torn.mkdir(parents=True)
        (torn / "05.ndjson.zst").write_bytes(file.read_bytes()[:size])
        assert Archive(torn.parent, NdjsonHour).add([message(2), message(3)]) == 2
        assert len(kept(torn.parent)) == 3


def test_a_parquet_file_that_was_not_finished_is_removed(tmp_path: Path) -> None:
    files = Archive(tmp_path, parquet_hour)
    files.add([message(1)])
    hidden = tmp_path / "2026-11-24" / "05" / ".torn.parquet"
    hidden.write_bytes(b"PAR1")
    Archive(tmp_path, parquet_hour).add([message(2)])
    assert not hidden.exists()
    assert len(kept(tmp_path)) == 2


def test_parquet_has_the_columns_of_the_article(tmp_path: Path) -> None:
    Archive(tmp_path, parquet_hour).add([message(7)])
    [row] = rows(tmp_path / "2026-11-24" / "05")
    article = numbered_article(7)
    assert (row["uri"], row["outlet"], row["country"]) == (article.uri, "صحيفة الصباح", "JO")
    assert row["published"] == article.published
    [entity] = row["entities"]
    assert (entity["name"], entity["mentions"]) == ("عمّان", 2)


def test_parquet_has_a_column_for_each_field_of_an_article(tmp_path: Path) -> None:
    picture = Picture("https://sabah.example/1.jpg", "عمّان")
    article = replace(
        numbered_article(7),
        media=(Media("https://sabah.example/1.mp3", "audio/mpeg", 9),),
        body_source="page",
        page=Page("https://sabah.example/7", "اقتصاد", picture, FIVE, "paywall"),
        duplicate_of="urn:nabaa:article:" + "a" * 32,
        story="urn:nabaa:story:" + "b" * 32,
    )
    sent = Received(KEYS.articles, message(7).message_id, encode_article(article))
    Archive(tmp_path, parquet_hour).add([sent])
    [row] = rows(tmp_path / "2026-11-24" / "05")
    assert {field.name for field in fields(Article)} - set(row) == set()
    assert row["media"] == [asdict(medium) for medium in article.media]
    assert article.page is not None
    assert row["page"] == asdict(article.page)
    for name in ("body_source", "duplicate_of", "story", "content_hash"):
        assert row[name] == getattr(article, name)


@FORMATS
def test_what_is_no_article_is_kept_as_well(tmp_path: Path, open_hour: OpenHour) -> None:
    foreign = Received(KEYS.articles, message(1).message_id, b'{"of": "a later version"}')
    Archive(tmp_path, open_hour).add([foreign])
    assert kept(tmp_path) == [foreign.data]


@pytest.mark.anyio
@pytest.mark.parametrize("dies", [True, False], ids=["killed before it acknowledged", "stopped"])
async def test_what_a_group_is_given_is_on_the_disk_once(
    client: Redis, tmp_path: Path, dies: bool
) -> None:
    for number in range(40):
        data = encode_article(numbered_article(number))
        await client.xadd(KEYS.articles, {"data": data})

    async def run(open_hour: OpenHour, count: int) -> None:
        stop = asyncio.Event()
        reader = GroupReader(client, 1, "archive", "me", count=10)
        files = Archive(tmp_path, open_hour)
        running = asyncio.create_task(archive(reader, files, stop, 10, 0.05))

        async def is_written() -> bool:
            return running.done() or len(all_lines(tmp_path)) >= count

        await until(is_written)
        stop.set()
        await running

    class Dying(NdjsonHour):
        """Its process dies once the second batch is written."""

        batches = 0

        def add(self, messages: Any) -> int:
            added = super().add(messages)
            Dying.batches += 1
            if Dying.batches == 2:
                raise OSError("the process is gone")
            return added

    if dies:
        with pytest.raises(OutputError, match="gone"):
            await run(Dying, 40)
    await run(NdjsonHour, 40)
    urls = sorted(json.loads(line)["url"] for line in all_lines(tmp_path))
    assert urls == sorted(numbered_article(number).url for number in range(40))
    assert (await client.xpending(KEYS.articles, "archive"))["pending"] == 0


def all_lines(folder: Path) -> list[bytes]:
    return [line for file in folder.glob("*/*.zst") for line in lines(file)]
