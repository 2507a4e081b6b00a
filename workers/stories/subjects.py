"""Whom and what an article is about: it tells news of one form about other subjects apart. Pure.

Earthquakes, results, prices and weather are told in the same words with other names in them, so
that neither common terms nor common runs of words tell a reprint from news of another town.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from nabaa.types import Article
from workers.stories.model import StoryEntity

_MOST = 40  # entities of an article that are looked at


@dataclass(frozen=True, slots=True)
class Subjects:
    """The entities of an article, as the CRC-32 of their ids.

    Attributes:
        in_title: those that its title names.
        named: all of them, at most 40.
    """

    in_title: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()


def story_entities(article: Article) -> tuple[StoryEntity, ...]:
    """Return the entities of an article, as the index is told of them."""
    return tuple(
        StoryEntity(
            entity.id,
            entity.type,
            entity.name,
            any(mention.field == "title" for mention in entity.mentions),
        )
        for entity in article.entities
    )


def subjects_of(entities: Iterable[StoryEntity]) -> Subjects:
    """Return the subjects of an article.

    Args:
        entities: in the order of the first mention; those that count come first.
    """
    read = [(crc32(entity.id.encode()), entity.in_title) for entity in entities][:_MOST]
    return Subjects(
        frozenset(number for number, in_title in read if in_title),
        frozenset(number for number, _ in read),
    )


def are_about_others(one: Subjects, other: Subjects) -> bool:
    """Tell whether two articles are about different subjects.

    Returns:
        Whether the title of each names someone or something, and none that the other article names
        anywhere; False where a title names nobody, or no recogniser ran.
    """
    return bool(
        one.in_title
        and other.in_title
        and one.in_title.isdisjoint(other.named)
        and other.in_title.isdisjoint(one.named)
    )


def is_apart(subjects: Sequence[Subjects], others: Sequence[Subjects]) -> bool:
    """Tell whether most articles of two groups are about different subjects, pair by pair."""
    named = [one for one in subjects if one.in_title]
    apart = 0
    for other in others if named else ():
        if other.in_title:
            for one in named:
                apart += are_about_others(one, other)
    return 2 * apart > len(subjects) * len(others)
