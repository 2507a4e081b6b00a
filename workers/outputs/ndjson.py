"""An hour of the archive as lines of JSON in a zstandard file; `zstdcat` reads it.

Each batch is a frame of its own, so that a crash tears at most the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import zstandard

from nabaa.subscriber.received import Received
from workers.outputs.disk.frame_file import FrameFile
from workers.outputs.disk.frames import ZSTD
from workers.outputs.lines import json_line

SUFFIX = ".ndjson.zst"


class NdjsonHour:
    """One file.

    Args:
        path: without the suffix.

    Raises:
        OSError: it cannot be read or repaired.
    """

    def __init__(self, path: Path) -> None:
        self._file = FrameFile(path.with_name(path.name + SUFFIX), ZSTD)
        self._compressor = zstandard.ZstdCompressor(level=9, write_checksum=True)
        self._known = {
            _digest(line) for text in self._file.open() for line in text.splitlines(keepends=True)
        }

    def add(self, messages: Sequence[Received]) -> int:
        """Write those that are not there yet as one frame; return how many.

        Raises:
            OSError: none of them was written.
        """
        lines = {_digest(line): line for line in map(json_line, messages)}
        new = {digest: line for digest, line in lines.items() if digest not in self._known}
        if new:
            self._file.append(self._compressor.compress(b"".join(new.values())))
            self._known.update(new)
        return len(new)


def _digest(line: bytes) -> bytes:
    return blake2b(line, digest_size=12).digest()
