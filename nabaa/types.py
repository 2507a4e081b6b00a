"""The records of the published messages, as subscribers read them.

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
BodySource = Literal["feed", "page"]
"""Where `body_text` of an article was taken from: its feed, or the page at its address."""

Compression = Literal["none", "zstd"]
"""How `data` of an article is packed on the stream; zstd as RFC 8878 has it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention is a place where an entity is named: `text` is exactly `field[start:end]`.

    Attributes:
        field: name of the text of the article that it stands in.
        start: place of its first letter, code points from the start of that text.
        end: place behind its last letter, code points.
        text: bare name as written, without particles and titles.
        role: title or role beside the name, «الرئيس الفرنسي» or «صحيفة»; empty where none.
        kind: kind of the word: `adjective` for one such as «الفرنسية», which names a country by its
            people.
    """

    field: TextField
    start: int
    end: int
    text: str
    role: str = ""
    kind: Literal["name", "adjective"] = "name"


@dataclass(frozen=True, slots=True)
class Geo:
    """A geo holds the coordinates of a place, WGS 84.

    Attributes:
        latitude: degrees, north is positive.
        longitude: degrees, east is positive.
    """

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity is someone or something that the article names.

    Attributes:
        id: Wikidata QID where known, else a stable local id (`local:` and 16 hex digits).
        type: class, one of four.
        name: canonical Arabic name where known, else the longest form in the article.
        name_en: English name where known.
        mentions: places that name it, in reading order, never empty.
        confidence: probability, 0 to 1, that `id` is the right one of the list; 0 for an entity of
            no list.
        country: its country, ISO 3166-1 alpha-2, where known, else empty.
        geo: coordinates of a listed place, where known, about its centre.
    """

    id: str
    type: EntityType
    name: str
    name_en: str | None
    mentions: tuple[Mention, ...]
    confidence: float = 0.0
    country: str = ""
    geo: Geo | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation is words that the article gives to a speaker: `text` is `field[start:end]`.

    Attributes:
        field: name of the text of the article that they stand in.
        start: place of their first letter, code points from the start of that text.
        end: place behind their last letter, code points.
        text: words inside the marks or after the colon, or the reported clause.
        speaker: id of an entity of the article; None where the text does not say.
        cue: verb or phrase as written, «قال» or «بحسب»; empty where none.
        kind: kind of quotation: `direct` in marks or after a colon; `reported` where the words are
            the article's.
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
    """A medium is a file that an entry points to: an enclosure or a media:content.

    Attributes:
        url: absolute http or https address.
        type: MIME type as the feed says, or an empty string.
        length: size in bytes as the feed says, or None.
        title: caption, or an empty string.
    """

    url: str
    type: str = ""
    length: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture is the one that stands for an article on its page.

    Attributes:
        url: absolute address.
        caption: one line, or an empty string.
    """

    url: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page holds what the article's own web page says of it beside the text.

    Attributes:
        canonical: address that the page names for the article at its own site, else its own.
        section: part of the newspaper, or an empty string.
        picture: picture that stands for the article, or None.
        extracted_at: time at which the page was fetched that this and the text were taken from.
        problem: why the page holds no article or only its beginning, such as `paywall`; empty where
            all is well.
    """

    canonical: str
    section: str
    picture: Picture | None
    extracted_at: datetime
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Outlet:
    """The outlet has published the article.

    Attributes:
        name: name of the outlet.
        country: its country, ISO 3166-1 alpha-2, or `XX` for a pan-Arab outlet.
        feed: id of the feed the article was found in.
    """

    name: str
    country: str
    feed: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article is the published message: `data` of an event on the articles stream.

    Attributes:
        uri: `urn:nabaa:article:` and 32 hex digits; all versions have the same.
        url: address of the article, or an empty string.
        version: 1 for a new article; one more each time that it says something else.
        title: headline, plain text, one line.
        summary: summary, plain text; empty where the feed gives none or it only repeats the body.
        body_text: body, plain text, paragraphs parted by one empty line.
        language: BCP 47 primary tag of the text, `und` where it is not certain.
        published: time of publication that the outlet gives, else `first_seen`.
        updated: time of the last change that the outlet gives, or None.
        first_seen: time at which the entry was first fetched.
        by: author line, or an empty string.
        outlet: publisher of the article.
        topic: topic of its feed.
        tags: tags of its feed.
        categories: keywords of the outlet.
        media: pictures, sound and film that the entry points to.
        entities: persons, places and others that it names, in the order of their first mention.
        quotes: quotations, in reading order.
        content_hash: hex BLAKE2b-128 of title, summary and body_text.
        feeds: ids of all feeds that showed it so far, the first one first.
        changed: names of what a later version changed; `feeds` where another feed showed it.
        body_source: source of `body_text`: `feed`, or `page` where it was taken from the page.
        page: what the article's page says of it; None where no page was read.
        duplicate_of: `uri` of the article that was first with this text, where it is a reprint and
            that was known at its publication; the story of both tells it always.
        story: id of its story where that was known at its publication: of a later version, and of
            a reprint.
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
    body_source: BodySource = "feed"
    page: Page | None = None
    duplicate_of: str | None = None
    story: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report is an article as its story lists it.

    Attributes:
        id: `uri` of the article.
        url: address of the article, or an empty string.
        title: its headline, plain text; that of its last version.
        outlet: name of its outlet.
        country: country of the outlet, ISO 3166-1 alpha-2, or `XX`.
        time: time of publication that the outlet gives, not later than its arrival.
        duplicate_of: `uri` of the article that was first with this text, or None.
    """

    id: str
    url: str
    title: str
    outlet: str
    country: str
    time: datetime
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class StoryOutlet:
    """A story outlet is one of those that report a story.

    Attributes:
        name: name of the outlet.
        country: its country, ISO 3166-1 alpha-2, or `XX`.
        first: time of its first report.
        articles: number of its reports.
    """

    name: str
    country: str
    first: datetime
    articles: int


@dataclass(frozen=True, slots=True)
class StoryEntity:
    """A story entity is someone or something that the reports of a story name.

    Attributes:
        id: Wikidata QID where known, else a stable local id.
        type: class, one of four.
        name: canonical Arabic name where known, else the longest form in the report.
        name_en: English name where known.
        weight: share of the reports that name it, above 0 to 1.
    """

    id: str
    type: EntityType
    name: str
    name_en: str | None
    weight: float


@dataclass(frozen=True, slots=True)
class Story:
    """A story is one event in the news: `data` of an event on the stories stream.

    Attributes:
        id: `urn:nabaa:story:` and the 32 hex digits of its first article.
        revision: 1 for a new story; one more each time that something of it changed.
        title: headline of the report nearest to the middle of the story.
        first_seen: time of its earliest report.
        last_seen: time of its latest report.
        outlets: outlets that report it, the first one first, the first 200.
        outlet_count: number of outlets that report it.
        countries: countries of these outlets, likewise.
        article_count: number of its reports, reprints among them.
        duplicate_count: number of reprints among them.
        articles: its newest reports, the latest last; every report is in the event that adds it.
        added: ids of the reports that this event adds, among `articles`.
        entities: whom and what the reports name, the most named first.
        picture: address of a picture, or an empty string.
        continues: id of an earlier story of the same affair, or None.
        merged: ids of stories that turned out to be this one, the last 50; their reports are its
            own now.
        merged_into: id of the story that this one turned out to be, in its last event; else None.
        breaking_since: time at which it had so many outlets within so short a time as the settings
            ask for; None where it never had.
    """

    id: str
    revision: int
    title: str
    first_seen: datetime
    last_seen: datetime
    outlets: tuple[StoryOutlet, ...]
    outlet_count: int
    countries: tuple[str, ...]
    article_count: int
    duplicate_count: int
    articles: tuple[Report, ...]
    added: tuple[str, ...]
    entities: tuple[StoryEntity, ...]
    picture: str = ""
    continues: str | None = None
    merged: tuple[str, ...] = ()
    merged_into: str | None = None
    breaking_since: datetime | None = None
