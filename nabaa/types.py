"""The records of the published message, as subscribers read them.

Offsets are code points into exactly the text that is delivered. Every instant is an aware UTC
datetime; every text is NFC Unicode without bidi or zero-width controls.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

EntityType = Literal["PERS", "LOC", "ORG", "MISC"]
TextField = Literal["title", "summary", "body_text"]
Change = Literal["title", "summary", "body_text", "feeds"]
Compression = Literal["none", "zstd"]
"""How `data` of an article is packed on the stream; zstd as RFC 8878 has it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where an entity is named: `text` is exactly `field[start:end]`.

    Attributes:
        field: text of the article that it stands in.
        start: code points from the start of that text.
        end: code points, exclusive.
        text: the bare name as written, without particles and titles.
        role: title or role beside the name, «الرئيس الفرنسي» or «صحيفة»; empty where none.
        kind: `adjective` for a word such as «الفرنسية», which names a country by its people.
    """

    field: TextField
    start: int
    end: int
    text: str
    role: str = ""
    kind: Literal["name", "adjective"] = "name"


@dataclass(frozen=True, slots=True)
class Entity:
    """Someone or something that the article names.

    Attributes:
        id: Wikidata QID where known, else a stable local id (`local:` and 16 hex digits).
        type: one of the four classes.
        name: canonical Arabic name where known, else the longest form in the article.
        name_en: English name where known.
        mentions: in reading order, never empty.
        confidence: 0 to 1 that `id` is the right one of the list; 0 for an entity of no list.
        country: ISO 3166-1 alpha-2 where known, else empty.
    """

    id: str
    type: EntityType
    name: str
    name_en: str | None
    mentions: tuple[Mention, ...]
    confidence: float = 0.0
    country: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that the article gives to a speaker: `text` is exactly `field[start:end]`.

    Attributes:
        field: text of the article that they stand in.
        start: code points from the start of that text.
        end: code points, exclusive.
        text: what is inside the marks or after the colon, or the reported clause.
        speaker: id of an entity of the article; None where the text does not tell.
        cue: the verb or phrase as written, «قال» or «بحسب»; empty where none.
        kind: `direct` in marks or after a colon; `reported` where the words are the article's.
    """

    field: TextField
    start: int
    end: int
    text: str
    speaker: str | None
    cue: str
    kind: Literal["direct", "reported"]


@dataclass(frozen=True, slots=True)
class Media:
    """A file that an entry points to: an enclosure or a media:content.

    Attributes:
        url: absolute http or https address.
        type: MIME type as the feed says, or an empty string.
        length: bytes as the feed says, or None.
        title: caption, or an empty string.
    """

    url: str
    type: str = ""
    length: int | None = None
    title: str = ""


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
        uri: `urn:nabaa:article:` and 32 hex digits; all versions have the same.
        url: address of the article, or an empty string.
        version: 1 for a new article; one more each time that it says something else.
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
        quotes: who said what, in reading order.
        content_hash: hex BLAKE2b-128 of title, summary and body_text.
        feeds: ids of all feeds that showed it so far, the first one first.
        changed: of a later version, what is not as in the one before it; `feeds` where another
            feed showed it.
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
    quotes: tuple[Quote, ...] = ()
    feeds: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
