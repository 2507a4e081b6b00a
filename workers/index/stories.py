"""Stories in the archive: the last state of each, and which articles tell of it.

Events may come again and in any order: of each story the highest revision stands, and an article
belongs to the story that its own has turned out to be.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update

from nabaa.errors import NotFoundError
from nabaa.story_message import decode_story, encode_story
from nabaa.types import Story
from workers.index.articles import read_current
from workers.index.codec import codec_of
from workers.index.entity_rows import insert_new
from workers.index.instants import milliseconds_of
from workers.index.message import key_of
from workers.index.model import Span, StoredStory
from workers.index.schema import article, story, telling

MOST_ARTICLES = 200
"""Articles of a story that are read."""

_MOST_MERGERS = 50  # that one story is followed through


def write_stories(connection: Connection, events: Sequence[Story]) -> int:
    """Store events of stories.

    Args:
        connection: of `Archive.writing`.
        events: the states that they tell of, in any order.

    Returns:
        How many of them were newer than what was stored.
    """
    return sum(_write(connection, event) for event in events)


def read_story(connection: Connection, story_id: str) -> StoredStory:
    """Return a story, or the one that it has turned out to be.

    Args:
        connection: of `Archive.reading`.
        story_id: id of the story.

    Raises:
        NotFoundError: the archive has no such story.
    """
    key = _final(connection, key_of(story_id))
    data = connection.execute(select(story.c.data).where(story.c.key == key)).scalar()
    if data is None:
        raise NotFoundError(f"the archive has no story {story_id}")
    ids = connection.execute(
        select(article.c.id)
        .join(telling, telling.c.article == article.c.key)
        .where(telling.c.story == key)
        .order_by(article.c.id.desc())
        .limit(MOST_ARTICLES)
    ).scalars()
    articles = read_current(connection, list(ids))
    return StoredStory(_unpack(connection, data), tuple(articles.values()))


def newest_stories(connection: Connection, span: Span, limit: int = 20) -> tuple[Story, ...]:
    """Return the stories whose last report is of a span of time, the latest first.

    Args:
        connection: of `Archive.reading`.
        span: time of the last report.
        limit: stories at most.
    """
    query = select(story.c.data).where(story.c.merged_into.is_(None))
    if span.since:
        query = query.where(story.c.last_seen >= milliseconds_of(span.since))
    if span.until:
        query = query.where(story.c.last_seen < milliseconds_of(span.until))
    rows = connection.execute(query.order_by(story.c.last_seen.desc()).limit(limit)).scalars()
    return tuple(_unpack(connection, data) for data in rows)


def _write(connection: Connection, event: Story) -> bool:
    key = key_of(event.id)
    revision = connection.execute(select(story.c.revision).where(story.c.key == key)).scalar()
    is_newer = revision is None or event.revision > revision
    values = {
        "revision": event.revision,
        "last_seen": milliseconds_of(event.last_seen),
        "merged_into": None if event.merged_into is None else key_of(event.merged_into),
        "data": codec_of(connection).pack(encode_story(event)),
    }
    if revision is None:
        connection.execute(insert(story), [{"key": key, **values}])
    elif is_newer:
        connection.execute(update(story).where(story.c.key == key).values(values))
    told_by = _final(connection, key)
    rows = [{"article": key_of(uri), "story": told_by} for uri in event.added]
    insert_new(connection, telling, rows)
    ended = [key_of(each) for each in event.merged] + ([key] if told_by != key else [])
    if ended:
        connection.execute(update(telling).where(telling.c.story.in_(ended)).values(story=told_by))
    return is_newer


def _final(connection: Connection, key: bytes) -> bytes:
    """Return the key of the story that a story has turned out to be: itself, or another."""
    for _ in range(_MOST_MERGERS):
        row = connection.execute(select(story.c.merged_into).where(story.c.key == key)).first()
        if row is None or row.merged_into is None:
            return key
        key = bytes(row.merged_into)
    return key


def _unpack(connection: Connection, data: bytes) -> Story:
    return decode_story(codec_of(connection).unpack(connection, bytes(data)))
