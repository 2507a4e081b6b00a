"""Finds the local ids that a new version of the lists has replaced: `moved_ids.tsv`.

An entity that had a local id gets a Wikidata id, or a name that no list had is listed. What was
published and what subscribers filter by holds the old id; the file says which id it is today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from nabaa.filters import moved_ids
from training.names.sources import ListedEntity
from workers.entities.link.catalogue import Catalogue
from workers.entities.link.demonyms import Demonyms
from workers.entities.link.national import national_institution
from workers.entities.link.resolve import local_id

MOVED_IDS = Path(moved_ids.__file__).with_name("moved_ids.tsv")
_LOCAL = "local:"


def moved(
    before: Catalogue, listed: Iterable[ListedEntity], known: Mapping[str, str]
) -> dict[str, str]:
    """Find the ids that have moved since the lists were compiled last.

    Args:
        before: the catalogue as it was.
        listed: all entities as they are now, each with its id.
        known: the moves that earlier versions made: old id to the one it became.

    Returns:
        Every old id ever replaced, to the id of today. A name that stands for several entities
        moves nothing.
    """
    entities = list(listed)
    demonyms = Demonyms(before)
    today = {entity.id for entity in entities}
    found: dict[str, set[str]] = {}
    for entity in entities:
        for name in entity.names:
            for old in _former(before, entity, name, demonyms):
                if old != entity.id and old not in today:
                    found.setdefault(old, set()).add(entity.id)
    fresh = {old: next(iter(new)) for old, new in found.items() if len(new) == 1}
    chained = {old: fresh.get(new, new) for old, new in known.items()}
    return {old: new for old, new in (fresh | chained).items() if old not in today}


def _former(
    before: Catalogue, entity: ListedEntity, name: str, demonyms: Demonyms
) -> Iterable[str]:
    """List the local ids that articles had for an entity under a name."""
    candidates = before.lookup(name)
    same = [
        candidate
        for candidate in candidates
        if candidate.exact and (not candidate.country or candidate.country == entity.country)
    ]
    if candidates:
        # Listed before: under an id of its own, perhaps in another class. One of Wikidata moves
        # only where nothing supports it any more.
        return [
            candidate.id
            for candidate in same
            if candidate.id.startswith(_LOCAL) or entity.id.startswith(_LOCAL)
        ]
    if entity.type == "PERS" and " " not in name:
        return []  # a family name alone was anybody's
    return [local_id(entity.type, name), *_of_institution(entity, name, demonyms)]


def _of_institution(entity: ListedEntity, name: str, demonyms: Demonyms) -> Iterable[str]:
    """Yield the id that articles gave to an institution of no list, by its country."""
    institution = national_institution([name], demonyms) if entity.type == "ORG" else None
    if institution is not None and entity.country in ("", institution.country):
        yield local_id("ORG", institution.name, institution.country)


def read_moved(path: Path = MOVED_IDS) -> dict[str, str]:
    """Read the moves of earlier versions; none where the file is not there yet."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)


def write_moved(moves: Mapping[str, str], path: Path = MOVED_IDS) -> None:
    """Write the moves, sorted, a line each: old id, tab, new id."""
    text = "".join(f"{old}\t{moves[old]}\n" for old in sorted(moves))
    path.write_text(text, encoding="utf-8")
