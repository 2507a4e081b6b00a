"""Finds whom a definite noun means that names nobody: «وقال الوزير», «المصدر ذاته»."""

from __future__ import annotations

from workers.quotes.cues import Cue, fold
from workers.quotes.last_speaker import Speaker
from workers.quotes.lexicon import (
    CONTINUING_FOLDED,
    DOCUMENTS_FOLDED,
    DOCUMENTS_OF_BEFORE_FOLDED,
    EPITHETS_FOLDED,
    MEETINGS_FOLDED,
    ORGANISATIONS_FOLDED,
    PERSONS_OF_BEFORE_FOLDED,
    SAME_FOLDED,
    WORKPLACE_PREPOSITIONS,
)
from workers.quotes.passage import Passage
from workers.quotes.subjects import Subject, Subjects


def meant_by_noun(
    passage: Passage,
    subject: Subject,
    subjects: Subjects,
    last: Speaker | None,
    cue: Cue | None = None,
) -> str | None:
    """Return the last speaker where a definite noun can mean nobody else.

    «المسؤولة», «المصدر ذاته», «المنظمة» after her words, or a role that two have, he among them.

    Args:
        passage: the text.
        subject: the noun phrase, which names nobody.
        subjects: the names of the article.
        last: who spoke last in this text.
        cue: the verb that the noun is the subject of, if it is that of one.
    """
    if last is None or last.id is None:
        return None
    if passage.word(subject.end) in WORKPLACE_PREPOSITIONS and not _tells_where(
        passage, subject.end
    ):
        return None  # «وقال المسؤول في الوزارة»: another one
    words = [fold(word) for word in passage.words[subject.start : subject.end]]
    words[0] = words[0].removeprefix("ل") if words[0].startswith("لل") else words[0]
    roles = subjects.roles
    start = passage.starts[subject.start]
    if subjects.others_between(passage.field, last.end, start, last.id):
        return None
    rest = {word.removeprefix("ال") for word in words[1:]} - SAME_FOLDED
    if words[0] in DOCUMENTS_OF_BEFORE_FOLDED and not rest:
        return last.id
    if last.feminine not in (None, words[0].endswith("ه")):
        return None
    if roles.may_hold(last.id, words):
        return last.id
    if cue is not None and cue.lemma in CONTINUING_FOLDED and _is_epithet(words):
        return last.id if roles.entity(last.id).type == "PERS" else None
    if not all(word.startswith("ال") or word in SAME_FOLDED for word in words):
        return None
    head, kind = words[0].removeprefix("ال"), roles.entity(last.id).type
    if kind == "PERS" and head in PERSONS_OF_BEFORE_FOLDED:
        return last.id if roles.fits(last.id, roles.adjectives(rest)) else None
    if kind == "ORG" and head in ORGANISATIONS_FOLDED and not rest:
        kinds = roles.kinds(last.id)
        return last.id if not kinds or head in kinds else None
    return None


def _is_epithet(words: list[str]) -> bool:
    """Tell whether a phrase may be one more name of a known person: «مدرب نابولي السابق»."""
    head = words[0].removeprefix("ال")
    definite = words[0].startswith("ال") or any(word.startswith("ال") for word in words[1:])
    return definite and head in EPITHETS_FOLDED


def _tells_where(passage: Passage, i: int) -> bool:
    """Tell whether «في» begins where something was said: «في تصريح», «في المؤتمر»."""
    place = fold(passage.word(i + 1)).removeprefix("ال")
    return place in MEETINGS_FOLDED or place in DOCUMENTS_FOLDED
