"""A stream of articles and versions, and what an archive must have of it in the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import redis
from sqlalchemy import func, select

from nabaa.message import event_fields
from nabaa.streams.keys import Keys
from nabaa.types import Article
from tests.support.archived import NOW, named, news
from workers.index.database import Archive
from workers.index.expression import Mark, Phrase
from workers.index.fulltext import fulltext
from workers.index.instants import ids_of
from workers.index.model import Span
from workers.index.naming import count_named
from workers.index.schema import article, version
from workers.index.words import ANY

GROUP = "index"
_STREAM = Keys(0).articles
_CAIRO = named("Q85", "القاهرة", "LOC")


def article_of(number: int) -> Article:
    """Return one of many articles; one word of it is in no other."""
    text = f"خبر{number} " + "كلمة من كلام كثير في خبر طويل عن القاهرة " * 20
    return news(number, f"عنوان{number}", text, entities=[_CAIRO], hours_ago=number / 60)


def publish(client: redis.Redis, first: int, behind: int) -> None:
    """Put articles on the stream; each third one has a later version, which ends in a word."""
    pipeline = client.pipeline(transaction=False)
    for number in range(first, behind):
        versions = [article_of(number)]
        if number % 3 == 0:
            later = replace(versions[0], version=2, title=f"عنوان{number} مصحح")
            versions.append(later)
        for each in versions:
            fields = event_fields(each, NOW)
            pairs = dict(zip(fields[::2], fields[1::2], strict=True))
            pipeline.xadd(_STREAM, pairs)  # type: ignore[arg-type]
    pipeline.execute()


def versions_of(articles: int) -> int:
    """Return how many messages so many articles have."""
    return articles + (articles + 2) // 3


def is_done(client: redis.Redis) -> bool:
    """Tell whether the group has been given everything and has acknowledged it."""
    groups = [each for each in client.xinfo_groups(_STREAM) if each["name"] == GROUP.encode()]
    return bool(groups) and groups[0]["lag"] == 0 and groups[0]["pending"] == 0


def stored_versions(archive: Archive) -> int:
    """Return how many messages an archive has."""
    with archive.reading() as connection:
        return connection.execute(select(func.count()).select_from(version)).scalar_one()


def outcome(archive: Archive, articles: int) -> dict[str, object]:
    """Return what the archive has that it must not, or lacks; EACH_ONCE where all is well."""
    with archive.reading() as connection:
        index, everything = fulltext(connection), ids_of(Span())
        numbers = Counter(
            connection.execute(
                select(version.c.number).join(article, version.c.article == article.c.id)
            ).scalars()
        )
        found = index.newest(connection, Mark(ANY), *everything, 10 * articles)
        corrected = index.newest(connection, Phrase(("مصحح",)), *everything, 10 * articles)
        single = [
            len(index.newest(connection, Phrase((f"خبر{number}",)), *everything, 9))
            for number in range(0, articles, 97)
        ]
        ids = set(connection.execute(select(article.c.id)).scalars())
        namings = sum(articles for _, articles in count_named(connection, *everything).most())
    later = (articles + 2) // 3
    return {
        "articles": len(ids) - articles,
        "versions": {1: numbers[1] - articles, 2: numbers[2] - later},
        "found without an article or not found": sorted(ids.symmetric_difference(found)),
        "found twice": len(found) - len(set(found)),
        "corrected": len(corrected) - later,
        "by a word of one article": sorted(set(single) - {1}),
        "namings": namings - articles,
    }


EACH_ONCE = {
    "articles": 0,
    "versions": {1: 0, 2: 0},
    "found without an article or not found": [],
    "found twice": 0,
    "corrected": 0,
    "by a word of one article": [],
    "namings": 0,
}
