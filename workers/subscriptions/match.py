"""The test that a filter is for one article. Pure; the index tests ten thousand filters at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

from nabaa.filters.filter import Filter
from nabaa.filters.moved_ids import load_moved_ids, with_moved
from nabaa.filters.words import WordTest, bare_forms, fold_words, has_words, read_words
from nabaa.search_key import search_key
from nabaa.types import Article


class Source(NamedTuple):
    """The properties that an article has from its feed, the same for thousands of articles.

    Attributes:
        feed: search key of the feed's id.
        outlet: search key of its name.
        country: of the outlet.
        language: of the article.
        topic: search key of the feed's topic.
        tags: search keys of the feed's tags.
    """

    feed: str
    outlet: str
    country: str
    language: str
    topic: str
    tags: tuple[str, ...]


class ArticleFacts:
    """The properties of one article that filters ask for.

    Args:
        article: the article.
        key: gives the search key of an outlet's name, a topic or a tag; a cached one is quick.
        forms: gives the possible forms of a word without clitics; a cached one is quick.
    """

    def __init__(
        self,
        article: Article,
        key: Callable[[str], str] = search_key,
        forms: Callable[[str], tuple[str, ...]] = bare_forms,
    ) -> None:
        outlet = article.outlet
        self.source = Source(
            key(outlet.feed),
            key(outlet.name),
            outlet.country,
            article.language,
            key(article.topic),
            tuple([key(tag) for tag in article.tags]),
        )
        ids = [entity.id for entity in article.entities]
        self.entities = with_moved(ids, load_moved_ids())
        self.is_reprint = article.duplicate_of is not None
        self._article = article
        self._forms_of = forms

    @cached_property
    def words(self) -> list[str]:
        """The folded words of title, summary and text, in order."""
        article = self._article
        return fold_words(f"{article.title}\n{article.summary}\n{article.body_text}")

    @cached_property
    def forms(self) -> frozenset[str]:
        """The words and their possible forms without clitics."""
        words = frozenset(self.words)
        return words.union(*filter(None, map(self._forms_of, words)))

    @cached_property
    def text(self) -> str:
        """The words with one space between, before and after them."""
        return f" {' '.join(self.words)} "


Check = Callable[[ArticleFacts], bool]
"""A test that tells whether an article matches."""


def check_of(wanted: Filter) -> Check:
    """Return the test that a filter is.

    Args:
        wanted: a filter that has been checked.
    """
    tests = _tests(wanted)
    if len(tests) == 1:
        return tests[0]

    def matches(facts: ArticleFacts) -> bool:
        for test in tests:  # noqa: SIM110 — `all` makes a generator, and this is done a lot
            if not test(facts):
                return False
        return True

    return matches


def _tests(wanted: Filter) -> list[Check]:
    """Return a test for each condition of a filter, the cheapest first."""
    entities, all_entities = frozenset(wanted.entities), frozenset(wanted.all_entities)
    words = tuple(read_words(value) for value in wanted.words)
    all_words = tuple(read_words(value) for value in wanted.all_words)
    any_of = tuple(check_of(part) for part in wanted.any_of)
    none_of = tuple(check_of(part) for part in wanted.none_of)
    source = source_check(wanted)
    reprints = wanted.reprints
    tests: list[tuple[bool, Check]] = [
        (reprints is not None, lambda facts: facts.is_reprint is reprints),
        (bool(entities), lambda facts: not entities.isdisjoint(facts.entities)),
        (bool(all_entities), lambda facts: all_entities <= facts.entities),
        (source is not None, lambda facts: source is None or source(facts.source)),
        (bool(words), lambda facts: any(_has(facts, test) for test in words)),
        (bool(all_words), lambda facts: all(_has(facts, test) for test in all_words)),
        (bool(any_of), lambda facts: any(check(facts) for check in any_of)),
        (bool(none_of), lambda facts: not any(check(facts) for check in none_of)),
    ]
    return [test for is_asked, test in tests if is_asked]


def _has(facts: ArticleFacts, test: WordTest) -> bool:
    """Tell the same as `has_words`; for most texts their set of words is enough."""
    if test.kind == "prefix":
        return has_words(facts.text, test)
    if not facts.forms.issuperset(test.words):
        return False
    return (test.kind == "loose" and len(test.words) == 1) or has_words(facts.text, test)


def source_check(wanted: Filter) -> Callable[[Source], bool] | None:
    """Return the test of the conditions on the source, None where there are none."""
    outlets, topics, tags = (
        _keys(values) for values in (wanted.outlets, wanted.topics, wanted.tags)
    )
    countries, languages = frozenset(wanted.countries), frozenset(wanted.languages)
    if not (outlets or topics or tags or countries or languages):
        return None

    def matches(source: Source) -> bool:
        return (
            (not countries or source.country in countries)
            and (not languages or source.language in languages)
            and (not topics or source.topic in topics)
            and (not tags or not tags.isdisjoint(source.tags))
            and (not outlets or source.outlet in outlets or source.feed in outlets)
        )

    return matches


def _keys(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(search_key(value) for value in values)
