"""Texts that were encoded twice are mended, and what publishers' software adds goes."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from ingest.parse.repair.boilerplate import without_syndication_notice
from ingest.parse.repair.double_encoding import undo_double_encoding
from tests.support.parsed_feeds import CLOSE, OPEN, parse

SENTENCE = "قال الوزير في مؤتمر صحفي إن «الاتفاق» قريب – اليوم، ٣ مارس"


def encoded_twice(text: str, codec: str) -> str:
    def letter(byte: int) -> str:
        try:
            return bytes((byte,)).decode(codec)
        except UnicodeDecodeError:
            return chr(byte)

    return "".join(map(letter, text.encode()))


@pytest.mark.parametrize("codec", ["windows-1252", "latin-1", "windows-1256"])
def test_a_text_that_was_encoded_twice_is_undone(codec: str) -> None:
    assert undo_double_encoding(encoded_twice(SENTENCE, codec)) == SENTENCE


@pytest.mark.parametrize("codec", ["windows-1252", "windows-1256"])
def test_only_the_part_that_was_encoded_twice_is_undone(codec: str) -> None:
    text = f"<p>{encoded_twice(SENTENCE, codec)}</p><p>{SENTENCE}</p>"
    assert undo_double_encoding(text) == f"<p>{SENTENCE}</p><p>{SENTENCE}</p>"


@given(st.text(alphabet=st.sampled_from("اطظعغبتلمنيه ءةى،.ØÙ§„±a1<>&")))
def test_a_text_is_never_made_of_fewer_arabic_letters(text: str) -> None:
    undone = undo_double_encoding(text)
    assert undone == text or len(undone) < len(text)


@pytest.mark.parametrize("text", [SENTENCE, "طظ طظ ظطظ", "Øre og Ærø", "Ù", "غطاء عطر ظل طل"])
def test_a_sound_text_is_left_alone(text: str) -> None:
    assert undo_double_encoding(text) == text


def test_what_was_mended_is_told() -> None:
    title = encoded_twice(SENTENCE, "windows-1256")
    parsed = parse(f"{OPEN}<item><guid>1</guid><title>{title}</title></item>{CLOSE}")
    assert parsed.entries[0].title == SENTENCE
    assert parsed.notices == ("texts that were encoded as UTF-8 twice were mended: 1",)


@pytest.mark.parametrize(
    "notice",
    [
        '<p>The post <a href="https://x">عنوان</a> appeared first on <a href="y">موقع</a>.</p>',
        "The post عنوان appeared first on موقع.",
        '<p>ظهرت المقالة <a href="x">عنوان</a> أولاً على <a>موقع</a>.</p>',
        'التدوينة <a rel="nofollow" href="a">عنوان</a> ظهرت أولاً على <a href="b">موقع</a>.',
        '<p>L&#8217;article <a href="x">t</a> est apparu en premier sur <a>s</a>.</p>',
    ],
)
def test_where_a_text_appeared_first_is_no_part_of_it(notice: str) -> None:
    assert without_syndication_notice(f"<p>نص الخبر.</p>\n{notice}\n") == "<p>نص الخبر.</p>"


def test_a_sentence_of_the_news_about_where_it_appeared_stays() -> None:
    text = "<p>قال إن المقالة ظهرت أولا على الموقع.</p><p>وأضاف أن الوزارة تحقق في الأمر.</p>"
    assert without_syndication_notice(text) == text
