"""The frames of a file, also of one that was damaged: what is whole, and what is not.

https://www.rfc-editor.org/rfc/rfc8878#name-zstandard-frames, and the members of a gzip file:
https://www.rfc-editor.org/rfc/rfc1952#section-2.2
"""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import zstandard

_CHUNK_BYTES = 1 << 20


class Coding(NamedTuple):
    """How the frames of a file are packed.

    Attributes:
        magic: bytes that each begins with.
        open: makes what unpacks one.
        error: raised where bytes are none.
    """

    magic: bytes
    open: Callable[[], Any]
    error: type[Exception]


ZSTD = Coding(
    b"\x28\xb5\x2f\xfd",
    lambda: zstandard.ZstdDecompressor().decompressobj(),
    zstandard.ZstdError,
)
GZIP = Coding(b"\x1f\x8b\x08", lambda: zlib.decompressobj(zlib.MAX_WBITS | 16), zlib.error)


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


def read_frames(path: Path, coding: Coding = ZSTD) -> Iterator[Frame | Damage]:
    """Yield the frames of a file and what lies between them, in order, without a hole.

    Args:
        path: the file.
        coding: how they are packed.

    Raises:
        OSError: the file cannot be read.
    """
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        position, damaged_from = 0, -1
        while position < len(data):
            frame = _read_frame(data, position, coding)
            if frame is None:
                damaged_from = position if damaged_from < 0 else damaged_from
                following = data.find(coding.magic, position + 1)
                position = following if following >= 0 else len(data)
                continue
            if damaged_from >= 0:
                yield Damage(damaged_from, position)
                damaged_from = -1
            yield frame
            position = frame.end
        if damaged_from >= 0:
            yield Damage(damaged_from, len(data))


def _read_frame(data: mmap.mmap, start: int, coding: Coding) -> Frame | None:
    """Return the frame that begins at an offset, or None where none does or it is not whole."""
    frame, text, position = coding.open(), [], start
    while not frame.eof:
        chunk = data[position : position + _CHUNK_BYTES]
        if not chunk:
            return None
        try:
            text.append(frame.decompress(chunk))
        except coding.error:
            return None
        position += len(chunk)
    return Frame(start, position - len(frame.unused_data), b"".join(text))
