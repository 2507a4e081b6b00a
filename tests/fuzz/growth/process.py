"""A process of its own that measures: it can be ended where a measurement does not end."""

from __future__ import annotations

import gc
import resource
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from tests.fuzz.growth.measure import Growth, Run, measure
from tests.fuzz.growth.shapes import Shape
from tests.fuzz.growth.subjects import Subject, subjects

LONGEST_CPU_SECONDS = 60
"""Of one measurement: what takes longer does not end."""

PATIENCE_SECONDS = 600.0
"""For the same on a busy machine."""

MEMORY_BYTES = 3_000_000_000
CONFIRMED_BY_RUNS = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """A subject whose work grows faster than a text.

    Attributes:
        subject: name of it.
        shape: of the text.
        growth: what was measured, or None where it did not end.
    """

    subject: str
    shape: Shape
    growth: Growth | None

    def __str__(self) -> str:
        shape = f"{self.shape.before!r} + {self.shape.piece!r} × n + {self.shape.after!r}"
        where = f"{self.subject}: {shape} in document {self.shape.frame}"
        if self.growth is None:
            return f"{where}: no end in {LONGEST_CPU_SECONDS} s, or out of memory"
        seconds = ", ".join(f"{each:.3f}" for each in self.growth.seconds)
        power, length = self.growth.exponent, self.growth.length
        return f"{where}: n^{power:.2f}, {seconds} s from {length} characters"


class Measurer:
    """Measures in another process, and starts it again where it had to be ended."""

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()

    def try_shape(self, subject: str, shape: Shape) -> Finding | None:
        """Return a finding where the work of a subject grows faster than texts of a shape.

        What looks so is measured once more in a new process: one that has measured for long has a
        memory in pieces, and after thousands of measurements one looks steep for that alone.
        """
        if self._measure(subject, shape) is None:
            return None
        self._stop()
        self._start()
        return self._measure(subject, shape)

    def _measure(self, subject: str, shape: Shape) -> Finding | None:
        self._here.send((subject, shape))
        if not self._here.poll(PATIENCE_SECONDS):
            self._process.kill()
        try:
            growth: Growth = self._here.recv()
        except (EOFError, ConnectionResetError):  # it was ended
            self._stop()
            self._start()
            return Finding(subject, shape, None)
        return Finding(subject, shape, growth) if growth.is_suspicious else None

    def _start(self) -> None:
        context = get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there,), daemon=True)
        self._process.start()
        there.close()

    def _stop(self) -> None:
        self._process.kill()
        self._process.join()


def confirmed(subject: Subject, shape: Shape) -> Growth:
    """Measure, and where it looks suspicious again, with longer texts and more runs."""
    run = _run(subject, shape)
    growth = measure(run)
    if growth.is_suspicious:
        growth = measure(run, CONFIRMED_BY_RUNS, growth.length * 2)
    return growth


def _run(subject: Subject, shape: Shape) -> Run:
    return lambda length: subject.prepare(shape.text(length), shape.frame)


def _serve(told: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    by_name = {subject.name: subject for subject in subjects()}
    while True:
        try:
            name, shape = told.recv()
        except EOFError:
            return
        _limit_cpu()
        told.send(confirmed(by_name[name], shape))
        gc.collect()
        gc.freeze()  # the lists of names, once loaded


def _limit_cpu() -> None:
    """End this process where it needs too long from now on."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    end = int(spent.ru_utime + spent.ru_stime) + LONGEST_CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))
