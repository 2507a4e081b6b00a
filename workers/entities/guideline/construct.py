"""What the readers of names in construct share: the noun that a name begins with. Pure."""

from __future__ import annotations

from collections.abc import Callable, Set as AbstractSet

from workers.entities.mentions.clitics import list_cuts
from workers.entities.mentions.roles import cached_key

IsNational = Callable[[str], bool]
"""Tells whether a word is an adjective of a country, in any ending."""


def find_head(word: str, heads: AbstractSet[str]) -> str:
    """Return the noun at the head of a name that a word is, without particles.

    Args:
        word: as written.
        heads: search keys of such nouns.

    Returns:
        Its search key; empty for all other words.
    """
    key = cached_key(word)
    if key in heads:
        return key
    if word[:1] in "وفبلك":
        for cut in list_cuts(word):
            if cut.clitics and cached_key(cut.name) in heads:
                return cached_key(cut.name)
    return ""
