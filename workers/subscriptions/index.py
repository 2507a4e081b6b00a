"""The matching index: which of ten thousand filters match an article.

Each filter is filed under its cover: the cheapest set of atoms (an entity, a word, a country …) of
which an article that it matches must have at least one. An article looks up its own atoms, so a
filter whose atoms it has not costs nothing. What hangs on the source alone is found once for each
source: which conditions on it hold (gates), and what is filed under it. What is found is then
checked with `workers.subscriptions.match`, unless the gate and the atom say all.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple, TypeVar, get_args

import msgspec

from nabaa.filters.filter import Filter
from nabaa.filters.words import WordTest, bare_forms, read_words
from nabaa.search_key import search_key
from nabaa.types import Article
from workers.subscriptions.match import Check, Facts, Source, check_of, source_check

_SOURCES = 4096
_KEYS = 20_000
_WORDS = 40_000

_K = TypeVar("_K")
_V = TypeVar("_V")

Kind = Literal["entity", "word", "pair", "prefix", "outlet", "country", "language", "topic", "tag"]


class Atom(NamedTuple):
    """One thing that an article has or has not.

    Attributes:
        kind: of what; a pair is two words in a row, an outlet goes by its name or its feed.
        value: folded where it is words.
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
class _Compiled:
    """A filter as the index needs it.

    Attributes:
        gate: its conditions on the source alone.
        cover: an article that matches has at least one of them; None where no such set is known.
        check: the rest of the test; None where the gate and an atom of the cover say all.
    """

    gate: Filter
    cover: frozenset[Atom] | None
    check: Check | None


class _Remembered(dict[_K, _V]):
    """What a function returned, by what it was given; what was not asked for in long is forgotten.

    `functools.lru_cache` takes twice the time for what is known.

    Args:
        make: the function.
        most: results that are kept.
    """

    def __init__(self, make: Callable[[_K], _V], most: int) -> None:
        super().__init__()
        self._make = make
        self._most = most // 2
        self._older: dict[_K, _V] = {}

    def __missing__(self, key: _K) -> _V:
        if len(self) >= self._most:
            self._older = dict(self)
            self.clear()
        value = self._older.pop(key) if key in self._older else self._make(key)
        self[key] = value
        return value


class _Hits(NamedTuple):
    """What a word of an article leads to.

    Attributes:
        numbers: filters filed under the word.
        after: for pairs that begin with it, second word → filters filed under the pair.
        forms: what it may be without its clitics.
    """

    numbers: Sequence[int]
    after: Mapping[str, Sequence[int]]
    forms: tuple[str, ...]


_NOTHING = _Hits((), {}, ())


class SubscriptionIndex:
    """Finds the subscriptions that an article matches.

    It is not changed once made: a change of a filter makes another, which takes over what it can.

    Args:
        filters: by the name of their subscription, checked.
        before: an index of mostly the same filters.
    """

    def __init__(
        self, filters: Mapping[str, Filter], before: SubscriptionIndex | None = None
    ) -> None:
        known: Mapping[Filter, _Compiled] = before._compiled if before else {}
        names: dict[Filter, list[str]] = defaultdict(list)
        for name, wanted in filters.items():
            names[wanted].append(name)
        self._compiled: dict[Filter, _Compiled] = {
            wanted: known[wanted] if wanted in known else _compile(wanted) for wanted in names
        }
        self._names = [tuple(of_filter) for of_filter in names.values()]
        self._filed: dict[Kind, dict[str, list[int]]] = {kind: {} for kind in get_args(Kind)}
        self._uncovered: list[int] = []
        self._gates: list[int] = []
        self._checks: list[Check | None] = []
        gates: dict[Filter, int] = {}
        for number, compiled in enumerate(self._compiled.values()):
            self._gates.append(gates.setdefault(compiled.gate, len(gates)))
            self._checks.append(compiled.check)
            if compiled.cover is None:
                self._uncovered.append(number)
            for kind, value in compiled.cover or ():
                self._filed[kind].setdefault(value, []).append(number)
        self._gate_checks = [source_check(gate) for gate in gates]
        self._prefix_lengths = sorted({len(prefix) for prefix in self._filed["prefix"]})
        self._pairs: dict[str, dict[str, list[int]]] = defaultdict(dict)
        for pair, numbers in self._filed["pair"].items():
            first, _, second = pair.partition(" ")
            self._pairs[first][second] = numbers
        self._keys = _Remembered(search_key, _KEYS)
        self._hits = _Remembered(self._find_hits, _WORDS)
        self._sources = _Remembered(self._find_by_source, _SOURCES)

    def __len__(self) -> int:
        """Return how many subscriptions there are."""
        return sum(map(len, self._names))

    def match(self, article: Article) -> list[str]:
        """Return the names of the subscriptions that an article matches, each once."""
        if not self._names:
            return []
        facts = Facts(article, self._keys.__getitem__, self._forms)
        open_gates, by_source = self._sources[facts.source]
        found = set(by_source)
        by_entity = self._filed["entity"]
        for entity in facts.entities:
            if entity in by_entity:
                found.update(by_entity[entity])
        if self._filed["word"] or self._filed["prefix"] or self._pairs:
            self._by_words(facts.words, found)
        gates, checks, names = self._gates, self._checks, self._names
        return [
            name
            for number in found
            if gates[number] in open_gates and ((check := checks[number]) is None or check(facts))
            for name in names[number]
        ]

    def _by_words(self, words: Sequence[str], found: set[int]) -> None:
        """Add the filters that are filed under words of the article."""
        after: Mapping[str, Sequence[int]] = {}
        for word, hits in zip(words, map(self._hits.__getitem__, words), strict=True):
            if word in after:
                found.update(after[word])
            numbers, after, _ = hits
            if numbers:
                found.update(numbers)

    def _find_hits(self, word: str) -> _Hits:
        numbers: list[int] = []
        pairs: list[Mapping[str, Sequence[int]]] = []
        forms = bare_forms(word)
        for form in (word, *forms):
            numbers += self._filed["word"].get(form, ())
            for length in self._prefix_lengths:
                if length <= len(form):
                    numbers += self._filed["prefix"].get(form[:length], ())
            if form in self._pairs:
                pairs.append(self._pairs[form])
        if not numbers and not pairs:
            return _Hits((), {}, forms) if forms else _NOTHING
        if len(pairs) < 2:
            return _Hits(tuple(numbers), pairs[0] if pairs else {}, forms)
        seconds = {second for of_form in pairs for second in of_form}
        return _Hits(
            tuple(numbers),
            {second: [n for each in pairs for n in each.get(second, ())] for second in seconds},
            forms,
        )

    def _forms(self, word: str) -> tuple[str, ...]:
        return self._hits[word].forms

    def _find_by_source(self, source: Source) -> tuple[frozenset[int], tuple[int, ...]]:
        """Return the gates that are open to a source, and what is filed under it alone."""
        atoms = [
            Atom("outlet", source.outlet),
            Atom("outlet", source.feed),
            Atom("country", source.country),
            Atom("language", source.language),
            Atom("topic", source.topic),
            *(Atom("tag", tag) for tag in source.tags),
        ]
        open_gates = frozenset(
            gate for gate, check in enumerate(self._gate_checks) if check is None or check(source)
        )
        numbers = set(self._uncovered)
        for kind, value in atoms:
            numbers.update(self._filed[kind].get(value, ()))
        return open_gates, tuple(each for each in numbers if self._gates[each] in open_gates)


def _compile(wanted: Filter) -> _Compiled:
    gate = _source_part(wanted)
    cover = _cover(wanted)
    told = wanted == gate or _is_told(_without_source(wanted))
    if wanted != gate and cover is not None and cover[1] & _source_atoms(gate):
        told = False  # filed under the source, which says nothing of the rest
    return _Compiled(gate, None if cover is None else cover[1], None if told else check_of(wanted))


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


def _is_told(wanted: Filter) -> bool:
    """Tell whether an article that has any atom of the filter's cover matches it."""
    if wanted == Filter(any_of=wanted.any_of):
        return all(map(_is_told, wanted.any_of))
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
