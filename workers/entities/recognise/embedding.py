"""A vector for each word: a sum of rows of one table, for the word, its parts and its classes.

A word that was never met still has its letters, its lists of names and what is left of it without
clitics (Bojanowski et al., "Enriching word vectors with subword information", TACL 5, 2017). The
rows are learnt by `pretrain` and `tune`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from workers.entities.recognise.features import BOUNDARY, bases, fold

NGRAM_ROWS = 32_768
_CLASS_WEIGHT = 0.5

Vectors = npt.NDArray[np.float32]


def without_digits(folded: str) -> str:
    """Write every digit of a folded word that begins with one as 0."""
    if not folded[:1].isdigit():
        return folded
    return "".join("0" if character.isdigit() else character for character in folded)


def class_names(features: Iterable[str]) -> list[str]:
    """Pick the classes of a word: its shape, its clitics and the lists of names it is in.

    Args:
        features: as `word_features` gives them first.

    Returns:
        Those that many words share.
    """
    return [
        name
        for name in features
        if name.startswith(("g", "c=", "-g")) or not ("=" in name or name[0] in "k-")
    ]


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows of the table make up a word.

    Attributes:
        words: row of each frequent folded word.
        classes: row of each class, behind the words' and the n-grams' rows.
    """

    words: Mapping[str, int]
    classes: Mapping[str, int]

    @classmethod
    def of(cls, words: Sequence[str], classes: Iterable[str]) -> Rows:
        """Number words from 0, then leave room for the n-grams, then number the classes."""
        first = len(words) + NGRAM_ROWS
        return cls(
            {word: row for row, word in enumerate(words)},
            {name: first + index for index, name in enumerate(classes)},
        )

    @property
    def count(self) -> int:
        """Rows of the table."""
        return len(self.words) + NGRAM_ROWS + len(self.classes)

    def of_word(self, word: str, features: Iterable[str]) -> tuple[list[int], list[float]]:
        """Give the rows of a word and the weight of each.

        The word itself, the mean of what is left without clitics, the mean of its n-grams, and its
        classes; nothing for `BOUNDARY`.

        Args:
            word: a token.
            features: of the word, as `word_features` gives them first.
        """
        if word == BOUNDARY:
            return [], []
        folded = without_digits(fold(word))
        own = [self.words[folded]] if folded in self.words else []
        cut = [self.words[base] for _, base in bases(folded) if base in self.words]
        first = len(self.words)
        parts = [first + checksum % NGRAM_ROWS for checksum in _ngram_checksums(f"<{folded}>")]
        shared = [self.classes[name] for name in class_names(features) if name in self.classes]
        weights = [weight for group in (own, cut, parts) for weight in _equal(len(group))]
        return [*own, *cut, *parts, *shared], [*weights, *[_CLASS_WEIGHT] * len(shared)]


def _ngram_checksums(marked: str) -> list[int]:
    """Return the CRC-32 of each three, four and five characters, or of all where there are less."""
    letters = [letter.encode(errors="surrogatepass") for letter in marked]
    three = zip(letters, letters[1:], letters[2:], strict=False)
    threes = [zlib.crc32(b"".join(each)) for each in three]
    # The checksum of one letter more goes on from the one before.
    fours = list(map(zlib.crc32, letters[3:], threes))
    fives = list(map(zlib.crc32, letters[4:], fours))
    return [*threes, *fours, *fives] or [zlib.crc32(b"".join(letters))]


def _equal(count: int) -> list[float]:
    return [1 / count] * count if count else []


@dataclass(frozen=True, slots=True)
class Table:
    """The rows, as small whole numbers.

    Attributes:
        cells: row by column, -127 to 127.
        scales: what to multiply each row by.
    """

    cells: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]

    @classmethod
    def of(cls, rows: Vectors) -> Table:
        """Round rows to 255 steps each."""
        scales = np.maximum(np.abs(rows).max(axis=1), 1e-9).astype(np.float32) / 127
        return cls(np.rint(rows / scales[:, None]).astype(np.int8), scales)

    def vectors(self, bags: Sequence[tuple[Sequence[int], Sequence[float]]]) -> Vectors:
        """Add up the rows of each word, each times its weight.

        Args:
            bags: for each word, rows and the weight of each.

        Returns:
            One row a word; zero where a word has no rows.
        """
        sums = np.zeros((len(bags), self.cells.shape[1]), dtype=np.float32)
        sizes = np.array([len(rows) for rows, _ in bags])
        rows = np.fromiter(chain.from_iterable(rows for rows, _ in bags), dtype=np.int64)
        weights = np.fromiter(chain.from_iterable(row for _, row in bags), dtype=np.float32)
        if len(rows):
            parts = self.cells.take(rows, axis=0) * (self.scales[rows] * weights)[:, None]
            starts = np.cumsum(sizes) - sizes
            filled = sizes > 0
            sums[filled] = np.add.reduceat(parts, starts[filled], axis=0)
        return sums
