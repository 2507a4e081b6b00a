"""Texts that were encoded as UTF-8 twice: «Ø§Ù„Ø®Ø¨Ø±» and «ط§ظ„ط®ط¨ط±» for «الخبر».

A publisher's database that took UTF-8 for windows-1252, ISO 8859-1 or windows-1256 makes such
texts. They are undone where that is certain: the whole text goes back to bytes, the bytes are valid
UTF-8, and they say Arabic.
"""

from __future__ import annotations

import re

# The bytes D8 and D9, which begin the letters of Arabic in UTF-8, and what may follow them, as the
# three encodings show them; three pairs in a row are no text in any language.
_TWICE = re.compile(
    "(?:[\u00d8\u00d9][^\\s<>&A-Za-z0-9]){2}|(?:[\u0637\u0638][^\\s<>&A-Za-z0-9]){4}"
)
_ARABIC = re.compile("[\u0621-\u064a]")
# A run without ASCII but for what stands between words: each is undone for itself, for a text
# may hold a part that was never encoded twice.
_RUN = re.compile(r"[^<>&]+")
# Alef and lam so encoded: every sentence has one of them, and to look for them costs nothing.
_LIKELY = ("\u00d8\u00a7", "\u00d9\u201e", "\u00d9\u0084", "\u0637\u00a7", "\u0638\u201e")
_CODECS = ("windows-1252", "windows-1256")


def undo_double_encoding(text: str) -> str:
    """Return a text with what was encoded as UTF-8 twice undone.

    Args:
        text: plain or markup.
    """
    if not any(mark in text for mark in _LIKELY) or not _TWICE.search(text):
        return text
    return _RUN.sub(_undone_run, text)


def _undone_run(found: re.Match[str]) -> str:
    run = found[0]
    if not _TWICE.search(run):
        return run
    for codec in _CODECS:
        if (undone := _undone(run, codec)) is not None:
            return undone
    # A no-break space that was made a space, or a byte without a letter: word by word.
    words = re.split(r"(\s+)", run)
    return "".join(_undone_word(word) for word in words)


def _undone_word(word: str) -> str:
    undone = (_undone(word, codec) for codec in _CODECS if _TWICE.search(word))
    return next((text for text in undone if text is not None), word)


def _undone(text: str, codec: str) -> str | None:
    """Return the text that was taken for another encoding, or None where it was not."""
    try:
        undone = b"".join(_bytes_of(letter, codec) for letter in text).decode("utf-8")
    except UnicodeError:
        return None
    return undone if len(_ARABIC.findall(undone)) >= 2 else None


def _bytes_of(letter: str, codec: str) -> bytes:
    try:
        return letter.encode(codec)
    except UnicodeEncodeError:
        # The five bytes that windows-1252 does not define, as ISO 8859-1 and browsers show them.
        if ord(letter) < 0x100:
            return bytes((ord(letter),))
        raise
