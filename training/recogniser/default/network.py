"""The tagger's network in PyTorch, for training only: it is run by `lstm` and `crf` with numpy.

Word vectors, two LSTMs that read from both ends, a hidden layer, and the loss of a conditional
random field. How it is trained is left to `pretrain` and `tune`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from workers.entities.recognise.embedding import Rows
from workers.entities.recognise.features import BOUNDARY, word_features
from workers.entities.recognise.model import LABELS

VECTOR_SIZE = 128
STATE_SIZE = 128
HIDDEN_SIZE = 128
_PIECE = 20_000  # sentences that are sorted by length together

Numbers = npt.NDArray[np.int64]


class WordTypes:
    """Numbers words in the order they are met and keeps the rows that make up each; 0 bounds.

    Args:
        rows: which rows make up a word.
        known: classes of folded words, as for `word_features`.
    """

    def __init__(self, rows: Rows, known: Mapping[str, str]) -> None:
        self._rows = rows
        self._known = known
        self.numbers: dict[str, int] = {}
        self._ids: list[Numbers] = []
        self._weights: list[npt.NDArray[np.float32]] = []
        self.number(BOUNDARY)

    def number(self, word: str) -> int:
        """Give the number of a word, a new one to a new word."""
        number = self.numbers.get(word)
        if number is None:
            number = self.numbers[word] = len(self._ids)
            ids, weights = self._rows.of_word(word, word_features(word, self._known)[0])
            self._ids.append(np.array(ids or [0], dtype=np.int64))
            self._weights.append(np.array(weights or [0], dtype=np.float32))
        return number

    def sentence(self, words: Sequence[str]) -> Numbers:
        """Give the numbers of the words of a sentence."""
        return np.array([self.number(word) for word in words], dtype=np.int64)

    def bag(self, numbers: Numbers, drop: float) -> tuple[torch.Tensor, ...]:
        """Give rows, where each word's begin, and weights, of some words.

        Args:
            numbers: the words.
            drop: share of the words whose own row is left out, as if they were unknown.
        """
        ids = [self._ids[number] for number in numbers]
        sizes = np.array([len(of_word) for of_word in ids])
        rows = np.concatenate(ids)
        weights = np.concatenate([self._weights[number] for number in numbers])
        if drop:
            dropped = np.repeat(np.random.random(len(ids)) < drop, sizes)
            weights = np.where(dropped & (rows < len(self._rows.words)), np.float32(0), weights)
        starts = np.cumsum(sizes) - sizes
        return torch.from_numpy(rows), torch.from_numpy(starts), torch.from_numpy(weights)


class Encoder(nn.Module):  # type: ignore[misc]
    """Word vectors and the two LSTMs.

    Args:
        rows: rows of the table of vectors.
        vectors: one for each frequent word, to start from.
    """

    def __init__(self, rows: int, vectors: npt.NDArray[np.float32]) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(rows, VECTOR_SIZE, mode="sum")
        self.forwards = nn.LSTM(VECTOR_SIZE, STATE_SIZE, batch_first=True)
        self.backwards = nn.LSTM(VECTOR_SIZE, STATE_SIZE, batch_first=True)
        nn.init.normal_(self.table.weight, std=0.15)
        # A random rotation into the larger space keeps the angles between the vectors.
        turn = torch.linalg.qr(torch.randn(VECTOR_SIZE, vectors.shape[1]))[0].T
        with torch.no_grad():
            self.table.weight[: len(vectors)] = 2 * torch.from_numpy(vectors) @ turn

    def forward(
        self,
        types: WordTypes,
        batch: Numbers,
        lengths: Numbers,
        drop_words: float = 0.0,
        drop_values: float = 0.0,
    ) -> tuple[torch.Tensor, ...]:
        """Read a batch of sentences, filled up with 0.

        Returns:
            The words' vectors, the states after each word from the left and from the right, and
            the same two states before it.
        """
        different, places = np.unique(batch, return_inverse=True)
        rows, starts, weights = types.bag(different, drop_words)
        vectors = self.table(rows, starts, per_sample_weights=weights)
        vectors = functional.dropout(vectors, drop_values, self.training)
        words = vectors[torch.from_numpy(places.reshape(batch.shape))]
        steps = torch.arange(batch.shape[1])[None]
        ends = torch.from_numpy(lengths)[:, None]
        mirror = torch.where(steps < ends, ends - 1 - steps, steps)[:, :, None]
        left, _ = self.forwards(words)
        right, _ = self.backwards(words.gather(1, mirror.expand_as(words)))
        right = right.gather(1, mirror.expand_as(right)) * (steps < ends)[:, :, None]
        before = functional.pad(left, (0, 0, 1, 0))[:, :-1]
        behind = functional.pad(right, (0, 0, 0, 1))[:, 1:]
        return words, left, right, before, behind


class Tagger(nn.Module):  # type: ignore[misc]
    """An encoder, a hidden layer, and the scores of labels.

    Args:
        encoder: reads the sentences.
        other_labels: labels of a second corpus that shares all but the last layer.
    """

    def __init__(self, encoder: Encoder, other_labels: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.hidden = nn.Linear(VECTOR_SIZE + 4 * STATE_SIZE, HIDDEN_SIZE)
        self.output = nn.Linear(HIDDEN_SIZE, len(LABELS))
        self.other = nn.Linear(HIDDEN_SIZE, other_labels)
        self.transitions = nn.Parameter(torch.zeros(len(LABELS), len(LABELS)))

    def forward(
        self,
        types: WordTypes,
        batch: Numbers,
        lengths: Numbers,
        drop_words: float = 0.0,
        drop_values: float = 0.0,
        drop_states: float = 0.0,
    ) -> torch.Tensor:
        """Give the hidden layer of each word; `output` and `other` make scores of it."""
        parts = self.encoder(types, batch, lengths, drop_words, drop_values)
        seen = functional.dropout(torch.cat(parts, 2), drop_states, self.training)
        return functional.dropout(torch.tanh(self.hidden(seen)), drop_states / 2, self.training)

    def loss(self, scores: torch.Tensor, labels: torch.Tensor, lengths: Numbers) -> torch.Tensor:
        """Give the negative log likelihood of the labels, a sentence begun as if after O.

        Args:
            scores: sentence by step by label.
            labels: sentence by step.
            lengths: of the sentences.
        """
        inside = torch.arange(scores.shape[1])[None] < torch.from_numpy(lengths)[:, None]
        steps = self.transitions
        total = scores[:, 0] + steps[0]
        for step in range(1, scores.shape[1]):
            onward = torch.logsumexp(total[:, :, None] + steps[None], 1) + scores[:, step]
            total = torch.where(inside[:, step, None], onward, total)
        path = (scores.gather(2, labels[:, :, None])[:, :, 0] * inside).sum(1)
        path = path + steps[0][labels[:, 0]]
        path = path + (steps[labels[:, :-1], labels[:, 1:]] * inside[:, 1:]).sum(1)
        return (torch.logsumexp(total, 1) - path).sum()


def batches(lengths: Sequence[int], tokens: int, order: random.Random) -> Iterator[list[int]]:
    """Part sentences into batches of like length, in random order.

    Args:
        lengths: of the sentences.
        tokens: of a batch with its padding, at most (but for one longer sentence).
        order: decides the order.

    Yields:
        Indices of sentences.
    """
    indices = list(range(len(lengths)))
    order.shuffle(indices)
    made: list[list[int]] = []
    for first in range(0, len(indices), _PIECE):
        batch: list[int] = []
        for index in sorted(indices[first : first + _PIECE], key=lambda index: lengths[index]):
            if batch and lengths[index] * (len(batch) + 1) > tokens:
                made.append(batch)
                batch = []
            batch.append(index)
        made.append(batch)
    order.shuffle(made)
    yield from made


def padded(rows: Sequence[Numbers]) -> tuple[Numbers, Numbers]:
    """Fill up rows of numbers with 0, and give their lengths."""
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    filled = np.zeros((len(rows), lengths.max()), dtype=np.int64)
    for index, row in enumerate(rows):
        filled[index, : len(row)] = row
    return filled, lengths
