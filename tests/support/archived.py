"""Articles in an archive, for tests of what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from nabaa.message import encode_article
from nabaa.types import Article, Entity, EntityType, Geo, Mention, Outlet, Quote
from tests.support.articles import make_article
from workers.index.database import Archive
from workers.index.instants import milliseconds_of
from workers.index.message import ArchivedMessage, message_of
from workers.index.model import Written
from workers.index.writer import write_messages

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def news(
    number: int,
    title: str = "عنوان الخبر",
    body: str = "نص الخبر",
    *,
    hours_ago: float = 1,
    entities: Sequence[Entity] = (),
    quotes: Sequence[Quote] = (),
    **changes: Any,
) -> Article:
    """Return one of many articles, published some hours before NOW; its quotations end its text."""
    published = NOW - timedelta(hours=hours_ago)
    return make_article(
        **{
            "uri": f"urn:nabaa:article:{number:032x}",
            "url": f"https://sabah.example/{number}",
            "title": title,
            "body_text": "\n\n".join((body, *(quote.text for quote in quotes))),
            "quotes": tuple(quotes),
            "published": published,
            "first_seen": published + timedelta(minutes=5),
            "entities": tuple(entities),
            **changes,
        }
    )


def named(
    entity_id: str,
    name: str,
    kind: EntityType = "PERS",
    *,
    written: Sequence[str] = (),
    geo: Geo | None = None,
    country: str = "",
) -> Entity:
    """Return an entity with a mention for each way in which it is written."""
    mentions = tuple(Mention("title", 0, len(text), text) for text in written or (name,))
    return Entity(entity_id, kind, name, None, mentions, country=country, geo=geo)


def said(text: str, speaker: str | None) -> Quote:
    """Return a quotation."""
    return Quote("body_text", 0, len(text), text, speaker, "قال", "direct")


def message(article: Article, minutes: float = 6) -> ArchivedMessage:
    """Return the message of an article that came so long after its publication."""
    arrived = article.published + timedelta(minutes=minutes)
    return message_of(encode_article(article), milliseconds_of(arrived))


def store(archive: Archive, *articles: Article) -> Written:
    """Write articles in one transaction, each a minute after the one before."""
    with archive.writing() as connection:
        return write_messages(connection, [message(each, 6 + n) for n, each in enumerate(articles)])


def outlet(name: str, country: str = "JO", feed: str = "sabah") -> Outlet:
    """Return an outlet."""
    return Outlet(name, country, feed)
