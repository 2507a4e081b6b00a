"""One group per entity of an article: its full name, its short forms, its acronym.

Persons are joined in `people`, mentions that the recogniser missed are found in `missed`. Which
entity of the world a group is, is left to `link`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from nabaa.types import EntityType, TextField
from workers.entities.groups.people import MAX_CANDIDATES
from workers.entities.groups.persons import full_name, persons
from workers.entities.groups.unrecognised_mentions import find_unrecognised_mentions
from workers.entities.mentions.name_words import NAME_NOUNS, NameWords, word_set
from workers.entities.mentions.roles import cached_key
from workers.entities.mentions.titles import KINDS
from workers.entities.model import Group, TypedMention

_KINDS_LEFT_OUT = (KINDS | {"وزاره"}) - {"قطاع"}
_LONGEST_ACRONYM = 8
_OPENING = frozenset(("(", '("', "(«", "[", "(“"))
_STATES = word_set("مملكه ولايات جمهوريه سلطنه امارات")
"""Short names of states, that have no other short name: «المملكة», «الإمارات»."""


def group_mentions(
    mentions: Sequence[TypedMention],
    texts: Mapping[TextField, str],
    names: NameWords,
    is_known_name: Callable[[str], bool],
) -> list[Group]:
    """Join the mentions of one article into one group per entity.

    Names that are missing among the mentions, though the article has them elsewhere, are found
    first. A class that the recogniser got wrong once is outvoted by the others of its group.

    Args:
        mentions: never overlapping.
        texts: the delivered texts, in reading order.
        names: how often words open names.
        is_known_name: tells whether a list knows a name as that of a place or organisation.

    Returns:
        In the order of their first mention; every mention given is in exactly one.
    """
    fields = list(texts)
    ordered = sorted(mentions, key=lambda m: (fields.index(m.mention.field), m.mention.start))
    groups = _grouped(ordered, texts, is_known_name)
    missed = find_unrecognised_mentions(ordered, groups, texts, names)
    for index, (group, mention) in enumerate(missed, len(ordered)):
        ordered.append(mention)
        groups[group].append(index)
    made = [_group([ordered[index] for index in members], fields, names) for members in groups]
    return sorted(made, key=lambda g: (fields.index(g.mentions[0].field), g.mentions[0].start))


def _grouped(
    mentions: Sequence[TypedMention],
    texts: Mapping[TextField, str],
    is_known_name: Callable[[str], bool],
) -> list[list[int]]:
    before = [_word_before(texts[m.mention.field], m.mention.start) for m in mentions]
    groups = persons(mentions, before, is_known_name)
    taken = {index for members in groups for index in members}
    rest: dict[str, list[int]] = {}
    for index, mention in enumerate(mentions):
        if index not in taken:
            rest.setdefault(_bare_key(mention.name), []).append(index)
    owner = _short_forms(rest, mentions)
    _acronyms(mentions, texts, owner)
    joined: dict[str, list[int]] = {}
    for key, members in rest.items():
        joined.setdefault(_root(owner, key), []).extend(members)
    return groups + [sorted(members) for members in joined.values()]


def _short_forms(rest: Mapping[str, list[int]], mentions: Sequence[TypedMention]) -> dict[str, str]:
    """Say for each key which longer name of the article it is short for; itself if none."""
    owner = {key: key for key in rest}
    types = {key: _vote([mentions[index].type for index in rest[key]]) for key in rest}
    things = [key for key in rest if types[key] != "PERS"]
    # A short form begins the longer name or is what follows its first word.
    longer_names: dict[str, list[str]] = {}
    for long in things:
        words = long.split(" ")
        if len(words) > 1:
            starts = {" ".join(words[:length]) for length in range(1, min(len(words), 5))}
            tail = " ".join(words[1:])
            for form in starts | {tail, _bare_key(tail)}:
                longer_names.setdefault(form, []).append(long)
    for short in things:
        longer = [
            long
            for long in longer_names.get(short, ())[:MAX_CANDIDATES]
            if types[long] == types[short] and _is_short_for(short, long, types[short])
        ]
        if len(longer) == 1:
            owner[short] = longer[0]
    return owner


def _is_short_for(short: str, long: str, kind: EntityType) -> bool:
    first, _, rest = long.partition(" ")
    if first in _KINDS_LEFT_OUT and _bare_key(rest) == short:
        return True  # «حماس» and «حركة حماس», «الخارجية الأميركية»
    if long.startswith(short + " "):
        if " " in short:
            # «البنك المركزي التركي», «حزب العدالة والتنمية», not «الاتحاد الأوروبي لكرة القدم».
            return all(_adds_nothing(word) for word in long[len(short) :].split())
        if kind == "LOC":
            return short in _STATES
        # «ريال» and «ريال مدريد», not «حزب» and «حزب الله».
        return kind == "ORG" and short not in NAME_NOUNS
    return kind == "ORG" and rest == short and short not in NAME_NOUNS


def _adds_nothing(word: str) -> bool:
    return word[0] == "و" or (word.startswith("ال") and word.endswith(("ي", "يه")))


def _acronyms(
    mentions: Sequence[TypedMention], texts: Mapping[TextField, str], owner: dict[str, str]
) -> None:
    """Join an organisation with the acronym in brackets after it: «منظمة ... (أوبك)»."""
    for long, short in pairwise(mentions):
        one, other = long.mention, short.mention
        if one.field != other.field or long.type not in ("ORG", "MISC") or short.type == "PERS":
            continue
        text = texts[one.field]
        key, acronym = _bare_key(long.name), _bare_key(short.name)
        if (
            text[one.end : other.start].strip() in _OPENING
            and text[other.end : other.end + 2].lstrip('"»”').startswith((")", "]"))
            and (short.type != "LOC" or other.text.isascii())
            and len(acronym) <= _LONGEST_ACRONYM
            and " " not in acronym
            and " " in key
            and key in owner
            and acronym in owner
            and _root(owner, key) != acronym
        ):
            owner[acronym] = _root(owner, key)


def _root(owner: Mapping[str, str], key: str) -> str:
    # A chain gets longer with each step or ends in brackets, so it may hold a key twice.
    seen = {key}
    while owner[key] not in seen:
        key = owner[key]
        seen.add(key)
    return key


def _group(members: list[TypedMention], fields: Sequence[TextField], names: NameWords) -> Group:
    if len(members) == 1:
        only = members[0]
        return Group(only.type, only.name, (only.mention,), (only.name,))
    members.sort(key=lambda m: (fields.index(m.mention.field), m.mention.start))
    seen: dict[str, int] = {}
    for member in members:
        seen[member.name] = seen.get(member.name, 0) + 1
    # Where two classes have as many votes, the longer name tells more.
    longest = sorted(members, key=lambda m: -m.name.count(" "))
    kind = _vote([member.type for member in longest])
    if len(seen) == 1 or kind != "PERS":
        name = max(seen, key=lambda name: name.count(" "))
    else:
        name = full_name(seen, names)
    return Group(kind, name, tuple([member.mention for member in members]), tuple(seen))


def _vote(types: Sequence[EntityType]) -> EntityType:
    return max(dict.fromkeys(types), key=types.count)


def _bare_key(name: str) -> str:
    key = cached_key(name)
    return key[2:] if key.startswith("ال") and len(key) > 4 else key


def _word_before(text: str, start: int) -> str:
    words = text[max(0, start - 24) : start].split()
    return words[-1] if words and text[start - 1].isspace() else ""
