"""Reads the files that give Wikidata ids of persons and institutions with their Arabic names.

They support the ids of the hand-kept names, and are listed themselves where a name of theirs has
two words or more. Licences: see NOTICE.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from training.names.sources import ListedEntity
from workers.entities.link.spelling import exact_key

_POLITICIAN_WEIGHT = 0.3
_INSTITUTION_WEIGHT = 0.5
_BRAND_WEIGHT = 0.5
_QID = re.compile(r"Q[1-9]\d*")
_ARABIC_NAME = re.compile(r"[\u0621-\u0652 ]+")
_TITLES = re.compile(r"^(?:الشيخ |الدكتور |الشيخة |أ\. |د\. )+")
_COUNTRIES = {
    "kuwait": "KW",
    "egypt": "EG",
    "iraq": "IQ",
    "yemen": "YE",
    "saudi": "SA",
    "uae": "AE",
    "jordan": "JO",
    "lebanon": "LB",
    "syria": "SY",
    "bahrain": "BH",
    "united_arab_emirates": "AE",
    "uk": "GB",
    "france": "FR",
    "united_states_of_america": "US",
    "morocco": "MA",
}
"""Codes of the countries whose lists have persons that Arabic news names."""


def politicians(folder: Path) -> Iterator[ListedEntity]:
    """Read ministers and members of parliament with their ids.

    Args:
        folder: holds `every_politician_scrapers_ar.tsv` and `everypolitician2015_ar.tsv`.

    Raises:
        OSError: a file cannot be read.
    """
    for name, column in (
        ("every_politician_scrapers_ar.tsv", "repo"),
        ("everypolitician2015_ar.tsv", "country"),
    ):
        for row in _rows(folder / name):
            country = _COUNTRIES.get(row[column].lower().removesuffix("-ministers"), "")
            arabic = _TITLES.sub("", row["name_ar"].strip())
            if _is_full_name(arabic) and _QID.fullmatch(row["qid"] or ""):
                english = row["name_en"] or ""
                yield ListedEntity(
                    row["qid"], "PERS", (arabic,), english, country, _POLITICIAN_WEIGHT
                )


def institutions(folder: Path) -> Iterator[ListedEntity]:
    """Read universities, agencies and hospitals with their ids from `ror_ar_names.tsv`.

    Raises:
        OSError: the file cannot be read.
    """
    for row in _rows(folder / "ror_ar_names.tsv"):
        name = row["name_ar"].strip()
        if _is_full_name(name) and _QID.fullmatch(row["qid"] or ""):
            yield ListedEntity(
                row["qid"], "ORG", (name,), row["name"], row["country"], _INSTITUTION_WEIGHT
            )


def brands(folder: Path) -> Iterator[ListedEntity]:
    """Read banks, companies and public operators with their ids from the name-suggestion-index.

    Raises:
        OSError: the file cannot be read.
    """
    for row in _rows(folder / "nsi_brands_operators_ar.tsv"):
        name = re.sub(r"\s*\(.*?\)", "", row["name_ar"]).strip()
        if _is_full_name(name) and _QID.fullmatch(row["qid"] or ""):
            codes = (row["countries"] or "").split(",")
            country = codes[0].upper() if len(codes) == 1 and len(codes[0]) == 2 else ""
            yield ListedEntity(
                row["qid"], "ORG", (name,), row["name_en"] or "", country, _BRAND_WEIGHT
            )


def with_known_ids(
    kept: Iterable[ListedEntity], known: Sequence[ListedEntity]
) -> Iterator[ListedEntity]:
    """Give the hand-kept names without an id the one that a file has for the same name.

    Args:
        kept: hand-kept names; their class and country must agree with the file's.
        known: entities with ids.

    Yields:
        The same entities; the id is new only where all files together have one for the name.
    """
    ids: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for entity in known:
        for name in entity.names:
            ids[entity.type, exact_key(name)].add((entity.id, entity.country))
    for entity in kept:
        found = {
            id_
            for name in entity.names
            for id_, country in ids.get((entity.type, exact_key(name)), ())
            if country == entity.country
        }
        yield replace(entity, id=found.pop()) if not entity.id and len(found) == 1 else entity


def _is_full_name(name: str) -> bool:
    return " " in name and _ARABIC_NAME.fullmatch(name) is not None


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
