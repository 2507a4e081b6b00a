"""Attributions: «بحسب فلان», «كما أعلن فلان», «على حد قول فلان», and what they attribute.

At the head of a sentence an attribution takes what follows its source; elsewhere it takes the
marked words right before it, or the whole sentence up to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from workers.quotes.clauses import MIN_MARKED_WORDS, Content, clause_end, marked_words
from workers.quotes.cues import Cue, cue_words, fold
from workers.quotes.lexicon import (
    AS,
    ASIDES,
    CLAUSE_OPENERS,
    REPORTING_FOLDED,
    SAYINGS,
    SOURCES_FOLDED,
)
from workers.quotes.marks import MARKS
from workers.quotes.named import Named
from workers.quotes.reading import COMMAS, Reading

MAX_SOURCE = 40
"""Words of a source, with its asides, before what it says."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where an attribution stands.

    Attributes:
        first: index of its first word.
        source: index of the first word of whom it names.
    """

    first: int
    source: int


def attribution_at(reading: Reading, i: int, cue: Cue | None, named: Named) -> Attribution | None:
    """Return the attribution whose cue is word `i`, or None.

    Args:
        reading: the text.
        i: index of an attributing word, of a verb, or of «حد».
        cue: what that word is; None for «حد».
        named: the names of the article.
    """
    before, after = reading.word(i - 1), reading.word(i + 1)
    if cue is None:
        return Attribution(i - 1, i + 2) if before == "على" and after in SAYINGS else None
    if cue.form == "verb":
        if cue.lemma not in REPORTING_FOLDED:
            return None
        if before in AS:
            return Attribution(i - 1, i + 1)
        if before == "ما" and reading.word(i - 2) in ("على", "بحسب", "وفق", "حسب"):
            return Attribution(i - 2, i + 1)
        return None
    if cue.form != "attribution":
        return None
    if reading.words[i].endswith("ما") or after in ("ما", "لما"):
        # «بحسب ما نقلته وكالة رويترز»: the verb is the first that is known, else the next word.
        verbs = (j for j in range(i + 1, i + 4) if reading.word(j) in cue_words())
        return Attribution(i, next(verbs, i + 2) + 1)
    if cue.lemma == "نقل":
        return Attribution(i, i + 2) if after == "عن" else None
    return Attribution(i, i + 1) if _is_source(reading, i + 1, named) else None


def attributed(reading: Reading, attribution: Attribution, done: int) -> Content | None:
    """Return what an attribution attributes, or None.

    Args:
        reading: the text.
        attribution: where it stands.
        done: words before this index belong to quotations already; their sentence has its cue.
    """
    if reading.sentence_start(attribution.first) == attribution.first:
        return _after(reading, attribution.source)
    return _before(reading, attribution, done)


def _after(reading: Reading, source: int) -> Content | None:
    end = min(reading.sentence_end(source), source + MAX_SOURCE)
    j = source
    while j < end and reading.words[j] not in CLAUSE_OPENERS:
        if reading.words[j] in COMMAS and reading.word(j + 1) not in ASIDES:
            break
        j += 1
    source_end = j
    j += 1
    while reading.word(j) in CLAUSE_OPENERS:
        j += 1
    stop = clause_end(reading, j) if j < end else j
    if stop - j < MIN_MARKED_WORDS:
        return None
    return Content("reported", j, stop, source_end)


def _before(reading: Reading, attribution: Attribution, done: int) -> Content | None:
    end = attribution.first
    while end > 0 and (reading.words[end - 1] in COMMAS or reading.words[end - 1] == "وذلك"):
        end -= 1
    start = reading.sentence_start(attribution.first)
    if end - start < MIN_MARKED_WORDS or start < done:
        return None
    source_end = min(reading.sentence_end(attribution.source), attribution.source + MAX_SOURCE)
    opening = reading.opening.get(end - 1)
    if opening is not None and marked_words(reading, opening, end - 1) > MIN_MARKED_WORDS:
        return Content("direct", opening + 1, end - 1, source_end) if opening >= done else None
    return Content("reported", start, end, source_end)


def _is_source(reading: Reading, i: int, named: Named) -> bool:
    if reading.word(i) in MARKS or reading.word(i) == "(":
        i += 1
    word = fold(reading.word(i))
    bare = word[1:] if word.startswith("ل") else word
    if word in SOURCES_FOLDED or bare in SOURCES_FOLDED or f"ا{bare}" in SOURCES_FOLDED:
        return True
    return bool(named.between(reading, i, i + 3))
