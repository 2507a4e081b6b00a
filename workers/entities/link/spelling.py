"""Match keys of names: what the different spellings of one name have in common.

Two keys, from careful to bold. Which entity a name stands for is left to `link`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from nabaa.search_key import search_key

_HAMZA = str.maketrans({"ؤ": "و", "ئ": "ي", "ء": None})
_PARTS = re.compile(r"(?:[^\w+]|_)+")
_PLUS = re.compile(r"\s*\++")
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")
_FATHER = re.compile(r"\bاب[اي] (?=\w)")
_COMPOUND = re.compile(r"\b(عبد|ابو|بو|ال) (?=\w)")
# Letters that transliterators choose between, and that foreign names alone are written with.
_FOREIGN = str.maketrans({"ڤ": "ف", "پ": "ب", "چ": "ج", "گ": "ج", "ڭ": "ج", "غ": "ج"})
# Names with one of these are Arabic (or Turkish, Persian): there غ and ج are two letters.
_ARABIC_LETTERS = frozenset("حعصضظذ")
_DOUBLED = re.compile(r"([وي])\1+")
_FINAL_YAH = re.compile(r"(?<=\w{2})يه\b")


@lru_cache(maxsize=16384)
def exact_key(name: str) -> str:
    """Return the careful key of a name.

    Args:
        name: bare of particles, in any script.

    Returns:
        Its search key without hamza and marks; عبد الله and عبدالله, أبو ظبي and أبوظبي, صلاح and
        صلاااح alike. Empty where it has neither letter nor digit.
    """
    key = _PARTS.sub(" ", search_key(name).translate(_HAMZA))
    if "+" in key:
        # «أوبك+» is another body than «أوبك».
        key = _PLUS.sub(" +", key)
    key = unelongated(key).strip()
    return _COMPOUND.sub(r"\1", _FATHER.sub("ابو ", key))


@lru_cache(maxsize=4096)
def loose_key(name: str) -> str:
    """Return the bold key of a name, which joins transliterations: غوتيريش and جوتيريش.

    Args:
        name: bare of particles, in any script.

    Returns:
        Its exact key with the foreign g as ج, ڤ as ف, final ية as يا, doubled و and ي as one.
        Names with letters that only Arabic needs keep غ and ج apart.
    """
    key = exact_key(name)
    if _ARABIC_LETTERS.isdisjoint(key):
        key = key.translate(_FOREIGN)
    return _DOUBLED.sub(r"\1", _FINAL_YAH.sub("يا", key))


def unelongated(text: str) -> str:
    """Return a text in which no letter stands more than twice in a row but once: «صلاااح»."""
    return _ELONGATED.sub(r"\1", text)
