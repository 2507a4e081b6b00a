"""Tokens cut their text exactly, and marks that belong to a number or a name stay in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from workers.text.tokenise import MAX_SENTENCE_TOKENS, sentences, tokenise

ARABIC_MIX = st.text(
    alphabet=st.sampled_from("ابوقالةى ًّـ.،؛؟!\"«»()0١٫٬,:/@#-_'’a\n\u200d\u200f👩️…\ud800")
)
TEXTS = st.one_of(st.text(), ARABIC_MIX)


def words(text: str) -> list[str]:
    return [token.text for token in tokenise(text)]


@given(TEXTS)
@settings(deadline=None, max_examples=300)
def test_tokens_are_slices_with_only_white_space_between(text: str) -> None:
    end = 0
    for token in tokenise(text):
        assert token.text == text[token.start : token.end] != ""
        assert text[end : token.start].strip() == ""
        assert token.start >= end
        end = token.end
    assert text[end:].strip() == ""


@given(TEXTS)
@settings(deadline=None, max_examples=300)
def test_sentences_hold_every_token_once_in_order(text: str) -> None:
    cut = sentences(text)
    assert [token for sentence in cut for token in sentence] == tokenise(text)
    assert all(1 <= len(sentence) <= MAX_SENTENCE_TOKENS for sentence in cut)


@pytest.mark.parametrize(
    "whole",
    [
        "3.5",
        "1,000",
        "٣٫٥",
        "١٬٠٠٠",
        "12:30",
        "9/11",
        "2026-03-01",
        "5ر2",
        "بي.بي.سي",
        "العربية.نت",
        "example.org",
        "ال20",
        "أ.ف.ب",
        "U.S",
        "https://example.org/a?b=c#d",
        "www.example.org/خبر",
        "news-desk@example.org",
        "#كأس_العالم",
        "@nabaa",
        "جـــدا",
        "مُحَمَّدٌ",
        "وبالقاهرة",
        "l’Aube",
        "👩‍🚀",
    ],
)
def test_one_token_stays_whole(whole: str) -> None:
    assert words(f"({whole} ") == ["(", whole]


def test_marks_leave_the_words() -> None:
    assert words('«نعم»، قال؛ أحقا؟ "لا" 5%') == [
        *("«", "نعم", "»", "،", "قال", "؛", "أحقا", "؟", '"', "لا", '"', "5", "%"),
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("لCNN", ["ل", "CNN"]),
        ("3.5مليار", ["3.5", "مليار"]),
        ("1446هـ", ["1446", "هـ"]),
        ("انتهى.وقال", ["انتهى", ".", "وقال"]),
        ("3-1", ["3", "-", "1"]),
    ],
)
def test_what_was_written_without_a_space_is_parted(text: str, parts: list[str]) -> None:
    assert words(text) == parts


def test_a_web_address_leaves_the_mark_that_ends_the_sentence() -> None:
    assert words("انظر https://example.org/a. ثم")[1:3] == ["https://example.org/a", "."]


def cut(text: str) -> list[str]:
    return [" ".join(token.text for token in sentence) for sentence in sentences(text)]


def test_sentences_end_at_full_stops_question_marks_and_line_breaks() -> None:
    assert cut("وصل الوفد. هل غادر؟ نعم!\nخبر آخر… تم") == [
        *("وصل الوفد .", "هل غادر ؟", "نعم !", "خبر آخر …", "تم"),
    ]


def test_a_closing_quote_belongs_to_the_sentence_it_closes() -> None:
    assert cut("قال: «وصلنا.» ثم خرج") == ["قال : « وصلنا . »", "ثم خرج"]


def test_numbers_and_initials_end_no_sentence() -> None:
    assert cut("ارتفع 3.5 نقطة وفق أ.ف.ب أمس") == ["ارتفع 3.5 نقطة وفق أ.ف.ب أمس"]
    assert cut("زار د. سامي المعرض.") == ["زار د . سامي المعرض ."]
    assert cut("نقلت بي.بي.سي عن facebook.com أمس") == ["نقلت بي.بي.سي عن facebook.com أمس"]


def test_a_sentence_without_end_is_cut() -> None:
    assert [len(sentence) for sentence in sentences("كلمة " * 450)] == [200, 200, 50]


@pytest.mark.parametrize(
    "unit",
    [
        "ا",
        "ا.",
        ".",
        "!؟",
        "1,",
        "a@",
        "a@a.",
        "http://",
        "www.",
        "👩\u200d",
        "a'",
        "1.1a",
        "اa",
        "a-.",
        "1-",
        "بي.",
    ],
)
def test_a_long_run_without_a_space_is_read_to_its_end(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert sum(len(token.text) for token in tokenise(text)) == len(text)
