"""Judges scores of labels as recognisers use them: with or without what a document agrees on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from workers.entities.recognise.consistency import agreement
from workers.entities.recognise.iob import Score, score
from workers.entities.recognise.model import LABELS
from workers.entities.recognise.viterbi import Labels, constraints, decode, label_spans, marginals

DOCUMENT = 40
"""Sentences that count as one document where nothing parts them."""


def best_labels(
    scores: npt.NDArray[np.float32],
    lengths: npt.NDArray[np.int64],
    keys: npt.NDArray[np.int64] | None,
) -> list[Labels]:
    """Find the best labels of sentences.

    Args:
        scores: one row a word.
        lengths: words of each sentence.
        keys: what makes words the same; None leaves the document out.
    """
    order = np.argsort(-lengths, kind="stable")
    starts = (np.cumsum(lengths) - lengths)[order]
    steps = constraints()
    moved = np.array(scores, dtype=np.float32)
    if keys is not None:
        likely = marginals(moved, starts, lengths[order], steps)
        documents = np.repeat(np.arange(len(lengths)) // DOCUMENT, lengths)
        moved = moved + agreement(likely, keys, documents)
    found: list[Labels] = [np.zeros(0, dtype=np.uint8)] * len(lengths)
    for index, row in zip(
        order.tolist(), decode(moved, starts, lengths[order], steps), strict=True
    ):
        found[index] = row
    return found


def judge(
    scores: npt.NDArray[np.float32],
    wanted: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
    keys: npt.NDArray[np.int64] | None,
    kinds: Sequence[str] = ("PERS", "LOC", "ORG", "MISC"),
) -> str:
    """Give strict F1 by class and of all, and precision and recall of all, in per cent."""
    found = best_labels(scores, lengths, keys)
    gold = np.split(wanted.astype(np.uint8), np.cumsum(lengths)[:-1])
    sides = [
        [[span for span in label_spans(row) if span.type in kinds] for row in side]
        for side in (gold, found)
    ]
    table = score(*sides)
    whole: Score = table[None]
    parts = " ".join(f"{kind} {100 * table[kind].f1:.1f}" for kind in table if kind in kinds)
    both = f"P {100 * whole.precision:.1f} R {100 * whole.recall:.1f}"
    return f"F1 {100 * whole.f1:.1f} ({both}; {parts})"


def label_numbers(names: Sequence[str], tags: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Bring the tags of a corpus of the four classes to the numbers of `LABELS`."""
    return np.array([LABELS.index(name) for name in names], dtype=np.int64)[tags]
