"""A folder on disk that one process writes to, and whose names outlive a crash."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nabaa.errors import OutputError

_LOCK_NAME = ".nabaa-archive.lock"


@contextmanager
def own_folder(folder: Path) -> Iterator[None]:
    """Keep other processes from writing to a folder while the block runs.

    Args:
        folder: made where it is missing.

    Raises:
        OutputError: another process owns it, or it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / _LOCK_NAME).open("w")
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutputError(
                f"{folder} is in use by another `nabaa archive`: stop it, or choose another folder"
            ) from error
        except OSError as error:
            raise OutputError(f"{folder} cannot be locked: {error.strerror}") from error
        yield


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, durably.

    Raises:
        OSError: it cannot be made.
    """
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable.

    Raises:
        OSError: the disk refuses it.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
