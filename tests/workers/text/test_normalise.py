"""Each step of normalisation as the table of docs/normalisation.md tells it, and what always holds.

Characters that cannot be seen are written as escapes.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from workers.text.normalise import normalise, normalise_line

# Letters, marks and invisible characters that the steps deal with, more often than chance has them.
TROUBLE = (
    "ابتهيىکیہھەۃگپ ـ\u0640"
    "\u200b\u200c\u200d\u200e\u200f\u202b\u202e\u2066\u2069\ufeff\u00ad\u064b\u0651"
    "\u0653\u0654\u0655\u0670\u20d3\ufefb\ufeeb\ufdf2\ufdfa\ufe7d\ufe0f\u00a0\u2009\u2028\r\n\t\x00\x1b[31m]0;\x07"
    "❤👍🏽👨…½™\ud800\ufdd0"
)
texts = st.text(st.one_of(st.sampled_from(TROUBLE), st.characters()), max_size=60)
languages = st.sampled_from(["ar", "fa", "ur", "ckb", "en", "und"])


def test_letters_and_marks_are_composed() -> None:
    assert normalise("ا\u0653سيا e\u0301") == "آسيا é"


def test_marks_beyond_the_thirtieth_of_a_letter_are_cut() -> None:
    assert (
        normalise("م" + "\u0316\u0300" * 500_000 + "ن") == "م" + "\u0316" * 15 + "\u0300" * 15 + "ن"
    )


def test_terminal_escapes_are_removed_whole() -> None:
    assert normalise("\x1b[31mعاجل\x1b[0m \x1b]0;title\x07خبر") == "عاجل خبر"


@pytest.mark.parametrize(
    "hidden",
    [
        "\u200b",
        "\u200e",
        "\u200f",
        "\u202b",
        "\u2067",
        "\ufeff",
        "\u00ad",
        "\u3164",
        "\x00",
        "\x9f",
    ],
)
def test_what_cannot_be_seen_is_removed(hidden: str) -> None:
    assert normalise(f"{hidden}مص{hidden}ر{hidden}") == "مصر"


def test_lone_surrogates_and_noncharacters_are_removed() -> None:
    assert normalise("\ud800مصر\ufdd0\U0001ffff") == "مصر"


def test_an_emoji_keeps_its_selector_and_a_word_does_not() -> None:
    assert normalise("❤\ufe0f مصر\ufe0f") == "❤\ufe0f مصر"


@pytest.mark.parametrize(
    ("text", "language", "clean"),
    [("می\u200cشود", "fa", "می شود"), ("خانہ\u200cجنگی", "ur", "خانہ جنگی")],
)
def test_the_half_space_of_other_languages_becomes_a_space(
    text: str, language: str, clean: str
) -> None:
    assert normalise(text, language) == clean


def test_the_vowel_of_sorani_that_a_half_space_shows_becomes_a_letter() -> None:
    assert normalise("ده\u200cوڵه\u200cت", "ckb") == "دەوڵەت"


def test_the_half_space_in_arabic_is_removed() -> None:
    assert normalise("ال\u200cقاهرة") == "القاهرة"


def test_presentation_forms_become_letters() -> None:
    assert normalise("\ufee3\ufebc\ufeae \ufefb \ufdf2") == "مصر لا الله"


def test_ligatures_of_latin_print_become_letters() -> None:
    assert normalise("\ufb01nance o\ufb03ce") == "finance office"


def test_honorific_signs_stay() -> None:
    assert normalise("النبي \ufdfa و\ufdfd") == "النبي \ufdfa و\ufdfd"


def test_signs_that_carry_meaning_are_not_folded() -> None:
    assert normalise("½ كوب… ²م ™ ﴾آية﴿") == "½ كوب… ²م ™ ﴾آية﴿"


def test_tatweel_inside_a_word_is_removed() -> None:
    assert normalise("مـــصر العـربية\u0640") == "مصر العربية"


def test_tatweel_after_a_particle_is_removed() -> None:
    assert normalise("الـ20 لـCNN بـ«نبأ»") == "ال20 لCNN ب«نبأ»"


def test_tatweel_as_a_dash_stays() -> None:
    assert normalise("عاجل ــ مصر") == "عاجل ـ مصر"


def test_the_sign_of_the_hijri_era_stays() -> None:
    assert normalise("عام 1445هـ و1446 ه\u200d") == "عام 1445هـ و1446 هـ"


def test_look_alikes_in_arabic_words_become_arabic() -> None:
    assert normalise("وزیر الخارجیة يزور مکة") == "وزير الخارجية يزور مكة"


def test_a_look_alike_at_the_end_becomes_alef_maqsura_where_the_word_has_one() -> None:
    assert normalise("علی مستوی القاضی") == "على مستوى القاضي"


def test_a_look_alike_with_a_mark_is_composed_like_the_arabic_letter() -> None:
    assert normalise("رئ\u06cc\u0654س ي\u06cc\u20d3\u0654") == "رئئس ي\u0626\u20d3"


def test_words_with_letters_that_arabic_lacks_are_left_alone() -> None:
    assert normalise("صحيفة چاپ ایران گفت") == "صحيفة چاپ ايران گفت"


@pytest.mark.parametrize("language", ["fa", "ur", "ckb"])
def test_other_languages_keep_their_letters(language: str) -> None:
    assert normalise("وزیر کشور", language) == "وزیر کشور"


def test_digits_and_their_signs_stay_as_written() -> None:
    assert normalise("٪٣٫٥ و3.5% و۱۲") == "٪٣٫٥ و3.5% و۱۲"


def test_diacritics_and_hamza_stay_as_written() -> None:
    assert normalise("مُحَمَّدٌ إلى أُوروبّا") == "مُحَمَّدٌ إلى أُوروبّا"


def test_every_space_is_a_plain_one() -> None:
    assert normalise("مصر\u00a0الجديدة \u2009\tاليوم\u3000") == "مصر الجديدة اليوم"


def test_paragraphs_are_parted_by_one_empty_line() -> None:
    assert normalise("\n أول \r\nسطر\n\n \n\nثان\u2029") == "أول\nسطر\n\nثان"


def test_a_title_is_one_line() -> None:
    assert normalise_line("عاجل:\nخبر\u2028مهم") == "عاجل: خبر مهم"


@settings(max_examples=400, deadline=None)
@given(texts, languages)
def test_normalising_again_changes_nothing(text: str, language: str) -> None:
    once = normalise(text, language)
    assert normalise(once, language) == once


@settings(max_examples=400, deadline=None)
@given(texts, languages)
def test_what_comes_out_is_composed(text: str, language: str) -> None:
    assert unicodedata.is_normalized("NFC", normalise(text, language))


@settings(max_examples=400, deadline=None)
@given(texts, languages)
def test_no_control_comes_out(text: str, language: str) -> None:
    visible_format_signs = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
    bad = {
        character
        for character in normalise(text, language)
        if unicodedata.category(character) in {"Cc", "Cf", "Cs"}
        and character != "\n"
        and character not in visible_format_signs
        and not 0x110BD <= ord(character) <= 0x1343F  # signs of Kaithi and of hieroglyphs
    }
    assert not bad


@settings(max_examples=400, deadline=None)
@given(texts, languages)
def test_a_line_has_no_line_end(text: str, language: str) -> None:
    assert len(normalise_line(text, language).splitlines()) <= 1


@settings(max_examples=200, deadline=None)
@given(texts, languages)
def test_a_text_never_grows_beyond_what_its_signs_stand_for(text: str, language: str) -> None:
    # U+FB2C is the widest of all: three characters in NFC; a ligature of forms has up to four.
    assert len(normalise(text, language)) <= 4 * len(text)


@pytest.mark.parametrize(
    "unit",
    [
        "\u064e\u0655",
        "\u0316\u200b\u0300\u200b",
        "\ufe76\u0655",
        "\u064e\u0640\u0655\u0640",
        "\x1b[",
    ],
)
def test_a_hostile_run_is_read_to_its_end(unit: str) -> None:
    assert normalise("م" + unit * 100_000 + "صر").endswith("صر")


def test_every_step_of_the_page_names_a_test_that_exists() -> None:
    tests = Path(__file__).parents[2]
    page = (tests.parent / "docs" / "normalisation.md").read_text("utf-8")
    tables = re.findall(r"^\|[^\n]*\| test \|\n\|[ -:|]+\|\n((?:\|.*\n)+)", page, re.MULTILINE)
    rows = "".join(tables).splitlines()
    defined = {
        name
        for file in tests.rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    }
    assert rows
    for row in rows:
        named = re.findall(r"`(test_\w+)` \|$", row)
        assert len(named) == 1, row
        assert named[0] in defined, row
