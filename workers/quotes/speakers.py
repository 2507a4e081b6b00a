"""Finds who speaks: the subject of a cue, or the entity that its pronoun means.

A pronoun goes back to the subject of its own sentence, then to the last speaker, but only while
nobody else has been named since. Everything else is None: a speaker is never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

from nabaa.types import TextField
from workers.quotes.clauses import Content
from workers.quotes.cues import CAME, Cue, cue_words, fold
from workers.quotes.lexicon import BEFORE_VERBS, PREPOSITIONS, VERBS_WITH_OBJECT_FOLDED
from workers.quotes.passage import Passage
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


def find_speaker(
    passage: Passage,
    i: int,
    cue: Cue,
    content: Content,
    subjects: Subjects,
    last: Speaker | None,
    done: int,
) -> str | None:
    """Find who speaks what a cue announces.

    Args:
        passage: the text.
        i: index of the cue.
        cue: its meaning.
        content: what it announces.
        subjects: the names of the article.
        last: who spoke last in this text.
        done: words before this index belong to quotations.

    Returns:
        The id of an entity, or None.
    """
    start = i + 1
    if cue.lemma == CAME:
        start = i + 2
    elif cue.lemma == "نقل":
        for j in range(i + 1, content.slot_end):
            if passage.words[j] == "عن":
                start = j + 1
                break
    if cue.form == "verb":
        opening = None if cue.joined else subjects.opens(passage, i)
        if opening is not None:
            return opening
        takes_object = cue.lemma in VERBS_WITH_OBJECT_FOLDED
        speaker, has_subject = subjects.after(
            passage, start, content.slot_end, takes_object=takes_object
        )
        if has_subject or cue.lemma == "نقل":
            return speaker
        speaker, relative = subjects.before(passage, i)
        if speaker is not None or relative:
            return speaker
        first = passage.sentence_start(i)
        if fold(passage.words[first]) in ("وكان", "كان", "وكانت", "كانت"):
            speaker, has_subject = subjects.after(passage, first + 1, i)
            if has_subject:
                return speaker
    return _antecedent(passage, i, cue, subjects, last, done)


def _antecedent(
    passage: Passage, i: int, cue: Cue, subjects: Subjects, last: Speaker | None, done: int
) -> str | None:
    """Return whom the verb's own pronoun means, where nobody else can be meant."""
    if cue.plural:
        return None
    first = passage.sentence_start(i)
    joined = (cue.joined and cue.form == "verb") or _continues(passage, first, i)
    agrees = last is not None and last.feminine in (None, cue.feminine)
    if last is not None and last.end >= passage.starts[first]:
        return _same_sentence(passage, i, cue, subjects, last, done) if agrees else None
    bare = cue.form == "verb" and not joined and not cue.purpose and i > first
    if bare and passage.words[i - 1] not in BEFORE_VERBS:
        # «كان واحد من خمسة يقول إنه»: the subject has no name but it stands there.
        return None
    if not joined or i > first + 1:
        subject = subjects.subject_of(passage, first, i, feminine=cue.feminine)
        # «ورد على سؤال قائلا» has no subject of its own.
        goes_on = passage.words[first][0] in "وف" and passage.words[first + 1] in PREPOSITIONS
        if subject is not None or (cue.form == "participle" and not joined and not goes_on):
            return subject
    if last is not None:
        if not agrees or last.id is None:
            return None
        start, end = last.end, passage.starts[i]
        return None if subjects.others_between(passage.field, start, end, last.id) else last.id
    before = first - 1
    lowest = max(0, first - 6)
    while before > lowest and passage.is_break(before):
        before -= 1
    if before <= lowest:
        return None
    start = passage.sentence_start(before)
    return subjects.subject_of(passage, start, before + 1, feminine=cue.feminine)


def _continues(passage: Passage, first: int, i: int) -> bool:
    """Tell whether only «ومضى» or its like stands between a sentence's start and its cue."""
    return (
        i == first + 1
        and passage.words[first][0] in "وف"
        and (passage.words[first] in cue_words() or len(passage.words[first]) > 3)
    )


def _same_sentence(
    passage: Passage, i: int, cue: Cue, subjects: Subjects, last: Speaker, done: int
) -> str | None:
    if last.id is None:
        return None
    if subjects.others_between(passage.field, last.end, passage.starts[i], last.id):
        # «قال سمير إن …، فيما علق فادي قائلا»
        return subjects.subject_of(passage, done, i, feminine=cue.feminine)
    return last.id
