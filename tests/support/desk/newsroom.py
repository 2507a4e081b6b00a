"""A made-up press: articles of a dozen outlets about a dozen events, as the wire publishes them.

Used by tests, screenshots and benchmarks of the desk. Texts are written for nabaa.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from redis.asyncio import Redis

from nabaa.message import event_fields
from nabaa.story_message import encode_story
from nabaa.streams.keys import STORIES, Keys
from nabaa.types import (
    Article,
    Entity,
    EntityType,
    Geo,
    Mention,
    Outlet,
    Quote,
    Report,
    Story,
    StoryEntity,
    StoryOutlet,
    TextField,
)

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Name:
    """Someone or something of the news."""

    id: str
    type: EntityType
    name: str
    name_en: str
    country: str = ""
    geo: Geo | None = None


NAMES = {
    each.id: each
    for each in (
        Name("Q85", "LOC", "القاهرة", "Cairo", "EG", Geo(30.04, 31.24)),
        Name("Q1963", "LOC", "الخرطوم", "Khartoum", "SD", Geo(15.6, 32.53)),
        Name("Q3805", "LOC", "عمّان", "Amman", "JO", Geo(31.95, 35.93)),
        Name("Q3692", "LOC", "الرياض", "Riyadh", "SA", Geo(24.63, 46.72)),
        Name("Q3572", "LOC", "تونس", "Tunis", "TN", Geo(36.8, 10.18)),
        Name("Q3820", "LOC", "بيروت", "Beirut", "LB", Geo(33.89, 35.5)),
        Name("Q1530", "LOC", "بغداد", "Baghdad", "IQ", Geo(33.34, 44.39)),
        Name("Q3579", "LOC", "الدار البيضاء", "Casablanca", "MA", Geo(33.59, -7.62)),
        Name("Q47492", "LOC", "غزة", "Gaza", "PS", Geo(31.51, 34.45)),
        Name("Q1049", "LOC", "السودان", "Sudan", "SD", Geo(15.0, 30.0)),
        Name("Q846", "LOC", "قطر", "Qatar", "QA", Geo(25.3, 51.2)),
        Name("Q61", "LOC", "جنيف", "Geneva", "CH", Geo(46.2, 6.15)),
        Name("Q817", "LOC", "الكويت", "Kuwait", "KW", Geo(29.5, 47.75)),
        Name("Q3561", "LOC", "الجزائر", "Algiers", "DZ", Geo(36.78, 3.06)),
        Name("Q805", "LOC", "اليمن", "Yemen", "YE", Geo(15.5, 48.0)),
        Name("local:00000000000000b6", "PERS", "ناصر العلي", "Nasser Alali", "KW"),
        Name("local:00000000000000b7", "PERS", "رانية الخطيب", "Rania Khatib", "LB"),
        Name("local:00000000000000b8", "PERS", "مريم الزياني", "Mariam Zayani", "BH"),
        Name("Q1065", "ORG", "الأمم المتحدة", "United Nations"),
        Name("Q7172", "ORG", "جامعة الدول العربية", "Arab League"),
        Name("local:00000000000000a1", "ORG", "مصرف البحر", "Bahr Bank", "TN"),
        Name("local:00000000000000a2", "ORG", "نادي المرفأ", "Al Marfa Club", "MA"),
        Name("local:00000000000000b1", "PERS", "سلمى الحداد", "Salma Haddad", "JO"),
        Name("local:00000000000000b2", "PERS", "عمر الطيب", "Omar Eltayeb", "SD"),
        Name("local:00000000000000b3", "PERS", "ليلى بن يوسف", "Leila Ben Youssef", "TN"),
        Name("local:00000000000000b4", "PERS", "كريم المنصوري", "Karim Mansouri", "MA"),
        Name("local:00000000000000b5", "PERS", "هدى الشامي", "Huda Shami", "LB"),
        Name("local:00000000000000c1", "MISC", "معرض الكتاب الدولي", "International Book Fair"),
    )
}

OUTLETS = (
    Outlet("صحيفة الصباح", "JO", "sabah.example-news"),
    Outlet("وكالة المشرق", "LB", "mashriq.example-rss"),
    Outlet("بوابة النيل", "EG", "nile.example-feed"),
    Outlet("صوت الخرطوم", "SD", "khartoum.example-all"),
    Outlet("أخبار المغرب العربي", "MA", "maghreb.example-rss"),
    Outlet("مرآة تونس", "TN", "mirror.example-rss"),
    Outlet("الخليج الاقتصادي", "SA", "gulf.example-business"),
    Outlet("شبكة الرافدين", "IQ", "rafidain.example-news"),
    Outlet("المنبر العربي", "XX", "minbar.example-top"),
    Outlet("ملاعب", "QA", "malaeb.example-sport"),
)


@dataclass(frozen=True)
class Event:
    """What several outlets write about, each in words of its own.

    `[Q85|القاهرة]` marks a name, `{Q85|قال|…}` words that somebody says.
    """

    topic: str
    titles: tuple[str, ...]
    body: tuple[str, ...]


def _read_events() -> tuple[Event, ...]:
    found = tomllib.loads(Path(__file__).with_name("events.toml").read_text("utf-8"))
    return tuple(
        Event(each["topic"], tuple(each["titles"]), tuple(each["body"])) for each in found["event"]
    )


EVENTS = _read_events()

_PIECE = re.compile(r"\[([^|\]]+)\|([^\]]+)\]|\{([^|}]+)\|([^|}]+)\|([^}]+)\}")


def articles(count: int, seed: int = 7, end: datetime = NOW) -> list[Article]:
    """Return articles, the oldest first, a few minutes between two of them."""
    return [article for _, article in reports(count, seed, end)]


def reports(count: int, seed: int = 7, end: datetime = NOW) -> list[tuple[Event, Article]]:
    """Return articles as `articles` does, each with its event."""
    random = Random(seed)
    found = []
    for number in range(count):
        at = end - timedelta(minutes=4) * (count - number)
        event = random.choices(EVENTS, weights=range(len(EVENTS) + 2, 2, -1))[0]
        found.append((event, make_article(number, event, random, at)))
    return found


def make_article(number: int, event: Event, random: Random, at: datetime) -> Article:
    """Return an article of an event."""
    body = list(event.body)
    if random.random() < 0.4 and len(body) > 2:
        body.pop(random.randrange(2, len(body)))
    texts: dict[TextField, str] = {
        "title": random.choice(event.titles),
        "body_text": "\n\n".join(body),
    }
    return build(f"{number:032x}", random.choice(OUTLETS), event.topic, texts, at)


def build(
    name: str,
    outlet: Outlet,
    topic: str,
    texts: dict[TextField, str],
    at: datetime,
    version: int = 1,
) -> Article:
    """Return an article whose texts are marked."""
    plain: dict[TextField, str] = {"title": "", "summary": "", "body_text": ""}
    mentions: dict[str, list[Mention]] = {}
    quotes: list[Quote] = []
    for field, marked in texts.items():
        plain[field] = _read(field, marked, mentions, quotes)
    entities = tuple(_entity(id_, found) for id_, found in mentions.items())
    return Article(
        uri=f"urn:nabaa:article:{name}",
        url=f"https://{outlet.feed.partition('-')[0]}/{name[-6:]}",
        version=version,
        title=plain["title"],
        summary=plain["summary"],
        body_text=plain["body_text"],
        language="ar",
        published=at,
        updated=None,
        first_seen=at,
        by="",
        outlet=outlet,
        topic=topic,
        tags=(),
        categories=(),
        media=(),
        entities=entities,
        content_hash=name,
        quotes=tuple(quotes),
        feeds=(outlet.feed,),
    )


def _read(
    field: TextField, marked: str, mentions: dict[str, list[Mention]], quotes: list[Quote]
) -> str:
    plain, at = "", 0
    for piece in _PIECE.finditer(marked):
        plain += marked[at : piece.start()]
        start = len(plain)
        if piece[1]:
            plain += piece[2]
            mentions.setdefault(piece[1], []).append(Mention(field, start, len(plain), piece[2]))
        else:
            plain += piece[5]
            quotes.append(Quote(field, start, len(plain), piece[5], piece[3], piece[4], "direct"))
        at = piece.end()
    return plain + marked[at:]


def _entity(id_: str, mentions: Sequence[Mention]) -> Entity:
    name = NAMES[id_]
    return Entity(
        id_, name.type, name.name, name.name_en, tuple(mentions), 0.9, name.country, name.geo
    )


def stories(found: Sequence[tuple[Event, Article]]) -> list[Story]:
    """Return a story for each event, as the stage of stories would tell it."""
    told = []
    for event in EVENTS:
        mine = [article for each, article in found if each is event]
        if not mine:
            continue
        firsts: dict[str, Article] = {}
        for article in mine:
            firsts.setdefault(article.outlet.name, article)
        outlets = tuple(
            StoryOutlet(name, first.outlet.country, first.published, 1)
            for name, first in firsts.items()
        )
        told.append(
            Story(
                id="urn:nabaa:story:" + mine[0].uri.rpartition(":")[2],
                revision=1,
                title=mine[-1].title,
                first_seen=mine[0].published,
                last_seen=mine[-1].published,
                outlets=outlets,
                outlet_count=len(outlets),
                countries=tuple({outlet.country: None for outlet in outlets}),
                article_count=len(mine),
                duplicate_count=0,
                articles=tuple(map(_report, mine[-10:])),
                added=(mine[-1].uri,),
                entities=tuple(
                    StoryEntity(each.id, each.type, each.name, each.name_en, 1.0)
                    for each in mine[-1].entities
                ),
                breaking_since=mine[-1].published if event is EVENTS[0] else None,
            )
        )
    return told


def _report(article: Article) -> Report:
    outlet = article.outlet
    return Report(
        article.uri, article.url, article.title, outlet.name, outlet.country, article.published
    )


async def publish(client: Redis, found: Sequence[Article], *, is_past: bool = False) -> None:
    """Put articles on the stream, with the ids of now or of the time at which they were seen."""
    async with client.pipeline(transaction=False) as pipe:
        for place, article in enumerate(found):
            parts = event_fields(article, article.first_seen)
            fields: dict[Any, Any] = dict(zip(parts[::2], parts[1::2], strict=True))
            at = f"{int(article.first_seen.timestamp() * 1000)}-{place}" if is_past else "*"
            pipe.xadd(Keys(0).articles, fields, id=at)
        await pipe.execute()


async def tell(client: Redis, told: Sequence[Story]) -> None:
    """Put stories on their stream, and their articles into them."""
    for story in told:
        await client.xadd(STORIES.stories, {"data": encode_story(story)})
        name = story.id.rpartition(":")[2]
        for report in story.articles:
            await client.set(STORIES.story_of(report.id.rpartition(":")[2]), name)
