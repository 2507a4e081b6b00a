"""The index finds exactly what each filter by itself would."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nabaa.filters.filter import Filter
from nabaa.types import Article, Entity, Mention, Outlet
from tests.support.articles import make_article
from workers.subscriptions.index import SavedFilterIndex
from workers.subscriptions.match import ArticleFacts, check_of

IDS = ("Q1", "Q2", "Q3", "Q4")
COUNTRIES = ("EG", "JO", "XX")
LANGUAGES = ("ar", "fa")
TOPICS = ("news", "Sport")
TAGS = ("daily", "يومية")
OUTLETS = ("sabah", "صحيفة الصباح", "مساء")
TOKENS = ("مجلس", "لمجلس", "الأمن", "للأمن", "أمن", "ولبنان", "لبنان", "انتخابات", "بالانتخابات")
ASKED = ("مجلس", "مجلس الأمن", "=مجلس الامن", "لبنان", "=لبنان", "انتخاب*", "الانتخاب*",
         "امن لبنان مجلس", "الأمن", "مجلس الأمن لبنان")  # fmt: skip


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.one_of(
        st.just(()), st.lists(st.sampled_from(values), min_size=1, max_size=3).map(tuple)
    )


def filters_of(parts: st.SearchStrategy[tuple[Filter, ...]]) -> st.SearchStrategy[Filter]:
    return st.builds(
        Filter,
        entities=some(IDS),
        all_entities=some(IDS),
        outlets=some(OUTLETS),
        countries=some(COUNTRIES),
        languages=some(LANGUAGES),
        topics=some(TOPICS),
        tags=some(TAGS),
        words=some(ASKED),
        all_words=some(ASKED),
        any_of=parts,
        none_of=parts,
    )


# Most filters state few conditions: those with many match nothing.
NARROW = st.one_of(
    st.builds(Filter, entities=some(IDS), words=some(ASKED)),
    st.builds(Filter, words=some(ASKED), countries=some(COUNTRIES)),
    st.builds(Filter, outlets=some(OUTLETS), languages=some(LANGUAGES)),
    filters_of(st.just(())),
)
PARTS = st.one_of(st.just(()), st.lists(NARROW, min_size=1, max_size=2).map(tuple))
FILTERS = st.one_of(
    NARROW,
    st.builds(Filter, any_of=PARTS, countries=some(COUNTRIES)),
    st.builds(Filter, none_of=PARTS, entities=some(IDS)),
    filters_of(PARTS),
)


def entity(id_: str) -> Entity:
    return Entity(id_, "LOC", "اسم", None, (Mention("title", 0, 1, "ا"),))


ARTICLES = st.builds(
    lambda title, body, ids, outlet, language, topic, tags: make_article(
        title=" ".join(title),
        body_text=" ".join(body),
        entities=tuple(map(entity, sorted(set(ids)))),
        outlet=outlet,
        language=language,
        topic=topic,
        tags=tags,
    ),
    st.lists(st.sampled_from(TOKENS), max_size=3),
    st.lists(st.sampled_from(TOKENS), max_size=6),
    st.lists(st.sampled_from(IDS), max_size=3),
    st.builds(
        Outlet,
        st.sampled_from(("صحيفة الصباح", "المساء")),
        st.sampled_from(COUNTRIES),
        st.sampled_from(("sabah", "masa")),
    ),
    st.sampled_from(LANGUAGES),
    st.sampled_from(TOPICS),
    some(TAGS),
)


def one_by_one(filters: dict[str, Filter], article: Article) -> list[str]:
    facts = ArticleFacts(article)
    return sorted(name for name, wanted in filters.items() if check_of(wanted)(facts))


@settings(max_examples=200, deadline=None)
@given(st.lists(FILTERS, min_size=1, max_size=12), st.lists(ARTICLES, min_size=1, max_size=4))
def test_the_index_agrees_with_each_filter_by_itself(
    filters: list[Filter], articles: list[Article]
) -> None:
    named = {f"s{number}": wanted for number, wanted in enumerate(filters)}
    index = SavedFilterIndex(named)
    for article in articles:
        assert sorted(index.match(article)) == one_by_one(named, article)


@settings(max_examples=50, deadline=None)
@given(st.lists(FILTERS, max_size=8), st.lists(FILTERS, max_size=8), ARTICLES)
def test_an_index_that_follows_another_is_like_a_new_one(
    before: list[Filter], after: list[Filter], article: Article
) -> None:
    old = SavedFilterIndex({f"s{number}": wanted for number, wanted in enumerate(before)})
    old.match(article)
    named = {f"s{number}": wanted for number, wanted in enumerate([*after, *before[:3]])}
    assert sorted(SavedFilterIndex(named, old).match(article)) == one_by_one(named, article)


ARTICLE = make_article(
    title="مجلس الأمن يبحث الانتخابات",
    entities=(entity("Q1"), entity("Q2")),
    tags=("daily",),
)


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(entities=("Q1", "Q9")),
        Filter(all_entities=("Q1", "Q2")),
        Filter(outlets=("sabah",)),
        Filter(outlets=("صحيفه الصباح",)),
        Filter(countries=("EG", "JO")),
        Filter(languages=("ar",), topics=("Culture",), tags=("Daily",)),
        Filter(words=("مجلس الأمن",), none_of=(Filter(countries=("EG",)),)),
        Filter(any_of=(Filter(entities=("Q9",)), Filter(words=("انتخاب*",)))),
        Filter(none_of=(Filter(languages=("fa",)), Filter(entities=("Q9",)))),
        Filter(none_of=(Filter(entities=("Q1",), countries=("EG",)),)),
        Filter(reprints=False),
        Filter(entities=("Q1",), reprints=False),
    ],
)
def test_an_article_that_meets_every_condition_matches(wanted: Filter) -> None:
    assert SavedFilterIndex({"desk": wanted}).match(ARTICLE) == ["desk"]


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(entities=("Q9",)),
        Filter(all_entities=("Q1", "Q9")),
        Filter(entities=("Q1",), countries=("EG",)),
        Filter(words=("مجلس النواب",)),
        Filter(words=("مجلس الأمن",), none_of=(Filter(entities=("Q2",)),)),
        Filter(languages=("ar",), any_of=(Filter(entities=("Q9",)), Filter(countries=("EG",)))),
        Filter(none_of=(Filter(languages=("ar",)),)),
        Filter(entities=("Q1",), reprints=True),
    ],
)
def test_an_article_that_fails_one_does_not(wanted: Filter) -> None:
    assert SavedFilterIndex({"desk": wanted}).match(ARTICLE) == []


def test_two_subscriptions_with_the_same_filter_both_get_it() -> None:
    index = SavedFilterIndex({"a": Filter(entities=("Q1",)), "b": Filter(entities=("Q1",))})
    assert sorted(index.match(ARTICLE)) == ["a", "b"]
