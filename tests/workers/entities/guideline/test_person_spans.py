"""Spans of persons that a recogniser joined or cut are put right."""

from __future__ import annotations

import pytest

from nabaa.types import EntityType
from workers.entities.guideline.listed_names import ListedNames
from workers.entities.guideline.person_spans import PersonSpans
from workers.entities.link.spelling import exact_key
from workers.entities.mentions.name_words import NameWords
from workers.model import Span

NAMES = NameWords({"سمير": 60, "هدى": 60, "مراد": 40, "تالين": 20, "وسام": 30})
LISTED = ListedNames({exact_key("نوفاتك"): "ORG", exact_key("البستان"): "LOC"})


def persons(sentence: str, *marked: str) -> list[tuple[EntityType, str]]:
    """Return the names of a sentence where a recogniser marks some phrases as persons."""
    words = sentence.split()
    spans = []
    for phrase in marked:
        length = len(phrase.split())
        start = next(i for i in range(len(words)) if words[i : i + length] == phrase.split())
        spans.append(Span(start, start + length, "PERS"))
    finder = PersonSpans(LISTED, NAMES, lambda word: False)
    found = finder.corrected([words], [spans])[0]
    return [(span.type, " ".join(words[span.start : span.end])) for span in found]


def test_a_given_name_after_and_begins_another_person() -> None:
    marked = "سمير بلوط ومراد قاليش"
    assert persons(f"حضر {marked} أمس", marked) == [
        ("PERS", "سمير بلوط"),
        ("PERS", "ومراد قاليش"),
    ]


def test_a_given_name_that_begins_with_waw_begins_no_other_person() -> None:
    assert persons("حضر سمير وسام أمس", "سمير وسام") == [("PERS", "سمير وسام")]


def test_a_given_name_marked_apart_is_the_first_of_the_name_right_after_it() -> None:
    assert persons("وحضر سمير مراد بلوط", "سمير", "مراد بلوط") == [("PERS", "سمير مراد بلوط")]


def test_ali_marked_apart_is_joined_where_the_preposition_is_spelt_otherwise() -> None:
    marked = ("علي", "مراد بلوط")
    assert persons("بينهم علي مراد بلوط", *marked)[-1] == ("PERS", "مراد بلوط")
    spelt = persons("على الطريق وقف علي مراد بلوط", *marked)
    assert spelt == [("PERS", "علي مراد بلوط")]


@pytest.mark.parametrize("company", ["نوفاتك", "لنوفاتك"])
def test_a_listed_company_before_a_person_is_parted_from_him(company: str) -> None:
    marked = f"{company} سمير بلوط"
    assert persons(f"قال المدير {marked} أمس", marked) == [
        ("ORG", company),
        ("PERS", "سمير بلوط"),
    ]


def test_a_listed_place_after_a_persons_two_names_is_parted_from_him() -> None:
    marked = "سمير بلوط البستان"
    assert persons(f"زار {marked} أمس", marked) == [("PERS", "سمير بلوط"), ("LOC", "البستان")]


def test_a_family_name_like_a_place_stays_with_a_given_name_of_two_words() -> None:
    marked = "عبد الله البستان"
    assert persons(f"زار {marked} أمس", marked) == [("PERS", marked)]


def test_how_it_was_said_is_no_family_name() -> None:
    marked = "سمير بلوط مازحا"
    assert persons(f"قال {marked} : لن نرحل", marked) == [("PERS", "سمير بلوط")]


def test_a_family_name_like_an_adverb_stays_where_nothing_is_said() -> None:
    marked = "سمير بلوط كاسبا"
    assert persons(f"زار {marked} أمس", marked) == [("PERS", marked)]
    assert persons("قال سمير كاسبا : لن نرحل", "سمير كاسبا") == [("PERS", "سمير كاسبا")]
