"""Canonical composition (NFC, UAX 15) in time that grows with the length of any text."""

from __future__ import annotations

import re
import unicodedata

# Sorting the marks of a letter takes the square of their number: the limit of Stream-Safe Text
# (UAX 15, section 13) keeps a hostile text from taking minutes.
_MAX_MARKS = 30
_MAY_BE_MARKS = re.compile(
    rf"[^\x00-\u02ff\u0620-\u064a\u0660-\u066f\u0671-\u06d5\u2000-\u206f]{{{_MAX_MARKS + 1},}}"
)


def compose(text: str) -> str:
    """Compose letters and marks to NFC (UAX 15); marks after the thirtieth of a letter are cut.

    Args:
        text: any text.
    """
    text = _MAY_BE_MARKS.sub(_cut_marks, text)
    composed = unicodedata.normalize("NFC", text)
    return text if composed == text else _MAY_BE_MARKS.sub(_cut_marks, composed)


def _cut_marks(match: re.Match[str]) -> str:
    kept, marks = [], 0
    for character in match[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MAX_MARKS:
            kept.append(character)
    return "".join(kept)
