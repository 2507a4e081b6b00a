"""Reads what a cue announces: marked words, words after a colon, or the clause after أن.

A reported clause ends with its sentence, or earlier where the reporter speaks again: at the next
participle or verb of saying, at an attribution (بحسب), at «فيما», «بينما», «وذلك» after a comma.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workers.quotes.cues import CAME, Cue, cue_words, fold
from workers.quotes.lexicon import (
    AMBIGUOUS,
    CONCLUSIONS_FOLDED,
    NAMING_FOLDED,
    NEXT_VERBS_FOLDED,
    ORGANISATIONS_FOLDED,
    OTHER_CLAUSE,
    PARTICLES,
    SAYING_AGAIN,
    VERBS_OF_CLAUSES_FOLDED,
    VERBS_OF_COLONS_FOLDED,
    VERBS_OF_MARKS_FOLDED,
    VERBS_WITH_BA_FOLDED,
    VERBS_WITH_TO_FOLDED,
)
from workers.quotes.passage import COMMAS, ENDS, Passage
from workers.quotes.quote_marks import MARKS, NEWLINES
from workers.quotes.resumptions import may_resume, reporter_resumes

MAX_REACH = 45
"""Words from a cue to what it announces: a title, an apposition and the occasion lie between."""
MAX_REACH_OF_COLON = 22
MAX_CLAUSE = 160
"""Words of a reported clause; a longer one is cut, so that no text costs quadratic time."""
MIN_MARKED_WORDS = 4
"""Fewer marked words are a name, a title or a scare quote, but after a colon or أن."""
_BARE_PARTICLES = frozenset(("أن", "إن", "ان"))


@dataclass(frozen=True, slots=True)
class Content:
    """A Content is the stretch of words that a cue announces.

    Attributes:
        kind: direct or reported.
        start: index of its first word.
        end: index after its last word.
        slot_end: index where the subject's place ends: the particle, the colon or the mark.
    """

    kind: Literal["direct", "reported"]
    start: int
    end: int
    slot_end: int


def content_after(passage: Passage, i: int, cue: Cue) -> Content | None:
    """Return what the cue at word `i` announces after itself, or None."""
    words = passage.words
    reach = 8 if words[i].lstrip("وف") in AMBIGUOUS else MAX_REACH
    limit = min(len(words), i + 1 + reach)
    cues = cue_words()
    clause_only = cue.lemma in VERBS_OF_CLAUSES_FOLDED
    colon_only = cue.lemma in VERBS_OF_COLONS_FOLDED
    no_marks = clause_only or colon_only
    fallback: int | None = None
    j = i + 1
    while j < limit:
        word = words[j]
        if word in MARKS:
            close = passage.closing.get(j)
            if close is None:
                if j in passage.unclosed and fallback is None and not no_marks:
                    return _unclosed(passage, j, j)
            elif fallback is None and not no_marks and _is_quoted(passage, i, cue, j, close):
                return Content("direct", j + 1, close, j)
            else:
                j = close
        elif word == ":":
            if clause_only or j - i > MAX_REACH_OF_COLON:
                return None
            return _after_colon(passage, j, cue)
        elif word in PARTICLES and not colon_only and _introduces(passage, j, cue):
            # قال takes إن; an أن nearer by may belong to the words between, or be a slip.
            if cue.lemma != "قال" or word[0] == "إ" or j == i + 1 or words[j - 1] == ":":
                return _after_particle(passage, j, cue)
            fallback = fallback or j
        elif (word in ENDS and passage.is_break(j)) or (
            word in cues and j > i + 1 and _interrupts(passage, j, cue)
        ):
            break
        j += 1
    return _after_particle(passage, fallback, cue) if fallback else None


def clause_end(passage: Passage, start: int, feminine: bool | None = None) -> int:
    """Return the index after the last word of the reported clause that begins at `start`.

    Args:
        passage: the text.
        start: index of the clause's first word.
        feminine: gender of the verb that announces it; None where it tells of nobody.
    """
    words = passage.words
    limit = min(len(words), start + MAX_CLAUSE)
    j = start
    while j < limit:
        word = words[j]
        close = passage.closing.get(j)
        if close is not None:
            j = min(close, limit)
        elif (word in ENDS and passage.is_break(j)) or (
            j > start and may_resume(passage, j) and reporter_resumes(passage, j, feminine)
        ):
            break
        j += 1
    j = min(j, limit)
    while j > start and words[j - 1] in COMMAS:
        j -= 1
    return j


def _interrupts(passage: Passage, j: int, first: Cue) -> bool:
    """Tell whether another cue at `j` takes what follows the `first`."""
    word = passage.words[j]
    if word in SAYING_AGAIN and first.form == "verb":
        return False  # «فرد عليه سمير قائلا إن»
    cue = cue_words().get(word)
    if cue is None or cue.form == "attribution" or cue.lemma == CAME or word in AMBIGUOUS:
        return False
    return cue.form == "participle" or passage.words[j - 1] not in ("ما", "عن", "على", "من")


def _introduces(passage: Passage, j: int, cue: Cue) -> bool:
    if cue.lemma in VERBS_OF_MARKS_FOLDED:
        return False
    if passage.words[j - 1] in OTHER_CLAUSE and not passage.ends_name(j - 1):
        return False
    if cue.lemma in VERBS_WITH_TO_FOLDED:
        before = passage.words[j - 2 if fold(passage.words[j - 1]) in CONCLUSIONS_FOLDED else j - 1]
        return before in ("إلى", "الى")
    return cue.lemma not in VERBS_WITH_BA_FOLDED or passage.words[j][0] == "ب"


def _is_quoted(passage: Passage, i: int, cue: Cue, opening: int, closing: int) -> bool:
    """Tell whether marked words after a cue are speech and not a name."""
    if fold(passage.words[opening + 1]) in ORGANISATIONS_FOLDED or is_named(passage, opening):
        return False
    count = marked_words(passage, opening, closing)
    if count >= MIN_MARKED_WORDS:
        return True
    # «قال "لا تراجع"», but «أعلن "سلسلة تدابير"».
    return count >= 2 and opening == i + 1 and cue.lemma in NEXT_VERBS_FOLDED


def is_named(passage: Passage, opening: int) -> bool:
    """Tell whether the word before a mark makes what it opens a name: «فيلم», «إذاعة»."""
    before = fold(passage.word(opening - 1))
    names = (before, before.removeprefix("ال"), before.lstrip("وبلك"))
    return not NAMING_FOLDED.isdisjoint(names)


def marked_words(passage: Passage, opening: int, closing: int) -> int:
    """Return how many words stand between two marks; counts no further than it needs to."""
    count = 0
    for word in passage.words[opening + 1 : min(closing, opening + 40)]:
        count += word[0].isalnum()
    return count


def _unclosed(passage: Passage, mark: int, slot_end: int) -> Content | None:
    end = min(passage.sentence_end(mark + 1), mark + MAX_CLAUSE)
    if end - mark <= MIN_MARKED_WORDS:
        return None
    return Content("direct", mark + 1, end, slot_end)


def _after_colon(passage: Passage, colon: int, cue: Cue) -> Content | None:
    words = passage.words
    if passage.word(colon + 1) in PARTICLES:
        clause = _after_particle(passage, colon + 1, cue)  # «وقال سمير: إن الطريق طويل»
        if clause is None or passage.words[colon + 1].removeprefix("ب") in _BARE_PARTICLES:
            return clause
        # «وقال سمير: إنني متعب»: the particle is the speaker's own word.
        return Content("direct", colon + 1, clause.end, colon)
    j = colon + 1
    while passage.word(j) in NEWLINES and passage.word(j):
        j += 1
    if passage.word(j) in MARKS:
        close = passage.closing.get(j)
        if close is not None:
            return Content("direct", j + 1, close, colon) if close > j + 1 else None
        return _unclosed(passage, j, colon)
    if j != colon + 1:
        return None
    end = min(passage.sentence_end(j), j + MAX_CLAUSE, len(words))
    return Content("direct", j, end, colon) if end - j >= 2 else None


def _after_particle(passage: Passage, particle: int, cue: Cue) -> Content | None:
    j = particle + 1
    if passage.word(j) == ":":
        j += 1
    if passage.word(j) in MARKS:
        close = passage.closing.get(j)
        if close is None:
            if j in passage.unclosed:
                return _unclosed(passage, j, particle)
        elif close > j + 1 and _clause_stops(passage, close + 1):
            return Content("direct", j + 1, close, particle)
    end = clause_end(passage, j, None if cue.plural else cue.feminine)
    # «أنه متفائل»: the particle bears the subject.
    fewest = 1 if len(passage.words[particle].lstrip("ب")) > len("أن") else 2
    return Content("reported", j, end, particle) if end - j >= fewest else None


def _clause_stops(passage: Passage, j: int) -> bool:
    word = passage.word(j)
    if not word or word in ENDS or word in COMMAS or word in ")]-–—":
        return True
    return reporter_resumes(passage, j)
