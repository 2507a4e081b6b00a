"""Attributions: «بحسب فلان», «كما أعلن فلان», «على حد قول فلان», and what they attribute.

At the head of a sentence an attribution takes what follows its source; elsewhere it takes the
marked words right before it, or the whole sentence up to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from workers.quotes.clauses import MIN_MARKED_WORDS, Content, clause_end, marked_words
from workers.quotes.cues import Cue, cue_words, fold
from workers.quotes.lexicon import (
    ADVERBS,
    AS,
    ASIDES,
    CLAUSE_OPENERS,
    PUBLISHING_FOLDED,
    REPORTING_FOLDED,
    SAYINGS,
    SOURCES_FOLDED,
)
from workers.quotes.mention_index import MentionIndex
from workers.quotes.passage import COMMAS, Passage
from workers.quotes.quote_marks import MARKS

_ALSO = frozenset(("كما", "وكما"))
MAX_SOURCE = 40
"""Words of a source, with its asides, before what it says."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """An Attribution is the place of «بحسب فلان» and its kin in a text.

    Attributes:
        first: index of its first word.
        source: index of the first word of whom it names.
    """

    first: int
    source: int


def attribution_at(
    passage: Passage, i: int, cue: Cue | None, index: MentionIndex
) -> Attribution | None:
    """Return the attribution whose cue is word `i`, or None.

    Args:
        passage: the text.
        i: index of an attributing word, of a verb, or of «حد».
        cue: what that word is; None for «حد».
        index: the names of the article.
    """
    before, after = passage.word(i - 1), passage.word(i + 1)
    if cue is None:
        return Attribution(i - 1, i + 2) if before == "على" and after in SAYINGS else None
    if cue.form == "verb":
        if cue.lemma not in REPORTING_FOLDED:
            return None
        if before in AS:
            return Attribution(i - 1, i + 1)
        if before == "ما" and passage.word(i - 2) in ("على", "بحسب", "وفق", "حسب"):
            return Attribution(i - 2, i + 1)
        return None
    if cue.form != "attribution":
        return None
    if passage.words[i].endswith("ما") or after in ("ما", "لما"):
        # «بحسب ما نقلته وكالة رويترز»
        verb = next((j for j in range(i + 1, i + 4) if _reports(passage.word(j))), None)
        return Attribution(i, verb + 1) if verb is not None else None
    if cue.lemma == "نقل":
        return Attribution(i, i + 2) if after == "عن" else None
    return Attribution(i, i + 1) if _is_source(passage, i + 1, index) else None


def attributed(passage: Passage, attribution: Attribution, done: int) -> Content | None:
    """Return what an attribution attributes, or None.

    Args:
        passage: the text.
        attribution: where it stands.
        done: words before this index belong to quotations already; their sentence has its cue.
    """
    if passage.sentence_start(attribution.first) == attribution.first:
        if passage.words[attribution.first] in _ALSO:
            return None  # «كما أعلنت الوزارة عن»: she announced it too
        return _after(passage, attribution.source)
    return _before(passage, attribution, done)


def _after(passage: Passage, source: int) -> Content | None:
    end = min(passage.sentence_end(source), source + MAX_SOURCE)
    j = source
    while j < end and passage.words[j] not in CLAUSE_OPENERS:
        if passage.words[j] in COMMAS and passage.word(j + 1) not in ASIDES:
            break
        j += 1
    source_end = j
    j += 1
    while passage.word(j) in ADVERBS and passage.word(j + 1) in COMMAS:
        j += 2  # «حسبما أورد الموقع، الأحد، فإن»
    while passage.word(j) in CLAUSE_OPENERS:
        j += 1
    stop = clause_end(passage, j) if j < end else j
    if stop - j < MIN_MARKED_WORDS:
        return None
    return Content("reported", j, stop, source_end)


def _before(passage: Passage, attribution: Attribution, done: int) -> Content | None:
    end = attribution.first
    while end > 0 and (passage.words[end - 1] in COMMAS or passage.words[end - 1] == "وذلك"):
        end -= 1
    start = passage.sentence_start(attribution.first)
    if end - start < MIN_MARKED_WORDS or start < done:
        return None
    source_end = min(passage.sentence_end(attribution.source), attribution.source + MAX_SOURCE)
    opening = passage.opening.get(end - 1)
    if opening is not None and marked_words(passage, opening, end - 1) > MIN_MARKED_WORDS:
        return Content("direct", opening + 1, end - 1, source_end) if opening >= done else None
    return Content("reported", start, end, source_end)


def _reports(word: str) -> bool:
    """Tell whether a word is a verb of saying or publishing, its object joined or not."""
    bare = fold(word).removesuffix("ه").removesuffix("ت")
    return word in cue_words() or bare in REPORTING_FOLDED or bare in PUBLISHING_FOLDED


def _is_source(passage: Passage, i: int, index: MentionIndex) -> bool:
    if passage.word(i) in MARKS or passage.word(i) == "(":
        i += 1
    word = fold(passage.word(i))
    bare = word[1:] if word.startswith("ل") else word
    if word in SOURCES_FOLDED or bare in SOURCES_FOLDED or f"ا{bare}" in SOURCES_FOLDED:
        return True
    return bool(index.between(passage, i, i + 3))
