"""The records that flow through the workers, and the published message.

Offsets are code points into exactly the text that is delivered. Every instant is an aware UTC
datetime; every text is NFC Unicode without bidi or zero-width controls.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ingest.types import Media

EntityType = Literal["PERS", "LOC", "ORG", "MISC"]
TextField = Literal["title", "summary", "body_text"]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark of a text.

    Attributes:
        text: exactly `source[start:end]`.
        start: code points from the start of the source text.
        end: code points, exclusive.
    """

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """A name in a sentence of tokens, as a recogniser reports it.

    Attributes:
        start: index of its first token.
        end: index after its last token.
        type: one of the four classes.
    """

    start: int
    end: int
    type: EntityType


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where an entity is named: `text` is exactly `field[start:end]`."""

    field: TextField
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Entity:
    """Someone or something that the article names.

    Attributes:
        id: Wikidata QID where known, else a stable local id (`local:` and 16 hex digits).
        type: one of the four classes.
        name: canonical Arabic name.
        name_en: English name where known.
        mentions: in reading order, never empty.
    """

    id: str
    type: EntityType
    name: str
    name_en: str | None
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who published the article.

    Attributes:
        name: the outlet's name.
        country: ISO 3166-1 alpha-2, or `XX` for a pan-Arab outlet.
        feed: id of the feed the article was found in.
    """

    name: str
    country: str
    feed: str


@dataclass(frozen=True, slots=True)
class Article:
    """The published message: `data` of an event on the articles stream.

    Attributes:
        uri: `urn:nabaa:article:` and 32 hex digits; the same entry always has the same uri.
        url: address of the article, or an empty string.
        version: 1 for a new article.
        title: plain text, one line.
        summary: plain text; empty where the feed gives none or it only repeats the body.
        body_text: plain text, paragraphs parted by one empty line.
        language: BCP 47 primary tag of the text, `und` where it cannot be told.
        published: when the outlet says it was published, else `first_seen`.
        updated: when the outlet says it was changed, or None.
        first_seen: when the entry was first fetched.
        by: the author line, or an empty string.
        outlet: who published it.
        topic: topic of its feed.
        tags: tags of its feed.
        categories: the outlet's own keywords.
        media: pictures, sound and film that the entry points to.
        entities: in the order of their first mention.
        content_hash: hex BLAKE2b-128 of title, summary and body_text.
    """

    uri: str
    url: str
    version: int
    title: str
    summary: str
    body_text: str
    language: str
    published: datetime
    updated: datetime | None
    first_seen: datetime
    by: str
    outlet: Outlet
    topic: str
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    media: tuple[Media, ...]
    entities: tuple[Entity, ...]
    content_hash: str
