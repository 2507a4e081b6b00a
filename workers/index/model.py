"""The records of the archive: what is asked and what is answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from nabaa.filters.filter import Filter
from nabaa.types import Article, EntityType, Geo, Quote, Story

NO_FILTER = Filter()
"""States no condition."""

Order = Literal["relevance", "newest"]
Step = Literal["hour", "day", "month"]


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time in which articles were published; an end that is None is open.

    Attributes:
        since: first instant of the span, aware UTC.
        until: first instant behind the span, aware UTC.
    """

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question says which articles are wanted; one that states nothing wants all.

    Attributes:
        text: words as a person types them, all of which an article must have: `word`, `"a phrase"`,
            `begin*`, `=exactly`, `-without`.
        filter: conditions of a subscription, all of which must hold as well.
        speakers: ids of entities, at least one of which the article quotes.
        span: time of publication.
        order: `relevance` weighs where the words stand and how old the article is.
        limit: articles at most.
        offset: articles to pass over.
    """

    text: str = ""
    filter: Filter = NO_FILTER
    speakers: tuple[str, ...] = ()
    span: Span = Span()
    order: Order = "relevance"
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked text is a part of an article with the places of the words that were asked for.

    Attributes:
        text: the text, exactly as the article has it; `…` stands where it was cut.
        marks: start and end of each place in it, code points.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit is an article that a question found.

    Attributes:
        article: its current version.
        title: headline, marked.
        snippet: the sentence or two around the words, marked; else how the text begins.
        score: weight by which it was ranked, 0 or more; 0 where the order is by time.
    """

    article: Article
    title: Marked
    snippet: Marked
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer is one page of hits.

    Attributes:
        hits: in order.
        found: number of articles found; looking ends at 1,000, the newest ones.
        is_all: whether there are no more than `found`.
    """

    hits: tuple[Hit, ...]
    found: int
    is_all: bool


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A stored version is one message about an article.

    Attributes:
        article: the message.
        arrived: when it came onto the wire, aware UTC; to the hour where it was read from an
            archive of lines.
    """

    article: Article
    arrived: datetime


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """A stored article is all that is kept of one uri.

    Attributes:
        current: version that is searched.
        versions: every message about it in the order in which they came, `current` among them.
        story: id of the story that it tells of; None where no event has said so.
    """

    current: Article
    versions: tuple[StoredVersion, ...]
    story: str | None = None


@dataclass(frozen=True, slots=True)
class StoredStory:
    """A stored story is the last state of a story, and the articles that tell of it.

    Attributes:
        story: last event of it.
        articles: current version of each of its articles that is stored, newest first, 200 at most.
    """

    story: Story
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class StoredEntity:
    """A stored entity is what the articles say of someone or something.

    Attributes:
        id: id that it has today; articles may have one of before.
        type: class of the entity.
        name: its name in the last article that was stored.
        name_en: English name, where known.
        country: country, ISO 3166-1 alpha-2, or empty.
        geo: coordinates of a place, where known.
    """

    id: str
    type: EntityType
    name: str
    name_en: str | None
    country: str
    geo: Geo | None


@dataclass(frozen=True, slots=True)
class EntityCount:
    """An entity count says how many articles name an entity.

    Attributes:
        entity: the entity.
        articles: number of articles.
    """

    entity: StoredEntity
    articles: int


@dataclass(frozen=True, slots=True)
class EntityTrend:
    """The counts of one entity over two spans of the same length.

    Attributes:
        entity: the entity.
        articles: number of articles of the span that name it.
        before: their number in the span before; None where the archive does not reach so far back.
    """

    entity: StoredEntity
    articles: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling is a form in which articles write a name.

    Attributes:
        text: as written.
        articles: number of the entity's newest 100 articles that write it so.
    """

    text: str
    articles: int


@dataclass(frozen=True, slots=True)
class Count:
    """A count is the number of articles of an hour, a day or a month.

    Attributes:
        start: first instant of it, aware UTC.
        articles: number of articles.
    """

    start: datetime
    articles: int


@dataclass(frozen=True, slots=True)
class QuotationQuestion:
    """A question for quotations; one that states nothing wants all, newest first.

    Attributes:
        text: words that the quotation must have, as in `Question.text`.
        speakers: ids of entities, one of which said it.
        span: time of publication of the article.
        limit: quotations at most.
        offset: quotations to pass over.
    """

    text: str = ""
    speakers: tuple[str, ...] = ()
    span: Span = Span()
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class StoredQuotation:
    """A stored quotation is what somebody said, and where it stands.

    Attributes:
        quote: the quotation.
        marked: its text with the words that were asked for.
        speaker: who said it; None where the text does not say.
        article: current version of the article that has it.
    """

    quote: Quote
    marked: Marked
    speaker: StoredEntity | None
    article: Article


@dataclass(frozen=True, slots=True)
class EntityView:
    """All that a page about an entity shows.

    Attributes:
        entity: the entity.
        articles: number of articles that name it, over all time.
        spellings: forms of its name in its newest 100 articles, most used first.
        hours: articles of each hour of the last two days, gaps as 0.
        days: articles of each day of the last month, gaps as 0.
        named_with: entities that its newest 500 articles name besides, most often first.
        quotations: what it said, newest first.
        newest: articles that name it, newest first.
    """

    entity: StoredEntity
    articles: int
    spellings: tuple[Spelling, ...]
    hours: tuple[Count, ...]
    days: tuple[Count, ...]
    named_with: tuple[EntityCount, ...]
    quotations: tuple[StoredQuotation, ...]
    newest: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What a write has done.

    Attributes:
        articles: articles that were not known before.
        versions: messages that were not known before, those of new articles among them.
        known: messages that were there already.
        stories: events of stories that told something new.
    """

    articles: int
    versions: int
    known: int
    stories: int = 0


def add_up(written: Iterable[Written]) -> Written:
    """Return what several writes have done together."""
    several = list(written)
    return Written(
        sum(each.articles for each in several),
        sum(each.versions for each in several),
        sum(each.known for each in several),
        sum(each.stories for each in several),
    )
