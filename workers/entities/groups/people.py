"""The persons of one article, found by the parts of their names without asking each about each.

No list that is walked for one name is longer than `MAX_CANDIDATES`: an article of thousands of
persons of one family costs no more for each.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from itertools import islice

from workers.entities.groups.name_parts import NameParts, consonants

MAX_CANDIDATES = 32
"""Persons, and forms of one person's name, that are compared with a name."""

FEWEST_CONSONANTS = 3
"""Consonants from which two spellings of a part may be told by their sound."""


class Person:
    """Full names that are one person's, and where they stand."""

    def __init__(self) -> None:
        self._forms: dict[NameParts, None] = {}
        self.places: list[int] = []

    @property
    def forms(self) -> Sequence[NameParts]:
        """Return the first forms of the name, in the order in which they were added."""
        return list(islice(self._forms, MAX_CANDIDATES))

    @property
    def first_named(self) -> int:
        """Return the index of the first mention."""
        return self.places[0]

    def add_form(self, form: NameParts) -> None:
        """Add a form of the name."""
        self._forms[form] = None

    def add_place(self, place: int) -> None:
        """Add the index of a mention."""
        insort(self.places, place)

    def last_named_before(self, place: int) -> int:
        """Return the index of the last mention before another; -1 where there is none."""
        at = bisect_left(self.places, place)
        return self.places[at - 1] if at else -1


class People:
    """The persons of an article by the parts of their names."""

    def __init__(self) -> None:
        self.all: list[Person] = []
        self._by_part: dict[str, dict[Person, None]] = {}
        self._by_family_sound: dict[str, dict[Person, None]] = {}
        self._by_sound: dict[tuple[str, ...], dict[Person, None]] = {}

    def add(self, person: Person, form: NameParts, places: Iterable[int]) -> None:
        """Add a form of a person's name and where it stands."""
        if not person.forms:
            self.all.append(person)
        person.add_form(form)
        for place in places:
            person.add_place(place)
        for part in form:
            self._by_part.setdefault(part, {})[person] = None
        self._by_family_sound.setdefault(consonants(form[-1]), {})[person] = None
        self._by_sound.setdefault(_sound(form), {})[person] = None

    def bearing_all(self, form: NameParts) -> list[Person]:
        """List who may bear every part of a name, in the order in which they were added."""
        rarest = min((self._by_part.get(part, {}) for part in form), key=len)
        return list(islice(rarest, MAX_CANDIDATES))

    def bearing(self, part: str) -> list[Person]:
        """List who bears a part, in the order in which they were added; nobody if too many do."""
        found = self._by_part.get(part, {})
        return list(found) if len(found) <= MAX_CANDIDATES else []

    def sounding_like(self, form: NameParts) -> list[Person]:
        """List whose whole name sounds like another."""
        return list(islice(self._by_sound.get(_sound(form), {}), MAX_CANDIDATES))

    def families_sounding_like(self, part: str) -> list[Person]:
        """List whose family name sounds like a part."""
        return list(islice(self._by_family_sound.get(consonants(part), {}), MAX_CANDIDATES))


def part_sound(part: str) -> str:
    """Return what spellings of one part have in common; «سعد الدين» is often called «سعد»."""
    bare = part.removesuffix("الدين") or part
    sound = consonants(bare)
    return sound if len(sound) >= FEWEST_CONSONANTS else bare


def _sound(form: NameParts) -> tuple[str, ...]:
    return tuple(map(part_sound, form))
