"""Texts as one long row of word numbers on the device, and windows of neighbouring sentences in it.

A window is what the encoder reads at once: a begin, then whole sentences, each with an end behind
it. Cutting a batch of windows out of the row takes no work of Python's per word.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from workers.entities.recognise.pieces import BEGIN, END

_MULTIPLE = 16

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What each word is made of; behind the words stand the end and the begin.

    Attributes:
        words: how many words there are.
        pieces: numbers of the pieces of all words, one word after the other.
        bounds: where the pieces of each word begin; one more than there are words.
        classes: rows of classes of each word, filled up with 0, on the device.
    """

    words: int
    pieces: Numbers
    bounds: Numbers
    classes: torch.Tensor

    @classmethod
    def of(
        cls, pieces: Numbers, counts: Numbers, classes: npt.NDArray[np.int32], device: str
    ) -> Vocabulary:
        """Add the two special words to what is known of the others."""
        bounds = np.concatenate([[0], np.cumsum([*counts, 1, 1])])
        rows = np.concatenate([classes, np.zeros((2, classes.shape[1]), dtype=np.int32)])
        all_pieces = np.concatenate([pieces, [END, BEGIN]])
        return cls(len(counts), all_pieces, bounds, torch.from_numpy(rows).to(device))


class Stream:
    """A text.

    Args:
        vocabulary: what the words are made of.
        words: numbers of the words.
        lengths: words of each sentence.
        documents: sentences of each document; None where all belong together.
        device: where the numbers shall lie.

    Attributes:
        places: of each word its place in the row, where ends stand as well.
        targets: of each place what is to be learnt, by the name of the head: labels (-1: none), or
            a probability of each label (all 0: none).
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        words: Numbers,
        lengths: Numbers,
        documents: Numbers | None,
        device: str,
    ) -> None:
        self.vocabulary, self.device, self.lengths = vocabulary, device, lengths
        size = len(words) + len(lengths)
        ends = np.cumsum(lengths + 1)
        row = np.full(size, vocabulary.words, dtype=np.int64)
        inside = np.ones(size, dtype=np.bool_)
        inside[ends - 1] = False
        row[inside] = words
        self.places = np.flatnonzero(inside)
        counts = np.diff(vocabulary.bounds)[row]
        bounds = np.concatenate([[0], np.cumsum(counts)])
        index = np.repeat(vocabulary.bounds[row] - bounds[:-1], counts) + np.arange(bounds[-1])
        self.size = size
        self._bounds: list[int] = bounds.tolist()
        self._ends: list[int] = [0, *ends.tolist()]
        stops = [len(lengths)] if documents is None else np.cumsum(documents).tolist()
        self._stops: list[int] = [self._ends[stop] for stop in stops]
        self.words = torch.from_numpy(row).to(device)
        self.bounds = torch.from_numpy(bounds).to(device)
        self.pieces = torch.from_numpy(vocabulary.pieces[index].astype(np.int32)).to(device)
        self.targets: dict[str, torch.Tensor] = {}

    def label(self, head: str, labels: Numbers) -> None:
        """Set the labels of the words that a head is to learn."""
        row = np.full(self.size, -1, dtype=np.int64)
        row[self.places] = labels
        self.targets[head] = torch.from_numpy(row).to(self.device)

    def piece_count(self, first: int, behind: int) -> int:
        """Tell how many pieces the words between two places have."""
        return self._bounds[behind] - self._bounds[first]

    def windows(self, limits: Sequence[int], order: random.Random) -> list[tuple[int, int]]:
        """Cut the row into windows.

        Args:
            limits: pieces of a window, its begin included; each window takes one of them.
            order: draws them.

        Returns:
            Of each window its first place and the place behind it.
        """
        found = []
        first = document = 0
        bounds, ends, stops = self._bounds, self._ends, self._stops
        while first < self.size:
            while stops[document] <= first:
                document += 1
            room = bounds[first] + order.choice(limits) - 1
            reach = min(bisect_right(bounds, room) - 1, stops[document])
            behind = ends[bisect_right(ends, reach) - 1]
            if behind <= first:  # a sentence that is longer than a window is cut
                behind = max(reach, first + 1)
            found.append((first, behind))
            first = behind
        return found

    def batches(
        self, windows: Sequence[tuple[int, int]], pieces: int, order: random.Random | None
    ) -> list[list[tuple[int, int]]]:
        """Put windows of like length together, at most so many pieces with what fills them up.

        Args:
            windows: as `windows` gives them.
            pieces: of a batch, but for one longer window.
            order: draws the order of batches; None keeps them by length.
        """
        bounds = self._bounds
        made: list[list[tuple[int, int]]] = []
        batch: list[tuple[int, int]] = []
        for size, first, behind in sorted((bounds[b] - bounds[a] + 1, a, b) for a, b in windows):
            if batch and size * (len(batch) + 1) > pieces:
                made.append(batch)
                batch = []
            batch.append((first, behind))
        made.append(batch)
        if order is not None:
            order.shuffle(made)
        return made


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows side by side.

    Attributes:
        pieces: numbers of pieces, window by piece.
        piece_inside: which of them are no filling.
        first: of each word its first piece.
        behind: of each word the piece behind its last.
        inside: which words are no filling.
        words: numbers of the words.
        places: of each word its place in the stream; 0 for the begin and for filling.
        counted: which words are in the stream: neither begin nor filling.
    """

    pieces: torch.Tensor
    piece_inside: torch.Tensor
    first: torch.Tensor
    behind: torch.Tensor
    inside: torch.Tensor
    words: torch.Tensor
    places: torch.Tensor
    counted: torch.Tensor


def cut(stream: Stream, windows: Sequence[tuple[int, int]]) -> Batch:
    """Cut windows out of a stream."""
    device = stream.device
    # Whole multiples: matrix products and masks of odd sizes are slower on a GPU.
    ranges = torch.tensor(windows)
    if device != "cpu":
        ranges = ranges.pin_memory().to(device, non_blocking=True)
    first, behind = ranges[:, :1], ranges[:, 1:]
    longest = -(-(max(b - a for a, b in windows) + 1) // _MULTIPLE) * _MULTIPLE - 1
    steps = torch.arange(longest + 1, device=device)[None]
    counted = (steps > 0) & (steps <= behind - first)
    places = torch.where(counted, first + steps - 1, 0)
    start, stop = stream.bounds[first], stream.bounds[behind]
    longest_pieces = max(stream.piece_count(a, b) for a, b in windows) + 1
    longest_pieces = -(-longest_pieces // _MULTIPLE) * _MULTIPLE - 1
    piece_steps = torch.arange(longest_pieces + 1, device=device)[None]
    piece_inside = piece_steps <= stop - start
    chosen = torch.where(piece_inside & (piece_steps > 0), start + piece_steps - 1, 0)
    pieces = torch.where(piece_inside, stream.pieces[chosen], END)
    pieces[:, 0] = BEGIN
    word_first = torch.where(counted, stream.bounds[places] - start + 1, 0)
    word_behind = torch.where(counted, stream.bounds[places + 1] - start + 1, 1)
    begin = stream.vocabulary.words + 1
    words = torch.where(counted, stream.words[places], begin)
    inside = steps <= behind - first
    return Batch(
        pieces.long(), piece_inside, word_first, word_behind, inside, words, places, counted
    )


def soft(stream: Stream, head: str, logits: Mapping[str, torch.Tensor]) -> None:
    """Set as what a head is to learn the probabilities that a teacher gave, none at the ends."""
    probabilities = logits[head].float().softmax(-1)
    ends = torch.ones(stream.size, dtype=torch.bool)
    ends[torch.from_numpy(stream.places)] = False
    probabilities[ends.to(stream.device)] = 0
    stream.targets[head] = probabilities.half()
