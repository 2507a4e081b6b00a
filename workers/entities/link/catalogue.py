"""The names that nabaa knows, in one read-only file that `compile` makes.

Finds the candidates of a name and the country of a demonym; which one is meant is left to `link`.
"""

from __future__ import annotations

import hashlib
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final, cast

from nabaa.errors import ConfigError
from nabaa.types import EntityType, Geo
from workers.entities.link.spelling import exact_key, loose_key

MAGIC: Final = b"NABAANM2"
HEADER: Final = struct.Struct("<8s16sIIIIII")
"""Magic, BLAKE2b-128 of the rest, counts of records and keys, bytes of records, of demonyms, of
phrases and of regions."""

EXACT: Final = "="
LOOSE: Final = "~"
SMALL_LETTERS: Final = "abc"
"""Stands for the class in the list of names that are looked for in small letters."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A Candidate is a listed entity that a name may stand for.

    Attributes:
        id: Wikidata QID where known, else a local id.
        type: one of the four classes.
        name: canonical Arabic name.
        name_en: English name where known.
        country: ISO 3166-1 alpha-2 where known, else empty.
        weight: prominence: how often news names it, on the scale where 1 is a city of a million.
        exact: the name is spelt as listed, but for hamza, ي/ى and ة/ه.
        geo: coordinates of a place where known.
    """

    id: str
    type: EntityType
    name: str
    name_en: str | None
    country: str
    weight: float
    exact: bool = True
    geo: Geo | None = None


class Catalogue:
    """A Catalogue finds listed entities by their names in the compiled file.

    Args:
        content: bytes of the compiled file.
        source: what to call it in errors.

    Raises:
        ConfigError: the content is not a catalogue of this version, or is damaged.
    """

    def __init__(self, content: bytes, source: str) -> None:
        if len(content) < HEADER.size or not content.startswith(MAGIC):
            raise ConfigError(
                f"{source}: not a catalogue of names; make it again with `make names`"
            )
        _, digest, records, keys, *sizes = HEADER.unpack_from(content)
        record_bytes, demonym_bytes, phrase_bytes, region_bytes = sizes
        body = memoryview(content)[HEADER.size :]
        ends = 8 * keys + 4 * keys + 4 * (records + 1) + sum(sizes)
        if len(body) != ends or checksum(body) != digest:
            raise ConfigError(f"{source}: damaged (checksum); make it again with `make names`")
        place = 0

        def take(size: int) -> memoryview:
            nonlocal place
            place += size
            return body[place - size : place]

        self._hashes = _numbers("Q", take(8 * keys))
        self._postings = _numbers("I", take(4 * keys))
        self._offsets = _numbers("I", take(4 * (records + 1)))
        self._records = bytes(take(record_bytes))
        self._demonyms = bytes(take(demonym_bytes))
        self._phrases = bytes(take(phrase_bytes))
        self._regions = bytes(take(region_bytes))
        # An article asks for its names several times, and the news for the same ones.
        self.lookup = lru_cache(maxsize=8192)(self._lookup)

    def __len__(self) -> int:
        """Return how many entities are listed."""
        return len(self._offsets) - 1

    def _lookup(self, name: str) -> tuple[Candidate, ...]:
        """Find what a name may stand for.

        Args:
            name: as written, bare of particles, titles and kinds.

        Returns:
            Those spelt so where there are any, else those of a similar spelling (`exact` false);
            the most prominent first. Empty where the name is not listed.
        """
        key = exact_key(name)
        if not key:
            return ()
        found = self._find(EXACT + key)
        exact = bool(found)
        if not found:
            found = self._find(LOOSE + loose_key(name))
        candidates = [self._candidate(record, exact=exact) for record in found]
        candidates.sort(key=lambda candidate: (-candidate.weight, candidate.id))
        return tuple(candidates)

    def knows(self, name: str) -> bool:
        """Tell whether a name is listed so spelt, as that of a place or an organisation."""
        key = exact_key(name)
        return bool(key) and any(
            self._records[self._offsets[record]] in b"LO" for record in self._find(EXACT + key)
        )

    @cached_property
    def demonyms(self) -> Mapping[str, Candidate]:
        """Return the countries by their demonyms: exact key of the masculine without article."""
        lines = self._demonyms.decode().splitlines()
        made = {}
        for line in lines:
            stem, record = line.split("\t")
            made[stem] = self._candidate(int(record), exact=True)
        return made

    @cached_property
    def small_letters(self) -> frozenset[str]:
        """Return the exact keys of Latin names that are written in small letters: «stc»."""
        return frozenset(key for kind, key in self._phrase_lines() if kind == SMALL_LETTERS)

    @cached_property
    def phrases(self) -> Mapping[str, EntityType]:
        """Return the names that are looked for in texts: exact keys of their words, to a class.

        Names of several words, and those of one word that means nothing else.
        """
        return {
            key: cast(EntityType, kind)
            for kind, key in self._phrase_lines()
            if kind[-1] != "?" and kind != SMALL_LETTERS
        }

    @cached_property
    def doubtful_phrases(self) -> Mapping[str, frozenset[str]]:
        """Return the names that need a word beside them, by exact key, with their classes."""
        found: dict[str, frozenset[str]] = {}
        for kind, key in self._phrase_lines():
            if kind[-1] == "?":
                found[key] = found.get(key, frozenset()) | {kind[:-1]}
        return found

    def _phrase_lines(self) -> Iterator[tuple[str, str]]:
        for line in self._phrases.decode().splitlines():
            kind, _, key = line.partition("\t")
            yield kind, key

    @cached_property
    def regions(self) -> Mapping[str, str]:
        """Return the continents of states by their ISO 3166-1 alpha-2 code."""
        lines = self._regions.decode().splitlines()
        return dict(line.split("\t") for line in lines)

    def _find(self, key: str) -> list[int]:
        wanted = key_hash(key)
        place = bisect_left(self._hashes, wanted)
        found = []
        while place < len(self._hashes) and self._hashes[place] == wanted:
            found.append(self._postings[place])
            place += 1
        return found

    def _candidate(self, record: int, *, exact: bool) -> Candidate:
        line = self._records[self._offsets[record] : self._offsets[record + 1]].decode()
        kind, id_, country, weight, name_en, latitude, longitude, name = line.split("\t")
        return Candidate(
            id=id_,
            type=cast(EntityType, kind),
            name=name,
            name_en=name_en or None,
            country=country,
            weight=float(weight),
            exact=exact,
            geo=Geo(float(latitude), float(longitude)) if latitude else None,
        )


def load_catalogue(path: Path | None = None) -> Catalogue:
    """Open the compiled names.

    Args:
        path: the compiled file; None for the one that is shipped.

    Raises:
        ConfigError: the file cannot be read or is damaged.
    """
    try:
        if path is None:
            return Catalogue(
                files("workers.entities.link").joinpath("names.bin").read_bytes(), "names.bin"
            )
        return Catalogue(path.read_bytes(), str(path))
    except OSError as error:
        raise ConfigError(f"the catalogue of names cannot be read: {error}") from error


def key_hash(key: str) -> int:
    """Return the 64 bits by which a key is found."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


def checksum(body: bytes | memoryview) -> bytes:
    """Return the BLAKE2b-128 digest of what follows the header."""
    return hashlib.blake2b(body, digest_size=16).digest()


def _numbers(code: str, content: memoryview) -> array[int]:
    numbers: array[int] = array(code)
    numbers.frombytes(content)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
