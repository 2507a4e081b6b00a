"""Cuts words into the pieces that the encoder reads: a unigram model, found by Viterbi.

Source: Kudo, "Subword regularization", ACL 2018. The pieces and their scores are those of
multilingual-e5-small, of which only those are kept that Arabic news needs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from workers.entities.recognise.features import MAX_WORD_CHARACTERS, drop_marks

START = "\u2581"
"""Stands before the first letter of a word."""

BEGIN, END, UNKNOWN, MASK = range(4)
"""Numbers of the special pieces: begin of a window, end of a sentence, unknown, hidden."""

SPECIALS = ("<s>", "</s>", "<unk>", "<mask>")
MAX_PIECES = 12
"""Pieces of a word that are read."""

_UNKNOWN_PENALTY = 10.0


class Pieces:
    """Cuts words into pieces.

    Args:
        pieces: their texts, `SPECIALS` first.
        scores: log-probability of each.
    """

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        self._numbers = {
            piece: (number, float(score))
            for number, (piece, score) in enumerate(zip(pieces, scores, strict=True))
            if number >= len(SPECIALS)
        }
        self._longest = max(map(len, self._numbers), default=1)
        self._unknown = min(map(float, scores), default=0.0) - _UNKNOWN_PENALTY

    def of_word(self, word: str) -> list[int]:
        """Give the numbers of the pieces of a word: at least one, at most `MAX_PIECES`.

        Args:
            word: a token, of which marks and tatweel are left out and compatibility letters
                brought to their plain ones.
        """
        plain = unicodedata.normalize("NFKC", drop_marks(word[:MAX_WORD_CHARACTERS]))
        text = START + "".join(plain.split())
        best, before, numbers = [0.0], [0], [UNKNOWN]
        for end in range(1, len(text) + 1):
            top, back, chosen = best[end - 1] + self._unknown, end - 1, UNKNOWN
            for begin in range(max(0, end - self._longest), end):
                found = self._numbers.get(text[begin:end])
                if found is not None and best[begin] + found[1] > top:
                    top, back, chosen = best[begin] + found[1], begin, found[0]
            best.append(top)
            before.append(back)
            numbers.append(chosen)
        path, end = [], len(text)
        while end:
            path.append(numbers[end])
            end = before[end]
        return path[::-1][:MAX_PIECES]
