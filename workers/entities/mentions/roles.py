"""Titles and roles beside a name: «الرئيس الفرنسي», «وزير الخارجية», «صحيفة».

A role stands before the name or follows it in apposition. It is never part of the name: a title
that the recogniser took into the name comes off, but not the noun of a name that would not stand
without it («حزب الله», «مدينة نصر»).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from functools import lru_cache

from nabaa.search_key import search_key
from nabaa.types import EntityType
from workers.entities.mentions.clitics import list_cuts
from workers.entities.mentions.name_words import NameWords, opening_key
from workers.entities.mentions.titles import (
    CONSTRUCT_TITLES,
    DEFINITE_TITLES,
    DEPUTIES,
    HONORIFICS,
    KINDS,
    NOT_IN_ROLES,
    OFFICE_WORDS,
    PARTED_KINDS,
    WHOLE_NAMES,
)
from workers.model import Token

_LONGEST_ROLE_TOKENS = 9
_LONGEST_KIND_TOKENS = 4
_COMMON_NAME = 30
_QUOTES = frozenset("\"«“„'‘")
_ENDS_ROLE = frozenset('،,.؛:)-–—!؟?…"»”')
_COMMAS = frozenset("،,")
_OPENS_APPOSITION = frozenset("،,(-–—")
_TITLES = HONORIFICS | DEFINITE_TITLES | CONSTRUCT_TITLES
_PARTED_TITLES = (HONORIFICS | DEFINITE_TITLES) - {"دوله", "صاحب"}

cached_key = lru_cache(maxsize=8192)(search_key)
"""Search key of a word; the same words come again and again."""


@lru_cache(maxsize=4096)
def bare_title(word: str, titles: Set[str]) -> str | None:
    """Part the particles from a word that is a title.

    Args:
        word: as written.
        titles: search keys of the titles.

    Returns:
        The title as it would stand alone, «الرئيس» for «للرئيس»; None for any other word.
    """
    if cached_key(word) in titles:
        return word
    if word[:1] in "وفبلك":
        for way in list_cuts(word):
            if cached_key(way.name) in titles:
                return way.name
            if word.startswith("لل") and f"ال{cached_key(way.name)}" in titles:
                return f"ال{way.name}"  # «للواء» hides a third ل
    return None


def is_title(word: str) -> bool:
    """Tell whether a word is a person's title, particles before it allowed."""
    return bare_title(word, _TITLES) is not None


def person_title_length(words: Sequence[str]) -> int:
    """Count the words at the front of a person's name that are only a title.

    Args:
        words: of the name as the recogniser marked it.

    Returns:
        How many come off. All of them where nothing but a title was marked.
    """
    first = bare_title(words[0], _PARTED_TITLES)
    if first is None:
        return 0
    length = 1
    while length < len(words) and (
        bare_title(words[length], _PARTED_TITLES) is not None
        or (length + 1 < len(words) and _is_adjective(words[length]))
    ):
        length += 1
    return length


def kind_length(words: Sequence[str], stands_alone: Callable[[str], bool]) -> int:
    """Tell whether the first word of a thing's name only says what kind of thing it is.

    Args:
        words: of the name as the recogniser marked it.
        stands_alone: tells whether words are a name without what stands before them.

    Returns:
        1 where it comes off: «صحيفة الغارديان», «حركة حماس». 0 where it stays, as in «حزب الله»,
        «مدينة نصر», «جامعة القاهرة», and where the others are not known as a name.
    """
    if len(words) < 2 or bare_title(words[0], PARTED_KINDS) is None:
        return 0
    kind = cached_key(bare_title(words[0], PARTED_KINDS) or "")
    if f"{kind} {cached_key(words[1])}" in WHOLE_NAMES:
        return 0
    return int(stands_alone(" ".join(words[1:])))


def is_common_name(words: str, names: NameWords) -> bool:
    """Tell whether words open names so often that they are one without a kind before them."""
    return names.count(opening_key(words.split(" ", 1)[0])) >= _COMMON_NAME


def role_before(
    tokens: Sequence[Token], end: int, kind: EntityType, named: Set[int], persons: Set[int]
) -> str:
    """Find the role that stands before a name.

    Args:
        tokens: of the sentence.
        end: index of the first token of the bare name.
        kind: class of the name.
        named: indices of tokens that belong to other names.
        persons: those of them that belong to persons.

    Returns:
        The role as written, without particles before it; empty where there is none.
    """
    last = end - 1
    is_person = kind == "PERS"
    if last >= 0 and tokens[last].text in (_QUOTES if not is_person else _COMMAS):
        last -= 1
    if is_person:
        found = _person_role(tokens, last, named, persons)
    else:
        found = _kind_role(tokens, last, named)
    if found is None:
        return ""
    start, head = found
    return _joined(head, tokens[start + 1 : last + 1])


def role_after(tokens: Sequence[Token], start: int, named: Set[int], persons: Set[int]) -> str:
    """Find the role that follows a person's name in apposition: «ماكرون، الرئيس الفرنسي».

    Args:
        tokens: of the sentence.
        start: index after the last token of the name.
        named: indices of tokens that belong to other names.
        persons: those of them that belong to persons.

    Returns:
        The role as written; empty where there is none, or where it is the next person's.
    """
    first = start + (start < len(tokens) and tokens[start].text in _OPENS_APPOSITION)
    if first >= len(tokens) or first in named or cached_key(tokens[first].text) not in _TITLES:
        return ""
    if first == start and cached_key(tokens[first].text) not in CONSTRUCT_TITLES:
        return ""
    end = first + 1
    while (
        end < len(tokens)
        and end - first < _LONGEST_ROLE_TOKENS
        and end not in persons
        and (end in named or _is_inside(tokens[end].text) or end == first + 1)
        and tokens[end].text not in _ENDS_ROLE
    ):
        end += 1
    if end in persons or (end < len(tokens) and tokens[end].text not in _ENDS_ROLE):
        return ""
    alone = end == first + 1 and cached_key(tokens[first].text) in CONSTRUCT_TITLES
    return "" if alone else _joined(tokens[first].text, tokens[first + 1 : end])


def _person_role(
    tokens: Sequence[Token], last: int, named: Set[int], persons: Set[int]
) -> tuple[int, str] | None:
    """Go back from the name; the farthest title that the words between allow is the head."""
    found: tuple[int, str] | None = None
    for index in range(last, max(-1, last - _LONGEST_ROLE_TOKENS), -1):
        if index in persons:
            break
        text = tokens[index].text
        title = None if index in named else bare_title(text, _TITLES)
        if title is not None:
            key = cached_key(title)
            if found is not None and not _may_govern(key, found[1], tokens[index + 1 : found[0]]):
                break
            if index < last and key == "الفريق":
                # A team: the rank stands right before the name.
                break
            if key in CONSTRUCT_TITLES and index == last:
                # «رئيس» right before a name has nothing to govern but the name.
                continue
            found = index, title
            if title != text:
                break
        elif (found is not None and cached_key(found[1]) in DEFINITE_TITLES) or not (
            index in named or _is_inside(text)
        ):
            break
    return found


def _may_govern(title: str, head: str, between: Sequence[Token]) -> bool:
    """Tell whether a title before the head found so far belongs to the same role."""
    head = cached_key(head)
    if head in HONORIFICS:
        return True
    if between:
        return title in CONSTRUCT_TITLES and head in CONSTRUCT_TITLES
    return title in DEPUTIES or (title in CONSTRUCT_TITLES and head not in DEFINITE_TITLES)


def _kind_role(tokens: Sequence[Token], last: int, named: Set[int]) -> tuple[int, str] | None:
    for index in range(last, max(-1, last - _LONGEST_KIND_TOKENS), -1):
        if index in named:
            return None
        title = bare_title(tokens[index].text, KINDS)
        if title is not None:
            return index, title
        if not _is_adjective(tokens[index].text):
            return None
    return None


def _is_inside(word: str) -> bool:
    """Tell whether a word may stand between a title and the name."""
    key = cached_key(word)
    if key.startswith("ال"):
        return key not in NOT_IN_ROLES
    # «وزير الخارجية والمغتربين», «المستشار للأمن»; but «مدرب الاتحاد والصربي فوك رازوفيتش» and
    # «عادل النجم الرقم القياسي للأسترالي رود ليفر» are about two persons.
    return key in OFFICE_WORDS or (key.startswith(("وال", "لل")) and not key.endswith("ي"))


def _is_adjective(word: str) -> bool:
    key = cached_key(word)
    return (
        key.startswith("ال") and key.endswith(("ي", "يه")) and key not in NOT_IN_ROLES
    ) or key in {"السابق", "السابقه", "الاسبق", "الراحل", "الراحله", "الجديد", "الجديده"}


def _joined(head: str, rest: Sequence[Token]) -> str:
    return " ".join([head, *(token.text for token in rest)])
