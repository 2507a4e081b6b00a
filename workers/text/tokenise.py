"""Words, numbers and marks of a text with exact offsets, and its sentences.

Clitics, diacritics and tatweel stay in the word: parting and folding them is left to those who
compare words. Any input is read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.model import Token

MAX_SENTENCE_TOKENS = 200
"""A longer sentence is cut: decoding needs memory for the longest sentence of a batch."""

# Combining marks are not \w: Latin ones, Arabic diacritics and Koranic signs, and the joiners.
_IN_WORD = r"[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d]"
_LETTER = r"[^\W\d_]"
# Letters with their marks, tatweel and joiners: where a word goes over to Latin, another begins.
_ARABIC_RANGES = (
    r"\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06df-\u06ef\u06fa-\u06fc\u06ff"
    r"\u0750-\u077f\u0870-\u0887\u0889-\u088e\u0897-\u08e1\u08e3-\u08ff\u200c\u200d"
)
_ARABIC = f"[{_ARABIC_RANGES}]"
_NO_ARABIC = rf"(?:[^\W{_ARABIC_RANGES}]|[\u0300-\u036f])"
_EMOJI = r"[\u2600-\u27bf\U0001f300-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]*"

# Each alternative either has a bounded look-ahead or takes all that it has read, so no input
# makes the search quadratic: the local part of an e-mail address has at most 64 characters
# (RFC 5321, section 4.5.3.1.1), its domain at most 255.
_TOKEN = re.compile(
    rf"""
      (?P<newline>[\n\r\x0b\x0c\x85\u2028\u2029])
    | [\u0621-\u063a\u0641-\u064a]++(?=[ \n])   # what most words are: no other alternative is asked
    | (?:https?://|www\.)[^\s<>"«»،؛“”]*[^\s<>"«»،؛“”.,!?؟:)\]…]   # web address
    | [\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,8}}        # e-mail address
    | (?:[a-zA-Z0-9-]{{1,63}}\.){{1,4}}[a-z]{{2,6}}(?!{_NO_ARABIC})   # example.org
    | [\#@]{_IN_WORD}+                                               # hashtag, account
    | {_LETTER}(?:\.{_LETTER})+(?!{_IN_WORD})                        # أ.ف.ب
    | {_ARABIC}{{1,6}}(?:\.{_ARABIC}{{1,4}}){{2,6}}(?!{_IN_WORD})      # بي.بي.سي
    | \d{{1,4}}-\d\d?-\d{{1,4}}(?![\w-])                             # 2026-03-01
    | \d+(?:[.,٫٬:/ر]\d+)*(?!{_NO_ARABIC})                          # 3.5 1,000 ٣٫٥ 12:30 5ر2
    | {_ARABIC}[{_ARABIC_RANGES}\d_]*(?:\.(?:نت|كوم)(?!{_IN_WORD}))?  # word, العربية.نت
    | {_NO_ARABIC}+(?:['’]{_LETTER}+)*                               # l'Aube
    | {_EMOJI}(?:\u200d{_EMOJI})*
    | \.{{2,}}
    | \S
    """,
    re.VERBOSE,
)
# «د. أحمد», «ود. أحمد», «أ.د. كمال», «م.ت.ف. طلبت»
_INITIAL = re.compile(rf"[وف]?{_LETTER}|{_LETTER}(?:\.{_LETTER})+")
_ENDS = frozenset(".!?؟…")
_CLOSERS = frozenset("\"'»”’)]}")


def tokenise(text: str) -> list[Token]:
    """Cut a text into tokens.

    Args:
        text: any text.

    Returns:
        Tokens in order, never overlapping; what lies between them is white space, and
        `token.text == text[token.start:token.end]`.
    """
    return [
        Token(match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(text)
        if match.lastgroup is None
    ]


def sentences(text: str) -> list[list[Token]]:
    """Cut a text into sentences of tokens.

    A sentence ends at a full stop, an exclamation or question mark, an ellipsis (with the quotes
    and brackets that close right after it), at a line break, and after `MAX_SENTENCE_TOKENS`. A
    full stop right after a single letter or dotted ones, as in «د. أحمد» and «أ.د. كمال», ends
    nothing.

    Args:
        text: any text.

    Returns:
        Sentences in order, none empty; together they are `tokenise(text)`.
    """
    return list(_cut(text))


def _cut(text: str) -> Iterator[list[Token]]:
    sentence: list[Token] = []
    ended = False
    for match in _TOKEN.finditer(text):
        if match.lastgroup is not None:
            if sentence:
                yield sentence
            sentence, ended = [], False
            continue
        token = Token(match.group(), match.start(), match.end())
        is_end = token.text[0] in _ENDS
        is_over = ended and not (
            (is_end or token.text in _CLOSERS) and token.start == sentence[-1].end
        )
        if is_over or len(sentence) == MAX_SENTENCE_TOKENS:
            yield sentence
            sentence, ended = [], False
        ended = ended or (is_end and _ends(token, sentence))
        sentence.append(token)
    if sentence:
        yield sentence


def _ends(token: Token, before: list[Token]) -> bool:
    """Tell whether a mark among `_ENDS` ends the sentence that stands before it."""
    if token.text != "." or not before:
        return True
    last = before[-1]
    return not (last.end == token.start and _INITIAL.fullmatch(last.text))
