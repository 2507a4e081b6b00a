"""Finds whom a pronoun means: «وأضاف», «، وقال».

It goes back to the subject of its own sentence, then to the last speaker, but only while
nobody else has been named since. Everything else is None.
"""

from __future__ import annotations

from workers.quotes.cues import Cue, cue_words, fold
from workers.quotes.definite_nouns import meant_by_noun
from workers.quotes.last_speaker import Speaker
from workers.quotes.lexicon import (
    BEFORE_NAMES,
    BEFORE_VERBS,
    OPENINGS_FOLDED,
    OWN_WORDS,
    PREPOSITIONS,
    PREPOSITIONS_WITH_PRONOUN,
    WORKPLACE_PREPOSITIONS,
)
from workers.quotes.passage import COMMAS, Passage
from workers.quotes.roles import titles_folded
from workers.quotes.subjects import Subject, Subjects

_SHORTEST_SENTENCE = 6
"""Words of a sentence that can have a subject; fewer are a byline."""
_FARTHEST_COMMA = 6
"""Words of «من جهته، », after which the sentence's verb stands."""


def meant_by_pronoun(
    passage: Passage, i: int, cue: Cue, subjects: Subjects, last: Speaker | None, done: int
) -> str | None:
    """Return whom a verb's own pronoun means, where nobody else can be meant.

    Args:
        passage: the text.
        i: index of the verb.
        cue: its meaning.
        subjects: the names of the article.
        last: who spoke last in this text.
        done: words before this index belong to quotations.
    """
    if cue.plural:
        return None
    first = passage.sentence_start(i)
    joined = (cue.joined and cue.form == "verb") or _continues(passage, first, i)
    agrees = last is not None and (
        last.feminine is None or cue.feminine is None or last.feminine == cue.feminine
    )
    if last is not None and last.end >= passage.starts[first]:
        return _same_sentence(passage, i, cue, subjects, last, done) if agrees else None
    bare = cue.form == "verb" and not joined and not cue.purpose and i > first
    if bare and passage.words[i - 1] not in BEFORE_VERBS:
        after_comma = passage.words[i - 1] in COMMAS
        if after_comma and passage.words[first] in cue_words():
            # «وكتب سمير، وهو طبيب، يقول»
            return subjects.after(passage, first + 1, i).id
        if not after_comma or _opening(passage, first) not in OPENINGS_FOLDED:
            # «كان واحد من خمسة يقول إنه»: the subject has no name but it stands there.
            return None
    if i > first + 1 or not joined:
        subject = _own_subject(passage, first, i, cue, subjects, last)
        if subject is not None:
            return subject.id
        # «وصل الوفد. مؤكدا أن»: a participle that begins a sentence goes on with the one before.
        starts = cue.form == "participle" and i == first
        if cue.form == "participle" and not starts and not _has_no_subject(passage, first):
            return None
        if joined and passage.words[i - 1] in COMMAS and _has_unnamed_subject(passage, first):
            return None
    if last is not None:
        state = _state_before(passage, first, last, cue, subjects) if i == first else None
        if state is not None:
            return state
        if not agrees or last.id is None:
            return None
        start, end = last.end, passage.starts[i]
        others = subjects.others_between(passage.field, start, end, last.id, feminine=cue.feminine)
        return None if others else last.id
    return _subject_before(passage, first, cue, subjects)


def _state_before(
    passage: Passage, first: int, last: Speaker, cue: Cue, subjects: Subjects
) -> str | None:
    """Return the state that the sentence before is about: «أدانت فرنسا الهجوم. وحذرت من أن»."""
    before = first - 1
    while before > 0 and passage.is_break(before):
        before -= 1
    start = passage.sentence_start(max(before, 0))
    if before < 0 or passage.starts[start] < last.end:
        return None
    return subjects.sentences.state_at(passage, start, feminine=cue.feminine)


def _subject_before(passage: Passage, first: int, cue: Cue, subjects: Subjects) -> str | None:
    """Return the subject of the sentence before the one that begins at `first`."""
    before = first - 1
    lowest = max(0, first - 6)
    while before > lowest and passage.is_break(before):
        before -= 1
    start = passage.sentence_start(before)
    if before <= lowest or before - start < _SHORTEST_SENTENCE:
        return None  # nothing there, or who wrote it: «ليلى سالم - بيروت»
    subject = _own_subject(passage, start, before + 1, cue, subjects, None)
    return subject.id if subject is not None else None


def _own_subject(
    passage: Passage, first: int, end: int, cue: Cue, subjects: Subjects, last: Speaker | None
) -> Subject | None:
    """Return the subject of the sentence that begins at `first`; None where it has no noun for one.

    «شكر العاهل ضيفه، وأكد»: whoever holds the office, though his name does not stand here.
    """
    verb = first
    for j in range(first + 1, min(first + _FARTHEST_COMMA, end)):
        if passage.words[j] in COMMAS and _opening(passage, first) in OPENINGS_FOLDED:
            verb = j + 1
    title = fold(passage.word(verb + 1)).removeprefix("ال") if verb + 1 < end else ""
    if title in titles_folded() and not passage.words[verb].startswith(("ال", "وال")):
        stop = _role_end(passage, verb + 1, end)
        if not passage.starts_name(stop):
            goes_on = passage.word(stop) in WORKPLACE_PREPOSITIONS or passage.word(stop) in COMMAS
            subject = subjects.after(passage, verb + 1, end if goes_on else stop)
            if subject.id is None and subject.is_there:
                meant = meant_by_noun(passage, subject, subjects, last)
                subject = Subject(meant, subject.start, subject.end)
            if subject.is_there:
                return subject
    named = subjects.sentences.state_at(passage, verb, feminine=cue.feminine)
    named = named or subjects.sentences.subject_of(passage, first, end, feminine=cue.feminine)
    return Subject(named, first, end) if named is not None else None


def _role_end(passage: Passage, start: int, end: int) -> int:
    """Return the index after the role that begins at `start`: «وزير الخارجية المصري» ضيفه."""
    words = passage.words
    stop = start + 1
    while stop < min(end, start + 3) and not words[start].startswith("ال"):
        if words[stop].startswith("ال") or words[stop] in PREPOSITIONS:
            break
        stop += 1
    while stop < end and words[stop].startswith(("ال", "لل")):
        stop += 1
    return stop


def _opening(passage: Passage, first: int) -> str:
    """Return a sentence's first word without «and»."""
    word = fold(passage.words[first])
    return word[1:] if word[0] in "وف" and len(word) > 2 and word not in OPENINGS_FOLDED else word


def _has_no_subject(passage: Passage, first: int) -> bool:
    """Tell whether a sentence's first verb has a pronoun only: «ورد على سؤال قائلا»."""
    following = passage.word(first + 1)
    return passage.words[first][0] in "وف" and (
        following in PREPOSITIONS
        or following in PREPOSITIONS_WITH_PRONOUN
        or following in OWN_WORDS
    )


def _has_unnamed_subject(passage: Passage, first: int) -> bool:
    """Tell whether a sentence begins anew, with a noun for its subject: «رصد مواطن حفرة، وقال»."""
    word = passage.words[first]
    if word[0] in "وف" or word in BEFORE_VERBS or word in BEFORE_NAMES:
        return False
    return _opening(passage, first) not in OPENINGS_FOLDED and word not in PREPOSITIONS


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
        return subjects.sentences.subject_of(passage, done, i, feminine=cue.feminine)
    return last.id
