"""Compiles the gazetteers and `variants.tsv` into `names.bin`: `python -m training.names.compile`.

The same input gives the same bytes. `catalogue` reads them.
"""

from __future__ import annotations

import argparse
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from nabaa.errors import ConfigError
from training.names import sources
from training.names.nationalities import COUNTRIES, DEMONYMS, NOT_DEMONYMS
from training.names.sources import ListedEntity
from workers.entities.link import catalogue
from workers.entities.link.catalogue import (
    EXACT,
    HEADER,
    LOOSE,
    MAGIC,
    Catalogue,
    checksum,
    key_hash,
)
from workers.entities.link.resolve import local_id
from workers.entities.link.spelling import exact_key, loose_key

HERE = Path(__file__).parent
CATALOGUE = Path(catalogue.__file__).with_name("names.bin")


def compile_catalogue(data: Path, hand: Path) -> bytes:
    """Compile all lists.

    Args:
        data: holds the folder `gazetteer`.
        hand: the hand-kept variants.

    Returns:
        The content of the compiled file.

    Raises:
        ConfigError: a line of the variants is wrong.
        OSError: a list cannot be read.
    """
    folder = data / "gazetteer"
    states = list(sources.countries(folder))
    codes = {state.country: state.id for state in states}
    kept = []
    for entity in sources.variants(hand):
        if entity.id.startswith("@") and entity.id[1:] not in codes:
            raise ConfigError(f"{hand}: {entity.id} is the code of no country")
        kept.append(replace(entity, id=codes.get(entity.id[1:], entity.id)))
    listed = merge(
        [
            kept,
            states,
            sources.places(folder),
            sources.cities(folder),
            sources.people_and_competitions(folder),
        ]
    )
    return pack(listed, demonym_ids(listed, codes, sources.nationalities(folder)))


def merge(lists: Iterable[Iterable[ListedEntity]]) -> list[ListedEntity]:
    """Make one entry of all that have one id; a name that a better list gives stays with it.

    Args:
        lists: the most trusted first; its canonical names and weights win. Inside a list a name
            may stand for several.

    Returns:
        By id, each entity once; those without a QID have a local id.
    """
    merged: dict[str, ListedEntity] = {}
    owners: dict[tuple[str, str, str], str] = {}
    for entities in lists:
        fresh: list[tuple[tuple[str, str, str], str]] = []
        for entity in entities:
            keys = {name: (entity.type, entity.country, exact_key(name)) for name in entity.names}
            id_ = entity.id or next((owners[key] for key in keys.values() if key in owners), "")
            if not id_:
                country = entity.country if entity.type == "LOC" else ""
                id_ = local_id(entity.type, entity.names[0], country)
            names = tuple(name for name, key in keys.items() if owners.get(key, id_) == id_)
            have = merged.get(id_)
            if have is not None:
                names = tuple(dict.fromkeys(have.names + names))
                merged[id_] = replace(have, names=names, name_en=have.name_en or entity.name_en)
            elif names:
                merged[id_] = replace(entity, id=id_, names=names)
            fresh.extend((keys[name], id_) for name in names if name in keys)
        for key, id_ in fresh:
            owners.setdefault(key, id_)
    return [merged[id_] for id_ in sorted(merged)]


def demonym_ids(
    listed: Sequence[ListedEntity], codes: Mapping[str, str], forms: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Give each demonym the id of its country.

    Args:
        listed: all entities.
        codes: ids of the countries by their code.
        forms: masculine forms by the English name of the country.

    Returns:
        Ids by the exact key of the masculine form without article.
    """
    english = {
        entity.name_en.casefold(): entity.id
        for entity in listed
        if entity.id in set(codes.values())
    }
    english |= {name: codes.get(id_, id_) for name, id_ in COUNTRIES.items()}
    known = {entity.id for entity in listed}
    found: dict[str, str] = {}
    for country in sorted(forms):
        if (id_ := english.get(country)) in known and id_:
            found.update((exact_key(form), id_) for form in forms[country])
    for code, stems in DEMONYMS.items():
        found.update((exact_key(stem), codes.get(code, code)) for stem in stems.split())
    return {stem: id_ for stem, id_ in found.items() if stem not in NOT_DEMONYMS and id_ in known}


def pack(listed: Sequence[ListedEntity], demonyms: Mapping[str, str]) -> bytes:
    """Write entities and demonyms as `catalogue` reads them.

    Args:
        listed: each entity once.
        demonyms: ids by demonym.

    Returns:
        The same bytes for the same entities, on every machine.
    """
    numbers = {entity.id: number for number, entity in enumerate(listed)}
    found: defaultdict[int, set[int]] = defaultdict(set)
    lines: list[bytes] = []
    for number, entity in enumerate(listed):
        for name in entity.names:
            if key := exact_key(name):
                found[key_hash(EXACT + key)].add(number)
                found[key_hash(LOOSE + loose_key(name))].add(number)
        columns = (entity.type, entity.id, entity.country, f"{entity.weight:.3g}", entity.name_en)
        lines.append("\t".join((*columns, entity.names[0])).encode())
    pairs = [(key, number) for key in sorted(found) for number in sorted(found[key])]
    ends = [0]
    for line in lines:
        ends.append(ends[-1] + len(line))
    stems = "".join(f"{stem}\t{numbers[demonyms[stem]]}\n" for stem in sorted(demonyms)).encode()
    body = b"".join(
        (
            _little("Q", [key for key, _ in pairs]),
            _little("I", [number for _, number in pairs]),
            _little("I", ends),
            *lines,
            stems,
        )
    )
    return HEADER.pack(MAGIC, checksum(body), len(listed), len(pairs), ends[-1], len(stems)) + body


def main(arguments: Sequence[str] | None = None) -> None:
    """Compile the lists from the command line and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="data folder")
    parser.add_argument("--output", type=Path, default=CATALOGUE, help="compiled file")
    parser.add_argument(
        "--variants", type=Path, default=HERE / "variants.tsv", help="hand-kept names"
    )
    options = parser.parse_args(arguments)
    content = compile_catalogue(options.data, options.variants)
    options.output.write_bytes(content)
    entities = len(Catalogue(content, str(options.output)))
    sys.stdout.write(f"{options.output}: {entities} entities, {len(content) / 1e6:.2f} MB\n")


def _little(code: str, values: Iterable[int]) -> bytes:
    numbers: array[int] = array(code, values)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


if __name__ == "__main__":
    main()
