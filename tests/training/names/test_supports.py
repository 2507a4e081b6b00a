"""Each Wikidata id of the hand-kept names has a source that gives it the same name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nabaa.errors import ConfigError
from training.names.compile import HAND_KEPT
from training.names.sources import ListedEntity, variants
from training.names.supports import MEMORY, Support, check_supports, read_supports

ENTITY = ListedEntity("Q9100", "PERS", ("طارق الريحان",), "Tariq al-Rayhan", "TN", 1.0)


@pytest.mark.parametrize("path", HAND_KEPT, ids=lambda path: path.name)
def test_every_hand_kept_id_has_a_support(path: Path) -> None:
    check_supports(variants(path), read_supports())


def test_an_id_without_a_support_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"Q9100 .* has no line"):
        check_supports([ENTITY], {})


def test_an_id_that_is_another_elsewhere_is_refused() -> None:
    with pytest.raises(ConfigError, match="is طارق الريحان here and Oslo"):
        check_supports([ENTITY], {"Q9100": Support("Oslo", "cities")})


@pytest.mark.parametrize("name", ["Tarek El Rayhan", "طارق الريحان", "Tariq"])
def test_another_spelling_of_the_name_supports_it(name: str) -> None:
    check_supports([ENTITY], {"Q9100": Support(name, "a list")})


def test_a_local_id_needs_no_support() -> None:
    check_supports([replace(ENTITY, id="")], {})


def test_office_holders_are_none_from_memory() -> None:
    supports = read_supports()
    holders = next(path for path in HAND_KEPT if path.name == "office_holders.tsv")
    assert all(supports[entity.id].source != MEMORY for entity in variants(holders))
