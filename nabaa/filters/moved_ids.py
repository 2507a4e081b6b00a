"""Which local ids have become other ids, so that a filter on an old one goes on working.

`moved_ids.tsv` is made by `make names`: the old id and the one that the same entity has now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files


@cache
def load_moved_ids() -> Mapping[str, frozenset[str]]:
    """Load the ids that are another's: of each id those that the same entity has or once had."""
    return read_moved_ids(_shipped())


@cache
def load_todays_ids() -> Mapping[str, str]:
    """Load the ids that have become others: old id to the one that its entity has now."""
    return read_todays_ids(_shipped())


def _shipped() -> str:
    return (files(__package__) / "moved_ids.tsv").read_text(encoding="utf-8")


def read_todays_ids(text: str) -> dict[str, str]:
    """Read lines of an old id, a tab and the id of today.

    Args:
        text: content of a file of moved ids.

    Returns:
        Each old id to the id of today.
    """
    return dict(line.split("\t", 1) for line in text.splitlines())


def read_moved_ids(text: str) -> Mapping[str, frozenset[str]]:
    """Read lines of an old id, a tab and the id of today.

    Args:
        text: content of a file of moved ids.

    Returns:
        By id, old or new, the other ids of its entity.
    """
    families: dict[str, set[str]] = {}
    for old, new in read_todays_ids(text).items():
        families.setdefault(new, {new}).add(old)
    return {
        id_: frozenset(family - {id_}) for family in families.values() for id_ in sorted(family)
    }


def with_moved(ids: Iterable[str], moved: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Add to the ids of an article those by which other versions of the lists name its entities.

    Args:
        ids: as the article has them.
        moved: the other ids of each.
    """
    named = frozenset(ids)
    return named.union(*(moved[id_] for id_ in named if id_ in moved))


def todays_id(entity_id: str) -> str:
    """Return the id that an entity has now.

    Args:
        entity_id: one that it has or once had.
    """
    return load_todays_ids().get(entity_id, entity_id)
