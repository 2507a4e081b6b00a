"""Finds whom a pronoun or a definite noun means: «وأضاف», «وقال الوزير», «المصدر ذاته».

A pronoun goes back to the subject of its own sentence, then to the last speaker, but only while
nobody else has been named since. Everything else is None.
"""

from __future__ import annotations

from dataclasses import dataclass

from nabaa.types import TextField
from workers.quotes.cues import Cue, cue_words, fold
from workers.quotes.lexicon import (
    AMBIGUOUS,
    BEFORE_NAMES,
    BEFORE_VERBS,
    CONTINUING_FOLDED,
    DOCUMENTS_FOLDED,
    DOCUMENTS_OF_BEFORE_FOLDED,
    MEETINGS_FOLDED,
    OPENINGS_FOLDED,
    ORGANISATIONS_FOLDED,
    OWN_WORDS,
    PERSONS_OF_BEFORE_FOLDED,
    PREPOSITIONS,
    PREPOSITIONS_WITH_PRONOUN,
    SAME_FOLDED,
    WORKPLACE_PREPOSITIONS,
)
from workers.quotes.passage import COMMAS, Passage
from workers.quotes.roles import titles_folded
from workers.quotes.subjects import Subject, Subjects

_SHORTEST_SENTENCE = 6
"""Words of a sentence that can have a subject; fewer are a byline."""
_FARTHEST_COMMA = 6
"""Words of «من جهته، », after which the sentence's verb stands."""


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


def meant_by_noun(
    passage: Passage, subject: Subject, subjects: Subjects, last: Speaker | None
) -> str | None:
    """Return the last speaker where a definite noun can mean nobody else.

    «المسؤولة», «المصدر ذاته», «المنظمة» after her words, or a role that two have, he among them.

    Args:
        passage: the text.
        subject: the noun phrase, which names nobody.
        subjects: the names of the article.
        last: who spoke last in this text.
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
    if not all(word.startswith("ال") or word in SAME_FOLDED for word in words):
        return None
    head, kind = words[0].removeprefix("ال"), roles.entity(last.id).type
    if kind == "PERS" and head in PERSONS_OF_BEFORE_FOLDED:
        return last.id if roles.fits(last.id, roles.adjectives(rest)) else None
    if kind == "ORG" and head in ORGANISATIONS_FOLDED and not rest:
        kinds = roles.kinds(last.id)
        return last.id if not kinds or head in kinds else None
    return None


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
        if not agrees or last.id is None:
            return None
        start, end = last.end, passage.starts[i]
        others = subjects.others_between(passage.field, start, end, last.id, feminine=cue.feminine)
        return None if others else last.id
    return _subject_before(passage, first, cue, subjects)


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


def _tells_where(passage: Passage, i: int) -> bool:
    """Tell whether «في» begins where something was said: «في تصريح», «في المؤتمر»."""
    place = fold(passage.word(i + 1)).removeprefix("ال")
    return place in MEETINGS_FOLDED or place in DOCUMENTS_FOLDED


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
