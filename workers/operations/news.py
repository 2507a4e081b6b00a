"""What is in the news now: the stories of a span of time, those first that grow fastest."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from redis.asyncio import Redis
from rich.console import Console
from rich.text import Text

from ingest.runtime.terminal import printable
from nabaa.message import data_of
from nabaa.story_message import STORY_MERGED, decode_story
from nabaa.streams.ids import first_id_at
from nabaa.streams.keys import STORIES
from nabaa.streams.messages import PAGE, messages_of_range
from nabaa.types import Story

_LATELY = 3  # a part of the span
_LEAST_LATELY = timedelta(hours=1)
_HOUR = timedelta(hours=1)
_TITLES = 5


@dataclass(frozen=True, slots=True)
class GrowingStory:
    """A story and how fast it grows.

    Attributes:
        pace: outlets that began to report it an hour, of late.
        usual: outlets that began to report it an hour, before that.
        story: the story.
    """

    pace: float
    usual: float
    story: Story

    @property
    def growth(self) -> float:
        """How much faster it grows than it did, 0 or more."""
        return self.pace / (self.usual + 1)


def grow(story: Story, since: timedelta, now: datetime) -> GrowingStory:
    """Return how fast a story grows.

    Args:
        story: as it was told last.
        since: the span; of late is its last third, an hour at least.
        now: end of the span, aware UTC.
    """
    lately = max(_LEAST_LATELY, since / _LATELY)
    begin = now - lately
    late = sum(outlet.first > begin for outlet in story.outlets)
    before = max(_HOUR, begin - story.first_seen)
    return GrowingStory(
        pace=round(late / (lately / _HOUR), 2),
        usual=round((len(story.outlets) - late) / (before / _HOUR), 2),
        story=story,
    )


async def read_news(
    client: Redis, since: timedelta, now: datetime, is_wanted: Callable[[Story], bool]
) -> list[GrowingStory]:
    """Return the stories of which something was told in a span, the fastest growing first.

    Args:
        client: answers in bytes.
        since: length of the span that ends now.
        now: aware UTC.
        is_wanted: tells which stories are wanted.

    Raises:
        redis.exceptions.RedisError: the server cannot be used.
    """
    found = [
        grow(story, since, now)
        async for story in _last_told(client, now - since)
        if is_wanted(story)
    ]
    return sorted(
        found,
        key=lambda each: (-each.growth, -each.story.outlet_count, -each.story.article_count),
    )


async def _last_told(client: Redis, begin: datetime) -> AsyncIterator[Story]:
    """Yield each story of the span as it was told last, without those that became others."""
    known: set[bytes] = set()
    first, last = first_id_at(begin), "+"
    while messages := messages_of_range(
        await client.xrevrange(STORIES.stories, max=last, min=first, count=PAGE)
    ):
        for message in messages:
            name = message.fields.get(b"subject", b"")
            if name in known:
                continue
            known.add(name)
            if message.fields.get(b"type") == STORY_MERGED.encode():
                continue
            try:
                yield decode_story(data_of(message.fields))
            except (KeyError, msgspec.MsgspecError):
                continue  # none of this version; subscribers log it
        last = f"({messages[-1].id}"


def print_news(news: Sequence[GrowingStory], console: Console) -> None:
    """Print stories with their titles.

    Args:
        news: stories, in order.
        console: where.
    """
    for each in news:
        story = each.story
        sizes = (
            f"{story.outlet_count} outlets, {story.article_count} articles; "
            f"{each.pace:g} outlets an hour, before {each.usual:g}"
        )
        console.print(Text(printable(story.title), "bold"), soft_wrap=True)
        breaking = " · breaking" if story.breaking_since else ""
        seen = f"{story.first_seen:%Y-%m-%d %H:%M}Z to {story.last_seen:%H:%M}Z"
        console.print(Text(f"  {sizes} · {seen}{breaking}", "dim"), soft_wrap=True)
        reports = [report for report in story.articles if report.duplicate_of is None]
        for report in reports[-_TITLES:]:
            line = f"  {printable(report.outlet)}: {printable(report.title)}"
            console.print(Text(line), soft_wrap=True)
        console.print()
