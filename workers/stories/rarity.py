"""How rare a term is: in the news of the past, which ships, and in the stories that are open now.

A name that nobody knew last year is in a third of today's headlines. So what was counted once is
mixed with what the open stories have.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

PAST_WORTH = 100.0
"""Open stories that the counts of the past are worth together."""

_POWER = 0.7  # of the logarithm: names of one person alone should not decide
_DATA = "term_shares.npz"
_STEP = 16.0  # steps of a stored logarithm


@dataclass(frozen=True, slots=True)
class PastShares:
    """The share of articles of the past that have a term.

    Attributes:
        shares: term → share, 0 to 1.
        least: share of a term that is not among them.
    """

    shares: dict[int, float]
    least: float


class Rarity:
    """Weighs terms by how few articles have them.

    Args:
        past: what was counted in the news of the past.
    """

    def __init__(self, past: PastShares) -> None:
        self._past = past
        self._counts: dict[int, int] = {}
        self._stories = 0

    def weigh(self, terms: Iterable[int]) -> list[float]:
        """Return the weight of each term: 0 for one that every article has."""
        past, now, least = self._past.shares.get, self._counts.get, self._past.least
        total, log = PAST_WORTH + self._stories, math.log
        weights = []
        for term in terms:
            share = (past(term, 0.0) * PAST_WORTH + now(term, 0)) / total
            if share < least:  # noqa: PLR1730 - in the innermost loop of placing
                share = least
            weights.append(0.0 if share >= 1.0 else (-log(share)) ** _POWER)
        return weights

    def add_story(self) -> None:
        """Count a story that is open now; its terms are added one by one."""
        self._stories += 1

    def remove_story(self, terms: Iterable[int]) -> None:
        """Forget a story and its terms."""
        self._stories -= 1
        self.remove_terms(terms)

    def remove_terms(self, terms: Iterable[int]) -> None:
        """Forget terms that an open story no longer has."""
        for term in terms:
            left = self._counts[term] - 1
            if left:
                self._counts[term] = left
            else:
                del self._counts[term]

    def add_terms(self, terms: Iterable[int]) -> None:
        """Count terms that an open story did not have before."""
        for term in terms:
            self._counts[term] = self._counts.get(term, 0) + 1


@cache
def load_past_shares() -> PastShares:
    """Load the shares that ship with nabaa; `training/stories` makes them.

    Returns:
        The shares, 8 MB, read once.
    """
    with (files("workers.stories") / _DATA).open("rb") as source, np.load(source) as stored:
        terms: npt.NDArray[np.uint32] = stored["terms"]
        rarities: npt.NDArray[np.uint8] = stored["rarities"]
        shares = np.exp(-rarities.astype(np.float64) / _STEP)
        return PastShares(
            dict(zip(terms.tolist(), shares.tolist(), strict=True)), float(stored["least"])
        )


def pack_shares(counts: dict[int, int], articles: int) -> dict[str, npt.NDArray[np.generic]]:
    """Return the arrays of the file of shares.

    Args:
        counts: term → number of articles that have it.
        articles: number of all articles.

    Returns:
        `terms`, sorted; `rarities`, sixteen times the negative logarithm of the share; `least`.
    """
    terms = sorted(counts)
    logarithms = [-math.log(counts[term] / articles) * _STEP for term in terms]
    return {
        "terms": np.array(terms, np.uint32),
        "rarities": np.array(np.clip(np.rint(logarithms), 0, 255), np.uint8),
        "least": np.array(1.0 / articles),
    }
