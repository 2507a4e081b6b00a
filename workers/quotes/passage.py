"""Cuts a text into words and marks, and finds its sentence ends and paired quotation marks.

Lighter than `workers.text.tokenise`: parallel lists instead of records, because a quotation is
found by walking over words. What the words mean is left to `clauses` and `speakers`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from nabaa.types import TextField
from workers.quotes.quote_marks import MARKS, NEWLINES, pair_marks

_TATWEEL = "\u0640"
_DIACRITICS = "\u064b-\u065f\u0670\u0640"
# One group, so that `split` gives gap and piece in turn and no record is made for each.
_PIECE = re.compile(
    r"((?:https?://|www\.)[^\s<>\"«»،؛“”]*[^\s<>\"«»،؛“”.,!?؟:)\]…]|\({2}|\){2}|<{2}|>{2}|'{2}|"
    rf"\d+(?:[.,٫٬:/]\d+)*(?!\w)|[\w{_DIACRITICS}]+(?:['’][^\W\d_]+)*"
    r"|\.{2,9}|[\n\r\x0b\x0c\x85\u2028\u2029]|\S)"
)
_DIACRITIC = re.compile(f"[{_DIACRITICS}]")
ENDS = frozenset(".!?؟…") | NEWLINES | {"." * length for length in range(2, 10)}
_SPECIAL = ENDS | MARKS
COMMAS = frozenset("،,؛;")


_INITIALS_AFTER_AND = frozenset(("ود", "وأ", "وم"))
"""Abbreviated titles after «and»: «ود. علي»."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A Passage is a text cut into parallel lists of words and marks.

    Attributes:
        field: which text of the article.
        text: the text.
        words: words and marks without diacritics and tatweel.
        starts: code points where each begins.
        ends: code points where each ends, exclusive.
        breaks: indices of the words that end a sentence, ascending.
        closing: index of an opening mark to the index of its closing mark.
        opening: the other way round.
        unclosed: opening marks that nothing closes.
        names: code points where the names in the text begin and end, ascending.
    """

    field: TextField
    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    breaks: list[int]
    closing: dict[int, int]
    opening: dict[int, int]
    unclosed: frozenset[int]
    names: Sequence[tuple[int, int]]

    def sentence_start(self, i: int) -> int:
        """Return the index of the first word of the sentence that word `i` stands in."""
        at = bisect_right(self.breaks, i - 1)
        return self.breaks[at - 1] + 1 if at else 0

    def sentence_end(self, i: int) -> int:
        """Return the index of the break at or after word `i`, or the number of words."""
        at = bisect_right(self.breaks, i - 1)
        return self.breaks[at] if at < len(self.breaks) else len(self.words)

    def is_break(self, i: int) -> bool:
        """Tell whether word `i` ends a sentence."""
        return self.words[i] in ENDS and self.sentence_end(i) == i

    def starts_name(self, i: int) -> bool:
        """Tell whether a name begins in word `i`, particles before it allowed."""
        if not 0 <= i < len(self.words):
            return False
        at = bisect_left(self.names, (self.starts[i], 0))
        return at < len(self.names) and self.names[at][0] < self.ends[i]

    def is_name(self, start: int, end: int) -> bool:
        """Tell whether words `start` to `end` are one name and nothing else."""
        if not 0 <= start < end <= len(self.words):
            return False
        at = bisect_left(self.names, (self.starts[start], 0))
        return at < len(self.names) and self.names[at] == (self.starts[start], self.ends[end - 1])

    def ends_name(self, i: int) -> bool:
        """Tell whether word `i` is the last of a name: «قناة أم تي في»."""
        if not 0 <= i < len(self.words):
            return False
        at = bisect_left(self.names, (self.ends[i], 0)) - 1
        return at >= 0 and self.names[at][1] == self.ends[i]

    def word(self, i: int) -> str:
        """Return word `i`, or an empty string beyond either end."""
        return self.words[i] if 0 <= i < len(self.words) else ""


def read_passage(
    text_field: TextField, text: str, names: Sequence[tuple[int, int]] = ()
) -> Passage:
    """Cut a text into words, sentences and marked stretches, in linear time.

    Args:
        text_field: which text of the article it is.
        text: any text.
        names: code points where the names in it begin and end, ascending.
    """
    parts = _PIECE.split(text)
    bounds = list(accumulate(map(len, parts)))
    words, starts, ends = parts[1::2], bounds[:-1:2], bounds[1::2]
    if _DIACRITIC.search(text):
        # A word that is nothing but diacritics stays as it is: words and offsets keep step.
        # Letters alone have none, tatweel apart, which counts as one.
        words = [
            word if word.isalpha() and _TATWEEL not in word else _DIACRITIC.sub("", word) or word
            for word in words
        ]
    special = [i for i, word in enumerate(words) if word in _SPECIAL]
    closing, unclosed = pair_marks(text, words, starts, ends, special)
    breaks = [i for i in special if words[i] in ENDS and not _is_initial(words, i)]
    opening = {close: start for start, close in closing.items()}
    return Passage(text_field, text, words, starts, ends, breaks, closing, opening, unclosed, names)


def _is_initial(words: list[str], i: int) -> bool:
    """Tell whether the full stop at `i` only ends an initial: «د. أحمد», «ود. علي», «ن. ع. ع»."""
    if words[i] != "." or not i:
        return False
    initial = words[i - 1]
    return initial.isalpha() and (len(initial) == 1 or initial in _INITIALS_AFTER_AND)
