"""The archive of raw pages: each once, as WARC that other programs read, through crashes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from ingest.streams.stored_page import StoredPage, encode_page
from nabaa import GroupReader, Received
from nabaa.streams.keys import Keys
from tests.support.conditions import until
from tests.support.site import open_site
from tests.support.wires.page_stage import page_stage
from workers.outputs.archive import Archive, archive
from workers.upkeep import Upkeep

pytest.importorskip("warcio")
from warcio.archiveiterator import ArchiveIterator

from workers.outputs.warc import WarcHour

FETCHED = datetime(2026, 11, 24, 5, 0, 1, tzinfo=UTC)
BODY = "<html><p>نص الخبر</p></html>".encode()


def received(number: int) -> Received:
    page = StoredPage(
        f"https://sabah.example/{number}", "text/html; charset=utf-8", BODY, FETCHED, '"a"'
    )
    return Received(Keys(0).raw_pages, f"{1_795_496_400_000 + number}-0", encode_page(page))


def records(path: Path) -> list[tuple[str, bytes]]:
    """Return address and body of the records of a file, as warcio reads them."""
    with path.open("rb") as file:
        return [
            (record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
            for record in ArchiveIterator(file)
        ]


def kept(folder: Path) -> list[tuple[str, bytes]]:
    """Return the records of all hours."""
    return [record for file in folder.rglob("*.warc.gz") for record in records(file)]


def hour(folder: Path, messages: Sequence[Received]) -> int:
    return WarcHour(folder / "05").add(messages)


def test_a_page_is_a_record_that_other_programs_read(tmp_path: Path) -> None:
    assert hour(tmp_path, [received(1), received(2)]) == 2
    file = tmp_path / "05.warc.gz"
    assert records(file) == [(f"https://sabah.example/{number}", BODY) for number in (1, 2)]
    with file.open("rb") as opened:
        record = next(iter(ArchiveIterator(opened)))
        assert record.rec_type == "response"
        assert record.rec_headers.get_header("WARC-Date") == "2026-11-24T05:00:01Z"
        assert record.http_headers.get_header("Content-Type") == "text/html; charset=utf-8"


def test_a_page_that_comes_again_after_a_crash_is_known(tmp_path: Path) -> None:
    hour(tmp_path, [received(1)])
    assert hour(tmp_path, [received(1), received(2)]) == 1
    assert len(records(tmp_path / "05.warc.gz")) == 2


def test_a_record_that_a_crash_tore_is_set_aside_and_written_again(tmp_path: Path) -> None:
    hour(tmp_path, [received(1), received(2)])
    file = tmp_path / "05.warc.gz"
    file.write_bytes(file.read_bytes()[:-20])
    assert hour(tmp_path, [received(1), received(2)]) == 1
    assert len(records(file)) == 2
    assert (tmp_path / "05.warc.gz.damaged").exists()


def test_what_is_no_page_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broken = Received(Keys(0).raw_pages, "1-0", b"nonsense")
    assert hour(tmp_path, [broken, received(1)]) == 1
    assert "is left out" in caplog.text


@pytest.mark.anyio
async def test_fetched_pages_come_to_the_archive(client: Redis, tmp_path: Path) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=BODY, content_type="text/html")

    async with open_site() as site, page_stage(client, page_archive_length=100) as stage:
        for number in (1, 2):
            await stage.show(site.page(f"/{number}", answer), str(number))
        await stage.until_sent(2)
        settings = stage.settings
    reader = GroupReader(client, 1, "archive", "me", pages=True)
    stop = asyncio.Event()
    keeping = asyncio.create_task(archive(reader, Archive(tmp_path, WarcHour), stop, 100, 0.05))

    async def are_kept() -> bool:
        return len(kept(tmp_path)) == 2

    await until(are_kept)
    stop.set()
    assert await keeping == 2
    await Upkeep(client, settings.model_copy(update={"page_archive_length": 1})).run([])
    assert await client.xlen(Keys(0).raw_pages) <= 2
