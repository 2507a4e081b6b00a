"""The records of stories: what the index is told of an article, and what it says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nabaa.types import EntityType


@dataclass(frozen=True, slots=True)
class StoryEntity:
    """A story entity is someone or something that an article names.

    Attributes:
        id: Wikidata QID where known, else a stable local id.
        type: class, one of four.
        name: canonical Arabic name where known, else the longest form in the article.
        in_title: whether the title names it.
    """

    id: str
    type: EntityType
    name: str
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """A story article is what tells which story an article belongs to.

    Attributes:
        id: `uri` of the article, or any other name that no two articles share.
        outlet: name of the outlet, or an empty string where it is not known.
        country: country of the outlet, ISO 3166-1 alpha-2, `XX` for a pan-Arab one, or empty.
        url: address of the article, or an empty string.
        title: headline, plain text.
        text: summary and body, or what there is of them, plain text; what counts is its beginning,
            and up to a few hundred words tell a reprint from another report.
        time: time of publication, UTC.
        entities: what it names, in the order of the first mention; empty where no recogniser ran.
        picture: address of its first picture, or an empty string.
    """

    id: str
    outlet: str
    country: str
    url: str
    title: str
    text: str
    time: datetime
    entities: tuple[StoryEntity, ...] = ()
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """A placement says which story an article belongs to, and what that changed.

    Attributes:
        story: id of its story.
        is_new: whether the story began with this article.
        merged: ids of open stories that turned out to be this one and have ended in it: all of
            their articles now belong to `story`.
        duplicate_of: id of the article that was first with this text, or None.
        headline: id of the article nearest to the middle of the story, whose title stands for it;
            another takes its place only when it is clearly nearer.
        continues: id of an earlier story of the same affair, for a new story; else None.
    """

    story: str
    is_new: bool
    merged: tuple[str, ...] = ()
    duplicate_of: str | None = None
    headline: str = ""
    continues: str | None = None
