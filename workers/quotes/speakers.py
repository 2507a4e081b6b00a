"""Finds who speaks: the subject of a cue, or the entity that its pronoun or noun means.

Everything else is None: a speaker is never guessed.
"""

from __future__ import annotations

from workers.quotes.antecedents import meant_by_pronoun
from workers.quotes.clauses import Content
from workers.quotes.cues import CAME, Cue
from workers.quotes.definite_nouns import meant_by_noun
from workers.quotes.last_speaker import Speaker
from workers.quotes.lexicon import VERBS_WITH_OBJECT_FOLDED
from workers.quotes.passage import Passage
from workers.quotes.subjects import Subjects

_WAS = frozenset(("وكان", "كان", "وكانت", "كانت"))


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
    if cue.form == "verb":
        speaker, is_told = _told(passage, i, cue, content, subjects, last)
        if is_told:
            return speaker
    return meant_by_pronoun(passage, i, cue, subjects, last, done)


def _told(
    passage: Passage, i: int, cue: Cue, content: Content, subjects: Subjects, last: Speaker | None
) -> tuple[str | None, bool]:
    """Return whom a verb has for a subject, and whether it has one but its pronoun."""
    opening = None if cue.joined else subjects.sentences.opens(passage, i)
    if opening is not None:
        return opening, True
    first = passage.sentence_start(i)
    was = passage.words[first] in _WAS
    if was and passage.words[i - 1] == "قد":
        # «وكان سمير قد حث الإدارة على العمل، قائلا»
        subject = subjects.after(passage, first + 1, i)
        if subject.is_there:
            return subject.id, True
    if passage.words[i - 1] in ("أن", "ان") and passage.words[first] in ("سبق", "وسبق"):
        # «وسبق لسمير أن قال إن»
        return subjects.after(passage, first + 1, i - 1, source=True).id, True
    takes_object = cue.lemma in VERBS_WITH_OBJECT_FOLDED
    start = _subject_place(passage, i, cue, content)
    subject = subjects.after(passage, start, content.slot_end, takes_object=takes_object)
    if subject.id is None and subject.is_there:
        return meant_by_noun(passage, subject, subjects, last, cue), True
    if subject.is_there or cue.lemma == "نقل":
        return subject.id, True
    speaker, relative = subjects.sentences.before(passage, i)
    if speaker is not None or relative:
        return speaker, True
    if was:
        subject = subjects.after(passage, first + 1, i)
    return subject.id, subject.is_there


def _subject_place(passage: Passage, i: int, cue: Cue, content: Content) -> int:
    """Return the index of the word where the subject of the cue at `i` may begin."""
    if cue.lemma == CAME:
        return i + 2
    if cue.lemma == "نقل":
        for j in range(i + 1, content.slot_end):
            if passage.words[j] == "عن":
                return j + 1
    return i + 1
