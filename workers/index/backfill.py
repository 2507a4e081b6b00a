"""The files of `nabaa archive` into the archive that answers: lines of JSON, or Parquet.

What is there already is known and passed over, so that an interrupted run is run again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import msgspec

from nabaa.errors import ConfigError, NotFoundError
from nabaa.story_message import decode_story
from nabaa.streams.ids import instant_of
from nabaa.types import Story
from workers.index.database import Archive
from workers.index.indexer import write
from workers.index.instants import milliseconds_of
from workers.index.message import ArchivedMessage, message_of
from workers.index.model import Written
from workers.outputs.disk.frames import Damage, read_frames

logger = logging.getLogger(__name__)

BATCH = 500
"""Messages of one transaction."""

_LINES, _PARQUET = ".ndjson.zst", ".parquet"
_HOUR = re.compile(r"(\d{4}-\d\d-\d\d)/(\d\d)\.ndjson\.zst\Z")
_IS_STORY = re.compile(rb'\s*\{\s*"id"\s*:\s*"urn:nabaa:story:')
_LAST_OF_HOUR = 3_599_999  # milliseconds


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file of `nabaa archive`.

    Attributes:
        path: path of the file.
        size: its size in bytes.
    """

    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A message as a file has it; `arrived` in Unix milliseconds, None where nobody knows."""

    data: bytes
    arrived: int | None


def find_files(paths: list[Path]) -> list[ArchiveFile]:
    """Return the files of some folders, the oldest hours first.

    Args:
        paths: folders of `nabaa archive`, or files of one.

    Raises:
        NotFoundError: one is not there, or has no file of an archive.
    """
    found: list[ArchiveFile] = []
    for path in paths:
        files = sorted(
            file
            for file in (path.rglob("*") if path.is_dir() else [path])
            if file.name.endswith((_LINES, _PARQUET)) and not file.name.startswith((".", "_"))
        )
        if not path.exists() or not files:
            raise NotFoundError(
                f"{path}: {'no file of an archive is there' if path.exists() else 'is not there'}; "
                "give a folder of `nabaa archive`"
            )
        found += [ArchiveFile(file, file.stat().st_size) for file in files]
    return found


def fill(
    archive: Archive, file: ArchiveFile, on_written: Callable[[Written], None] = lambda _: None
) -> None:
    """Store the messages of a file.

    A damaged part, and a line that is not an article of this version, is told in the log.

    Args:
        archive: where they go.
        file: the file.
        on_written: told of each transaction.

    Raises:
        ConfigError: it is Parquet, and pyarrow is not installed.
        OutputError: the database does not take the messages.
        OSError: the file cannot be read.
    """
    is_parquet = file.path.name.endswith(_PARQUET)
    lines = _read_parquet(file.path) if is_parquet else _read_lines(file.path)
    while some := list(islice(lines, BATCH)):
        messages = [message for line in some if (message := _message(line, file.path))]
        on_written(write(archive, messages))


def _message(line: _Line, path: Path) -> ArchivedMessage | Story | None:
    try:
        if _IS_STORY.match(line.data):
            return decode_story(line.data)
        return message_of(line.data, line.arrived)
    except msgspec.MsgspecError as error:
        logger.warning("%s: passed over what is no article or story: %s", path, error)
        return None


def _read_lines(path: Path) -> Iterator[_Line]:
    found = _HOUR.search(path.as_posix())
    hour = None
    if found:
        start = datetime.fromisoformat(f"{found[1]}T{found[2]}:00:00").replace(tzinfo=UTC)
        hour = milliseconds_of(start)
    number = 0
    for part in read_frames(path):
        if isinstance(part, Damage):
            logger.warning("%s: bytes %d to %d are damaged", path, part.start, part.end)
            continue
        for data in part.text.splitlines():
            # The hour is known, and the order in it: that is what versions are ordered by.
            yield _Line(data, None if hour is None else hour + min(number, _LAST_OF_HOUR))
            number += 1


def _read_parquet(path: Path) -> Iterator[_Line]:
    try:
        import pyarrow as pa  # noqa: PLC0415 - an optional extra
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError as error:
        raise ConfigError(f"{path} needs pyarrow ({error}): install nabaa[parquet]") from error
    try:
        for batch in pq.ParquetFile(path).iter_batches(BATCH, columns=["message_id", "data"]):
            for row in batch.to_pylist():
                message_id = row["message_id"].rpartition("/")[2]
                yield _Line(row["data"].encode(), milliseconds_of(instant_of(message_id)))
    except pa.ArrowException as error:
        logger.warning("%s is damaged and was passed over: %s", path, error)
