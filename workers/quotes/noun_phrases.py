"""Finds the bounds of the noun phrase that stands for a subject.

Words that may stand between the verb and its subject are passed over: adverbs, «عليه», «لهم», and
whom it was told («لصحيفة "الساحل"», «لرويترز»).
"""

from __future__ import annotations

from bisect import bisect_left

from workers.quotes.cues import cue_words, fold
from workers.quotes.lexicon import (
    ADDRESSEES,
    ADVERBS,
    BELONGINGS_FOLDED,
    OWN_WORDS,
    PREPOSITIONS,
    PREPOSITIONS_WITH_PRONOUN,
    RELATIVES_OF_PERSONS_FOLDED,
    ROLES_OF_PERSONS_FOLDED,
    SAYING_AGAIN,
    SAYINGS_OF_HIS,
)
from workers.quotes.mention_index import MentionIndex, PlacedMention
from workers.quotes.passage import COMMAS, Passage
from workers.quotes.roles import titles_folded

_LONGEST_PHRASE = 14
_LONGEST_MARKED = 5
_TONGUES = frozenset(("لسان", "لساني"))
_PASSED_OVER = (
    ADVERBS | SAYING_AGAIN | PREPOSITIONS_WITH_PRONOUN | OWN_WORDS | frozenset(("(", "-"))
)


def subject_bounds(
    passage: Passage, start: int, end: int, index: MentionIndex, *, source: bool
) -> tuple[int, int]:
    """Return the bounds of the noun phrase that stands for the subject, equal where none does.

    Args:
        passage: the text.
        start: index of the word after the cue.
        end: index where the subject's place ends.
        index: the names of the article.
        source: the words follow an attribution and may begin with ل: وفقا لصحيفة.
    """
    if passage.word(start) in COMMAS and passage.starts_name(start + 1):
        start += 1  # «نقلت عن، سمير النجار، قوله»
    start = _first_word(passage, start, end, index, source=source)
    said = cue_words().get(passage.word(start))
    if said is not None and said.form == "attribution" and start < end:
        return start, start  # «حيث قال وفقا لوكالة»
    stop = phrase_end(passage, start + source, end) if start < end else start
    if passage.word(stop) == "على" and passage.word(stop + 1) in _TONGUES:
        # «وردت الحركة على لسان رئيسها سمير»
        return stop + 2, phrase_end(passage, stop + 2, end)
    return start, stop


def phrase_end(passage: Passage, start: int, end: int) -> int:
    """Return the index after the noun phrase that begins at `start`, at most `end`."""
    words = passage.words
    end = min(end, start + _LONGEST_PHRASE, len(words))
    i = start
    while i < end:
        word = words[i]
        close = passage.closing.get(i)
        if close is not None and close - i <= _LONGEST_MARKED:
            i = close + 1
            continue
        if word in PREPOSITIONS or word in COMMAS or word in ("(", ":") or passage.is_break(i):
            break
        if i > start and word[0] == "ل" and word[1:2].isascii() and len(word) > 2:
            break  # «لCNN»
        if i > start and word in SAYINGS_OF_HIS:
            break
        if i > start and (word in ADVERBS or (word in cue_words() and _is_finite(word))):
            break
        i += 1
    return min(i, end)


def is_addressed(passage: Passage, place: PlacedMention) -> bool:
    """Tell whether a name has the preposition ل before it: «لسمير», not «ليلى»."""
    if place.start and passage.text[place.start - 1] == "ل":
        at = bisect_left(passage.starts, place.start)
        return at > 0 and passage.ends[at - 1] > place.start
    first = place.mention.text[:1]
    return first == "ل" and fold(place.entity.name)[:1] != "ل"


def belongs(lead: list[str]) -> bool:
    """Tell whether the words before a name make it somebody else who only belongs to it."""
    if not lead:
        return False
    if lead[-1] in BELONGINGS_FOLDED or lead[0] in RELATIVES_OF_PERSONS_FOLDED:
        return True
    for i, word in enumerate(lead):
        if word in ("باسم", "بلسان"):
            role = lead[i + 1].removeprefix("ال") if i + 1 < len(lead) else ""
            return not role or role in ROLES_OF_PERSONS_FOLDED
    return False


def _first_word(
    passage: Passage, start: int, end: int, index: MentionIndex, *, source: bool
) -> int:
    while start < end:
        if passage.words[start] in _PASSED_OVER:
            start += 1
        elif not source and passage.words[start][0] == "ل":
            after = _after_addressee(passage, start, end, index)
            if after == start:
                break
            start = after
        else:
            break
    return start


def _after_addressee(passage: Passage, i: int, end: int, index: MentionIndex) -> int:
    """Return the index after «لصحيفة "الساحل" اليومية», or `i` where it addresses nobody."""
    words = passage.words
    named = index.between(passage, i, i + 1)
    if words[i] not in ADDRESSEES and not (named and is_addressed(passage, named[0])):
        return i
    told = i + 1
    close = passage.closing.get(told)
    if close is not None and close - told <= _LONGEST_MARKED:
        return min(close + 1, end)
    if passage.word(told) == "(" and ")" in words[told : told + _LONGEST_MARKED]:
        return min(words.index(")", told) + 1, end)
    if not named and not words[i].startswith("لل"):
        named = index.between(passage, told, told + 1)
    if named:
        told = max(told, bisect_left(passage.starts, named[0].end))
    while told < end and words[told].startswith("ال"):
        is_title = fold(words[told]).removeprefix("ال") in titles_folded()
        if is_title or index.between(passage, told, told + 1):
            break  # «وقال لرويترز الوزير سمير إن»
        told += 1
    return min(told, end)


def _is_finite(word: str) -> bool:
    return cue_words()[word].form != "verb" or word[0] in "وف"
