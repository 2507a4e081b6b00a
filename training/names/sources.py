"""Reads the gazetteers and the hand-kept variants as listed entities, each with its names.

What is doubtful is left out here: machine-translated names, ids that the list gives to several
places. Merging and writing are left to `compile`.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import cast

from nabaa.errors import ConfigError
from nabaa.types import EntityType
from training.recogniser.gazetteer import ARAB_STATES
from workers.entities.link.spelling import exact_key

LARGE_CITY = 100_000
"""Inhabitants: smaller places outside the Arab states are often machine transliterations."""

_COUNTRY_WEIGHT = 100.0
_TERRITORY_WEIGHT = 10.0
_VILLAGE_WEIGHT = 0.02
_PERSON_WEIGHT = 1.0
_COMPETITION_WEIGHT = 0.5
_ARAB_PROMINENCE = 3.0
_PROVINCE_SHARE = 0.3
_PROVINCE_WEIGHT = 0.05
_ARAB_PROVINCE_WEIGHT = 0.2
_SEAT_WEIGHT = 0.5
_NOT_PLACES = frozenset(("المدينه", "راي", "مدينه", "القريه"))
"""Exact keys of names in the lists that are other words nearly always."""
_SOUNDS_LIKE = 0.6
_ALIKE = 0.75

_ARABIC = re.compile(r"[\u0621-\u064a][\u0621-\u0652 \u0640\-]*")
_CLUB = re.compile(r" (?:F\.C\.|FC|CF|SC|AC)$")
_BRACKETS = re.compile(r"\s*\(.*?\)")
_QID = re.compile(r"Q[1-9]\d*")
_CLASSES = frozenset(("PERS", "LOC", "ORG", "MISC"))
# Letters that transliterations use for one another; vowels and h are left out.
_ARABIC_SOUND = {
    **dict.fromkeys("بپ", "b"),
    **dict.fromkeys("فڤ", "f"),
    **dict.fromkeys("تطدضث", "t"),
    **dict.fromkeys("جغكقخ", "k"),
    **dict.fromkeys("سصشزذظ", "s"),
    **dict(zip("رلمن", "rlmn", strict=True)),
}
_LATIN_SOUND = {
    **dict.fromkeys("bp", "b"),
    **dict.fromkeys("fv", "f"),
    **dict.fromkeys("td", "t"),
    **dict.fromkeys("cgjkqx", "k"),
    **dict.fromkeys("sz", "s"),
    **dict(zip("rlmn", "rlmn", strict=True)),
}
_LATIN_PAIRS = (("ph", "f"), ("sch", "s"), ("ch", "s"), ("sh", "s"), ("ce", "s"), ("ci", "s"))


@dataclass(frozen=True, slots=True)
class ListedEntity:
    """A ListedEntity is one entity as a source lists it.

    Attributes:
        id: Wikidata QID, `@XX` for the country of that code, or empty where none is known.
        type: one of the four classes.
        names: Arabic names, the canonical one first.
        name_en: English name, or empty.
        country: ISO 3166-1 alpha-2, or empty.
        weight: prominence; 1 is a city of a million.
        geo: latitude and longitude of a place in degrees, where known.
    """

    id: str
    type: EntityType
    names: tuple[str, ...]
    name_en: str
    country: str
    weight: float
    geo: tuple[float, float] | None = None


def variants(path: Path) -> Iterator[ListedEntity]:
    """Read the hand-kept names.

    Raises:
        ConfigError: a line is not six columns of the right kind.
        OSError: the file cannot be read.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        columns = line.split("\t")
        names = tuple(columns[-1].split("|"))
        if len(columns) != 6 or columns[1] not in _CLASSES or not all(names):
            raise ConfigError(f"{path}, line {number}: want id, type, country, weight, two names")
        id_, kind, country, weight, name_en, _ = columns
        if name_en and kind != "LOC":
            names = tuple(dict.fromkeys((*names, _CLUB.sub("", name_en))))
        if not (id_ == "-" or id_[0] == "@" or _QID.fullmatch(id_)):
            raise ConfigError(f"{path}, line {number}: {id_} is no Wikidata id")
        try:
            prominence = float(weight)
        except ValueError as error:
            raise ConfigError(f"{path}, line {number}: {weight} is no weight") from error
        yield ListedEntity(
            id_.strip("-"), cast(EntityType, kind), names, name_en, country, prominence
        )


def countries(folder: Path) -> Iterator[ListedEntity]:
    """Read the countries: names of `mledoze`, ids of `dr5hn`; id `@XX` where there is none."""
    ids: dict[str, tuple[str, str]] = {
        row["country"]: (row["wikidata"], row["ar"])
        for row in _rows(folder)
        if row["kind"] == "country"
    }
    content = json.loads(gzip.decompress((folder / "mledoze_countries.json.gz").read_bytes()))
    for country in content:
        code = country["cca2"]
        arabic = country["translations"].get("ara", {})
        native = country["name"]["native"].get("ara", {})
        id_, name = ids.get(code, (f"@{code}", ""))
        listed = (arabic.get("common"), name, arabic.get("official"), *native.values())
        names = tuple(
            dict.fromkeys(
                _BRACKETS.sub("", name) for name in listed if name and exact_key(name) != "المسكيك"
            )
        )
        sovereign = country.get("independent") is not False or code in {"PS", "TW", "XK"}
        weight = _COUNTRY_WEIGHT if sovereign else _TERRITORY_WEIGHT
        geo = tuple(country["latlng"]) if len(country.get("latlng", ())) == 2 else None
        yield ListedEntity(id_, "LOC", names, country["name"]["common"], code, weight, geo)


def regions(folder: Path) -> Mapping[str, str]:
    """Read the continents of the countries by code, from `mledoze`."""
    content = json.loads(gzip.decompress((folder / "mledoze_countries.json.gz").read_bytes()))
    return {country["cca2"]: country["region"] for country in content if country.get("region")}


def places(folder: Path) -> Iterator[ListedEntity]:
    """Read provinces and cities that have ids; small ones only of the Arab states."""
    rows = [row for row in _rows(folder) if row["kind"] != "country"]
    trusted = _trusted_ids(rows)
    seats = _seats(rows)
    spelt: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for city in cities(folder):
        spelt[city.country, latin_key(city.name_en)].update(map(exact_key, city.names))
    for row in sorted(rows, key=lambda row: row["kind"]):  # cities first
        id_, country, english = row["wikidata"], row["country"], row["en"]
        name = _BRACKETS.sub("", row["ar"]).strip()
        if id_ not in trusted or not _is_place_name(name):
            continue
        known = exact_key(name) in spelt[country, latin_key(english)]
        if not known and not sounds_like(name, english):
            continue
        people = int(row["population"] or 0)
        arab = country in ARAB_STATES
        if row["kind"] == "city" and not arab and people < LARGE_CITY:
            continue
        weight = _prominence(people, arab)
        is_seat = (country, exact_key(name)) in seats
        if row["kind"] == "city" and is_seat:
            weight = max(weight, _SEAT_WEIGHT)
        elif row["kind"] == "province" and is_seat:
            weight = min(weight * _PROVINCE_SHARE, _SEAT_WEIGHT * _PROVINCE_SHARE)
        elif row["kind"] == "province":
            least = _ARAB_PROVINCE_WEIGHT if arab else _PROVINCE_WEIGHT
            weight = max(weight * _PROVINCE_SHARE, least)
        yield ListedEntity(id_, "LOC", (name,), english, country, weight)


def cities(folder: Path) -> Iterator[ListedEntity]:
    """Read cities without ids but with several names; small ones only of the Arab states."""
    with gzip.open(folder / "geonames_cities15000.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            columns = line.rstrip("\n").split("\t")
            english, others, country, people = columns[2], columns[3], columns[8], int(columns[14])
            arab = country in ARAB_STATES
            names = tuple(name for name in others.split(",") if _is_place_name(name))
            if names and (arab or people >= LARGE_CITY):
                weight = _prominence(people, arab)
                geo = float(columns[4]), float(columns[5])
                yield ListedEntity("", "LOC", names, english, country, weight, geo)


def people_and_competitions(folder: Path) -> Iterator[ListedEntity]:
    """Read persons with at least two names, and leagues and cups, which have no ids."""
    persons = json.loads((folder / "arwikicats_peoples.json").read_text(encoding="utf-8"))
    for english, arabic in persons.items():
        name = _BRACKETS.sub("", arabic).strip()
        if " " in name and ":" not in english and not english.startswith("works by"):
            yield ListedEntity("", "PERS", (name,), _title_case(english), "", _PERSON_WEIGHT)
    clubs = json.loads((folder / "arwikicats_clubs_teams_leagues.json").read_text(encoding="utf-8"))
    for english, name in clubs.items():
        if _ARABIC.fullmatch(name) and " " in name and "موسم" not in name:
            yield ListedEntity("", "MISC", (name,), _title_case(english), "", _COMPETITION_WEIGHT)


def nationalities(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Read demonyms: English name of the country, in small letters, to its masculine forms."""
    content = json.loads(
        (folder / "arwikicats_nationalities_data.json").read_text(encoding="utf-8")
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for forms in content.values():
        for form in ("male", "males"):
            if forms[form] and " " not in forms[form]:
                found[forms["en"]].append(forms[form])
    return {country: tuple(forms) for country, forms in found.items()}


def sounds_like(arabic: str, english: str) -> bool:
    """Tell a transliteration («كورك» of Cork) from a translation («الفلين», the stuff)."""
    latin = latin_key(english)
    for letters, sound in _LATIN_PAIRS:
        latin = latin.replace(letters, sound)
    bare = " ".join(word.removeprefix("ال") for word in exact_key(arabic).split())
    ours = "".join(_ARABIC_SOUND.get(letter, "") for letter in bare)
    theirs = "".join(_LATIN_SOUND.get(letter, "") for letter in latin.removeprefix("al "))
    return _ratio(ours, theirs) >= _SOUNDS_LIKE


def latin_key(name: str) -> str:
    """Fold an English name: small letters without marks, single spaces."""
    return re.sub(r"[\W_]+", " ", exact_key(name)).strip()


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    path = folder / "dr5hn_ar.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _seats(rows: Sequence[Mapping[str, str]]) -> frozenset[tuple[str, str]]:
    """Find the cities of Arab states after which a province is called: the bare name is theirs."""

    def named(kind: str) -> set[tuple[str, str]]:
        return {
            (row["country"], exact_key(_BRACKETS.sub("", row["ar"])))
            for row in rows
            if row["kind"] == kind and row["country"] in ARAB_STATES
        }

    return frozenset(named("city") & named("province"))


def _trusted_ids(rows: Sequence[Mapping[str, str]]) -> frozenset[str]:
    """Leave out the ids that the list gives to different places."""
    owners: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        owners[row["wikidata"]].add((row["country"], latin_key(row["en"])))
    return frozenset(
        id_
        for id_, places in owners.items()
        if _QID.fullmatch(id_)
        and len({country for country, _ in places}) == 1
        and all(_alike(one, other) for _, one in places for _, other in places)
    )


def _is_place_name(name: str) -> bool:
    return _ARABIC.fullmatch(name) is not None and exact_key(name) not in _NOT_PLACES


def _alike(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return f" {shorter} " in f" {longer} " or _ratio(one, other) >= _ALIKE


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _prominence(people: int, arab: bool) -> float:
    weight = max(people / 1e6, _VILLAGE_WEIGHT)
    return weight * _ARAB_PROMINENCE if arab and people else weight


def _title_case(english: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in english.split())
