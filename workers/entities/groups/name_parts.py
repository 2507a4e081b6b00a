"""The units of a person's name: given names, family name, each with its particles.

Which persons an article names is decided in `people`.
"""

from __future__ import annotations

from functools import lru_cache

from workers.entities.mentions.name_words import word_set
from workers.entities.mentions.roles import cached_key

NameParts = tuple[str, ...]

# Words that make one unit with the word after them, and those that make one with the word before.
_BEFORE = word_set(
    """
    عبد ابو ابي ابا ام بن ابن بنت ال دي دا دو دوس ديل دير فان فون لا لو ماك بو ذو سان ايت ولد
    """
)
_NEVER_LAST = _BEFORE - word_set("ام لا لو سان ذو ماك")
_AFTER = word_set("الدين الله الاسلام الحق")
_SAME = {"ابي": "ابو", "ابا": "ابو", "ابن": "بن"}
_VOWELS = str.maketrans("", "", "اويه")
_CONSONANTS = str.maketrans("جقكگطذظضصڤپ", "غغغغتدزدسفب")


def needs_another(word: str) -> bool:
    """Tell whether a person's name cannot end with a word: «محمد بن», «أورسولا فون»."""
    return cached_key(word) in _NEVER_LAST


@lru_cache(maxsize=1024)
def split_name(name: str) -> NameParts:
    """Part a person's name into units.

    Args:
        name: as written.

    Returns:
        Search keys without spaces; «عبد الله», «أبو مازن», «بن سلمان», «نصر الله» and «دا سيلفا»
        are one unit each.
    """
    found: list[str] = []
    opening = ""
    for word in name.split():
        key = cached_key(word)
        if not key:
            continue
        if key in _AFTER and found and not opening:
            found[-1] += key
        elif key in _BEFORE and not word.startswith("آب"):
            opening += _SAME.get(key, key)
        else:
            found.append(opening + key)
            opening = ""
    if opening:
        found.append(opening)
    return tuple(found)


@lru_cache(maxsize=1024)
def consonants(unit: str) -> str:
    """Return what the spellings of a foreign name have in common: «ترامب», «ترمب» give «ترمب».

    Args:
        unit: of a name.

    Returns:
        Its first letter and the consonants after it, those that are written for each other folded.
    """
    folded = unit.translate(_CONSONANTS)
    return folded[:1] + folded[1:].translate(_VOWELS)
