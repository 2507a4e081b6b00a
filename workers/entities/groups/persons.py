"""One group per person: full names, family names alone, given names alone.

Places and organisations are grouped in `group`; only the mentions of theirs that turn out to be a
person's family name («الأسد» tagged as a place) are taken here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from workers.entities.groups.name_parts import NameParts, consonants, split_name
from workers.entities.groups.people import FEWEST_CONSONANTS, MAX_CANDIDATES, People, Person
from workers.entities.mentions.name_words import NameWords, opening_key, word_set
from workers.entities.mentions.roles import cached_key
from workers.entities.model import TypedMention

_IN_PLACE = word_set(
    """
    في الى إلى داخل من قرب شمال جنوب شرق غرب مدينة بمدينة محافظة ولاية
    """
)


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
                person.add_place(place)
    _take_back(mentions, before, people, lone, is_known_name)
    return [person.places for person in people.all]


def _full_names(forms: Mapping[NameParts, list[int]]) -> People:
    """Join full names, the longest first, so that a short one finds all that may hold it."""
    people = People()
    full = [form for form in forms if len(form) > 1]
    for form in sorted(full, key=lambda form: (-len(form), forms[form][0])):
        places = forms[form]
        fitting = [
            person
            for person in people.bearing_all(form)
            if any(_holds(full_form, form) for full_form in person.forms)
        ]
        if not fitting:
            fitting = [
                person
                for person in people.sounding_like(form)
                if any(_shares_part(full_form, form) for full_form in person.forms)
            ]
        if len(fitting) > 1:
            fitting.sort(key=lambda person: -person.last_named_before(places[0]))
            fitting = fitting[: fitting[0].last_named_before(places[0]) >= 0]
        people.add(fitting[0] if fitting else Person(), form, places)
    return people


def _holds(long: NameParts, short: NameParts) -> bool:
    """Tell whether a name is a longer one with units left out, but not both its ends."""
    if len(short) >= len(long) or (short[0] != long[0] and short[-1] != long[-1]):
        return False
    rest = iter(long)
    return all(unit in rest for unit in short)


def _shares_part(one: NameParts, other: NameParts) -> bool:
    """Tell whether two spellings of a name have at least one part alike."""
    return any(part == spelling for part, spelling in zip(one, other, strict=False))


def _bearers(unit: str, people: People) -> tuple[Sequence[Person], bool]:
    """Find who bears a unit, and whether as a given name."""
    alike = people.bearing(unit)
    for place in (slice(-1, None), slice(1, -1)):
        found = [p for p in alike if any(unit in form[place] for form in p.forms)]
        if found:
            return found, False
    if alike:
        return alike, True
    if len(consonants(unit)) > FEWEST_CONSONANTS:
        sounding = people.families_sounding_like(unit)
        return (sounding if len(sounding) == 1 else []), False
    return [], False


def _meant(
    mention: TypedMention, place: int, bearers: Sequence[Person], is_given: bool
) -> Person | None:
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
    people: People,
    lone: Mapping[NameParts, list[int]],
    is_known_name: Callable[[str], bool],
) -> None:
    """Give persons the mentions of their family names that were tagged as something else."""
    families: dict[str, list[Person]] = {}
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
        if len(bearers) > MAX_CANDIDATES:
            continue  # the family name of so many names nobody
        doubtful = {p for p in places if _looks_like_place(mentions[p], before[p])}
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
                meant.add_place(place)


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
