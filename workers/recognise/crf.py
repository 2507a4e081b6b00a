"""The default recogniser: a linear-chain conditional random field, run with numpy alone.

The scores that a word gives to the labels of its own place and of its neighbours' are computed once
a word and kept, so that a sentence's scores are sums of rows. Training is left to `train`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workers.recognise.features import (
    BOUNDARY,
    MAX_PHRASE_WORDS,
    bases,
    fold,
    phrase_attributes,
    phrase_features,
    word_features,
)
from workers.recognise.model import LABELS, OFFSETS, Model, Scores, load_model
from workers.recognise.viterbi import constraints, decode, label_spans
from workers.types import Span

MODEL_PATH = Path(__file__).with_name("crf.npz")
MAX_CACHED_WORDS = 75_000
"""At 180 bytes of scores a word and twice that for the word itself: about 30 MB at most."""

_HERE = OFFSETS.index(0)
_PAD = max(OFFSETS)
_BATCH_TOKENS = 32_768


def load_crf(path: Path | None = None) -> CrfRecogniser:
    """Load the recogniser.

    Args:
        path: a model file; the one shipped with the project where None.

    Returns:
        The recogniser.

    Raises:
        RecogniserError: the file is missing, damaged or of another format.
    """
    return CrfRecogniser(load_model(MODEL_PATH if path is None else path))


class CrfRecogniser:
    """Finds names with a `Model`; see the `Recogniser` protocol.

    Args:
        model: what it has learnt.
        max_cached_words: words whose scores are kept between batches; when there are more, all
            are forgotten.
    """

    name = "crf"

    def __init__(self, model: Model, max_cached_words: int = MAX_CACHED_WORDS) -> None:
        self._capacity = max_cached_words + 1 + _BATCH_TOKENS
        self._words = _WordScores(model, self._capacity)
        self._model = model
        self._max_cached_words = max_cached_words
        self._transitions = model.transitions + constraints()

    def recognise(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        """Find the names of each sentence.

        Args:
            sentences: tokens of each sentence, any script and length; empty ones are allowed.

        Returns:
            One list a sentence, in the same order: spans by position, never overlapping.
        """
        found: list[list[Span]] = [[] for _ in sentences]
        for batch in _batches(sentences):
            emissions, starts = self._emissions([sentences[index] for index in batch])
            lengths = np.array([len(sentences[index]) for index in batch])
            labels = decode(emissions, starts, lengths, self._transitions)
            for index, row in zip(batch, labels, strict=True):
                found[index] = label_spans(row)
        return found

    def _emissions(
        self, sentences: Sequence[Sequence[str]]
    ) -> tuple[Scores, npt.NDArray[np.int64]]:
        """Scores of the sentences' words, `_PAD` boundary rows between them, and first rows."""
        if len(self._words) > self._max_cached_words:
            self._words = _WordScores(self._model, self._capacity)
        words = self._words
        starts = []
        numbers = [0] * _PAD
        for sentence in sentences:
            starts.append(len(numbers))
            numbers += words.numbers(sentence)
            numbers += [0] * _PAD
        rows = np.array(numbers)
        emissions = np.zeros((len(rows), len(LABELS)), dtype=np.float32)
        places = slice(_PAD, len(rows) - _PAD)
        for index, offset in enumerate(OFFSETS):
            neighbours = rows[places.start + offset : places.stop + offset]
            emissions[places] += words.scores[index].take(neighbours, axis=0)
        words.add_phrases(emissions, rows)
        return emissions, np.array(starts)


class _WordScores:
    """Numbers words in the order they are met and keeps the scores that each gives; 0 bounds.

    Attributes:
        scores: offset index by word by label.
    """

    def __init__(self, model: Model, capacity: int) -> None:
        # Zeros that nobody has written to take no memory, and growing would copy all of it.
        self.scores: Scores = np.zeros((len(OFFSETS), capacity, len(LABELS)), dtype=np.float32)
        self._model = model
        self._heads = frozenset(phrase.split(" ", 1)[0] for phrase in model.phrases)
        self._is_head = np.zeros(capacity, dtype=np.bool_)
        self._folded: list[str] = []
        self._numbers: dict[str, int] = {}
        self._phrases: dict[str, Scores] = {}
        self._add(BOUNDARY)

    def __len__(self) -> int:
        return len(self._numbers)

    def numbers(self, words: Sequence[str]) -> list[int]:
        """Give the number of each word, a new one to a new word."""
        known = self._numbers
        try:
            return [known[word] for word in words]
        except KeyError:
            return [known[word] if word in known else self._add(word) for word in words]

    def add_phrases(self, emissions: Scores, rows: npt.NDArray[np.int64]) -> None:
        """Add the scores of listed names of several words to those of the words' own."""
        free = 0
        for place in np.flatnonzero(self._is_head[rows]).tolist():
            if place < free:
                continue
            words = [self._folded[row] for row in rows[place : place + MAX_PHRASE_WORDS].tolist()]
            phrase = phrase_features(words, 0, self._model.phrases)
            if phrase is not None:
                length, classes = phrase
                first, other = self._phrase(classes)
                free = place + length
                emissions[place] += first
                emissions[place + 1 : free] += other

    def _phrase(self, classes: str) -> Scores:
        if classes not in self._phrases:
            parts = (phrase_attributes(classes, part) for part in "bi")
            self._phrases[classes] = np.stack([self._sum(names)[_HERE] for names in parts])
        return self._phrases[classes]

    def _add(self, word: str) -> int:
        number = len(self._numbers)
        if number == len(self._is_head):
            self.scores = np.concatenate([self.scores, np.zeros_like(self.scores)], axis=1)
            self._is_head = np.concatenate([self._is_head, np.zeros_like(self._is_head)])
        wide, near = word_features(word, self._model.known)
        self.scores[:, number] = self._sum([*wide, *near])
        folded = fold(word)
        self._is_head[number] = word != BOUNDARY and (
            folded in self._heads or any(base in self._heads for _, base in bases(folded))
        )
        self._folded.append(folded)
        self._numbers[word] = number
        return number

    def _sum(self, names: Iterable[str]) -> Scores:
        """Add up the weights of features: offset index by label."""
        model = self._model
        numbers = [model.features[name] for name in names if name in model.features]
        places = [slice(model.bounds[number], model.bounds[number + 1]) for number in numbers]
        if not places:
            return np.zeros((len(OFFSETS), len(LABELS)), dtype=np.float32)
        cells = np.concatenate([model.cells[place] for place in places])
        weights = np.concatenate([model.weights[place] for place in places])
        total = np.bincount(cells, weights=weights, minlength=len(OFFSETS) * len(LABELS))
        return total.reshape(len(OFFSETS), len(LABELS)).astype(np.float32)


def _batches(sentences: Sequence[Sequence[str]]) -> Iterator[list[int]]:
    """Indices of the sentences that are not empty, longest first, in batches of bounded size."""
    order = sorted(
        (index for index, sentence in enumerate(sentences) if len(sentence)),
        key=lambda index: -len(sentences[index]),
    )
    batch: list[int] = []
    size = 0
    for index in order:
        batch.append(index)
        size += len(sentences[index])
        if size >= _BATCH_TOKENS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
