"""Input of any length and script goes through tokens and names without an error."""

from __future__ import annotations

from functools import cache

import pytest

from workers.entities.recognise.crf import CrfRecogniser, load_crf
from workers.entities.recognise.iob import tag_lines
from workers.text.normalise import normalise
from workers.text.tokenise import sentences

LONG = 1_000_000


@cache
def shipped() -> CrfRecogniser:
    return load_crf()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t\u200f\ufeff",
        "ا" * LONG,
        "القاهرة" * (LONG // 7),
        "." * LONG,
        "؟!،؛«»…-–—()[]{}\"'" * 1000,
        "😀👩‍👩‍👧‍👦🇪🇬☪️" * 1000,
        "القاهرةCairo مصرEgypt BBCعربي iPhone12 هاتف" * 1000,
        "لل لل للل وللل وبالل ال وال ف ب",
        "\ud800 \udfff \x00 \x1b[31m",
        "ـــــ َُِّ ً",
        "١٢٣٤٥٦٧٨٩٠ 1e9 3.14 ٪ €" * 1000,
        "한국어 עברית ไทย हिन्दी русский",
    ],
    ids=lambda text: f"{text[:8]!r}*{len(text)}",
)
def test_no_text_raises(text: str) -> None:
    for shown in (text, normalise(text, "ar")):
        tokens = [[token.text for token in sentence] for sentence in sentences(shown)]
        found = shipped().recognise(tokens)
        assert len(found) == len(tokens)
        assert all(
            span.end <= len(words) for words, row in zip(tokens, found, strict=True) for span in row
        )


def test_no_sentences_give_none() -> None:
    assert shipped().recognise([]) == []
    assert shipped().recognise([[], [], []]) == [[], [], []]


def test_a_file_of_one_endless_token_is_tagged() -> None:
    assert [len(line) for line in tag_lines(["ب" * LONG], shipped())] == [LONG + 2]
