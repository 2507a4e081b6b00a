"""Tells who spoke last: whoever was quoted, or was named with a verb that has no clause."""

from __future__ import annotations

from dataclasses import dataclass

from nabaa.types import TextField
from workers.quotes.cues import Cue, fold
from workers.quotes.lexicon import (
    AMBIGUOUS,
    CONTINUING_FOLDED,
)
from workers.quotes.passage import Passage
from workers.quotes.roles import titles_folded
from workers.quotes.subjects import Subjects


@dataclass(frozen=True, slots=True)
class Speaker:
    """A Speaker is whoever spoke last in a text.

    Attributes:
        id: the entity, or None where the text does not tell.
        feminine: the verb before the subject was feminine; None where there was none.
        field: text that the words stand in.
        end: code points: where this attribution and its quotation end.
    """

    id: str | None
    feminine: bool | None
    field: TextField
    end: int


def says_nothing(passage: Passage, i: int, cue: Cue, subjects: Subjects) -> Speaker | None:
    """Return whose verb opens a sentence without a clause: «أكدت ليلى موقفها. وأضافت أن»."""
    if cue.form != "verb" or passage.sentence_start(i) != i:
        return None
    if passage.words[i].lstrip("وف") in AMBIGUOUS:
        return None
    subject = subjects.after(passage, i + 1, passage.sentence_end(i), takes_object=True)
    head = fold(passage.word(subject.start)).removeprefix("ال")
    if not passage.starts_name(subject.start) and head not in titles_folded():
        return None  # «وأكدت وفاة سمير»: he has said nothing
    if subject.id is None or subjects.roles.entity(subject.id).type not in ("PERS", "ORG"):
        return None
    end = passage.ends[passage.sentence_end(i) - 1]
    return Speaker(subject.id, cue.feminine, passage.field, end)


def source_before(
    passage: Passage, i: int, cue: Cue, subjects: Subjects, source: Speaker | None
) -> Speaker | None:
    """Return the source of the sentence before where «وأضاف» goes on with what it says."""
    if source is None or source.id is None or cue.feminine is None or cue.plural:
        return None
    if cue.lemma not in CONTINUING_FOLDED or passage.sentence_start(i) != i:
        return None
    before = i - 1
    while before > 0 and passage.is_break(before):
        before -= 1
    start = passage.sentence_start(before)
    if not passage.starts[start] <= source.end <= passage.ends[before]:
        return None
    return source if subjects.sentences.may_be(source.id, feminine=cue.feminine) else None
