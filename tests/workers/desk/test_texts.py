"""Texts cut for templates: names, quotations, beginnings, differences of versions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, strategies as st

from nabaa.types import Article, TextField
from tests.support.desk.newsroom import articles
from workers.desk.text.passages import (
    leading_quote,
    lede_of,
    paragraphs_of,
    passages_of,
)
from workers.desk.text.word_diff import diff_words

ARTICLES = articles(40)
_words = st.text("اب \n")


@pytest.mark.parametrize("article", ARTICLES[:8])
def test_passages_together_are_the_text_and_each_name_is_what_was_marked(
    article: Article,
) -> None:
    fields: tuple[TextField, ...] = ("title", "body_text")
    for field in fields:
        found = passages_of(article, field)
        assert "".join(passage.text for passage in found) == getattr(article, field)
        marked = [mention.text for e in article.entities for mention in e.mentions
                  if mention.field == field]  # fmt: skip
        assert sorted(passage.text for passage in found if passage.entity) == sorted(marked)


def test_paragraphs_keep_every_letter_and_every_quotation() -> None:
    for article in ARTICLES:
        paragraphs = paragraphs_of(article, "body_text")
        texts = ["".join(p.text for part in parts for p in part.passages) for parts in paragraphs]
        assert "\n\n".join(texts) == article.body_text
        said = {part.quote.text for parts in paragraphs for part in parts if part.quote}
        assert said == {quote.text for quote in article.quotes}


def test_a_beginning_ends_with_a_word_or_before_what_is_set_off() -> None:
    for article in ARTICLES:
        text = "".join(passage.text for passage in lede_of(article, 160))
        assert len(text) <= 161
        assert article.body_text.startswith(text.removesuffix("…"))
        quote = leading_quote(article)
        if quote and 54 < quote.start < 160:
            assert quote.text not in text


@given(_words, _words)
def test_a_difference_holds_both_versions_whole(old: str, new: str) -> None:
    found = diff_words(old, new)
    assert "".join(s.text for s in found if s.kind != "added") == old
    assert "".join(s.text for s in found if s.kind != "removed") == new


def test_what_was_changed_is_a_word_and_not_the_text() -> None:
    found = diff_words("وصلت القافلة إلى المدينة", "بلغت القافلة إلى المدينة")
    assert [(s.kind, s.text) for s in found] == [
        ("removed", "وصلت"),
        ("added", "بلغت"),
        ("same", " القافلة إلى المدينة"),
    ]


@pytest.mark.parametrize("piece", ["كلمة ", "ا ب ", "ا\n\n", "ا ب ج د ه و ز ح ط "])
def test_no_text_makes_the_comparison_stand_still(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    began = time.process_time()
    diff_words(text, text.replace("ا", "آ") + "!")
    assert time.process_time() - began < 5
