"""Where words that were asked for stand among the folded words of a text. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from workers.index.expression import Phrase


def places_of(phrase: Phrase, words: Sequence[str]) -> list[int]:
    """Return the place of each occurrence of a word or phrase, in order.

    Args:
        phrase: what was asked for.
        words: folded words of a text.
    """
    forms, rest = frozenset(phrase.first), phrase.rest
    found = []
    for place, word in enumerate(words):
        is_it = word in forms or (phrase.is_prefix and word.startswith(phrase.first))
        if is_it and tuple(words[place + 1 : place + 1 + len(rest)]) == rest:
            found.append(place)
    return found
