"""Languages as Arabic outlets' feeds mix them, down to headlines of one word."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given, settings, strategies as st

from workers.text.language import LanguageIdentifier


@pytest.fixture(scope="module")
def identifier() -> LanguageIdentifier:
    return LanguageIdentifier()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("افتتاح المعرض الدولي للكتاب في العاصمة", "ar"),
        ("قتلى", "ar"),
        ("عاجل | زلزال", "ar"),
        ("ليه الأسعار غالية كده؟ محدش عارف", "ar"),
        ("علاش الناس ما بغاوش يمشيو", "ar"),
        ("iPhone 15 يصل إلى الأسواق", "ar"),
        ("وزیر الخارجیة یصل الی القاهرة في زیارة رسمیة", "ar"),
        ("وزیر الخارجیة یلتقی نظیره", "ar"),
        ("پاريس سان جيرمان يفوز", "ar"),
        ("غوگل تطلق خدمة جديدة", "ar"),
        ("PSG يهزم Real Madrid", "ar"),
        ("تحديث iOS 17.2 من Apple", "ar"),
        ("مُحَمَّدٌ يَزُورُ القَاهِرَةَ", "ar"),
        ("وزیر امور خارجه ایران وارد قاهره شد", "fa"),
        ("اين خبر را در تهران منتشر كردند", "fa"),
        ("قیمت دلار امروز", "fa"),
        ("بازگشت مسافران", "fa"),
        ("گفتگو با وزیر", "fa"),
        ("وزیر خارجہ آج قاہرہ پہنچ گئے", "ur"),
        ("کرکٹ میچ", "ur"),
        ("موسم کا حال", "ur"),
        ("سەرۆکی هەرێم پێشوازی لە شاندەکە کرد", "ckb"),
        ("نرخی نەوت", "ckb"),
        (
            "ده\u200cوڵه\u200cت بڕیاری له\u200cسه\u200cر مووچه\u200cی فه\u200cرمانبه\u200cران دا",
            "ckb",
        ),
        ("د بهرنیو چارو وزیر نن کابل ته ورسېد", "ps"),
        ("بۈگۈن ھاۋا ئوچۇق بولىدۇ", "ug"),
        ("The minister arrived in Cairo on Sunday", "en"),
        ("Le ministre est arrivé au Caire dimanche", "fr"),
        ("Bakan pazar günü Kahire'ye geldi", "tr"),
    ],
)
def test_the_language_of_a_headline(
    identifier: LanguageIdentifier, text: str, language: str
) -> None:
    assert identifier.identify(text, "ar") == language


def test_a_text_without_letters_is_in_the_language_of_its_feed(
    identifier: LanguageIdentifier,
) -> None:
    assert identifier.identify("5 - 3 😀", "ar") == "ar"


def test_a_text_without_letters_and_feed_is_undetermined(identifier: LanguageIdentifier) -> None:
    assert identifier.identify("5 - 3", "") == "und"


@pytest.mark.parametrize("text", ["داعش", "انفجار", "هولندا"])
def test_a_word_in_arabic_letters_is_arabic_where_nothing_is_known_of_its_feed(
    identifier: LanguageIdentifier, text: str
) -> None:
    assert identifier.identify(text, "") == "ar"


def test_an_english_text_under_an_arabic_headline_is_english(
    identifier: LanguageIdentifier,
) -> None:
    text = "The council will meet again next week to vote on the budget of the city and its port."
    assert identifier.identify(f"مجلس المدينة يصوت على الميزانية\n{text * 3}", "ar") == "en"


def test_a_name_in_latin_letters_is_undetermined(identifier: LanguageIdentifier) -> None:
    assert identifier.identify("MJ", "ar") == "und"


def test_the_feed_decides_about_a_short_headline(identifier: LanguageIdentifier) -> None:
    assert identifier.identify("Oil prices", "en") == "en"


def test_a_long_text_is_not_swayed_by_its_feed(identifier: LanguageIdentifier) -> None:
    text = "The council will meet again next week to vote on the budget of the city."
    assert identifier.identify(text, "ar") == "en"


def test_an_arabic_text_with_a_foreign_quotation_is_arabic(identifier: LanguageIdentifier) -> None:
    text = 'كتب الوزير على حسابه "We will rebuild" بعد أن زار المدينة القديمة صباح اليوم'
    assert identifier.identify(text, "ar") == "ar"


def test_long_texts_leave_no_line_in_the_log(
    identifier: LanguageIdentifier, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        identifier.identify("افتتاح المعرض الدولي للكتاب " * 100, "ar")
    assert not caplog.records


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=80))
def test_any_text_has_a_tag(identifier: LanguageIdentifier, text: str) -> None:
    tag = identifier.identify(text, "ar")
    assert tag.isascii()
    assert tag.isalpha()
