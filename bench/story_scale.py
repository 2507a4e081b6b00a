"""What it costs to place an article among very many open stories: a simulation.

Articles are made of words with the frequencies that Zipf's law gives them; those of one story share
half of their rare words. Three in ten belong to a story that is open.
"""

from __future__ import annotations

import gc
import itertools
import random
import sys
import time
from bisect import bisect
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from workers.stories.index import StoryIndex
from workers.stories.model import StoryArticle

_VOCABULARY = 200_000
_LETTERS = "بتثجحخدذرزسشصضطظعغفقكلمن"
_TITLE_WORDS, _TEXT_WORDS, _OWN_WORDS = 9, 150, 30
_MEASURED = 2_000
_START = datetime(2026, 1, 1, tzinfo=UTC)


class _Newsroom:
    """Makes articles, of new events and of those that were there."""

    def __init__(self) -> None:
        self._random = random.Random(5)
        self._words = ["".join(self._random.choices(_LETTERS, k=5)) for _ in range(_VOCABULARY)]
        self._sums = list(itertools.accumulate(1 / rank for rank in range(1, _VOCABULARY + 1)))
        self._events: list[list[str]] = []
        self._made = 0

    def article(self, is_new: bool, at: datetime) -> StoryArticle:
        """Make an article of a new event, or of one of the latest ones."""
        if is_new or not self._events:
            self._events.append(self._random.choices(self._words[500:], k=_OWN_WORDS))
        own = self._random.choice(self._events[-20_000:])
        if is_new:
            own = self._events[-1]
        self._made += 1
        title = self._random.sample(own, 5) + self._common(_TITLE_WORDS - 5)
        text = self._random.sample(own, _OWN_WORDS // 2) + self._common(_TEXT_WORDS)
        return StoryArticle(str(self._made), "", "", "", " ".join(title), " ".join(text), at)

    def _common(self, count: int) -> list[str]:
        draws = (self._random.random() * self._sums[-1] for _ in range(count))
        return [self._words[min(bisect(self._sums, each), _VOCABULARY - 1)] for each in draws]


def print_scale(sizes: Sequence[int]) -> None:
    """Print milliseconds an article, memory a story and the pauses of closing, for each size.

    Args:
        sizes: open stories, ascending.
    """
    print(
        f"{'open stories':>12} {'ms an article':>14} {'longest ms':>11} {'kB a story':>11}", end=""
    )
    print(f" {'state bytes':>12} {'close 500: ms':>14}")
    newsroom, index = _Newsroom(), StoryIndex()
    before = _resident_kilobytes()
    placed = 0
    for size in sizes:
        while len(index) < size:
            index.place(newsroom.article(True, _START + timedelta(milliseconds=placed)))
            placed += 1
        gc.collect()
        memory = (_resident_kilobytes() - before) / len(index)
        articles = [
            newsroom.article(number % 10 >= 3, _START + timedelta(milliseconds=placed + number))
            for number in range(_MEASURED)
        ]
        times = []
        state = 0
        for article in articles:
            started = time.process_time()
            placement = index.place(article)
            times.append(time.process_time() - started)
            state += len(index.dump(placement.story))
        placed += len(articles)
        twin = StoryIndex()
        for number in range(500):
            twin.load(index.dump(articles[number].id)) if articles[number].id in index else None
        started = time.process_time()
        twin.expire(_START + timedelta(days=9))
        closing = time.process_time() - started
        print(
            f"{size:12,} {1000 * sum(times) / len(times):14.2f} {1000 * max(times):11.1f} "
            f"{memory:11.1f} {state / len(articles):12.0f} {1000 * closing:14.1f}",
            flush=True,
        )
    longest = 0.0
    closed = 0
    while len(index):
        started = time.process_time()
        closed += len(index.expire(_START + timedelta(days=9)))
        longest = max(longest, time.process_time() - started)
    print(f"all {closed:,} closed, 500 a call: the longest call took {1000 * longest:.1f} ms")


def _resident_kilobytes() -> int:
    if sys.platform != "linux":
        return 0
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4
