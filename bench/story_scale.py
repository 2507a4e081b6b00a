"""What it costs to place an article among very many open stories: a simulation.

Words have the frequencies that Zipf's law gives them; a story has thirty words of its own, of which
each of its articles has most. Three in ten articles belong to a story that is open. The stories
that are open at the beginning are loaded as a stage does that takes over.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workers.stories.index import StoryIndex
from workers.stories.model import StoryArticle
from workers.stories.open_story import OpenStory, Text, encode_story
from workers.stories.reprints import Sketch
from workers.stories.subjects import Subjects
from workers.stories.terms import term_weights
from workers.stories.vectors import heaviest_terms, make_vector

_VOCABULARY = 100_000
_COMMONEST_OWN = 500  # words that are no story's own
_LETTERS = "بتثجحخدذرزسشصضطظعغفقكلمن"
_TITLE_WORDS, _TEXT_WORDS, _OWN_WORDS = 9, 150, 30
_OWN_USED = 24
_TERMS, _INDEXED, _SHINGLES = 100, 24, 250
_MEASURED = 1_000
_START = datetime(2026, 1, 1, tzinfo=UTC)

Places = npt.NDArray[np.int64]


class _Newsroom:
    """Makes events, the states of their stories, and articles about them."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(5)
        drawn = self._random.integers(len(_LETTERS), size=(_VOCABULARY, 5))
        self._words = ["".join(_LETTERS[each] for each in row) for row in drawn.tolist()]
        self._terms = [next(iter(term_weights(word, ""))) for word in self._words]
        self._shares = np.cumsum(1 / np.arange(1, _VOCABULARY + 1))
        self._events: list[Places] = []

    def state(self) -> bytes:
        """Return the state of a story of one article about a new event."""
        own = self._event()
        weights: dict[int, float] = {}
        for factor, places in ((3.0, own[:5]), (1.2, own[5:]), (1.2, self._common(_TEXT_WORDS))):
            rarity = factor * np.log(places + 2.0)
            for place, weight in zip(places.tolist(), rarity.tolist(), strict=True):
                weights[self._terms[place]] = weight
        vector = make_vector(weights, _TERMS)
        number = len(self._events) - 1
        shingles = np.sort(self._random.integers(2**32, size=_SHINGLES, dtype=np.uint32))
        sketch = Sketch(_SHINGLES + 2, 1, shingles)
        text = Text(str(number), sketch, (f"https://n.example/{number}",), Subjects())
        hours = _START.timestamp() / 3600
        indexed = heaviest_terms(vector, _INDEXED)
        name = str(number)
        return encode_story(
            OpenStory(name, number, hours, hours, vector, indexed, name, vector, [text])
        )

    def article(self, name: str, is_new: bool, at: datetime) -> StoryArticle:
        """Return an article about a new event, or about one that was there."""
        own = (
            self._event() if is_new else self._events[int(self._random.integers(len(self._events)))]
        )
        used = self._random.permutation(own)[:_OWN_USED]
        title = self._written(used[:5], self._common(_TITLE_WORDS - 5))
        text = self._written(used, self._common(_TEXT_WORDS))
        return StoryArticle(name, "", "", f"https://n.example/{name}", title, text, at)

    def _event(self) -> Places:
        self._events.append(self._random.integers(_COMMONEST_OWN, _VOCABULARY, size=_OWN_WORDS))
        return self._events[-1]

    def _common(self, count: int) -> Places:
        drawn = self._random.random(count) * self._shares[-1]
        return np.asarray(np.searchsorted(self._shares, drawn), np.int64)

    def _written(self, *places: Places) -> str:
        return " ".join(self._words[each] for each in np.concatenate(places).tolist())


def print_scale(sizes: Sequence[int]) -> None:
    """Print milliseconds an article, memory and state of a story, and the pauses of closing.

    Args:
        sizes: open stories, ascending.
    """
    print(f"{'open stories':>12} {'ms an article':>14} {'longest ms':>11} {'found':>6}", end="")
    print(f" {'kB a story':>11} {'bytes of a state':>17} {'longest close of 500, ms':>25}")
    for size in sizes:
        _print_size(size)


def _print_size(size: int) -> None:
    newsroom, index = _Newsroom(), StoryIndex()
    gc.collect()
    before = _resident_kilobytes()
    state = 0
    for _ in range(size):
        data = newsroom.state()
        state += len(data)
        index.load(data)
    gc.collect()
    memory = (_resident_kilobytes() - before) / size
    times, found, old = [], 0, 0
    for number in range(_MEASURED):
        is_new = number % 10 >= 3
        article = newsroom.article(f"new {number}", is_new, _START + timedelta(seconds=number))
        started = time.process_time()
        placement = index.place(article)
        times.append(time.process_time() - started)
        old += not is_new
        found += not is_new and not placement.is_new
    closing = 0.0
    while len(index):
        started = time.process_time()
        index.expire(_START + timedelta(days=9))
        closing = max(closing, time.process_time() - started)
    print(
        f"{size:12,} {1000 * sum(times) / len(times):14.2f} {1000 * max(times):11.1f} "
        f"{found / old:6.0%} {memory:11.1f} {state / size:17.0f} {1000 * closing:25.1f}",
        flush=True,
    )


def _resident_kilobytes() -> int:
    if sys.platform != "linux":
        return 0
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4
