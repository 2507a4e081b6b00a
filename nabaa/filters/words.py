"""Words as filters compare them: the search key's words, and their forms without clitics.

Pure; which words an article must have is `workers.subscriptions.match`'s part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from nabaa.search_key import search_key

MIN_LETTERS = 3
"""Letters that must be left of a word without its clitics, and stand before a `*`."""

_LONGEST_CLITICS = 4  # وبال
_WORD = re.compile(r"\w+")

# What becomes of the letters, marks and signs of which nearly every text consists.
_MARKS = "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
_SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~\u00a0«»،؛؟–—‘’“”…٪"
_FOLDED = (
    *((letter, "ا") for letter in "أإآ"),
    ("ى", "ي"),
    ("ة", "ه"),
    *((mark, "") for mark in _MARKS),
    *((sign, " ") for sign in _SIGNS),
)
_UNUSUAL = re.compile(
    f"[^0-9A-Za-z_\u0621-\u063a\u0641-\u064a{re.escape(_SIGNS + _MARKS)} \\t\\r\\n]"
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


@dataclass(frozen=True, slots=True)
class WordTest:
    """A test asks whether a word or phrase stands in a text.

    Attributes:
        words: folded words, at least one.
        kind: way to compare: `loose` with or without clitics before the first word, `exact`, or
            `prefix`.
    """

    words: tuple[str, ...]
    kind: Literal["loose", "exact", "prefix"]


def read_words(value: str) -> WordTest:
    """Read a word or phrase of a filter: `word`, `=word`, `word*`, `several words`.

    Args:
        value: as a person wrote it.

    Raises:
        ValueError: it has no word, or a `*` where none can be; a clause that goes on after the
            value.
    """
    bare = value.strip()
    is_exact, is_prefix = bare.startswith("="), bare.endswith("*")
    words = tuple(_WORD.findall(search_key(bare.removeprefix("=").removesuffix("*"))))
    if not words:
        raise ValueError("has no letter or digit")
    if "*" in bare[:-1] or (is_prefix and (is_exact or len(words) > 1)):
        raise ValueError("may have * only at the end of a single word without =")
    if is_prefix and len(words[0]) < MIN_LETTERS:
        raise ValueError(f"needs {MIN_LETTERS} letters before *")
    return WordTest(words, "prefix" if is_prefix else "exact" if is_exact else "loose")


def bare_forms(word: str) -> tuple[str, ...]:
    """Return what a folded word may be without the clitics و ف ب ل ك and ال before it.

    «وللبنان» is also «للبنان», «البنان», «لبنان» and «بنان»: which of them it is nobody knows
    without the sentence, and who asks for «لبنان» wants it.
    """
    if len(word) <= MIN_LETTERS or word[0] not in "وفبلكا":
        return ()
    forms = [word]
    if word[0] in "وف":
        forms.append(word[1:])
    for form in tuple(forms):
        if form.startswith("لل"):
            forms.append("ال" + form[2:])
        if form[0] in "بلك":
            forms.append(form[1:])
    forms += [form[2:] for form in forms if form.startswith("ال")]
    return tuple(dict.fromkeys(form for form in forms[1:] if len(form) >= MIN_LETTERS))


def has_words(text: str, test: WordTest) -> bool:
    """Return whether a text has the word, or the words of a phrase in a row.

    Args:
        text: folded words with one space between, before and after them.
        test: test of a filter.
    """
    first, is_prefix = test.words[0], test.kind == "prefix"
    rest = "" if is_prefix else " ".join(("", *test.words[1:], ""))
    if f" {first}{rest}" in text:
        return True
    if test.kind == "exact" or len(first) < MIN_LETTERS:
        return False
    # «للأمم المتحدة» has lost the ا of «الأمم المتحدة».
    for written in (first, "لل" + first[2:]) if first.startswith("ال") else (first,):
        place = text.find(written + rest)
        while place >= 0:
            # Only clitics may stand before it: in a long word nobody looks for its beginning.
            start = text.rfind(" ", max(0, place - _LONGEST_CLITICS - 1), place) + 1
            if start:
                end = text.index(" ", place) if is_prefix else place + len(written)
                forms = bare_forms(text[start:end])
                if first in forms or (is_prefix and any(f.startswith(first) for f in forms)):
                    return True
            place = text.find(written + rest, place + 1)
    return False


def fold_words(text: str) -> list[str]:
    """Return the folded words of a text, in order.

    They are those of its search key; usual texts are folded here, in a third of the time.
    """
    if _UNUSUAL.search(text) and _UNUSUAL.search(text := text.translate(_DIGITS)):
        return _WORD.findall(search_key(text))
    text = text.lower()
    for sign, folded in _FOLDED:
        text = text.replace(sign, folded)
    return text.split()
