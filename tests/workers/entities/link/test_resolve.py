from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nabaa.types import EntityType
from training.names.compile import pack
from training.names.sources import ListedEntity
from workers.entities.link.catalogue import Catalogue, load_catalogue
from workers.entities.link.evidence import NO_EVIDENCE, Evidence
from workers.entities.link.resolve import SURE, local_id, resolve


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load_catalogue()


NAMES = Catalogue(
    pack(
        [
            ListedEntity("Q10", "LOC", ("غورا",), "Gora", "LY", 2.0),
            ListedEntity("Q11", "LOC", ("غورا",), "Gora", "LB", 1.5),
            ListedEntity("Q12", "ORG", ("نادي غورا", "غورا"), "Gora FC", "LB", 1.0),
            ListedEntity("Q13", "PERS", ("سمير لوكاس", "لوكاس"), "Samir Lucas", "LB", 30.0),
            ListedEntity("Q14", "LOC", ("مونا",), "Mona", "XK", 100.0),
            ListedEntity("Q15", "LOC", ("مونا",), "Mona", "LB", 1.0),
        ],
        {},
    ),
    "test",
)


def of(country: str) -> Evidence:
    return Evidence({country: 8.0}, frozenset())


def test_a_place_named_alike_in_two_countries_is_left_open() -> None:
    resolved = resolve("LOC", ["غورا"], NO_EVIDENCE, NAMES)
    assert resolved.id.startswith("local:")
    assert resolved.confidence == 0.0


@pytest.mark.parametrize(("country", "id_"), [("LY", "Q10"), ("LB", "Q11")])
def test_the_country_of_the_article_decides_between_namesakes(country: str, id_: str) -> None:
    assert resolve("LOC", ["غورا"], of(country), NAMES).id == id_


def test_the_class_decides_between_a_town_and_its_club() -> None:
    assert resolve("ORG", ["غورا"], NO_EVIDENCE, NAMES).id == "Q12"


def test_a_fuller_name_decides_for_the_group() -> None:
    assert resolve("ORG", ["غورا", "نادي غورا"], of("LY"), NAMES).id == "Q12"


def test_a_state_beats_a_town_of_the_same_name_in_the_country_of_the_article() -> None:
    assert resolve("LOC", ["مونا"], of("LB"), NAMES).id == "Q14"


def test_a_family_name_does_not_decide_for_another_full_name() -> None:
    assert resolve("PERS", ["إيما لوكاس", "لوكاس"], NO_EVIDENCE, NAMES).id.startswith("local:")


def test_a_longer_form_of_a_listed_full_name_is_that_person() -> None:
    resolved = resolve("PERS", ["سمير أحمد لوكاس", "سمير لوكاس"], NO_EVIDENCE, NAMES)
    assert resolved.id == "Q13"


def test_the_class_of_the_list_replaces_the_recognisers(shipped: Catalogue) -> None:
    resolved = resolve("PERS", ["فيسبوك"], NO_EVIDENCE, shipped)
    assert (resolved.id, resolved.type) == ("Q355", "ORG")


@pytest.mark.parametrize(
    ("kind", "name", "id_"),
    [
        ("LOC", "سورية", "Q858"),
        ("LOC", "الولايات المتحدة الأميركية", "Q30"),
        ("LOC", "برشلونة", "Q1492"),
        ("ORG", "برشلونة", "Q7156"),
        ("PERS", "أنطونيو جوتيريش", "Q311440"),
        ("PERS", "ترمب", "Q22686"),
        ("ORG", "منظمة الأمم المتحدة", "Q1065"),
        ("LOC", "جورجيا", "Q230"),
        ("LOC", "عُمان", "Q842"),
        ("LOC", "عمّان", "Q3805"),
    ],
)
def test_names_of_the_news_get_their_wikidata_id(
    kind: EntityType, name: str, id_: str, shipped: Catalogue
) -> None:
    assert resolve(kind, [name], NO_EVIDENCE, shipped).id == id_


def test_oman_or_amman_without_vowel_signs_is_left_open(shipped: Catalogue) -> None:
    assert resolve("LOC", ["عمان"], NO_EVIDENCE, shipped).confidence == 0.0


def test_amman_in_a_jordanian_article_is_the_city(shipped: Catalogue) -> None:
    assert resolve("LOC", ["عمان"], of("JO"), shipped).id == "Q3805"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("فرانك غولدبرغ", "فرانك جولدبرج"),
        ("إميليا غوتيه", "اميليا جوتيه"),
        ("عبد الله الزهيري", "عبدالله الزهيرى"),
        ("لينا ڤاسكيز", "لينا فاسكيز"),
        ("فؤاد رائف", "فواد رايف"),
    ],
)
def test_spellings_of_an_unlisted_name_share_their_local_id(one: str, other: str) -> None:
    assert (
        resolve("PERS", [one], NO_EVIDENCE, NAMES).id
        == resolve("PERS", [other], NO_EVIDENCE, NAMES).id
    )


@pytest.mark.parametrize(
    ("one", "other"), [("صغير", "صجير"), ("سالم كامل", "سليم كمال"), ("غازي عادل", "جازي عادل")]
)
def test_different_arabic_names_keep_different_ids(one: str, other: str) -> None:
    assert local_id("PERS", one) != local_id("PERS", other)


def test_a_local_id_is_pinned() -> None:
    assert local_id("PERS", "سمير لوكاس") == "local:bdaed6fb94d6fe51"


@settings(deadline=None, max_examples=200)
@given(
    kind=st.sampled_from(("PERS", "LOC", "ORG", "MISC")),
    names=st.lists(st.text(max_size=30), min_size=1, max_size=4),
    country=st.sampled_from(("XX", "", "LB")),
)
def test_any_names_get_an_id_and_a_confidence_that_is_zero_or_sure(
    kind: EntityType, names: list[str], country: str
) -> None:
    resolved = resolve(kind, names, of(country), NAMES)
    assert resolved.id
    assert resolved.confidence == 0.0 or SURE <= resolved.confidence <= 1.0
