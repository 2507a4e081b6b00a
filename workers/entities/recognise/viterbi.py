"""The best labels of many sentences at once, always valid IOB2, and how likely each label is.

Where the scores come from is left to `crf`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workers.entities.recognise.iob import TYPES
from workers.entities.recognise.model import LABELS, Scores
from workers.model import Span

_FORBIDDEN = np.float32(-1e6)
_LEAST = -30.0  # below the best label of a word; keeps sums above zero

Labels = npt.NDArray[np.uint8]


def constraints() -> Scores:
    """Give what to add to the transitions so that `I-X` follows only `B-X` or `I-X`.

    Returns:
        Scores, previous label by label: 0, or so little that no path takes it.
    """
    scores = np.zeros((len(LABELS), len(LABELS)), dtype=np.float32)
    for column, label in enumerate(LABELS):
        if label[0] == "I":
            scores[:, column] = _FORBIDDEN
            scores[column - 1 : column + 1, column] = 0
    return scores


def decode(
    emissions: Scores,
    starts: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
    transitions: Scores,
) -> list[Labels]:
    """Find the best labels (Viterbi, 1967), a step of all sentences at a time.

    Args:
        emissions: one row a word, one column a label.
        starts: first row of each sentence.
        lengths: rows of each sentence, none empty, the longest first.
        transitions: score of going from a label (row) to a label (column), with `constraints`.

    Returns:
        For each sentence one label index a word.
    """
    steps = int(lengths[0])
    running = np.searchsorted(-lengths, -np.arange(steps), side="left")  # sentences that go on
    onward = np.ascontiguousarray(transitions.T)
    scores = emissions[starts] + transitions[0]  # a sentence begins as if after O
    final = scores.copy()
    back = []
    for step in range(1, steps):
        count = running[step]
        reached = scores[:count, None, :] + onward
        back.append(reached.argmax(axis=2).astype(np.uint8))
        scores = reached.max(axis=2) + emissions[starts[:count] + step]
        final[:count] = scores
    labels = np.zeros((steps, len(starts)), dtype=np.uint8)
    labels[lengths - 1, np.arange(len(starts))] = final.argmax(axis=1)
    for step in range(steps - 1, 0, -1):
        count = running[step]
        labels[step - 1, :count] = back[step - 1][np.arange(count), labels[step, :count]]
    return [labels[:length, column] for column, length in enumerate(lengths)]


def marginals(
    emissions: Scores,
    starts: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
    transitions: Scores,
) -> Scores:
    """Give the probability of each label of each word (forward-backward; Rabiner, 1989).

    Args:
        emissions: one row a word, one column a label.
        starts: first row of each sentence.
        lengths: rows of each sentence, none empty, the longest first.
        transitions: score of going from a label (row) to a label (column), with `constraints`.

    Returns:
        Like `emissions`; rows of no sentence are zero.
    """
    steps = int(lengths[0])
    running = np.searchsorted(-lengths, -np.arange(steps), side="left")
    onward = np.exp(transitions)
    likely = np.exp(np.maximum(emissions - emissions.max(axis=1, keepdims=True), _LEAST))
    forward = np.zeros_like(emissions)
    state = likely[starts] * onward[0]
    for step in range(steps):
        count = running[step]
        rows = starts[:count] + step
        if step:
            state = (state[:count] @ onward) * likely[rows]
        state /= state.sum(axis=1, keepdims=True)
        forward[rows] = state
    found = np.zeros_like(emissions)
    behind = np.ones((len(starts), len(LABELS)), dtype=np.float32)
    for step in range(steps - 1, -1, -1):
        count = running[step]
        rows = starts[:count] + step
        found[rows] = forward[rows] * behind[:count]
        before = (likely[rows] * behind[:count]) @ onward.T
        behind[:count] = before / before.sum(axis=1, keepdims=True)
    found /= np.maximum(found.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return found


def label_spans(labels: Labels) -> list[Span]:
    """Read spans from label indices of valid IOB2.

    Args:
        labels: indices of `LABELS`: 0 is `O`, odd ones begin a name, the next even one goes on.

    Returns:
        Spans by position.
    """
    row = labels.tolist()
    spans = []
    for start in np.flatnonzero(labels & 1).tolist():
        end = start + 1
        while end < len(row) and row[end] == row[start] + 1:
            end += 1
        spans.append(Span(start, end, TYPES[row[start] // 2]))
    return spans
