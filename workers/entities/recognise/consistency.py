"""What the same word is elsewhere in a document speaks for what it is here.

A surname that stands after «الرئيس» in one sentence may stand alone in the next. Each word's scores
are moved towards the mean of the first reading's label probabilities of the same word at its other
places (a soft form of Krishnan and Manning, "An effective two-stage model for exploiting non-local
dependencies in named entity recognition", ACL 2006).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workers.entities.recognise.features import bases, fold
from workers.entities.recognise.model import LABELS, Scores

WEIGHT = 1.0
_FLOOR = 0.02
_SHORTEST = 3
_CLITICS = frozenset("وفبل")

# Without a word said, a place is O; how far the mean departs from this is what moves the scores.
_PRIOR = np.array([0.84, *[0.02] * (len(LABELS) - 1)], dtype=np.float32)

Numbers = npt.NDArray[np.int64]


def key(word: str) -> str:
    """Say what makes a word the same: folded, without one particle that may stand before it.

    Args:
        word: a token.

    Returns:
        The key; empty for words of less than three letters, which are never compared.
    """
    folded = fold(word)
    if len(folded) < _SHORTEST:
        return ""
    return next((base for clitics, base in bases(folded) if clitics in _CLITICS), folded)


def agreement(probabilities: Scores, keys: Numbers, documents: Numbers) -> Scores:
    """Give what to add to the scores.

    Args:
        probabilities: of labels after the first reading, one row a word.
        keys: number of each word's key; 0 for words that are not compared.
        documents: number of each word's document.

    Returns:
        One row a word; zero where the word stands once in its document.
    """
    pairs = documents * (int(keys.max(initial=0)) + 1) + keys
    _, group, counts = np.unique(pairs, return_inverse=True, return_counts=True)
    others = (counts[group] - 1).astype(np.float32)
    compared = (others > 0) & (keys > 0)
    sums = np.stack(
        [np.bincount(group, weights=column, minlength=len(counts)) for column in probabilities.T],
        axis=1,
    )
    rest = (sums[group] - probabilities)[compared] / others[compared, None]
    moved = np.zeros_like(probabilities)
    trust = (WEIGHT * others / (others + 1))[compared, None]
    # Subtracting may leave a little less than nothing.
    moved[compared] = trust * np.log((np.maximum(rest, 0) + _FLOOR) / (_PRIOR + _FLOOR))
    return moved
