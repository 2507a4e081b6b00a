"""Words as filters compare them: the search key's words, and their forms without clitics.

Pure; which words an article must have is `workers.subscriptions.match`'s part.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from typing import Literal

from nabaa.search_key import search_key

MIN_LETTERS = 3
"""Letters that must be left of a word without its clitics, and stand before a `*`."""

_LONGEST_CLITICS = 4  # وبال
_WORD = re.compile(r"\w+")

# Nearly every text consists of letters, marks and signs that windows-1256 has, where each is an
# octet, and all of them are folded in one pass.
_CODE = "windows-1256"
_KEPT = "0123456789abcdefghijklmnopqrstuvwxyz_ \t\r\nءؤئابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_MARKS = "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652".encode(_CODE)
_SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~\u00a0«»،؛؟–—‘’“”…"
_UNUSUAL = b"\0"


def _folding() -> bytes:
    """Return what becomes of each octet of windows-1256."""
    folded = dict.fromkeys(range(256), _UNUSUAL[0])
    pairs = [(letter, letter) for letter in _KEPT]
    pairs += [(letter.upper(), letter) for letter in string.ascii_lowercase]
    pairs += [*zip("أإآىة", "ااايه", strict=True), *((sign, " ") for sign in _SIGNS)]
    for written, becomes in pairs:
        folded[written.encode(_CODE)[0]] = becomes.encode(_CODE)[0]
    return bytes(folded.values())


_FOLDED = _folding()
# Usual as well, but no part of that code.
_OTHERS = str.maketrans("٠١٢٣٤٥٦٧٨٩٪", "0123456789 ")


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

    They are those of its search key; usual texts are folded here, in a ninth of the time.
    """
    folded = _fold_usual(text)
    if folded is None:
        folded = _fold_usual(text.translate(_OTHERS))
    return _WORD.findall(search_key(text)) if folded is None else folded.split()


def _fold_usual(text: str) -> str | None:
    """Return a folded text with spaces for signs; None where it has unusual letters or signs."""
    try:
        folded = text.encode(_CODE).translate(_FOLDED, _MARKS)
    except UnicodeEncodeError:
        return None
    return None if _UNUSUAL in folded else folded.decode(_CODE)
