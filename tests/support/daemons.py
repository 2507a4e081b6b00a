"""nabaa's commands as processes of their own, to be watched, stopped and killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

REPOSITORY = Path(__file__).parents[2]
PREFIX: list[str] = []
"""Command that every daemon is run by, such as one that drops rights; none by default."""


class Daemon:
    """One `nabaa …` process; killed when the `with` block ends, if it still runs.

    Args:
        command: what comes after `nabaa`.
        settings: `NABAA_…` variables; those of the surroundings are left out.
        log: gets what it prints; it is appended to over restarts.
        out: gets what it prints on standard output, in place of the log: a file or a pipe.
        module: what is run, in place of `nabaa`.
    """

    def __init__(
        self,
        *command: str,
        settings: Mapping[str, str],
        log: Path,
        out: int | None = None,
        module: str = "nabaa",
    ) -> None:
        self._command = [*PREFIX, sys.executable, "-m", module, *command]
        outside = {name: value for name, value in os.environ.items() if "NABAA_" not in name}
        # Wires of tests that run at the same time would all want the desk's port.
        desk = {"NABAA_DESK_LISTEN": "off"}
        self.environment = {**outside, **desk, **settings, "PYTHONPATH": str(REPOSITORY)}
        self._log = log
        self._out = out
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self.environment,
                stdout=log if self._out is None else self._out,
                stderr=log,
                cwd=self._log.parent,
            )

    def kill(self) -> None:
        """End it as a crash would: kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM, timeout: float = 30) -> float:
        """Ask it to end; return how many seconds that took."""
        started = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout)
        return time.monotonic() - started

    def printed(self) -> str:
        """Return all that it has printed, over restarts."""
        return self._log.read_text("utf-8", errors="replace")

    def peak_bytes(self) -> int:
        """Return the largest resident size so far (VmHWM of proc(5))."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        match = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert match is not None
        return int(match[1]) * 1024

    def cpu_seconds(self) -> float:
        """Return user and system time so far (fields 14 and 15 of proc(5) stat)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
