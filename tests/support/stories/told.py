"""What subscribers were told of stories, and whether each article is in one story, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis

from nabaa.message import encode_article
from nabaa.story_message import (
    STORY_BREAKING,
    STORY_MERGED,
    StoryEventType,
    decode_story,
    encode_story,
    story_attributes,
)
from nabaa.streams.keys import Keys
from nabaa.streams.messages import Message, messages_of_range
from nabaa.types import Article, Report, Story, StoryEntity, StoryOutlet

KEYS = Keys(0)


@dataclass(frozen=True, slots=True)
class Told:
    """An event on the stories stream.

    Attributes:
        id: CloudEvents id.
        kind: CloudEvents type.
        story: the story.
    """

    id: str
    kind: str
    story: Story


@dataclass(frozen=True, slots=True)
class StoryOutcome:
    """What became of the articles; all 0 where each is in one story and was told of once.

    Attributes:
        lost: articles that no event added.
        doubled: articles that more than one event added.
        repeated: events that were told more than once.
        skipped: revisions of stories that are missing.
    """

    lost: int = 0
    doubled: int = 0
    repeated: int = 0
    skipped: int = 0


EACH_IN_ONE = StoryOutcome()


_STORY = Story(
    id="urn:nabaa:story:" + "0" * 32,
    revision=1,
    title="معرض الكتاب يفتح أبوابه في عمّان",
    first_seen=datetime(2026, 3, 1, 8, tzinfo=UTC),
    last_seen=datetime(2026, 3, 1, 9, tzinfo=UTC),
    outlets=(StoryOutlet("صحيفة الصباح", "JO", datetime(2026, 3, 1, 8, tzinfo=UTC), 1),),
    outlet_count=1,
    countries=("JO",),
    article_count=1,
    duplicate_count=0,
    articles=(
        Report(
            "urn:nabaa:article:" + "0" * 32,
            "https://sabah.example/a",
            "معرض الكتاب يفتح أبوابه في عمّان",
            "صحيفة الصباح",
            "JO",
            datetime(2026, 3, 1, 8, tzinfo=UTC),
        ),
    ),
    added=("urn:nabaa:article:" + "0" * 32,),
    entities=(StoryEntity("Q810", "LOC", "الأردن", "Jordan", 1.0),),
)


def make_story(**changes: Any) -> Story:
    """Return a story with some attributes changed."""
    return replace(_STORY, **changes)


def story_fields(story: Story, kind: StoryEventType) -> dict[Any, Any]:
    """Return the fields of the event that tells of a story."""
    return {**dict(story_attributes(story, kind, datetime.now(UTC))), "data": encode_story(story)}


async def tell(client: Redis, story: Story, kind: StoryEventType) -> None:
    """Put an event on the stories stream."""
    await client.xadd(KEYS.stories, story_fields(story, kind))


def told_of(message: Message) -> Told:
    fields = message.fields
    return Told(fields[b"id"].decode(), fields[b"type"].decode(), decode_story(fields[b"data"]))


def told_in(answer: Any) -> list[Told]:
    """Return the events of an XRANGE of the stories stream."""
    return [told_of(message) for message in messages_of_range(answer)]


async def read_told(client: Redis) -> list[Told]:
    """Return all events on the stories stream."""
    return told_in(await client.xrange(KEYS.stories))


async def publish(client: Redis, articles: Iterable[Article], shards: int = 1) -> None:
    """Put articles on the articles streams, spread over the shards."""
    for number, article in enumerate(articles):
        stream = Keys(number % shards).articles
        await client.xadd(stream, {"data": encode_article(article)})


def outcome_of(told: Sequence[Told], articles: Iterable[str]) -> StoryOutcome:
    """Count what is missing and what came twice.

    Args:
        told: all events.
        articles: ids of all articles.
    """
    regular = [each for each in told if each.kind != STORY_BREAKING]
    added = Counter(uri for each in regular for uri in each.story.added)
    revisions: dict[str, list[int]] = {}
    for each in regular:
        revisions.setdefault(each.story.id, []).append(each.story.revision)
    return StoryOutcome(
        lost=len(set(articles) - added.keys()),
        doubled=sum(times > 1 for times in added.values()),
        repeated=sum(times > 1 for times in Counter(each.id for each in told).values()),
        skipped=sum(sorted(seen) != list(range(1, len(seen) + 1)) for seen in revisions.values()),
    )


def stories_now(told: Sequence[Told]) -> dict[str, Story]:
    """Return each story as it was told last, without those that became others."""
    last = {each.story.id: each for each in told}
    return {story: each.story for story, each in last.items() if each.kind != STORY_MERGED}
