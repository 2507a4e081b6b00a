"""The entities that a person names on the command line: by id, or by a listed name."""

from __future__ import annotations

from collections.abc import Callable

from nabaa.errors import NotFoundError, UsageError
from nabaa.filters.entity_id import is_entity_id
from nabaa.filters.moved_ids import todays_id
from nabaa.types import Article, Story

_CLEARLY = 20  # times as prominent as any other of the name
_SHOWN = 8


def entity_id(text: str) -> str:
    """Return the id of an entity.

    Args:
        text: an id, which comes back as it is, or a listed name; `_` stands for a space.

    Raises:
        NotFoundError: no entity of that name is listed.
        UsageError: several are, none of them clearly more prominent; names their ids.
        ConfigError: the list of names cannot be read.
    """
    if is_entity_id(text):
        return text
    from workers.entities.link.catalogue import load_catalogue  # noqa: PLC0415 - slow to import

    candidates = load_catalogue().lookup(text.replace("_", " "))
    if not candidates:
        raise NotFoundError(f"{text!r} is not among the listed names; give an id such as Q142")
    others = max((other.weight for other in candidates[1:]), default=0.0)
    if not candidates[0].exact or candidates[0].weight < _CLEARLY * others:
        choice = ", ".join(
            f"{one.id} ({one.name}, {one.type}{f', {one.country}' if one.country else ''})"
            for one in candidates[:_SHOWN]
        )
        raise UsageError(f"{text!r} may be {choice}; give the id")
    return candidates[0].id


def entity_test(text: str) -> Callable[[Article], bool]:
    """Return a test that tells whether an article names an entity.

    Args:
        text: an id, or a name in any spelling that the search key folds; a name finds every entity
            that has it, listed or not. Empty: any article passes.
    """
    from nabaa.search_key import search_key  # noqa: PLC0415 - commands start faster without

    if not text:
        return lambda _: True
    if is_entity_id(text):
        id_ = todays_id(text)
        return lambda article: any(todays_id(entity.id) == id_ for entity in article.entities)
    wanted = search_key(text.replace("_", " "))

    def names_it(article: Article) -> bool:
        return any(
            wanted in map(search_key, (entity.name, *(each.text for each in entity.mentions)))
            for entity in article.entities
        )

    return names_it


def story_test(text: str) -> Callable[[Story], bool]:
    """Return a test that tells whether a story names an entity.

    Args:
        text: an id, or a name in any spelling that the search key folds. Empty: any story passes.
    """
    from nabaa.search_key import search_key  # noqa: PLC0415 - commands start faster without

    if not text:
        return lambda _: True
    if is_entity_id(text):
        id_ = todays_id(text)
        return lambda story: any(todays_id(entity.id) == id_ for entity in story.entities)
    wanted = search_key(text.replace("_", " "))
    return lambda story: any(
        wanted in (search_key(entity.name), search_key(entity.name_en or ""))
        for entity in story.entities
    )
