"""What the `crf` recogniser sees of a word: features of the word alone, whatever stands beside it.

Because no feature looks at two words, the scores of a word at each offset can be computed once and
kept. Only listed names of several words, at the end, look at more than one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

BOUNDARY = "<s>"
"""Stands before the first and after the last word of a sentence."""

MAX_PHRASE_WORDS = 6
MAX_WORD_CHARACTERS = 48

_DROPPED = [
    *range(0x0610, 0x061B),
    *range(0x064B, 0x0660),
    0x0670,
    0x0640,
    *range(0x06D6, 0x06EE),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    0xFEFF,
]
_LETTERS = str.maketrans("أإآٱىیکةۀگڤپچ٠١٢٣٤٥٦٧٨٩", "ااااييكههكفبج0123456789")
_FOLD: dict[int, int | None] = {**dict.fromkeys(_DROPPED), **_LETTERS}

_TO_FOLD = re.compile(f"[{''.join(map(chr, _FOLD))}]")
_RECENT_WORDS = 1024  # a word is looked at several times while it is described

_MARKS: dict[int, int | None] = dict.fromkeys(_DROPPED)
_CONJUNCTIONS = "وف"
_PREPOSITIONS = "بلكس"


@lru_cache(maxsize=_RECENT_WORDS)
def fold(word: str) -> str:
    """Fold the spellings of a word into one.

    Drops diacritics, tatweel, zero-width and bidi marks; makes one letter of each of أإآا, ىي and
    ةه, and Arabic letters of their Persian look-alikes; lower-cases Latin. Words of more than
    `MAX_WORD_CHARACTERS` keep their two ends.

    Args:
        word: a token.

    Returns:
        The folded word; the word itself where nothing would be left.
    """
    if len(word) > MAX_WORD_CHARACTERS:
        word = word[: MAX_WORD_CHARACTERS // 2] + word[-MAX_WORD_CHARACTERS // 2 :]
    return (word.translate(_FOLD) if _TO_FOLD.search(word) else word).lower() or word


def drop_marks(word: str) -> str:
    """Drop diacritics, tatweel, zero-width and bidi marks; the word itself if nothing is left."""
    return word.translate(_MARKS) or word


@lru_cache(maxsize=_RECENT_WORDS)
def bases(folded: str) -> tuple[tuple[str, str], ...]:
    """Part possible clitics from the front of a word.

    Args:
        folded: a folded word.

    Returns:
        Pairs of what was cut off and what is left (three letters or more), least cut first:
        و and ف, then ب ل ك س, then ال; لل gives the word with ال and without.
    """
    return tuple(_bases(folded))


def _bases(folded: str) -> Iterator[tuple[str, str]]:
    rests = [("", folded)]
    if folded[:1] in _CONJUNCTIONS and len(folded) > 3:
        rests.append((folded[0], folded[1:]))
        yield rests[-1]
    for conjunction, rest in rests:
        if rest.startswith("لل") and len(rest) > 4:
            yield conjunction + "ل", "ا" + rest[1:]
            yield conjunction + "لل", rest[2:]
        elif rest[:1] in _PREPOSITIONS and len(rest) > 3:
            yield conjunction + rest[0], rest[1:]
            if rest.startswith("ال", 1) and len(rest) > 5:
                yield conjunction + rest[0] + "ال", rest[3:]
        if rest.startswith("ال") and len(rest) > 4:
            yield conjunction + "ال", rest[2:]


def word_features(word: str, known: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Describe a word.

    Args:
        word: a token, or `BOUNDARY`.
        known: classes of folded words, parted by spaces: word clusters (`k...`) and lists of names
            (`g...`).

    Returns:
        Features that are of use wherever the word stands near a name, and features that are of use
        only where the word itself may be part of it.
    """
    if word == BOUNDARY:
        return [word], []
    folded = fold(word)
    own = known.get(folded, "").split()
    wide = ["w=" + folded, *own]
    has_cluster = any(name[0] == "k" for name in own)
    cut = ""
    lists: set[str] = set()
    for clitics, base in bases(folded):
        classes = known.get(base)
        if classes is None:
            continue
        for name in classes.split():
            if name[0] != "k":
                lists.add(f"{name}/{clitics[0] if clitics != 'ال' else 'A'}")
                lists.add("-" + name)
            elif not has_cluster:
                wide.append("-" + name)
        if not cut:
            cut = clitics
            wide.append("b=" + base)
        has_cluster = True
    wide.extend(sorted(lists))
    wide.append("c=" + cut)
    wide.append(_shape(word, folded))
    near = [f"p{n}={folded[:n]}" for n in range(1, 5) if n <= len(folded)]
    near += [f"s{n}={folded[-n:]}" for n in range(1, 5) if n <= len(folded)]
    near.append(f"l={min(len(folded), 12)}")
    if cut and cut != "و":
        rest = folded[len(cut) :]
        near += [f"q{n}={rest[:n]}" for n in (2, 3) if n <= len(rest)]
    if word != folded:
        near.append("r=" + word[:MAX_WORD_CHARACTERS])
    return wide, near


def _shape(word: str, folded: str) -> str:
    first = folded[:1]
    if "\u0600" <= first <= "\u06ff" and first.isalpha():
        return "Ar.al" if folded.startswith("ال") else "Ar"
    if first.isdigit():
        return f"D{min(len(folded), 5)}" if folded.isdigit() else "D."
    if first.isalpha():
        return ("La" if first.isascii() else "Xa") + ("^" if word[:1].isupper() else "")
    return "P"


def phrase_features(
    folded: Sequence[str], start: int, phrases: Mapping[str, str]
) -> tuple[int, str] | None:
    """Find the longest listed name of several words that begins at a word.

    Args:
        folded: folded words of a sentence.
        start: index of the first word, whose clitics may be parted.
        phrases: classes of names, their folded words parted by one space.

    Returns:
        How many words the name has and its classes, parted by spaces; None where none begins here.
    """
    first = folded[start]
    heads = [first, *(base for _, base in bases(first))]
    for length in range(min(MAX_PHRASE_WORDS, len(folded) - start), 1, -1):
        tail = " ".join(folded[start + 1 : start + length])
        for head in heads:
            classes = phrases.get(f"{head} {tail}")
            if classes is not None:
                return length, classes
    return None


def phrase_attributes(classes: str, part: str) -> list[str]:
    """Name the features of a word in a listed name.

    Args:
        classes: of the name, parted by spaces.
        part: `b` for its first word, `i` for the others.

    Returns:
        The features, one a class.
    """
    return [f"m={kind}/{part}" for kind in classes.split()]
