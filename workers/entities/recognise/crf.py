"""The default recogniser: a conditional random field, run with numpy alone.

The scores of a label come from two sides: what each word says of its own place and of its
neighbours', computed once a word and kept, and what `context` says of the whole sentence. Training
is left to `train`.
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workers.entities.recognise.consistency import agreement, key
from workers.entities.recognise.embedding import Table
from workers.entities.recognise.features import (
    BOUNDARY,
    MAX_PHRASE_WORDS,
    bases,
    fold,
    phrase_attributes,
    phrase_features,
    word_features,
)
from workers.entities.recognise.model import LABELS, OFFSETS, Model, Scores, load_model
from workers.entities.recognise.viterbi import constraints, decode, label_spans, marginals
from workers.model import Span

MODEL_PATH = Path(__file__).with_name("crf.npz")
MAX_CACHED_WORDS = 32_000
"""At 90 bytes of scores, 132 of its vector and 400 for the word itself: about 20 MB at most."""

MAX_DOCUMENT_SENTENCES = 40
"""What stands further apart is no longer taken for the same document."""

Numbers = npt.NDArray[np.int64]
Halves = npt.NDArray[np.float16]

_HERE = OFFSETS.index(0)
_PAD = max(OFFSETS)
_BATCH_TOKENS = 3_072
_LEAST_PROBABILITY = np.float32(1e-13)
_NEW_WORDS = 128  # described at once: their rows of the table stay in the cache of the processor


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
        max_cached_words: words whose scores are kept between batches; when there are more, those
            that were met longest ago are forgotten.
    """

    name = "crf"

    def __init__(self, model: Model, max_cached_words: int = MAX_CACHED_WORDS) -> None:
        self._words = _WordScores(model, max_cached_words + 1 + _BATCH_TOKENS)
        self._model = model
        self._max_cached_words = max_cached_words
        steps = model.linear.transitions + model.context.transitions
        self._transitions = steps + constraints()

    def recognise(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        """Find the names of each sentence.

        Args:
            sentences: tokens of each sentence, any script and length; an empty one parts documents.

        Returns:
            One list a sentence, in the same order: spans by position, never overlapping.
        """
        found: list[list[Span]] = [[] for _ in sentences]
        for batch, documents in batches(sentences):
            lengths = np.array([len(sentences[index]) for index in batch])
            emissions, starts, keys = self._emissions([sentences[i] for i in batch], lengths)
            steps = self._transitions
            inside = np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
            inside += np.arange(len(inside))
            likely = marginals(emissions, starts, lengths, steps)[inside]
            emissions[inside] += agreement(likely, keys[inside], np.repeat(documents, lengths))
            labels = decode(emissions, starts, lengths, steps)
            for index, row in zip(batch, labels, strict=True):
                found[index] = label_spans(row)
        return found

    def probabilities(
        self, sentences: Sequence[Sequence[str]], lengths: Numbers
    ) -> tuple[Scores, Numbers]:
        """Give the logarithm of the probability of each label, and the key of each word.

        Args:
            sentences: tokens of each, the longest first, none empty.
            lengths: of the sentences.

        Returns:
            One row a word, in the order of the sentences; keys as `consistency` compares them.
        """
        emissions, starts, keys = self._emissions(sentences, lengths)
        likely = marginals(emissions, starts, lengths, self._transitions)
        inside = np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
        inside += np.arange(len(inside))
        return np.log(np.maximum(likely[inside], _LEAST_PROBABILITY)), keys[inside]

    def _emissions(
        self, sentences: Sequence[Sequence[str]], lengths: Numbers
    ) -> tuple[Scores, Numbers, Numbers]:
        """Scores of the sentences' words, `_PAD` boundary rows between them, first rows, keys."""
        words = self._words
        words.forget(self._max_cached_words)
        first = []
        flat = [BOUNDARY] * _PAD
        for sentence in sentences:
            first.append(len(flat))
            flat += sentence
            flat += [BOUNDARY] * _PAD
        rows, starts = np.array(words.numbers(flat)), np.array(first)
        different, places_of = np.unique(rows, return_inverse=True)
        vectors = words.vectors(different)
        emissions = self._model.context.scores(vectors, places_of, starts, lengths)
        places = slice(_PAD, len(rows) - _PAD)
        for index, offset in enumerate(OFFSETS):
            neighbours = rows[places.start + offset : places.stop + offset]
            emissions[places] += words.scores[index].take(neighbours, axis=0)
        words.add_phrases(emissions, rows)
        return emissions, starts, words.keys[rows]


class _WordScores:
    """Numbers words and keeps the scores that each gives; those met last stand last.

    Attributes:
        scores: offset index by word by label.
        keys: of each word, the CRC-32 of what makes it the same as others: 0 if it is not compared.
    """

    def __init__(self, model: Model, capacity: int) -> None:
        # Zeros that nobody has written to take no memory, and growing would copy all of it.
        self.scores: Halves = np.zeros((len(OFFSETS), capacity, len(LABELS)), dtype=np.float16)
        width = model.context.table.cells.shape[1]
        self._vectors = np.zeros((capacity, width), dtype=np.int8)
        self._scales = np.zeros(capacity, dtype=np.float32)
        self.keys: Numbers = np.zeros(capacity, dtype=np.int64)
        self._model = model
        words = [phrase.split(" ", 2) for phrase in model.phrases]
        self._heads = frozenset(first for first, *_ in words)
        self._seconds = frozenset(second for _, second, *_ in words)
        self._is_head = np.zeros(capacity, dtype=np.bool_)
        self._is_second = np.zeros(capacity, dtype=np.bool_)
        self._folded: list[str] = []
        self._numbers: OrderedDict[str, int] = OrderedDict()
        self._free: list[int] = []
        self._phrases: dict[str, Scores] = {}

    def forget(self, most: int) -> None:
        """Forget the words that were met longest ago, until there are at most so many."""
        while len(self._numbers) > most:
            self._free.append(self._numbers.popitem(last=False)[1])

    def numbers(self, words: Sequence[str]) -> list[int]:
        """Give the number of each word, new ones to new words."""
        known = self._numbers
        new = []
        for word in dict.fromkeys(words):
            if word in known:
                known.move_to_end(word)
            else:
                new.append(word)
        for start in range(0, len(new), _NEW_WORDS):
            self._add(new[start : start + _NEW_WORDS])
        return [known[word] for word in words]

    def vectors(self, numbers: Numbers) -> Scores:
        """Give the vectors of words: one row each."""
        return self._vectors[numbers] * self._scales[numbers, None]

    def add_phrases(self, emissions: Scores, rows: Numbers) -> None:
        """Add the scores of listed names of several words to those of the words' own."""
        free = 0
        begins = self._is_head[rows[:-1]] & self._is_second[rows[1:]]
        for place in np.flatnonzero(begins).tolist():
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
            parts = [phrase_attributes(classes, part) for part in "bi"]
            self._phrases[classes] = self._model.linear.scores(parts)[_HERE]
        return self._phrases[classes]

    def _add(self, words: Sequence[str]) -> None:
        """Number new words; the work that numpy does, it does for all of them at once."""
        rows = self._rows(len(words))
        features = [word_features(word, self._model.known) for word in words]
        self.scores[:, rows] = self._model.linear.scores([wide + near for wide, near in features])
        table = Table.of(
            self._model.context.vectors(
                (word, wide) for word, (wide, _) in zip(words, features, strict=True)
            )
        )
        self._vectors[rows], self._scales[rows] = table.cells, table.scales
        for number, word in zip(rows, words, strict=True):
            self._numbers[word] = number
            folded = fold(word)
            self._folded[number] = word if folded == word else folded
            is_bound = word == BOUNDARY
            self.keys[number] = 0 if is_bound else zlib.crc32(_bytes(key(word)))
            self._is_second[number] = folded in self._seconds
            self._is_head[number] = not is_bound and (
                folded in self._heads or any(base in self._heads for _, base in bases(folded))
            )

    def _rows(self, count: int) -> list[int]:
        """Return rows for new words: those of forgotten words first."""
        rows = [self._free.pop() for _ in range(min(count, len(self._free)))]
        first = len(self._folded)
        rows += range(first, first + count - len(rows))
        self._folded += [""] * (rows[-1] + 1 - first)
        self._make_room(len(self._folded))
        return rows

    def _make_room(self, count: int) -> None:
        """Grow the arrays until they hold so many words."""
        while count > len(self._is_head):
            self.scores = np.concatenate([self.scores, np.zeros_like(self.scores)], axis=1)
            self.keys = np.concatenate([self.keys, np.zeros_like(self.keys)])
            self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
            self._scales = np.concatenate([self._scales, np.zeros_like(self._scales)])
            self._is_head = np.concatenate([self._is_head, np.zeros_like(self._is_head)])
            self._is_second = np.concatenate([self._is_second, np.zeros_like(self._is_second)])


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def batches(sentences: Sequence[Sequence[str]]) -> Iterator[tuple[list[int], Numbers]]:
    """Batches of whole documents, of bounded size where documents are.

    Yields:
        Indices of sentences, the longest first, none empty, and the number of each one's document.
    """
    batch: list[tuple[int, int, int]] = []
    document = in_document = size = 0
    for index, sentence in enumerate(sentences):
        if not len(sentence) or in_document == MAX_DOCUMENT_SENTENCES:
            document, in_document = document + 1, 0
            if size >= _BATCH_TOKENS:
                yield _sorted(batch)
                batch, size = [], 0
        if len(sentence):
            batch.append((-len(sentence), index, document))
            in_document += 1
            size += len(sentence)
    if batch:
        yield _sorted(batch)


def _sorted(batch: list[tuple[int, int, int]]) -> tuple[list[int], Numbers]:
    batch.sort()
    return [index for _, index, _ in batch], np.array([document for *_, document in batch])
