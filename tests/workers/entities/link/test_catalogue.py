from __future__ import annotations

from pathlib import Path

import pytest

from nabaa.errors import ConfigError
from training.names.compile import pack
from training.names.sources import ListedEntity
from workers.entities.link.catalogue import Catalogue, load_catalogue


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load_catalogue()


def small() -> bytes:
    return pack(
        [
            ListedEntity("Q1", "LOC", ("غرداية", "غارداية"), "Ghardaia", "DZ", 0.3),
            ListedEntity("Q2", "LOC", ("غرداية",), "", "XX", 2.0),
            ListedEntity("Q3", "PERS", ("غريغوري غوردون",), "Gregory Gordon", "", 1.0),
        ],
        {"غردي": "Q1"},
    )


def test_a_name_gives_its_candidates_the_most_prominent_first() -> None:
    candidates = Catalogue(small(), "test").lookup("غرداية")
    assert [candidate.id for candidate in candidates] == ["Q2", "Q1"]


def test_a_candidate_carries_what_the_list_says() -> None:
    (candidate,) = Catalogue(small(), "test").lookup("غارداية")
    assert (candidate.type, candidate.name, candidate.name_en, candidate.country) == (
        "LOC",
        "غرداية",
        "Ghardaia",
        "DZ",
    )


def test_a_name_without_english_has_none() -> None:
    assert Catalogue(small(), "test").lookup("غرداية")[0].name_en is None


def test_a_similar_spelling_is_found_and_marked() -> None:
    (candidate,) = Catalogue(small(), "test").lookup("جريجوري جوردون")
    assert (candidate.id, candidate.exact) == ("Q3", False)


@pytest.mark.parametrize("name", ["", " ", "؟!", "ـــ", "شخص لا يعرفه أحد", "x" * 10_000, "😀"])
def test_a_name_that_is_not_listed_has_no_candidates(name: str) -> None:
    assert not Catalogue(small(), "test").lookup(name)


def test_only_places_and_organisations_are_known_names() -> None:
    catalogue = Catalogue(small(), "test")
    assert catalogue.knows("غرداية")
    assert not catalogue.knows("غريغوري غوردون")
    assert not catalogue.knows("")


def test_a_damaged_file_is_refused() -> None:
    content = bytearray(small())
    content[-1] ^= 1
    with pytest.raises(ConfigError, match="damaged"):
        Catalogue(bytes(content), "test")


@pytest.mark.parametrize("length", [0, 7, 30, 60])
def test_a_cut_file_is_refused(length: int) -> None:
    with pytest.raises(ConfigError):
        Catalogue(small()[:length], "test")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="absent"):
        load_catalogue(tmp_path / "absent.bin")


def test_the_shipped_file_is_small(shipped: Catalogue) -> None:
    assert len(shipped) > 10_000


@pytest.mark.parametrize(
    ("names", "id_"),
    [
        ("سوريا سورية", "Q858"),
        ("أمريكا أميركا امريكا", "Q30"),
        ("واشنطن", "Q61"),
        ("بريطانيا", "Q145"),
        ("السعودية", "Q851"),
        ("غوتيريش جوتيريش غوتيريس", "Q311440"),
        ("نتنياهو نتانياهو", "Q43723"),
        ("الناتو", "Q7184"),
        ("داعش", "Q2429253"),
        ("الفيفا فيفا", "Q253414"),
        ("أوبك", "Q7795"),
    ],
)
def test_the_spellings_of_the_news_lead_to_one_entity(
    names: str, id_: str, shipped: Catalogue
) -> None:
    assert {shipped.lookup(name)[0].id for name in names.split()} == {id_}


def test_a_translated_place_name_is_not_listed(shipped: Catalogue) -> None:
    assert not any(each.name_en == "Cork" for each in shipped.lookup("الفلين"))
