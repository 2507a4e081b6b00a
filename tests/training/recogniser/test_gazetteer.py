"""Lists of every format are read, doubtful names left out, and names folded to classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.models.tiny_data import write_lists
from training.recogniser.gazetteer import compile_names, names


@pytest.fixture
def listed(tmp_path: Path) -> set[tuple[str, str]]:
    write_lists(tmp_path)
    return set(names(tmp_path))


def test_every_format_is_read(listed: set[tuple[str, str]]) -> None:
    assert listed >= {
        ("garabcity", "طرابلس"),
        ("garabcity", "الدوحة"),
        ("gcountry", "قطر"),
        ("gcountry", "دولة قطر"),
        ("gname", "سليم"),
        ("gwoman", "ليلى"),
        ("gproper", "عدن"),
        ("gperson", "سليم حداد"),
        ("gclub", "نادي الاتحاد"),
        ("gnation", "قطري"),
        ("gprovince", "حلب"),
    }


def test_small_places_abroad_and_places_without_an_id_are_left_out(
    listed: set[tuple[str, str]],
) -> None:
    places = {name for _, name in listed}
    assert "بلدة كبيرة" in places
    assert not places & {"بلدة صغيرة", "بلا رقم"}


def test_a_name_of_one_word_gives_the_folded_word_its_class() -> None:
    words, phrases = compile_names([("garabcity", "الدَّوحة"), ("gname", "أحمد")])
    assert words == {"الدوحه": {"garabcity"}, "احمد": {"gname"}}
    assert phrases == {}


def test_a_name_of_several_words_gives_a_phrase_and_weaker_classes() -> None:
    words, phrases = compile_names([("gcity", "نيو-يورك")])
    assert phrases == {"نيو يورك": {"gcity"}}
    assert words == {"نيو": {"gcity.b"}, "يورك": {"gcity.i"}}


def test_a_name_of_too_many_words_is_left_out() -> None:
    assert compile_names([("gclub", "ا ب ت ث ج ح خ")]) == ({}, {})
