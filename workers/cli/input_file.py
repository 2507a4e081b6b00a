"""The file that a command reads, or standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

from nabaa.errors import UsageError


def open_input(file: str) -> IO[bytes]:
    """Open a file.

    Args:
        file: its path, or `-` for standard input.

    Raises:
        UsageError: it cannot be read.
    """
    if file == "-" and sys.stdin is not None:
        return sys.stdin.buffer
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
