"""Everything that learning works on, read from the prepared file: texts and parts of words."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from training.recogniser.encoder.arrays import Arrays, texts
from training.recogniser.encoder.judge import label_numbers
from training.recogniser.encoder.streams import Stream, Vocabulary
from training.recogniser.student.network import Text, number_features
from training.recogniser.student.wordparts import WordParts, word_parts
from workers.entities.recognise.consistency import key
from workers.entities.recognise.embedding import Rows
from workers.entities.recognise.model import LABELS, Linear

FOUR_CLASSES = ("anercorp", "aqmar", "wojood")
CORPORA = (*FOUR_CLASSES, "wikifane")
_LINEAR_PARTS = ("features", "bounds", "cells", "weights", "transitions")


@dataclass(frozen=True, slots=True)
class Part:
    """Some sentences of a corpus.

    Attributes:
        words: numbers of the words.
        lengths: words of each sentence.
        labels: of the words; empty for the news.
        stream: the same on the device, with labels where there are any.
    """

    words: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    stream: Stream


class Workshop:
    """The prepared file on a device.

    Args:
        arrays: of the prepared file.
        device: `cuda` or `cpu`.
        hold_out: whether the development parts of the corpora are kept from training.
        limit: sentences of each text to take; None takes all.

    Attributes:
        words: the different words of all texts.
        known: classes of folded words.
        phrases: classes of folded names of several words.
        class_names: names of the classes of words, which get a vector.
        rows: of the student's table of vectors.
        linear: a trained linear model, which errs in another way than the encoder.
        parts: what the student sees of each word.
        heads: labels by corpus.
        train: what to learn from, by corpus.
        dev: what to judge by, by corpus.
        news: unlabelled text.
        counts: how often each word occurs.
    """

    def __init__(
        self, arrays: Arrays, device: str, *, hold_out: bool, limit: int | None = None
    ) -> None:
        self.arrays, self.device, self._limit = arrays, device, limit
        self.words = texts(arrays["words"])
        self.known = _classes(arrays["known"])
        self.phrases = _classes(arrays["phrases"])
        self.class_names = texts(arrays["row_classes"])
        self.rows = Rows.of(texts(arrays["row_words"]), self.class_names)
        self.linear = _linear(arrays)
        self.parts: WordParts = word_parts(
            self.words,
            self.known,
            self.rows,
            self.class_names,
            self.linear,
            os.cpu_count() or 1,
        )
        pieces = self.arrays["word_pieces"].astype(np.int64)
        counts = self.arrays["word_piece_counts"].astype(np.int64)
        self.vocabulary = Vocabulary.of(pieces, counts, self.parts.classes[:-1], device)
        self.keys = np.unique([key(word) for word in self.words], return_inverse=True)
        self.heads = {name: self._labels(name) for name in CORPORA}
        self.train: dict[str, Part] = {}
        self.dev: dict[str, Part] = {}
        for name in CORPORA:
            held = self.arrays[f"{name}_dev"].astype(np.bool_) & hold_out
            self.train[name] = self._part(name, ~held)
            if held.any():
                self.dev[name] = self._part(name, held)
        self.news = self._part("news", None)
        everything = [self.news, *self.train.values()]
        self.counts: npt.NDArray[np.int64] = np.bincount(
            np.concatenate([part.words for part in everything]), minlength=len(self.words)
        )

    def document_keys(self, part: Part) -> npt.NDArray[np.int64]:
        """Tell what makes words the same, 0 for those that are not compared."""
        names, numbers = self.keys
        found: npt.NDArray[np.int64] = numbers[part.words] + 1
        return np.where(names[numbers[part.words]] == "", 0, found)

    def features(self, at_least: int, most: int) -> tuple[torch.Tensor, npt.NDArray[np.uint64]]:
        """Number the features of words that occur often enough."""
        return number_features(self.parts, self.counts, at_least, most)

    def text(self, part: Part, targets: Mapping[str, torch.Tensor]) -> Text:
        """Give a part as the student reads it."""
        starts = np.cumsum(part.lengths) - part.lengths
        words = torch.from_numpy(part.words).to(self.device)
        return Text(words, starts, part.lengths, targets)

    def own_labels(self, name: str) -> dict[str, torch.Tensor]:
        """Give a corpus' labels as probabilities."""
        labels = torch.from_numpy(self.train[name].labels).to(self.device)
        return {name: torch.nn.functional.one_hot(labels, self.heads[name]).half()}

    def _labels(self, name: str) -> int:
        if name in FOUR_CLASSES:
            return len(LABELS)
        return len(texts(self.arrays[f"{name}_names"]))

    def _part(self, name: str, kept: npt.NDArray[np.bool_] | None) -> Part:
        words = self.arrays[f"{name}_words"].astype(np.int64)
        lengths = self.arrays[f"{name}_lengths"].astype(np.int64)
        labels = np.zeros(0, dtype=np.int64)
        documents = None
        if kept is not None and self._limit is not None:
            kept = kept & (np.cumsum(kept) <= self._limit)
        if kept is None:
            if self._limit is not None:
                lengths = lengths[: self._limit]
                words = words[: lengths.sum()]
            documents = self.arrays[f"{name}_articles"].astype(np.int64)
            documents = documents[: np.searchsorted(np.cumsum(documents), len(lengths)) + 1]
            documents[-1] -= documents.sum() - len(lengths)
        else:
            labels = self.arrays[f"{name}_tags"].astype(np.int64)
            if name in FOUR_CLASSES:
                labels = label_numbers(texts(self.arrays[f"{name}_names"]), labels)
            inside = np.repeat(kept, lengths)
            words, labels, lengths = words[inside], labels[inside], lengths[kept]
        stream = Stream(self.vocabulary, words, lengths, documents, self.device)
        if len(labels):
            stream.label(name, labels)
        return Part(words, lengths, labels, stream)


def linear_arrays(linear: Linear) -> Arrays:
    """Give a linear model as arrays of the prepared file."""
    return {f"linear_{part}": getattr(linear, part) for part in _LINEAR_PARTS}


def _linear(arrays: Arrays) -> Linear:
    return Linear(
        features=arrays["linear_features"].astype(np.uint64),
        bounds=arrays["linear_bounds"].astype(np.int32),
        cells=arrays["linear_cells"].astype(np.uint8),
        weights=arrays["linear_weights"].astype(np.float32),
        transitions=arrays["linear_transitions"].astype(np.float32),
    )


def _classes(array: npt.NDArray[np.generic]) -> dict[str, str]:
    pairs = (line.partition("\t") for line in texts(array))
    return {name: classes for name, _, classes in pairs}
