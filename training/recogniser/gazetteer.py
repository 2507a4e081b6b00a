"""Lists of names in the folder `gazetteer`, compiled to classes of folded words and of phrases.

A name of one word gives the word a class (`gcity`); a name of several words gives the phrase a
class, and its first and other words a weaker one (`gcity.b`, `gcity.i`).
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from workers.entities.recognise.features import MAX_PHRASE_WORDS, fold

ARAB_STATES = frozenset(
    [
        "DZ",
        "BH",
        "KM",
        "DJ",
        "EG",
        "IQ",
        "JO",
        "KW",
        "LB",
        "LY",
        "MR",
        "MA",
        "OM",
        "PS",
        "QA",
        "SA",
        "SO",
        "SD",
        "SY",
        "TN",
        "AE",
        "YE",
    ]
)
LARGE_CITY = 300_000
"""Inhabitants: small places outside the Arab states are often machine transliterations."""

Name = tuple[str, str]
"""A class and a name."""

_BUCKWALTER = str.maketrans(
    "'|>&<}AbptvjHxd*rzs$SDTZEgfqklmnhwYy{",
    "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيا",
    "FNKauio~`_",
)
_ARABIC = re.compile(r"[\u0621-\u064a][\u0621-\u0652 \u0640-]*")


def names(folder: Path) -> Iterator[Name]:
    """Read all lists.

    Args:
        folder: holds the lists.

    Yields:
        Classes and names, unfolded.

    Raises:
        OSError: a list cannot be read.
    """
    yield from _dr5hn(folder / "dr5hn_ar.tsv.gz")
    yield from _geonames(folder / "geonames_cities15000.tsv.gz")
    yield from _countries(folder / "mledoze_countries.json.gz")
    yield from _proper_nouns(folder / "camel_morph_nprop.csv")
    yield from _arwikicats(folder)


def compile_names(listed: Iterable[Name]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Fold names and part those of one word from the others.

    Args:
        listed: classes and names.

    Returns:
        Classes of folded words, and classes of folded phrases (two to `MAX_PHRASE_WORDS` words).
    """
    words: defaultdict[str, set[str]] = defaultdict(set)
    phrases: defaultdict[str, set[str]] = defaultdict(set)
    for kind, name in listed:
        parts = [fold(part) for part in re.split(r"[\s\-،,]+", name) if part]
        if len(parts) == 1 and len(parts[0]) > 1:
            words[parts[0]].add(kind)
        elif 2 <= len(parts) <= MAX_PHRASE_WORDS:
            phrases[" ".join(parts)].add(kind)
            for index, part in enumerate(parts):
                if len(part) > 2:
                    words[part].add(f"{kind}.{'i' if index else 'b'}")
    return words, phrases


def _dr5hn(path: Path) -> Iterator[Name]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            name = re.sub(r"\(.*\)", "", row["ar"]).strip()
            arab = row["country"] in ARAB_STATES
            if not _ARABIC.fullmatch(name) or not row["wikidata"]:
                continue
            if row["kind"] == "country":
                yield "gcountry", name
            elif row["kind"] == "province":
                yield "gprovince", re.sub(r"^(محافظة|ولاية|مقاطعة|إقليم|منطقة) ", "", name)
            elif arab:
                yield "garabcity", name
            elif int(row["population"] or 0) >= LARGE_CITY:
                yield "gcity", name


def _geonames(path: Path) -> Iterator[Name]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            columns = line.rstrip("\n").split("\t")
            arab = columns[8] in ARAB_STATES
            if not arab and int(columns[14] or 0) < LARGE_CITY / 3:
                continue
            for name in columns[3].split(","):
                if _ARABIC.fullmatch(name):
                    yield ("garabcity" if arab else "gcity"), name


def _countries(path: Path) -> Iterator[Name]:
    for country in json.loads(gzip.decompress(path.read_bytes())):
        arabic = country["translations"].get("ara", {})
        for name in {arabic.get("common"), arabic.get("official")} - {None}:
            yield "gcountry", name


def _proper_nouns(path: Path) -> Iterator[Name]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            human = "rat:r" in row["FEAT"] or "rat:y" in row["FEAT"]
            female = "gen:f" in row["FEAT"] and human
            kind = "gwoman" if female else "gname" if human else "gproper"
            yield kind, row["LEMMA"].translate(_BUCKWALTER)


def _arwikicats(folder: Path) -> Iterator[Name]:
    def load(name: str) -> dict[str, dict[str, str]]:
        content: dict[str, dict[str, str]] = json.loads(
            (folder / f"arwikicats_{name}.json").read_text(encoding="utf-8")
        )
        return content

    for person in load("peoples").values():
        yield "gperson", re.sub(r"\(.*\)", "", str(person)).strip()
    for club in load("clubs_teams_leagues").values():
        yield "gclub", str(club)
    for forms in load("nationalities_data").values():
        for form in ("male", "males", "female", "females", "the_male", "the_female"):
            if forms.get(form):
                yield "gnation", forms[form]
        if forms.get("ar"):
            yield "gcountry", forms["ar"]
    for regions in load("regions").values():
        for region in regions.values():
            yield "gprovince", re.sub(r"\(.*\)|^(محافظة|ولاية|مقاطعة) ", "", region).strip()
