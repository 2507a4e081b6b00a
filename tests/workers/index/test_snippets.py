"""Snippets and ranks: the part of a text that shows why it was found. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings, strategies as st

from nabaa.filters.words import read_words
from workers.index.expression import Phrase, phrase_of
from workers.index.message import Texts
from workers.index.ranking import HALF_LIFE, relevance, weigh_age
from workers.index.snippets import SNIPPET, mark_words, snippet

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def phrases(*values: str) -> tuple[Phrase, ...]:
    return tuple(phrase_of(read_words(value)) for value in values)


@settings(deadline=None)  # the first call imports camel-tools
@given(st.text(max_size=400), st.integers(0, 20))
def test_marks_are_places_of_any_text_in_order(text: str, place: int) -> None:
    words = text.split()[place : place + 1]
    asked = phrases(*(word for word in words if any(c.isalnum() for c in word) and "*" not in word))
    marked = mark_words(text, asked)
    ends = [end for start, end in marked.marks]
    assert marked.text == text
    assert all(0 <= start < end <= len(text) for start, end in marked.marks)
    assert ends == sorted(ends)


def test_a_snippet_is_where_most_of_the_words_stand() -> None:
    text = f"هدنة. {'كلام كثير ' * 80}في السودان هدنة جديدة. {'كلام آخر ' * 80}"
    found = snippet(("", text), phrases("السودان", "هدنة"))
    assert "السودان هدنة جديدة" in found.text
    assert found.text.startswith("… ")
    assert found.text.endswith(" …")
    assert len(found.text) <= SNIPPET + 4


def test_a_snippet_of_a_text_without_the_words_is_its_beginning() -> None:
    assert snippet(("", "أول الكلام"), phrases("هدنة")).text == "أول الكلام"
    assert snippet(("", ""), phrases("هدنة")).text == ""


def test_headline_lead_and_depth_weigh_less_and_less() -> None:
    asked = phrases("هدنة", "السودان")
    far = "كلام " * 200
    scores = [
        relevance(texts, asked)
        for texts in (
            Texts("هدنة السودان", "", far),
            Texts("هدنة", "", f"السودان {far}"),
            Texts("خبر", "", f"هدنة السودان {far}"),
            Texts("خبر", "", f"هدنة في السودان {far}"),
            Texts("خبر", "", f"{far} هدنة السودان"),
        )
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_an_article_weighs_half_at_its_half_life_and_never_more_than_now() -> None:
    assert weigh_age(4.0, NOW, NOW) == 4.0
    assert weigh_age(4.0, NOW - HALF_LIFE, NOW) == 2.0
    assert weigh_age(4.0, NOW + timedelta(days=3), NOW) == 4.0
