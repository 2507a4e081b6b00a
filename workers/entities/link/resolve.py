"""Decides which entity of the world the names of a group stand for, and how sure that is.

Pure. Each candidate gets a share of belief: its prominence, times how well its class fits the
recogniser's, times the evidence of its country in the article, times how well it is spelt. The
shares and the chance that none of the list is meant add up; the best candidate's part of the sum is
`confidence`. Below `SURE` the question is left open: the entity gets the local id of its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nabaa.types import EntityType, Geo
from workers.entities.link.catalogue import Candidate, Catalogue
from workers.entities.link.evidence import Evidence
from workers.entities.link.spelling import exact_key, loose_key

SURE = 0.6
"""Belief below which no candidate is chosen."""

_LOOSE = 0.5
"""A name that only the bold key joins is so much rarer the listed one."""

_COUNTRY = 50.0
"""Prominence from which a place is a state, which the article's country does not bring nearer."""

# How much of the belief is left where the recogniser's class (first) is not the listed one.
_CLASSES: Mapping[tuple[str, str], float] = {
    ("LOC", "ORG"): 0.1,
    ("ORG", "LOC"): 0.05,
    ("MISC", "ORG"): 0.5,
    ("MISC", "LOC"): 0.3,
    ("ORG", "MISC"): 0.5,
    ("LOC", "MISC"): 0.1,
    ("PERS", "LOC"): 0.02,
    ("PERS", "ORG"): 0.05,
    ("LOC", "PERS"): 0.02,
    ("ORG", "PERS"): 0.05,
    ("MISC", "PERS"): 0.02,
    ("PERS", "MISC"): 0.02,
}
# Prominence of all that no list has: many persons share one name, a full name is nearly unique.
_UNLISTED: Mapping[EntityType, float] = {"LOC": 0.05, "ORG": 0.1, "MISC": 0.1, "PERS": 0.1}
_UNLISTED_ALONE = 0.01
_UNLISTED_SINGLE = 1.0
_WORDS_OF_FULL_NAME = 2
_VOWELLED = {"عُمان": "سلطنة عمان", "عمّان": "العاصمة عمان"}
"""Names that their vowel signs tell apart; keys leave the signs out."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A Resolved says which entity of the world a group stands for.

    Attributes:
        id: Wikidata QID or local id of a listed entity; else the local id of the name.
        name: canonical Arabic name of the list; else the group's own.
        name_en: English name where known.
        country: ISO 3166-1 alpha-2 where known, else empty.
        confidence: 0 to 1 that `id` is the right one; 0 where nothing listed was chosen.
        type: class of the listed entity; else the one that was asked for.
        geo: coordinates of a listed place where known.
    """

    id: str
    name: str
    name_en: str | None
    country: str
    confidence: float
    type: EntityType
    geo: Geo | None = None


def resolve(
    kind: EntityType, names: Sequence[str], evidence: Evidence, catalogue: Catalogue
) -> Resolved:
    """Decide which entity the names of one group stand for.

    Args:
        kind: class that the recogniser gave.
        names: names of the group as written, bare of particles; never empty. The fullest that is
            listed decides. A person's shorter names count only where they are full names too
            («ترامب» says nothing of «إيفانكا ترامب»).
        evidence: the countries that speak for one candidate or another.
        catalogue: the listed names.

    Returns:
        The candidate with the greatest share of belief, or the local id of the name.
    """
    ordered = sorted(names, key=lambda name: (len(exact_key(name).split()), len(name)))[::-1]
    full = ordered[0]
    candidates = next(filter(None, map(catalogue.lookup, _that_count(kind, ordered))), ())
    shares = {candidate.id: _share(kind, candidate, evidence) for candidate in candidates}
    found = {candidate.id: candidate for candidate in candidates}
    if shares:
        best = max(shares, key=lambda id_: (shares[id_], id_))
        unlisted = _unlisted(kind, full)
        if found[best].type == "LOC":
            unlisted = _unlisted_place(found[best], len(shares), evidence, catalogue.regions)
        confidence = shares[best] / (sum(shares.values()) + unlisted)
        if confidence >= SURE:
            chosen = found[best]
            return Resolved(
                chosen.id,
                chosen.name,
                chosen.name_en,
                chosen.country,
                round(confidence, 3),
                chosen.type,
                chosen.geo,
            )
    return resolve_unlisted(kind, full)


def resolve_unlisted(kind: EntityType, full: str) -> Resolved:
    """Return what stands for a group that no list has: the local id of its fullest name."""
    name = " ".join(full.split())
    return Resolved(local_id(kind, name), name, None, "", 0.0, kind)


def local_id(kind: EntityType, name: str, country: str = "") -> str:
    """Return the stable id of an entity without a Wikidata id.

    Args:
        kind: its class.
        name: its name in any spelling that the bold key joins.
        country: set for listed places, of which several share a name.

    Returns:
        `local:` and 16 hex digits, the same in every article, outlet and version.
    """
    text = f"{kind}\x1f{loose_key(name) or name}" + (f"\x1f{country}" if country else "")
    return f"local:{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}"


def _that_count(kind: EntityType, ordered: Sequence[str]) -> list[str]:
    """List the names by which the group may be looked up, the fullest first."""
    if kind == "PERS":
        whole = set(exact_key(ordered[0]).split())
        ordered = [
            name
            for place, name in enumerate(ordered)
            if not place
            or (
                len(words := exact_key(name).split()) >= _WORDS_OF_FULL_NAME
                and whole.issuperset(words)
            )
        ]
    return [_VOWELLED.get(name, name) for name in ordered]


def _share(kind: EntityType, candidate: Candidate, evidence: Evidence) -> float:
    share = candidate.weight
    if candidate.type != kind:
        share *= _CLASSES[kind, candidate.type]
    if not candidate.exact:
        share *= _LOOSE
    if candidate.type != "LOC" or candidate.weight < _COUNTRY:
        share *= evidence.factors.get(candidate.country, 1.0)
    return share


def _unlisted_place(
    place: Candidate, candidates: int, evidence: Evidence, regions: Mapping[str, str]
) -> float:
    """Return the prominence of all places of a name that no list has.

    A lone listed place is the one, however small, unless the article speaks of other continents.
    """
    if place.country in evidence.factors:
        return _UNLISTED["LOC"]
    if evidence.regions and place.country and regions.get(place.country) not in evidence.regions:
        return max(_UNLISTED["LOC"], min(place.weight, 1.0))
    return _UNLISTED_ALONE if candidates == 1 and place.exact else _UNLISTED["LOC"]


def _unlisted(kind: EntityType, full: str) -> float:
    if kind == "PERS" and len(full.split()) < _WORDS_OF_FULL_NAME:
        return _UNLISTED_SINGLE
    return _UNLISTED[kind]
