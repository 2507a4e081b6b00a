"""A file of frames, one behind the other: durable when it is written, mended when it is opened.

A crash tears at most the last frame. What is no whole frame is set aside in a file beside it, so
that other programs read what is whole.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from workers.outputs.disk.folder import sync_folder
from workers.outputs.disk.frames import Coding, Damage, Frame, read_frames

logger = logging.getLogger(__name__)

DAMAGED_SUFFIX = ".damaged"
"""Added to the name of a file for what was no whole frame in it."""


class FrameFile:
    """One file.

    Args:
        path: the file; made with the first frame.
        coding: how its frames are packed.
    """

    def __init__(self, path: Path, coding: Coding) -> None:
        self._path = path
        self._coding = coding
        self._end = 0

    def open(self) -> list[bytes]:
        """Return what the frames hold, unpacked; set aside what is no whole frame.

        Raises:
            OSError: it cannot be read or repaired.
        """
        if not self._path.exists():
            return []
        frames: list[Frame] = []
        damages: list[Damage] = []
        for part in read_frames(self._path, self._coding):
            if isinstance(part, Frame):
                frames.append(part)
            else:
                damages.append(part)
        if damages:
            self._set_aside(frames, damages)
        self._end = self._path.stat().st_size
        return [frame.text for frame in frames]

    def append(self, frame: bytes) -> None:
        """Write packed frames behind what the file holds, durably.

        Raises:
            OSError: nothing of it was written.
        """
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

    def _set_aside(self, frames: Sequence[Frame], damages: Sequence[Damage]) -> None:
        aside = self._path.with_name(self._path.name + DAMAGED_SUFFIX)
        data = self._path.read_bytes()
        damaged = b"".join(data[damage.start : damage.end] for damage in damages)
        _append(aside, damaged)
        whole = self._path.with_name(f".{self._path.name}")
        whole.unlink(missing_ok=True)
        _append(whole, b"".join(data[frame.start : frame.end] for frame in frames))
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
