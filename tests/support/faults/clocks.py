"""Clocks that a test may set while a process runs (libfaketime, https://github.com/wolfcw/libfaketime)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

_LIBRARY = "faketime/libfaketimeMT.so.1"
_FOLDERS = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib")


class Clock:
    """The wall clock of those processes that are started with `variables`; others keep theirs.

    Skips the test where the library is not installed.

    Args:
        file: holds the offset; made here.
    """

    def __init__(self, file: Path) -> None:
        found = [Path(folder, _LIBRARY) for folder in _FOLDERS if Path(folder, _LIBRARY).exists()]
        if not found:
            pytest.skip("libfaketime is not installed")
        self._file = file
        self.variables: Mapping[str, str] = {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_CACHE_DURATION": "1",
            "NO_FAKE_STAT": "1",
            # Time that runs evenly is kept by the kernel, whatever the clock on the wall says.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.set(0)

    def set(self, seconds: int) -> None:
        """Let the clock be ahead of the true time by so much, or behind it where negative."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+d}")
        new.replace(self._file)
