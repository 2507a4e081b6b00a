"""Checks that each Wikidata id of the hand-kept names has a support: `supports.tsv`.

A line there holds the id, the name that the source gives for it, and the source: a file or a list
of others that has id and name side by side. `memory` stands for ids that were entered from memory
and that no file at hand contradicts. `python -m training.names.supports` writes lines for the ids
that the data files know; the others are added by hand.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from nabaa.errors import ConfigError
from training.names.sources import ListedEntity, latin_key, variants
from workers.entities.link.spelling import exact_key

SUPPORTS = Path(__file__).with_name("supports.tsv")
MEMORY = "memory"
_ALIKE = 0.55


@dataclass(frozen=True, slots=True)
class Support:
    """A Support is what a source says of a Wikidata id.

    Attributes:
        name: the name that it gives, in English or Arabic.
        source: which source it is; `memory` where none is.
    """

    name: str
    source: str


def read_supports(path: Path = SUPPORTS) -> Mapping[str, Support]:
    """Read the supports by Wikidata id.

    Raises:
        ConfigError: a line is not an id, a name and a source.
        OSError: the file cannot be read.
    """
    found: dict[str, Support] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        columns = line.split("\t")
        if len(columns) != 3 or not all(columns):
            raise ConfigError(f"{path}, line {number}: want id, name, source")
        found[columns[0]] = Support(columns[1], columns[2])
    return found


def check_supports(kept: Iterable[ListedEntity], supports: Mapping[str, Support]) -> None:
    """Refuse a hand-kept Wikidata id that nothing supports.

    Args:
        kept: hand-kept entities.
        supports: what the sources say.

    Raises:
        ConfigError: an id has no support, or its source gives it another name.
    """
    for entity in kept:
        if not entity.id.startswith("Q"):
            continue
        support = supports.get(entity.id)
        if support is None:
            raise ConfigError(f"{entity.id} ({entity.names[0]}) has no line in {SUPPORTS.name}")
        if not is_named(entity, support.name):
            raise ConfigError(
                f"{entity.id} is {entity.names[0]} here and {support.name} in {support.source}"
            )


def is_named(entity: ListedEntity, name: str) -> bool:
    """Tell whether a source's name may be that of an entity: alike, or one inside the other."""
    if exact_key(name) in set(map(exact_key, entity.names)):
        return True
    ours, theirs = latin_key(entity.name_en), latin_key(name)
    shorter, longer = sorted((ours, theirs), key=len)
    if shorter and f" {shorter} " in f" {longer} ":
        return True
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio() >= _ALIKE


def known_supports(data: Path, brands: Path | None) -> Iterator[tuple[str, Support]]:
    """Yield what the files at hand say of Wikidata ids, the most telling first.

    Args:
        data: holds the folders `gazetteer` and `entities`.
        brands: `wikidata.json` of the name-suggestion-index; None where it is not at hand.
    """
    path = data / "gazetteer" / "dr5hn_ar.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row["wikidata"], Support(row["en"], path.name)
    for name, column in (
        ("ror_ar_names.tsv", "name"),
        ("nsi_brands_operators_ar.tsv", "name_en"),
        ("every_politician_scrapers_ar.tsv", "name_ar"),
        ("everypolitician2015_ar.tsv", "name_ar"),
    ):
        with (data / "entities" / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["qid"] and row[column]:
                    yield row["qid"], Support(row[column], name)
    if brands is not None:
        for id_, item in json.loads(brands.read_text(encoding="utf-8"))["wikidata"].items():
            if item.get("label"):
                yield id_, Support(item["label"], "name-suggestion-index")


def main() -> None:
    """Write lines for the ids that the data files know, beside those that are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--brands", type=Path, help="wikidata.json of the name-suggestion-index")
    parser.add_argument("files", type=Path, nargs="+", help="hand-kept names")
    options = parser.parse_args()
    listed = (entity for file in options.files for entity in variants(file))
    kept = {entity.id: entity for entity in listed if entity.id.startswith("Q")}
    supports = dict(read_supports()) if SUPPORTS.exists() else {}
    for id_, support in known_supports(options.data, options.brands):
        is_new = id_ not in supports or supports[id_].source == MEMORY
        if id_ in kept and is_new and is_named(kept[id_], support.name):
            supports[id_] = support
    lines = (
        f"{id_}\t{support.name}\t{support.source}\n" for id_, support in sorted(supports.items())
    )
    SUPPORTS.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
