"""An hour of the archive as lines of JSON in a zstandard file; `zstdcat` reads it.

Each batch is a frame of its own, so that a crash tears at most the last one. What is no whole frame
is set aside in a file beside it, so that `zstdcat` reads what is whole.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import zstandard

from nabaa.subscriber.received import Received
from workers.outputs.disk.folder import sync_folder
from workers.outputs.disk.frames import Damage, Frame, read_frames
from workers.outputs.lines import json_line

logger = logging.getLogger(__name__)

SUFFIX = ".ndjson.zst"
DAMAGED_SUFFIX = ".damaged"
"""Added to the name of a file for what was no whole frame in it."""


class NdjsonHour:
    """One file.

    Args:
        path: without the suffix.

    Raises:
        OSError: it cannot be read or repaired.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + SUFFIX)
        self._compressor = zstandard.ZstdCompressor(level=9, write_checksum=True)
        self._known: set[bytes] = set()
        self._end = 0
        if self._path.exists():
            self._open()

    def add(self, messages: Sequence[Received]) -> int:
        """Write those that are not there yet as one frame; return how many.

        Raises:
            OSError: none of them was written.
        """
        lines = {_digest(line): line for line in map(json_line, messages)}
        new = {digest: line for digest, line in lines.items() if digest not in self._known}
        if not new:
            return 0
        frame = self._compressor.compress(b"".join(new.values()))
        is_first = not self._path.exists()
        try:
            _append(self._path, frame)
            if is_first:
                sync_folder(self._path.parent)
        except OSError:
            with suppress(OSError):  # a part of a frame: found when the file is opened again
                os.truncate(self._path, self._end)
            raise
        self._end += len(frame)
        self._known.update(new)
        return len(new)

    def _open(self) -> None:
        """Learn what the file holds; set aside what is no whole frame."""
        frames: list[tuple[int, int]] = []
        damages: list[Damage] = []
        for part in read_frames(self._path):
            if isinstance(part, Frame):
                frames.append((part.start, part.end))
                self._known.update(map(_digest, part.text.splitlines(keepends=True)))
            else:
                damages.append(part)
        if damages:
            self._set_aside(frames, damages)
        self._end = self._path.stat().st_size

    def _set_aside(self, frames: Sequence[tuple[int, int]], damages: Sequence[Damage]) -> None:
        aside = self._path.with_name(self._path.name + DAMAGED_SUFFIX)
        data = self._path.read_bytes()
        damaged = b"".join(data[damage.start : damage.end] for damage in damages)
        _append(aside, damaged)
        whole = self._path.with_name(f".{self._path.name}")
        whole.unlink(missing_ok=True)
        _append(whole, b"".join(data[start:end] for start, end in frames))
        whole.replace(self._path)
        sync_folder(self._path.parent)
        logger.warning(
            "%s: %d bytes in %d places were no whole frame, damaged or cut off by a crash: they "
            "were set aside in %s, and the other %d frames are kept",
            self._path,
            len(damaged),
            len(damages),
            aside.name,
            len(frames),
        )


def _append(path: Path, data: bytes) -> None:
    """Write data behind what a file holds; it is on the disk when this returns."""
    with path.open("ab") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _digest(line: bytes) -> bytes:
    return blake2b(line, digest_size=12).digest()
