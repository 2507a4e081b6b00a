"""The frames of a zstandard file, also of one that was damaged: what is whole, and what is not.

https://www.rfc-editor.org/rfc/rfc8878#name-zstandard-frames
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import zstandard

_MAGIC = b"\x28\xb5\x2f\xfd"
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Frame:
    """One whole frame.

    Attributes:
        start: offset of its first byte.
        end: offset behind its last byte.
        text: what it holds, unpacked.
    """

    start: int
    end: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no whole frame: damaged, or cut off by a crash.

    Attributes:
        start: offset of the first of them.
        end: offset behind the last of them.
    """

    start: int
    end: int


def read_frames(path: Path) -> Iterator[Frame | Damage]:
    """Yield the frames of a file and what lies between them, in order, without a hole.

    Raises:
        OSError: the file cannot be read.
    """
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        position, damaged_from = 0, -1
        while position < len(data):
            frame = _read_frame(data, position)
            if frame is None:
                damaged_from = position if damaged_from < 0 else damaged_from
                following = data.find(_MAGIC, position + 1)
                position = following if following >= 0 else len(data)
                continue
            if damaged_from >= 0:
                yield Damage(damaged_from, position)
                damaged_from = -1
            yield frame
            position = frame.end
        if damaged_from >= 0:
            yield Damage(damaged_from, len(data))


def _read_frame(data: mmap.mmap, start: int) -> Frame | None:
    """Return the frame that begins at an offset, or None where none does or it is not whole."""
    frame, text, position = zstandard.ZstdDecompressor().decompressobj(), [], start
    while not frame.eof:
        chunk = data[position : position + _CHUNK_BYTES]
        if not chunk:
            return None
        try:
            text.append(frame.decompress(chunk))
        except zstandard.ZstdError:
            return None
        position += len(chunk)
    return Frame(start, position - len(frame.unused_data), b"".join(text))
