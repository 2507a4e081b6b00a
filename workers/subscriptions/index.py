"""The matching index: which of ten thousand filters match an article.

Each filter is filed under its cover, the cheapest set of atoms (an entity, a word, a country …) of
which an article that it matches must have at least one. An article looks up its own atoms, so a
filter whose atoms it has not costs nothing. What depends on the source alone is found once for each
source: which source filters accept it, and what is filed under it. What is found is then checked
with `workers.subscriptions.match`, unless the source filter and the atom decide fully.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar, get_args

from nabaa.filters.filter import Filter
from nabaa.filters.words import bare_forms
from nabaa.search_key import search_key
from nabaa.types import Article
from workers.subscriptions.cover import Atom, CompiledFilter, Kind, compile_filter
from workers.subscriptions.match import ArticleFacts, Check, Source, source_check

_SOURCES = 4096
_KEYS = 20_000
_WORDS = 40_000

_K = TypeVar("_K")
_V = TypeVar("_V")


class _Remembered(dict[_K, _V]):
    """A cache of a function's results by its argument; it forgets those not used for long.

    `functools.lru_cache` takes twice the time for a known argument.

    Args:
        make: the function.
        most: number of results that are kept.
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
    """The filters that a word of an article leads to.

    Attributes:
        numbers: filters filed under the word.
        after: for pairs that begin with it, second word → filters filed under the pair.
        forms: its possible forms without clitics.
    """

    numbers: Sequence[int]
    after: Mapping[str, Sequence[int]]
    forms: tuple[str, ...]


_NOTHING = _Hits((), {}, ())


class SavedFilterIndex:
    """An index that finds the subscriptions whose filters an article matches.

    It never changes: a change of a filter makes another index, which takes over what it can.

    Args:
        filters: by the name of their subscription, checked.
        before: an index of mostly the same filters.
    """

    def __init__(
        self, filters: Mapping[str, Filter], before: SavedFilterIndex | None = None
    ) -> None:
        known: Mapping[Filter, CompiledFilter] = before._compiled if before else {}
        names: dict[Filter, list[str]] = defaultdict(list)
        for name, wanted in filters.items():
            names[wanted].append(name)
        self._compiled: dict[Filter, CompiledFilter] = {
            wanted: known[wanted] if wanted in known else compile_filter(wanted) for wanted in names
        }
        self._names = [tuple(of_filter) for of_filter in names.values()]
        self._filed: dict[Kind, dict[str, list[int]]] = {kind: {} for kind in get_args(Kind)}
        self._uncovered: list[int] = []
        self._source_filters: list[int] = []
        self._checks: list[Check | None] = []
        source_filters: dict[Filter, int] = {}
        for number, compiled in enumerate(self._compiled.values()):
            source_number = source_filters.setdefault(compiled.source_filter, len(source_filters))
            self._source_filters.append(source_number)
            self._checks.append(compiled.check)
            if compiled.cover is None:
                self._uncovered.append(number)
            for kind, value in compiled.cover or ():
                self._filed[kind].setdefault(value, []).append(number)
        self._source_checks = [source_check(wanted) for wanted in source_filters]
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
        facts = ArticleFacts(article, self._keys.__getitem__, self._forms)
        accepting, by_source = self._sources[facts.source]
        found = set(by_source)
        by_entity = self._filed["entity"]
        for entity in facts.entities:
            if entity in by_entity:
                found.update(by_entity[entity])
        if self._filed["word"] or self._filed["prefix"] or self._pairs:
            self._by_words(facts.words, found)
        source_filters, checks, names = self._source_filters, self._checks, self._names
        return [
            name
            for number in found
            if source_filters[number] in accepting
            and ((check := checks[number]) is None or check(facts))
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
            {
                second: [n for by_second in pairs for n in by_second.get(second, ())]
                for second in seconds
            },
            forms,
        )

    def _forms(self, word: str) -> tuple[str, ...]:
        return self._hits[word].forms

    def _find_by_source(self, source: Source) -> tuple[frozenset[int], tuple[int, ...]]:
        """Return the source filters that accept a source, and the filters filed under it alone."""
        atoms = [
            Atom("outlet", source.outlet),
            Atom("outlet", source.feed),
            Atom("country", source.country),
            Atom("language", source.language),
            Atom("topic", source.topic),
            *(Atom("tag", tag) for tag in source.tags),
        ]
        accepting = frozenset(
            number
            for number, check in enumerate(self._source_checks)
            if check is None or check(source)
        )
        numbers = set(self._uncovered)
        for kind, value in atoms:
            numbers.update(self._filed[kind].get(value, ()))
        return accepting, tuple(
            number for number in numbers if self._source_filters[number] in accepting
        )
