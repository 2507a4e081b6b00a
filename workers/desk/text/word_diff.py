"""What one version of a text says that another does not, word by word. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

MOST_WORDS = 3000
"""Of a longer text whole paragraphs are compared: the work grows with the square of the words."""

_WORD = re.compile(r"\s+|[^\s]+")
_PARAGRAPHS = re.compile(r"(\n\n)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of words that both versions have, or one.

    Attributes:
        kind: which versions have it: both, the old one, the new one.
        text: the words, with the blanks between them.
    """

    kind: Literal["same", "removed", "added"]
    text: str


def diff_words(old: str, new: str) -> list[Stretch]:
    """Compare two versions of a text.

    Args:
        old: the version before.
        new: the version after.

    Returns:
        Stretches whose `same` and `added` together are the new text, and whose `same` and `removed`
        together are the old one.
    """
    before, after = _pieces(old, new)
    matcher = SequenceMatcher(a=before, b=after, autojunk=True)
    found: list[Stretch] = []
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            found.append(Stretch("same", "".join(before[first:last])))
            continue
        if first < last:
            found.append(Stretch("removed", "".join(before[first:last])))
        if start < end:
            found.append(Stretch("added", "".join(after[start:end])))
    return found


def _pieces(old: str, new: str) -> tuple[list[str], list[str]]:
    words = _WORD.findall(old), _WORD.findall(new)
    if max(map(len, words)) <= 2 * MOST_WORDS:
        return words
    return _PARAGRAPHS.split(old), _PARAGRAPHS.split(new)
