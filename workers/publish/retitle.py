"""A corrected headline for an article whose text was taken from its page. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from nabaa.types import Article, Entity, TextField
from workers.publish.records import hash_texts

Located = TypeVar("Located", bound=Any)
_ORDER: dict[TextField, int] = {"title": 0, "summary": 1, "body_text": 2}


def retitle(last: Article, article: Article) -> Article:
    """Return an article with the headline that its feed gives it now.

    Args:
        last: its last version.
        article: made of the feed's entry alone.

    Returns:
        The last version with title, and what is named and said in it, of the other.
    """
    quotes = (*_of_title(article.quotes), *_of_rest(last.quotes))
    return replace(
        last,
        title=article.title,
        updated=article.updated or last.updated,
        entities=_joined(article.entities, last.entities),
        quotes=quotes,
        content_hash=hash_texts(article.title, last.summary, last.body_text),
    )


def _joined(of_title: tuple[Entity, ...], of_rest: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Return the entities of a title and those of the other texts as those of one article."""
    found: dict[str, Entity] = {}
    for entity in of_rest:
        if mentions := _of_rest(entity.mentions):
            found[entity.id] = replace(entity, mentions=mentions)
    for entity in of_title:
        if mentions := _of_title(entity.mentions):
            known = found.get(entity.id, replace(entity, mentions=()))
            found[entity.id] = replace(known, mentions=(*mentions, *known.mentions))
    return tuple(sorted(found.values(), key=lambda entity: _place(entity.mentions[0])))


def _of_title(located: tuple[Located, ...]) -> tuple[Located, ...]:
    return tuple(each for each in located if each.field == "title")


def _of_rest(located: tuple[Located, ...]) -> tuple[Located, ...]:
    return tuple(each for each in located if each.field != "title")


def _place(mention: Any) -> tuple[int, int]:
    return _ORDER[mention.field], mention.start
