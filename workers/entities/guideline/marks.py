"""The marks around names; each is a token of its own in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

CLOSING_OF: Mapping[str, str] = {"«": "»", '"': '"', "“": "”"}
"""Opening mark to the one that closes it."""

OPENING_MARKS = frozenset(CLOSING_OF)
CLOSING_MARKS = frozenset(CLOSING_OF.values())


def closing_mark(
    words: Sequence[str], opening: int, longest: int, closing_of: Mapping[str, str] = CLOSING_OF
) -> int:
    """Return the index of the mark that closes a name, 0 where none is near.

    Args:
        words: tokens of the sentence.
        opening: index of the mark that opens it; 0 is returned for another token.
        longest: words of the name at most; it has one at least.
        closing_of: opening mark to the one that closes it.
    """
    closing = closing_of.get(words[opening])
    for end in range(opening + 2, min(opening + 2 + longest, len(words))):
        if words[end] == closing:
            return end
    return 0
