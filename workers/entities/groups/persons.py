"""One group per person: full names, family names alone, given names alone.

Places and organisations are grouped in `group`; only the mentions of theirs that turn out to be a
person's family name («الأسد» tagged as a place) are taken here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from workers.entities.groups.name_parts import NameParts, consonants, split_name
from workers.entities.mentions.name_words import NameWords, opening_key, word_set
from workers.entities.mentions.roles import cached_key
from workers.entities.model import TypedMention

_FEWEST_CONSONANTS = 3
_IN_PLACE = word_set(
    """
    في الى إلى داخل من قرب شمال جنوب شرق غرب مدينة بمدينة محافظة ولاية
    """
)


class _Person:
    """Full names that are one person's, and where they stand."""

    def __init__(self) -> None:
        self.forms: set[NameParts] = set()
        self.places: list[int] = []

    @property
    def first_named(self) -> int:
        return min(self.places)

    def last_named_before(self, place: int) -> int:
        return max((named for named in self.places if named < place), default=-1)


class _People:
    """The persons of an article by the units of their names."""

    def __init__(self) -> None:
        self.all: list[_Person] = []
        self._by_unit: dict[str, list[_Person]] = {}
        self._by_sound: dict[str, list[_Person]] = {}

    def add(self, person: _Person, form: NameParts, places: Sequence[int]) -> None:
        if not person.forms:
            self.all.append(person)
        person.forms.add(form)
        person.places.extend(places)
        for unit in form:
            _enter(self._by_unit, unit, person)
        _enter(self._by_sound, consonants(form[-1]), person)

    def bearing(self, form: NameParts) -> list[_Person]:
        """List who shares a unit with a name, in the order in which they were added."""
        found = dict.fromkeys(p for unit in form for p in self._by_unit.get(unit, ()))
        return list(found)

    def sounding(self, unit: str) -> Sequence[_Person]:
        """List whose family name sounds like a unit."""
        return self._by_sound.get(consonants(unit), ())


def _enter(index: dict[str, list[_Person]], key: str, person: _Person) -> None:
    listed = index.setdefault(key, [])
    if person not in listed:
        listed.append(person)


def persons(
    mentions: Sequence[TypedMention],
    before: Sequence[str],
    is_known_name: Callable[[str], bool],
) -> list[list[int]]:
    """Join the mentions of each person who is named in full.

    A family name alone joins the one person who bears it. Where two do, it joins the one who was
    named last before it; where neither was, it stays apart. A given name alone joins only the one
    person who bears it, after that person was named or in the title.

    Args:
        mentions: of one article in reading order.
        before: the word before each mention.
        is_known_name: tells whether a list knows a name as that of a place or organisation.

    Returns:
        For each person the indices of the mentions, in order. What is in no list is nobody's whose
        full name the article gives.
    """
    forms: dict[NameParts, list[int]] = {}
    for index, mention in enumerate(mentions):
        if mention.type == "PERS":
            forms.setdefault(split_name(mention.name), []).append(index)
    people = _full_names(forms)
    if not people.all:
        return []
    lone: dict[NameParts, list[int]] = {
        form: places for form, places in forms.items() if len(form) == 1
    }
    for form, places in lone.items():
        bearers = _bearers(form[0], people)
        for place in places:
            person = _meant(mentions[place], place, *bearers)
            if person is not None:
                person.places.append(place)
    _take_back(mentions, before, people, lone, is_known_name)
    return [sorted(person.places) for person in people.all]


def _full_names(forms: Mapping[NameParts, list[int]]) -> _People:
    """Join full names, the longest first, so that a short one finds all that may hold it."""
    people = _People()
    full = [form for form in forms if len(form) > 1]
    for form in sorted(full, key=lambda form: (-len(form), forms[form][0])):
        places = forms[form]
        alike = people.bearing(form)
        fitting = [person for person in alike if any(_holds(f, form) for f in person.forms)]
        if not fitting:
            fitting = [person for person in alike if any(_sounds(f, form) for f in person.forms)]
        if len(fitting) > 1:
            fitting.sort(key=lambda person: -person.last_named_before(places[0]))
            fitting = fitting[: fitting[0].last_named_before(places[0]) >= 0]
        people.add(fitting[0] if fitting else _Person(), form, places)
    return people


def _holds(long: NameParts, short: NameParts) -> bool:
    """Tell whether a name is a longer one with units left out, but not both its ends."""
    if len(short) >= len(long) or (short[0] != long[0] and short[-1] != long[-1]):
        return False
    rest = iter(long)
    return all(unit in rest for unit in short)


def _sounds(one: NameParts, other: NameParts) -> bool:
    """Tell whether two names are spellings of one: at least one unit alike, all in sound."""
    return (
        len(one) == len(other)
        and any(a == b for a, b in zip(one, other, strict=True))
        and all(_unit_sounds(a, b) for a, b in zip(one, other, strict=True))
    )


def _unit_sounds(one: str, other: str) -> bool:
    # «سعد الدين» is often called «سعد».
    if one.removesuffix("الدين") == other.removesuffix("الدين"):
        return True
    return consonants(one) == consonants(other) and len(consonants(one)) >= _FEWEST_CONSONANTS


def _bearers(unit: str, people: _People) -> tuple[Sequence[_Person], bool]:
    """Find who bears a unit, and whether as a given name."""
    alike = people.bearing((unit,))
    for place in (slice(-1, None), slice(1, -1)):
        found = [p for p in alike if any(unit in form[place] for form in p.forms)]
        if found:
            return found, False
    if alike:
        return alike, True
    if len(consonants(unit)) > _FEWEST_CONSONANTS:
        sounding = people.sounding(unit)
        return (sounding if len(sounding) == 1 else []), False
    return [], False


def _meant(
    mention: TypedMention, place: int, bearers: Sequence[_Person], is_given: bool
) -> _Person | None:
    if len(bearers) == 1:
        person = bearers[0]
        # A title may say «كيم» before the text says who that is.
        in_time = mention.mention.field == "title" or person.first_named < place
        return person if in_time or not is_given else None
    if not bearers or is_given:
        return None
    latest = max(bearers, key=lambda person: person.last_named_before(place))
    return latest if latest.last_named_before(place) >= 0 else None


def _take_back(
    mentions: Sequence[TypedMention],
    before: Sequence[str],
    people: _People,
    lone: Mapping[NameParts, list[int]],
    is_known_name: Callable[[str], bool],
) -> None:
    """Give persons the mentions of their family names that were tagged as something else."""
    families: dict[str, list[_Person]] = {}
    for person in people.all:
        for family in {form[-1] for form in person.forms}:
            families.setdefault(family, []).append(person)
    others: dict[str, list[int]] = {}
    for index, mention in enumerate(mentions):
        form = split_name(mention.name) if mention.type != "PERS" else ()
        if len(form) == 1 and form[0] in families:
            others.setdefault(form[0], []).append(index)
    for family, places in others.items():
        bearers = families[family]
        doubtful = [p for p in places if _looks_like_place(mentions[p], before[p])]
        if is_known_name(mentions[places[0]].name):
            named = sum(len(person.places) for person in bearers)
            if len(lone.get((family,), ())) + named <= len(places) + 2 * len(doubtful):
                continue
        for place in places:
            meant = (
                None
                if place in doubtful
                else _meant(mentions[place], place, bearers, is_given=False)
            )
            if meant is not None:
                meant.places.append(place)


def _looks_like_place(mention: TypedMention, before: str) -> bool:
    return mention.type == "LOC" and (before in _IN_PLACE or bool(mention.mention.role))


def full_name(seen: Mapping[str, int], names: NameWords) -> str:
    """Choose the name of a person: most units, then most often written, then first seen.

    A form that only adds a word which no name has, «كيم جونغ إيل قال», is a slip of the recogniser.

    Args:
        seen: how often each form was seen, in reading order; not empty.
        names: how often words open names.
    """

    def is_slip(name: str) -> bool:
        shorter, _, last = name.rpartition(" ")
        return shorter in seen and " " in shorter and not names.count(opening_key(last))

    sound = [name for name in seen if not is_slip(name)] or list(seen)
    return max(sound, key=lambda name: (len(split_name(name)), seen[name]))


def families(people: Sequence[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """List the family names as written that exactly one person bears.

    Args:
        people: the names seen of each person.

    Yields:
        Index of the person and the family name.
    """
    bearers: dict[str, set[int]] = {}
    written: dict[str, str] = {}
    for index, names in enumerate(people):
        for name in names:
            form = split_name(name)
            if len(form) > 1:
                bearers.setdefault(form[-1], set()).add(index)
                words = name.split()
                if len(cached_key(words[-1])) == len(form[-1]):
                    written[form[-1]] = words[-1]
    for family, owners in bearers.items():
        if len(owners) == 1 and family in written:
            yield next(iter(owners)), written[family]
