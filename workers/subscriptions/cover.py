"""The cover of a filter: the cheapest set of atoms of which a matching article has at least one.

An atom is a property that an article has or has not: an entity, a word, a country … Pure; the index
files filters under the atoms of their covers (`workers.subscriptions.index`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import msgspec

from nabaa.filters.filter import Filter
from nabaa.filters.words import WordTest, read_words
from nabaa.search_key import search_key
from workers.subscriptions.match import Check, check_of

Kind = Literal["entity", "word", "pair", "prefix", "outlet", "country", "language", "topic", "tag"]


class Atom(NamedTuple):
    """One property that an article has or has not.

    Attributes:
        kind: kind of property; a pair is two words in a row, an outlet is its name or its feed.
        value: its value, folded where it is words.
    """

    kind: Kind
    value: str


# How likely an article is to have an atom of the kind; of words the short ones are the frequent.
_LIKELY: Mapping[Kind, float] = {
    "pair": 0.001,
    "entity": 0.005,
    "outlet": 0.01,
    "country": 0.1,
    "tag": 0.15,
    "topic": 0.2,
    "language": 0.8,
}


@dataclass(frozen=True, slots=True)
class CompiledFilter:
    """A filter as the index needs it.

    Attributes:
        source_filter: its conditions on the source alone.
        cover: an article that matches has at least one of them; None where no such set is known.
        check: the whole test; None where the source and an atom of the cover decide fully.
    """

    source_filter: Filter
    cover: frozenset[Atom] | None
    check: Check | None


def compile_filter(wanted: Filter) -> CompiledFilter:
    """Return a filter in the form that the index files.

    Args:
        wanted: a filter that has been checked.
    """
    source_filter = _source_part(wanted)
    cover = _cover(wanted)
    fully_decided = wanted == source_filter or _is_decided_by_cover(_without_source(wanted))
    if wanted != source_filter and cover is not None and cover[1] & _source_atoms(source_filter):
        fully_decided = False  # filed under the source, which says nothing of the rest
    return CompiledFilter(
        source_filter,
        None if cover is None else cover[1],
        None if fully_decided else check_of(wanted),
    )


def _source_part(wanted: Filter) -> Filter:
    return Filter(
        outlets=wanted.outlets,
        countries=wanted.countries,
        languages=wanted.languages,
        topics=wanted.topics,
        tags=wanted.tags,
    )


def _without_source(wanted: Filter) -> Filter:
    nothing: tuple[str, ...] = ()
    return msgspec.structs.replace(
        wanted, outlets=nothing, countries=nothing, languages=nothing, topics=nothing, tags=nothing
    )


def _is_decided_by_cover(wanted: Filter) -> bool:
    """Tell whether an article that has any atom of the filter's cover matches it."""
    if wanted == Filter(any_of=wanted.any_of):
        return all(map(_is_decided_by_cover, wanted.any_of))
    return wanted in {Filter(entities=wanted.entities), Filter(words=wanted.words)} and all(
        test.kind != "exact" and len(test.words) <= 2 for test in map(read_words, wanted.words)
    )


def _source_atoms(wanted: Filter) -> frozenset[Atom]:
    return frozenset().union(*_source_covers(wanted))


def _source_covers(wanted: Filter) -> list[list[Atom]]:
    return [
        [Atom("outlet", search_key(value)) for value in wanted.outlets],
        [Atom("country", value) for value in wanted.countries],
        [Atom("language", value) for value in wanted.languages],
        [Atom("topic", search_key(value)) for value in wanted.topics],
        [Atom("tag", search_key(value)) for value in wanted.tags],
    ]


def _cover(wanted: Filter) -> tuple[float, frozenset[Atom]] | None:
    """Return the cheapest cover of a filter and how likely an article is to have one of it."""
    covers = [
        [Atom("entity", value) for value in wanted.entities],
        *([Atom("entity", value)] for value in wanted.all_entities),
        [_word_atom(read_words(value)) for value in wanted.words],
        *([_word_atom(read_words(value))] for value in wanted.all_words),
        *_source_covers(wanted),
    ]
    found = [(sum(map(_likely, cover)), frozenset(cover)) for cover in covers if cover]
    parts = [_cover(part) for part in wanted.any_of]
    known = [part for part in parts if part is not None]
    if parts and len(known) == len(parts):
        atoms = frozenset[Atom]().union(*(cover for _, cover in known))
        found.append((sum(likely for likely, _ in known), atoms))
    return min(found, key=lambda each: each[0]) if found else None


def _word_atom(test: WordTest) -> Atom:
    """Return what an article with the word or phrase has: of a phrase its longest pair."""
    if test.kind == "prefix":
        return Atom("prefix", test.words[0])
    if len(test.words) == 1:
        return Atom("word", test.words[0])
    return Atom("pair", max(map(" ".join, pairwise(test.words)), key=len))


def _likely(atom: Atom) -> float:
    if atom.kind == "prefix":
        return 0.5 / math.pow(len(atom.value), 1.5)
    if atom.kind == "word":
        return 0.5 / math.pow(len(atom.value), 2.5)
    return _LIKELY[atom.kind]
