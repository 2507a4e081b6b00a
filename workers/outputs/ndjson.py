"""An hour of the archive as lines of JSON in a zstandard file; `zstdcat` reads it.

Each batch is a frame of its own, so that a crash tears at most the last one, which is cut off.

https://www.rfc-editor.org/rfc/rfc8878#name-frames
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import zstandard

from nabaa.subscriber.received import Received
from workers.outputs.archive import sync_folder
from workers.outputs.lines import json_line

SUFFIX = ".ndjson.zst"
_READ_BYTES = 1 << 20


class NdjsonHour:
    """One file.

    Args:
        path: without the suffix.

    Raises:
        OSError: it cannot be read or mended.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + SUFFIX)
        self._compressor = zstandard.ZstdCompressor(level=9, write_checksum=True)
        self._known: set[bytes] = set()
        self._end = 0
        if self._path.exists():
            for lines, end in whole_frames(self._path):
                self._known.update(map(_digest, lines.splitlines(keepends=True)))
                self._end = end
            os.truncate(self._path, self._end)

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
        with self._path.open("ab") as file:
            file.truncate(self._end)  # what a write that failed has left
            file.write(frame)
            file.flush()
            os.fsync(file.fileno())
        if is_first:
            sync_folder(self._path.parent)
        self._end += len(frame)
        self._known.update(new)
        return len(new)


def whole_frames(path: Path) -> Iterator[tuple[bytes, int]]:
    """Yield the text of each whole frame of a file, and where the frame ends, in bytes.

    Raises:
        OSError: it cannot be read.
    """
    decompressor = zstandard.ZstdDecompressor()
    rest, position = b"", 0
    with path.open("rb") as file:
        while True:
            frame, text = decompressor.decompressobj(), []
            while not frame.eof:
                chunk = rest or file.read(_READ_BYTES)
                rest = b""
                if not chunk:
                    return
                try:
                    text.append(frame.decompress(chunk))
                except zstandard.ZstdError:
                    return
            rest = frame.unused_data
            position = file.tell() - len(rest)
            yield b"".join(text), position


def _digest(line: bytes) -> bytes:
    return blake2b(line, digest_size=12).digest()
