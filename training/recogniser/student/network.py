"""The fast recogniser in PyTorch, taught by what a teacher says of unlabelled news.

Scores of features and the network of `network` are learnt together, so that neither says again what
the other knows. What is learnt is written in the format that `crf` runs.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from training.recogniser.student.wordparts import WordParts
from workers.entities.recognise.model import LABELS, OFFSETS

log = logging.getLogger(__name__)

SIZE = 128
REACH = max(OFFSETS)


@dataclass(frozen=True, slots=True)
class StudentSettings:
    """How to train.

    Attributes:
        epochs: how often to read everything.
        rate: of learning (Adam) at its height.
        tokens: of a batch.
        drop_words: share of words whose own row is left out.
        drop_values: share of the values of vectors that are left out.
        drop_states: share of the states that are left out.
        drop_features: share of the features that are left out.
        longest: words of a sentence; of a longer one the beginning is read.
        seconds: after which training ends.
    """

    epochs: float
    rate: float = 2e-3
    tokens: int = 16_384
    drop_words: float = 0.1
    drop_values: float = 0.1
    drop_states: float = 0.2
    drop_features: float = 0.1
    longest: int = 100
    seconds: float = 1e9


@dataclass(frozen=True, slots=True)
class Text:
    """A text to learn from: words and, of each word, a probability of each label.

    Attributes:
        words: numbers of the words, on the device.
        starts: place of the first word of each sentence.
        lengths: words of each sentence.
        targets: of each corpus place by label; all 0 where nothing is to be learnt.
        weight: what a word counts.
        copies: how often an epoch reads it.
    """

    words: torch.Tensor
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    targets: Mapping[str, torch.Tensor]
    weight: float = 1.0
    copies: int = 1


class Student(nn.Module):  # type: ignore[misc]
    """The fast recogniser.

    Args:
        parts: what it sees of each word.
        features: number of each feature of each word, 0 for none; word by feature.
        feature_count: how many features there are, with the one that is none.
        rows: rows of the table of vectors.
        words: how many of them are of words.
        heads: labels by corpus; the first is the recogniser's own.
    """

    def __init__(
        self,
        parts: WordParts,
        features: torch.Tensor,
        feature_count: int,
        rows: int,
        words: int,
        heads: dict[str, int],
        device: str,
    ) -> None:
        super().__init__()
        self.own_rows = words
        self.parts = torch.from_numpy(parts.rows).to(device)
        self.weights = torch.from_numpy(parts.weights).to(device)
        self.features = features.to(device)
        self.table = nn.Parameter(torch.randn(rows, SIZE) * 0.15)
        self.linear = nn.Parameter(torch.zeros(feature_count, len(OFFSETS) * len(LABELS)))
        self.forwards = nn.LSTM(SIZE, SIZE, batch_first=True)
        self.backwards = nn.LSTM(SIZE, SIZE, batch_first=True)
        self.hidden = nn.Linear(5 * SIZE, SIZE)
        self.outputs = nn.ModuleDict(
            {name: nn.Linear(SIZE, count) for name, count in heads.items()}
        )

    def forward(
        self, words: torch.Tensor, lengths: torch.Tensor, settings: StudentSettings | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Read sentences.

        Args:
            words: numbers, sentence by step, with two boundaries before and behind each sentence.
            lengths: words of each sentence.
            settings: what is left out in training; None leaves nothing out.

        Returns:
            The hidden layer, and the scores of features.
        """
        different, places = words.unique(return_inverse=True)
        weights, rows = self.weights[different], self.parts[different].long()
        features = self.features[different].long()
        if settings is not None:
            dropped = torch.rand(len(different), 1, device=words.device) < settings.drop_words
            weights = torch.where(dropped & (rows < self.own_rows), 0.0, weights)
            dropped = torch.rand(features.shape, device=words.device) < settings.drop_features
            features = torch.where(dropped, 0, features)
        vectors = functional.embedding_bag(rows, self.table, per_sample_weights=weights, mode="sum")
        said = functional.embedding_bag(features, self.linear, mode="sum", padding_idx=0)
        said = said.view(-1, len(OFFSETS), len(LABELS))
        steps = words.shape[1] - 2 * REACH
        linear = sum(
            said[places[:, REACH + offset : REACH + offset + steps], index]
            for index, offset in enumerate(OFFSETS)
        )
        if settings is not None:
            vectors = functional.dropout(vectors, settings.drop_values)
        seen = vectors[places[:, REACH : REACH + steps]]
        hidden = self._hidden(seen, lengths, settings)
        return hidden, linear

    def _hidden(
        self, seen: torch.Tensor, lengths: torch.Tensor, settings: StudentSettings | None
    ) -> torch.Tensor:
        steps = torch.arange(seen.shape[1], device=seen.device)[None]
        ends = lengths[:, None]
        mirror = torch.where(steps < ends, ends - 1 - steps, steps)[:, :, None].expand_as(seen)
        left, _ = self.forwards(seen)
        right, _ = self.backwards(seen.gather(1, mirror))
        right = right.gather(1, mirror) * (steps < ends)[:, :, None]
        before = functional.pad(left, (0, 0, 1, 0))[:, :-1]
        behind = functional.pad(right, (0, 0, 0, 1))[:, 1:]
        states = torch.cat([seen, left, right, before, behind], 2)
        if settings is None:
            return torch.tanh(self.hidden(states))
        states = functional.dropout(states, settings.drop_states)
        return functional.dropout(torch.tanh(self.hidden(states)), settings.drop_states / 2)

    def keep_largest(self, most: int) -> None:
        """Make all weights of features zero but so many of the largest, and keep them so.

        Without learning on, many small weights that are lost together cost a point of F1: most of
        them spoke against names.
        """
        with torch.no_grad():
            size = self.linear.abs().flatten()
            if size.numel() > most:
                limit = size.kthvalue(size.numel() - most + 1).values
                self.linear[self.linear.abs() < limit] = 0
            kept = (self.linear != 0).float()
        self.linear.register_hook(lambda gradient: gradient * kept)

    def score(self, hidden: torch.Tensor, linear: torch.Tensor, head: str) -> torch.Tensor:
        """Score the labels of a corpus; those of the four classes have the features' say."""
        scores = self.outputs[head](hidden)
        return scores + linear if scores.shape[-1] == len(LABELS) else scores


def number_features(
    parts: WordParts, counts: npt.NDArray[np.int64], at_least: int, most: int
) -> tuple[torch.Tensor, npt.NDArray[np.uint64]]:
    """Number the features that occur often enough.

    Args:
        parts: of the words.
        counts: how often each word occurs.
        at_least: occurrences that a feature needs.
        most: features to keep, the most frequent ones.

    Returns:
        Number of each feature of each word, and the keys of the features, of which 0 is none.
    """
    keys, places = np.unique(parts.keys, return_inverse=True)
    places = places.reshape(parts.keys.shape)
    weights = np.repeat(np.append(counts, 0), parts.keys.shape[1])
    uses = np.bincount(places.ravel(), weights, minlength=len(keys))
    uses[keys == 0] = 0
    order = np.argsort(-uses, kind="stable")[:most]
    kept = np.sort(order[uses[order] >= at_least])
    number = np.zeros(len(keys), dtype=np.int32)
    number[kept] = np.arange(1, len(kept) + 1)
    return torch.from_numpy(number[places]), np.concatenate([keys[:0], [np.uint64(0)], keys[kept]])


def _batches(
    texts: Sequence[Text], settings: StudentSettings, random: np.random.Generator
) -> list[tuple[Text, npt.NDArray[np.int64]]]:
    made = []
    for text in texts:
        for _ in range(text.copies):
            lengths = np.minimum(text.lengths, settings.longest)
            # Nearly by length: like lengths together, but others each time.
            order = np.argsort(lengths + random.random(len(lengths)) * 4, kind="stable")
            filled = np.maximum.accumulate(lengths[order])
            cut = np.cumsum(filled) // settings.tokens
            bounds = np.flatnonzero(np.diff(cut)) + 1
            made += [(text, rows) for rows in np.split(order, bounds)]
    random.shuffle(made)
    return made


def gathered(
    text: Text, rows: npt.NDArray[np.int64], longest: int, boundary: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Put sentences side by side.

    Returns:
        Words with two boundaries at both ends, lengths, places in the text, and which are filled.
    """
    device = text.words.device
    starts = torch.from_numpy(text.starts[rows]).to(device)[:, None]
    lengths = torch.from_numpy(np.minimum(text.lengths[rows], longest)).to(device)
    steps = torch.arange(int(np.minimum(text.lengths[rows], longest).max()), device=device)[None]
    inside = steps < lengths[:, None]
    places = torch.where(inside, starts + steps, 0)
    words = torch.where(inside, text.words[places], boundary)
    return functional.pad(words, (REACH, REACH), value=boundary), lengths, places, inside


def train_student(
    student: Student, texts: Sequence[Text], settings: StudentSettings, seed: int
) -> None:
    """Train.

    Args:
        student: is changed.
        texts: what to learn from.
        settings: how to train.
        seed: of this training.
    """
    random = np.random.default_rng(seed)
    torch.manual_seed(seed)
    boundary = len(student.parts) - 1
    adam = torch.optim.Adam(student.parameters(), lr=settings.rate, betas=(0.9, 0.99), fused=True)
    student.train()
    steps, step, began, loss = 0, 0, time.monotonic(), torch.zeros(())
    while True:
        turns = _batches(texts, settings, random)
        steps = steps or max(1, int(len(turns) * settings.epochs))
        for text, rows in turns:
            far = max(step / steps, (time.monotonic() - began) / settings.seconds)
            if far >= 1:
                took = time.monotonic() - began
                log.info("  student taught in %d steps, %.0f s, loss %.4f", step, took, loss.item())
                return
            for group in adam.param_groups:
                group["lr"] = settings.rate * min((step + 1) / 100, 1 - far)
            words, lengths, places, inside = gathered(text, rows, settings.longest, boundary)
            hidden, linear = student(words, lengths, settings)
            loss = torch.zeros((), device=words.device)
            for head, targets in text.targets.items():
                scores = student.score(hidden, linear, head).log_softmax(-1)
                wanted = torch.where(inside[..., None], targets[places].float(), 0)
                loss = loss - (wanted * scores).sum() / wanted.sum().clamp_min(1)
            adam.zero_grad()
            (text.weight * loss).backward()
            nn.utils.clip_grad_norm_(student.parameters(), 5.0)
            adam.step()
            step += 1


@torch.no_grad()  # type: ignore[untyped-decorator]
def ask(student: Student, text: Text, head: str, tokens: int = 65_536) -> torch.Tensor:
    """Give the log-probabilities of labels of every word of a text."""
    student.eval()
    boundary = len(student.parts) - 1
    device = text.words.device
    found = torch.zeros(len(text.words), student.outputs[head].out_features, device=device)
    order = np.argsort(text.lengths, kind="stable")
    cut = np.cumsum(text.lengths[order]) // tokens
    for rows in np.split(order, np.flatnonzero(np.diff(cut)) + 1):
        words, lengths, places, inside = gathered(text, rows, 1 << 30, boundary)
        hidden, linear = student(words, lengths, None)
        found[places[inside]] = student.score(hidden, linear, head)[inside].log_softmax(-1)
    return found
