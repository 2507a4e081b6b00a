"""Reprints: what counts as the text of another article."""

from __future__ import annotations

import pytest

from workers.stories.reprints import are_versions, article_key, resemblance, sketch_text

WORDS = [f"كلمة{number}" for number in range(2_000)]


def text(first: int, last: int) -> str:
    return " ".join(WORDS[first:last])


@pytest.mark.parametrize("length", [20, 200, 600, 2_000])
def test_the_same_text_under_another_title_is_a_reprint(length: int) -> None:
    one = sketch_text("عنوان أول من عندنا", text(0, length))
    other = sketch_text("والعنوان الآخر من عندهم", text(0, length))
    assert resemblance(one, other)


def test_a_cut_that_keeps_the_beginning_is_a_reprint() -> None:
    assert resemblance(sketch_text("", text(0, 300)), sketch_text("", text(0, 140)))


def test_a_few_sentences_of_a_long_text_are_no_reprint() -> None:
    assert not resemblance(sketch_text("", text(0, 300)), sketch_text("", text(0, 60)))


def test_a_text_with_a_third_in_common_is_another_report() -> None:
    assert not resemblance(sketch_text("", text(0, 150)), sketch_text("", text(100, 250)))


def test_texts_too_short_to_be_told_apart_are_reprints_only_when_equal() -> None:
    assert resemblance(
        sketch_text("عاجل زلزال في تشيلي", ""), sketch_text("عاجل زلزال في تشيلي", "")
    )
    assert not resemblance(
        sketch_text("عاجل زلزال في تشيلي", ""), sketch_text("عاجل زلزال في بيرو", "")
    )
    assert not resemblance(sketch_text("", ""), sketch_text("", ""))


def test_a_number_names_an_article_with_and_without_its_slug() -> None:
    assert article_key("https://n.example/news/123456") == article_key(
        "http://www.n.example/news/123456/زلزال-في-تشيلي"
    )
    assert article_key("") == ""


def test_a_number_alone_makes_no_versions_of_texts_with_nothing_in_common() -> None:
    assert are_versions(sketch_text("", text(0, 100)), sketch_text("", text(50, 150)))
    assert not are_versions(sketch_text("", text(0, 100)), sketch_text("", text(100, 200)))
