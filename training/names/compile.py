"""Compiles the gazetteers and `variants.tsv` into `names.bin`: `python -m training.names.compile`.

The same input gives the same bytes. `catalogue` reads them.
"""

from __future__ import annotations

import argparse
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import chain
from pathlib import Path

from nabaa.errors import ConfigError
from nabaa.types import EntityType
from training.names import sources
from training.names.coordinates import COORDINATES, Point, read_coordinates
from training.names.known_ids import brands, institutions, politicians, with_known_ids
from training.names.moved_ids import MOVED_IDS, moved, read_moved, write_moved
from training.names.nationalities import COUNTRIES, DEMONYMS, NOT_DEMONYMS
from training.names.sources import ListedEntity
from training.names.supports import check_supports, read_supports
from training.recogniser.gazetteer import ARAB_STATES
from workers.entities.link import catalogue
from workers.entities.link.catalogue import (
    EXACT,
    HEADER,
    LOOSE,
    MAGIC,
    SMALL_LETTERS,
    Catalogue,
    checksum,
    key_hash,
    load_catalogue,
)
from workers.entities.link.resolve import local_id
from workers.entities.link.spelling import exact_key, loose_key
from workers.entities.mentions.name_words import word_set

HERE = Path(__file__).parent
HAND_KEPT = (
    HERE / "since_2015.tsv",
    HERE / "variants.tsv",
    HERE / "office_holders.tsv",
    HERE / "organisations.tsv",
    HERE / "organisations_by_country.tsv",
)
PLAIN_WORDS = HERE / "plain_words.txt"
SHORTEST_WORD = 3
"""Letters of a single word that is looked for."""
LEAST_WEIGHT = 0.1
"""Prominence from which names of places of the gazetteers are looked for."""
VILLAGE_WORDS = word_set(
    "كفر بيت دير تل عين بئر بير راس خان منزل حاسي اولاد ايت قصر برج رام كوم منيا قلعه"
)
"""First words, as exact keys, by which a small place of an Arab state is told in a text."""
CATALOGUE = Path(catalogue.__file__).with_name("names.bin")


def compile_catalogue(data: Path, hand: Sequence[Path]) -> bytes:
    """Compile all lists to the content of the compiled file; see `compile_lists`."""
    return compile_lists(data, hand)[0]


def compile_lists(data: Path, hand: Sequence[Path]) -> tuple[bytes, list[ListedEntity]]:
    """Compile all lists.

    Args:
        data: holds the folders `gazetteer` and `entities`.
        hand: the hand-kept names.

    Returns:
        The content of the compiled file, and the entities in it.

    Raises:
        ConfigError: a line of the variants is wrong.
        OSError: a list cannot be read.
    """
    folder, entities = data / "gazetteer", data / "entities"
    states = list(sources.countries(folder))
    codes = {state.country: state.id for state in states}
    known = [*politicians(entities), *institutions(entities), *brands(entities)]
    kept = []
    for entity in with_known_ids(chain.from_iterable(map(sources.variants, hand)), known):
        if entity.id.startswith("@") and entity.id[1:] not in codes:
            raise ConfigError(
                f"{entity.id} in {', '.join(map(str, hand))} is the code of no country"
            )
        kept.append(replace(entity, id=codes.get(entity.id[1:], entity.id)))
    listed = merge(
        [
            kept,
            states,
            sources.places(folder),
            sources.cities(folder),
            known,
            sources.people_and_competitions(folder),
        ]
    )
    listed = with_coordinates(listed, read_coordinates(COORDINATES))
    content = pack(
        listed,
        demonym_ids(listed, codes, sources.nationalities(folder)),
        phrase_lines(phrases(kept, listed, plain_words(PLAIN_WORDS)), kept),
        sources.regions(folder),
    )
    return content, listed


def with_coordinates(
    listed: Iterable[ListedEntity], points: Mapping[str, Point]
) -> list[ListedEntity]:
    """Give the places that have none their coordinates by Wikidata id."""
    return [
        replace(entity, geo=points[entity.id])
        if entity.type == "LOC" and entity.geo is None and entity.id in points
        else entity
        for entity in listed
    ]


def plain_words(path: Path) -> frozenset[str]:
    """Read the listed words that mean other things too; lines that begin with # are comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def phrases(
    kept: Iterable[ListedEntity], listed: Iterable[ListedEntity], plain: Set[str]
) -> dict[str, EntityType]:
    """Choose the names that are looked for in texts, whether a recogniser marks them or not.

    Args:
        kept: hand-kept entities: all names of theirs but single words that mean other things too.
        listed: all entities: names of two words or more of places and organisations.
        plain: single words that mean other things too.

    Returns:
        Exact keys of the names, to the class of the most prominent entity of that name.
    """
    words = {exact_key(word) for word in plain}
    classes: defaultdict[str, set[EntityType]] = defaultdict(set)
    for entity in listed:
        for name in entity.names:
            classes[exact_key(name)].add(entity.type)
    best: dict[str, tuple[float, EntityType]] = {}
    for is_kept, entities in ((True, kept), (False, listed)):
        for entity in entities:
            for name in entity.names:
                key = exact_key(name)
                parts = " ".join(exact_key(word) for word in name.split()).split()
                if len(parts) == 1:
                    sure = is_kept and key not in words and len(classes[key]) == 1
                    if not sure or len(key) < SHORTEST_WORD:
                        continue
                elif not is_kept and not _is_looked_for(entity, (parts or [""])[0]):
                    continue
                elif entity.type == "LOC" and parts[:1] == ["الاتحاد"]:
                    continue  # «الاتحاد السويسري» is a federation of sports oftener than a state
                phrase = " ".join(parts)
                if phrase and (phrase not in best or best[phrase][0] < entity.weight):
                    best[phrase] = entity.weight, entity.type
    return {key: kind for key, (_, kind) in best.items()}


def _is_looked_for(entity: ListedEntity, first: str) -> bool:
    """Tell whether a name of several words of a gazetteer is looked for.

    A small place of an Arab state is so only by its first word: «كفر زيتا», not «أبو حماد».
    """
    if entity.type == "PERS":
        return False
    if entity.weight >= LEAST_WEIGHT:
        return True
    opens = first in VILLAGE_WORDS if entity.country in ARAB_STATES else first != "في"
    return entity.type == "LOC" and opens


def phrase_lines(
    sure: Mapping[str, EntityType], kept: Iterable[ListedEntity]
) -> Iterator[tuple[str, str]]:
    """Yield class and key of each name that is looked for.

    Args:
        sure: names that are names wherever they stand.
        kept: hand-kept entities. A name of theirs that means other things too gets its class with
            a question mark: it is a name only beside a word that says so («صحيفة الشرق الأوسط»).
    """
    for key, kind in sure.items():
        yield kind, key
    for entity in kept:
        for name in entity.names:
            if name.isascii() and name.islower() and sure.get(exact_key(name)) == entity.type:
                yield SMALL_LETTERS, exact_key(name)
        for name in entity.names if entity.type in ("ORG", "LOC") else ():
            key = " ".join(exact_key(word) for word in name.split())
            if sure.get(key) != entity.type and len(key) >= SHORTEST_WORD:
                yield f"{entity.type}?", key


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
                merged[id_] = replace(
                    have,
                    names=names,
                    name_en=have.name_en or entity.name_en,
                    geo=have.geo or entity.geo,
                )
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


def pack(
    listed: Sequence[ListedEntity],
    demonyms: Mapping[str, str],
    looked_for: Iterable[tuple[str, str]] = (),
    regions: Mapping[str, str] | None = None,
) -> bytes:
    """Write entities, demonyms, phrases and continents as `catalogue` reads them.

    Args:
        listed: each entity once.
        demonyms: ids by demonym.
        looked_for: class and exact key of the names that are looked for in texts.
        regions: continents by the code of the country.

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
        columns = (
            *(entity.type, entity.id, entity.country, f"{entity.weight:.3g}", entity.name_en),
            *(("", "") if entity.geo is None else (f"{degrees:.4f}" for degrees in entity.geo)),
        )
        lines.append("\t".join((*columns, entity.names[0])).encode())
    pairs = [(key, number) for key in sorted(found) for number in sorted(found[key])]
    ends = [0]
    for line in lines:
        ends.append(ends[-1] + len(line))
    stems = "".join(f"{stem}\t{numbers[demonyms[stem]]}\n" for stem in sorted(demonyms)).encode()
    sought = "".join(f"{kind}\t{key}\n" for kind, key in sorted(set(looked_for))).encode()
    areas = "".join(f"{code}\t{area}\n" for code, area in sorted((regions or {}).items())).encode()
    body = b"".join(
        (
            _little("Q", [key for key, _ in pairs]),
            _little("I", [number for _, number in pairs]),
            _little("I", ends),
            *lines,
            stems,
            sought,
            areas,
        )
    )
    sizes = ends[-1], len(stems), len(sought), len(areas)
    return HEADER.pack(MAGIC, checksum(body), len(listed), len(pairs), *sizes) + body


def main(arguments: Sequence[str] | None = None) -> None:
    """Compile the lists from the command line and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="data folder")
    parser.add_argument("--output", type=Path, default=CATALOGUE, help="compiled file")
    parser.add_argument(
        "--names", type=Path, nargs="+", default=HAND_KEPT, help="files of hand-kept names"
    )
    parser.add_argument(
        "--moved", type=Path, help="file of moved ids (default: the shipped catalogue's)"
    )
    options = parser.parse_args(arguments)
    for path in options.names:
        check_supports(sources.variants(path), read_supports())
    content, listed = compile_lists(options.data, options.names)
    moves = options.moved or (MOVED_IDS if options.output == CATALOGUE else None)
    if moves is not None and options.output.exists():
        before = load_catalogue(options.output)
        write_moved(moved(before, listed, read_moved(moves)), moves)
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
