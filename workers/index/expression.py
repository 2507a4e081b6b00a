"""A question as a tree of tokens, which each database writes in its own language. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nabaa.errors import UsageError
from nabaa.filters.filter import Filter, check_filter
from nabaa.filters.moved_ids import load_moved_ids, with_moved
from nabaa.filters.words import WordTest, bare_forms, read_words
from workers.index.model import Question, QuotationQuestion
from workers.index.words import (
    ANY,
    QUOTES,
    REPRINT,
    cut_words,
    mark,
    without_article,
    written_forms,
)

MOST_WORDS = 16
"""Words and phrases of one question at most."""

_PART = re.compile(r"""(-?)(?:"([^"]*)"|«([^»]*)»|“([^”]*)”|([^\s"«“]+))""")
_KINDS = (("countries", "c"), ("languages", "l"), ("topics", "t"), ("tags", "g"))


@dataclass(frozen=True, slots=True)
class Phrase:
    """One of several words, and behind it certain words: at least one of them stands in the text.

    Attributes:
        first: alternatives for the first word.
        rest: words that follow it.
        is_prefix: whether the alternatives are only how the word begins.
    """

    first: tuple[str, ...]
    rest: tuple[str, ...] = ()
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """The article has a mark."""

    token: str


@dataclass(frozen=True, slots=True)
class Every:
    """Each of the parts holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of the parts holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class But:
    """The first holds and the other does not."""

    wanted: Expression
    unwanted: Expression


Expression = Phrase | Mark | Every | Some | But


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a question.

    Attributes:
        wanted: words that must be there.
        unwanted: words that must not.
    """

    wanted: tuple[WordTest, ...]
    unwanted: tuple[WordTest, ...]


def read_text(text: str) -> Asked:
    """Read the words that a person typed: `word "a phrase" begin* =exactly -without`.

    Args:
        text: as it was typed; «…» and “…” are quotation marks, too.

    Raises:
        UsageError: a word cannot be what it should be, no part has a letter, or there are more than
            16 of them.
    """
    wanted: list[WordTest] = []
    unwanted: list[WordTest] = []
    for minus, *phrases, word in _PART.findall(text):
        value = word or next(filter(None, phrases), "")
        if not cut_words(value):
            continue  # a dash, a full stop
        try:
            (unwanted if minus else wanted).append(read_words(value))
        except ValueError as error:
            raise UsageError(f"{value!r} {error}") from error
    if text.strip() and not wanted and not unwanted:
        raise UsageError(f"{text.strip()!r} has no letter or digit to look for")
    if len(wanted) + len(unwanted) > MOST_WORDS:
        raise UsageError(f"a question may have {MOST_WORDS} words and phrases, not more")
    return Asked(tuple(wanted), tuple(unwanted))


def article_expression(question: Question, *, wide: bool = False) -> Expression:
    """Return the condition on articles that a question is.

    Args:
        question: what is wanted.
        wide: whether a word is also read without single letters before it that may be clitics.

    Raises:
        UsageError: the question or a value of its filter makes no sense.
    """
    if question.filter != Filter():
        check_filter(question.filter)
    asked = read_text(question.text)
    return _but(
        (
            *_of_filter(question.filter),
            *_of_entities("s", question.speakers),
            *(phrase_of(test, wide=wide) for test in asked.wanted),
        ),
        tuple(phrase_of(test) for test in asked.unwanted),
    )


def quoting_expression(question: QuotationQuestion, *, wide: bool = False) -> Expression:
    """Return a condition that holds of every article with a quotation that is wanted.

    Args:
        question: what is wanted.
        wide: as `article_expression` has it.

    Raises:
        UsageError: the question makes no sense.
    """
    said_by = _of_entities("s", question.speakers) or (Mark(QUOTES),)
    return _every((*said_by, *asked_phrases(question, wide=wide)))


def naming_expression(entity_id: str) -> Expression:
    """Return a condition that holds of every article that names an entity.

    Args:
        entity_id: any id that the entity has or once had.
    """
    return _every(_of_entities("e", (entity_id,)))


def asked_phrases(
    question: Question | QuotationQuestion, *, wide: bool = False
) -> tuple[Phrase, ...]:
    """Return the words that a question's text wants; none where it wants none."""
    return tuple(phrase_of(test, wide=wide) for test in read_text(question.text).wanted)


def unwanted_phrases(question: Question | QuotationQuestion) -> tuple[Phrase, ...]:
    """Return the words that a question's text does not want."""
    return tuple(phrase_of(test) for test in read_text(question.text).unwanted)


def words_expression(phrases: tuple[Phrase, ...]) -> Expression:
    """Return the condition that all of some words, at least one, stand in the text."""
    return _every(phrases)


def phrase_of(test: WordTest, *, wide: bool = False, searched: bool = True) -> Phrase:
    """Return the forms of which one must stand in the text.

    Args:
        test: the word or phrase.
        wide: as `article_expression` has it.
        searched: whether the word is also read without ال; a filter's is not.
    """
    first, *rest = (cut_words(word)[0] for word in test.words)
    if test.kind == "exact":
        return Phrase((first,), tuple(rest))
    readings: tuple[str, ...] = (first,)
    if searched and test.kind == "loose" and not rest:
        readings += bare_forms(first) if wide else without_article(first)
    forms = dict.fromkeys(form for reading in readings for form in written_forms(reading))
    return Phrase(tuple(forms), tuple(rest), test.kind == "prefix")


def _of_filter(wanted: Filter) -> tuple[Expression, ...]:
    parts: list[Expression] = [
        *_of_entities("e", wanted.entities),
        *(part for entity in wanted.all_entities for part in _of_entities("e", (entity,))),
        *_some(Mark(mark(kind, value)) for value in wanted.outlets for kind in "of"),
    ]
    for field, kind in _KINDS:
        values: tuple[str, ...] = getattr(wanted, field)
        parts += _some(Mark(mark(kind, value)) for value in values)
    if wanted.reprints is not None:
        parts.append(Mark(REPRINT) if wanted.reprints else But(Mark(ANY), Mark(REPRINT)))
    parts += _some(_word(value) for value in wanted.words)
    parts += [_word(value) for value in wanted.all_words]
    parts += _some(_every(_of_filter(part)) for part in wanted.any_of)
    unwanted = tuple(_every(_of_filter(part)) for part in wanted.none_of)
    return (_but(tuple(parts), unwanted),) if unwanted else tuple(parts)


def _of_entities(kind: str, ids: tuple[str, ...]) -> tuple[Expression, ...]:
    """Return the marks of entities: one of these is there, whichever id the article has."""
    return _some(Mark(mark(kind, id_)) for id_ in sorted(with_moved(ids, load_moved_ids())))


def _word(value: str) -> Phrase:
    return phrase_of(read_words(value), searched=False)


def _but(wanted: tuple[Expression, ...], unwanted: tuple[Expression, ...]) -> Expression:
    found = _every(wanted) if wanted else Mark(ANY)
    return But(found, Some(unwanted)) if unwanted else found


def _every(parts: tuple[Expression, ...]) -> Expression:
    return parts[0] if len(parts) == 1 else Every(parts)


def _some(parts: Iterable[Expression]) -> tuple[Expression, ...]:
    found = tuple(parts)
    return (found[0] if len(found) == 1 else Some(found),) if found else ()
