"""How CPU time grows from n over 2n to 4n: the exponent, 1 for work that grows with the text."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

FIRST_LENGTH = 250
LONGEST = 250_000
"""Characters of the shortest text; the longest one has four times as many."""

MEASURABLE_SECONDS = 0.008
"""Below it, the clock and the caches decide."""

SUSPICIOUS = 1.5
"""Exponent between n·log n, which comes to 1.1, and the square."""

Clock = Callable[[], float]
Run = Callable[[int], Callable[[], object]]
"""Takes a length, prepares a text of it, and returns what is to be measured."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What was measured.

    Attributes:
        length: n, in characters.
        seconds: CPU seconds of n, 2n and 4n; the least of several runs each.
    """

    length: int
    seconds: tuple[float, float, float]

    @property
    def exponent(self) -> float:
        """The power of the length with which the time grows: the lesser of the two steps.

        One step alone may be the one from which on a cache is too small.
        """
        least, middle, most = (max(each, 1e-9) for each in self.seconds)
        return min(math.log2(middle / least), math.log2(most / middle))

    @property
    def is_suspicious(self) -> bool:
        """Whether the time can be measured and grows faster than the text."""
        return self.seconds[-1] > 4 * MEASURABLE_SECONDS and self.exponent > SUSPICIOUS


def measure(
    run: Run, runs: int = 2, first_length: int = FIRST_LENGTH, clock: Clock = time.process_time
) -> Growth:
    """Measure with the shortest text whose time can be measured.

    Args:
        run: prepares and runs.
        runs: of which the quickest counts.
        first_length: characters of the first text that is tried.
        clock: CPU seconds.
    """
    length = first_length
    while length < LONGEST and _seconds(run(length), 1, clock) < MEASURABLE_SECONDS:
        length *= 2
    least, middle, most = (_seconds(run(length * times), runs, clock) for times in (1, 2, 4))
    return Growth(length, (least, middle, most))


def _seconds(work: Callable[[], object], runs: int, clock: Clock) -> float:
    spent = []
    gc.disable()  # its own work grows with all that is alive
    try:
        for _ in range(runs):
            begun = clock()
            work()
            spent.append(clock() - begun)
    finally:
        gc.enable()
    return min(spent)
