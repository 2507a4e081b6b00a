"""The archive on a disk that is damaged, full or shared: what is whole survives, and it is told."""

from __future__ import annotations

import asyncio
import json
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from redis.asyncio import Redis

from nabaa.errors import OutputError
from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from tests.support.articles import numbered_article
from tests.support.conditions import until
from tests.workers.outputs.test_archive import all_lines, kept, message, parquet_hour
from workers.outputs.archive import Archive, archive
from workers.outputs.disk.folder import own_folder
from workers.outputs.disk.frames import Frame, read_frames
from workers.outputs.ndjson import NdjsonHour
from workers.subscriber import GroupReader

FRAMES = 4
FILE = Path("2026-11-24", "05.ndjson.zst")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of an hour that was written in four frames of two messages."""
    folder = tmp_path_factory.mktemp("whole")
    files = Archive(folder, NdjsonHour)
    for number in range(FRAMES):
        files.add([message(2 * number), message(2 * number + 1)])
    return (folder / FILE).read_bytes()


def written(folder: Path, data: bytes) -> Path:
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def frames_of(path: Path) -> list[Frame]:
    return [part for part in read_frames(path) if isinstance(part, Frame)]


@settings(max_examples=200, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_flipped_bit_costs_one_frame_at_most(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, place: float, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("flipped")
    damaged = bytearray(whole)
    damaged[int(place * len(damaged))] ^= 1 << bit
    path = written(folder, bytes(damaged))
    NdjsonHour(path.with_name("05"))
    assert len(frames_of(path)) >= FRAMES - 1
    assert {line + b"\n" for line in kept(folder)} <= {
        message(number).data + b"\n" for number in range(2 * FRAMES)
    }


@pytest.mark.parametrize("number", range(FRAMES))
def test_a_damaged_frame_is_set_aside_and_told(
    tmp_path: Path, whole: bytes, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    frame = frames_of(written(tmp_path, whole))[number]
    spoilt = bytearray(whole)
    spoilt[frame.start : frame.end] = bytes(frame.end - frame.start)
    path = written(tmp_path, bytes(spoilt))
    files = Archive(tmp_path, NdjsonHour)
    assert files.add([message(2 * number), message(99)]) == 2
    assert len(kept(tmp_path)) == 2 * FRAMES
    assert path.with_name("05.ndjson.zst.damaged").read_bytes() == bytes(frame.end - frame.start)
    assert "set aside in 05.ndjson.zst.damaged, and the other 3 frames are kept" in caplog.text


def test_what_follows_a_frame_of_zeros_is_known_and_not_written_again(
    tmp_path: Path, whole: bytes
) -> None:
    written(tmp_path, bytes(100) + whole)
    assert Archive(tmp_path, NdjsonHour).add([message(n) for n in range(2 * FRAMES)]) == 0


def test_a_damaged_parquet_file_is_set_aside_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = Archive(tmp_path, parquet_hour)
    for number in range(3):
        files.add([message(number)])
    first, *_ = sorted((tmp_path / "2026-11-24" / "05").glob("*.parquet"))
    first.write_bytes(first.read_bytes()[:-20])
    assert Archive(tmp_path, parquet_hour).add([message(n) for n in range(3)]) == 1
    assert len(kept(tmp_path)) == 3
    assert first.with_name(f"_{first.name}.damaged").exists()
    assert "is damaged" in caplog.text


def test_a_second_process_in_one_folder_is_refused(tmp_path: Path) -> None:
    with (
        own_folder(tmp_path),
        pytest.raises(OutputError, match="is in use by another `nabaa archive`: stop it"),
        own_folder(tmp_path),
    ):
        pass


def test_a_folder_is_free_again_when_its_owner_has_ended(tmp_path: Path) -> None:
    for _ in range(2):
        with own_folder(tmp_path / "new" / "folder"):
            pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(OutputError, match="file/folder cannot be written: Not a directory"),
        own_folder(tmp_path / "file" / "folder"),
    ):
        pass


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes, as a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.anyio
@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
async def test_a_full_disk_is_told_and_everything_stays_with_the_group(
    client: Redis, tmp_path: Path
) -> None:
    articles = [numbered_article(number) for number in range(40)]
    for article in articles:
        await client.xadd(Keys(0).articles, {"data": encode_article(article)})

    def reader() -> GroupReader:
        return GroupReader(client, 1, "archive", "me", count=10)

    with files_up_to(1800), pytest.raises(OutputError, match="cannot be written: File too large"):
        await archive(reader(), Archive(tmp_path, NdjsonHour), asyncio.Event(), 10, 0.05)
    there = len(all_lines(tmp_path))
    assert 0 < there < 40
    stop = asyncio.Event()
    running = asyncio.create_task(archive(reader(), Archive(tmp_path, NdjsonHour), stop, 10, 0.05))

    async def all_are_there() -> bool:
        return len(all_lines(tmp_path)) == 40

    await until(all_are_there)
    stop.set()
    assert await running == 40 - there
    urls = sorted(json.loads(line)["url"] for line in all_lines(tmp_path))
    assert urls == sorted(article.url for article in articles)
