"""The stories that the news is about now, as the stream of stories tells them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from math import exp

import msgspec
from redis.asyncio import Redis

from nabaa.message import data_of
from nabaa.redis.backoff import RedisBackoff
from nabaa.redis.connection import address_of
from nabaa.story_message import STORY_URN, decode_story
from nabaa.streams.ids import FIRST
from nabaa.streams.keys import STORIES
from nabaa.streams.messages import Message, messages_of_range, messages_of_read
from nabaa.types import Article, Story

MOST_STORIES = 2000
_FIRST_EVENTS = 3000
_EVENTS = 200
_BLOCK_SECONDS = 0.5
_ARTICLE_URN = "urn:nabaa:article:"

GROWTH_SPAN = timedelta(hours=2)
"""An outlet that took a story up so long ago counts a third of one that does now."""

BREAKING_FOR = timedelta(hours=6)
"""So long a story is marked as breaking."""


class Stories:
    """Keeps each story as it was last told.

    Attributes:
        revision: changes when a story does.
    """

    def __init__(self) -> None:
        self.revision = 0
        self._stories: dict[str, Story] = {}

    async def run(self, client: Redis, stop: asyncio.Event) -> None:
        """Read the stream of stories until `stop` is set, through any absence of Redis.

        Args:
            client: answers in bytes.
            stop: set by whoever wants an end.
        """
        backoff = RedisBackoff(address_of(client))
        last = ""
        while not stop.is_set():
            read = partial(_read_after, client, last) if last else partial(_read_newest, client)
            messages = await backoff.retry(read, stop) or []
            for message in messages:
                self._take(message)
            last = messages[-1].id if messages else last or FIRST

    def _take(self, message: Message) -> None:
        try:
            story = decode_story(data_of(message.fields))
        except (KeyError, msgspec.MsgspecError):
            return  # of another version
        self.add(story)

    def add(self, story: Story) -> None:
        """Take in what is told of a story; those of longest ago go where there are too many."""
        known = self._stories.pop(story.id, None)
        if known and known.revision > story.revision:
            story = known
        if story.merged_into is None:
            self._stories[story.id] = story
        if len(self._stories) > MOST_STORIES:
            del self._stories[next(iter(self._stories))]
        self.revision += 1

    def find(self, story_id: str) -> Story | None:
        """Return a story by its id, None where it is not kept."""
        return self._stories.get(story_id)

    def growing(self, now: datetime, count: int) -> list[Story]:
        """Return the stories that grow fastest, the first one first.

        Args:
            now: aware.
            count: how many at most.
        """
        stories = self._stories.values()
        return sorted(stories, key=lambda story: growth(story, now), reverse=True)[:count]

    async def of_article(self, client: Redis, article: Article) -> Story | None:
        """Return the story of an article, None where it is in none that is kept.

        Args:
            client: answers in bytes.
            article: the article.
        """
        name = article.uri.removeprefix(_ARTICLE_URN)
        for _ in range(3):  # a story may have become another one
            found = await client.get(STORIES.story_of(name))
            if not isinstance(found, bytes):
                return None
            name = found.decode()
            if story := self.find(STORY_URN + name.removeprefix(STORY_URN)):
                return story
        return None


def growth(story: Story, now: datetime) -> float:
    """Return how fast a story grows: its outlets, each the less the longer ago it took it up.

    Args:
        story: the story.
        now: aware.
    """
    return sum(exp(-max(0.0, (now - outlet.first) / GROWTH_SPAN)) for outlet in story.outlets)


def new_outlets(story: Story) -> int:
    """Return how many outlets have taken a story up in the last two hours."""
    since = datetime.now(UTC) - GROWTH_SPAN
    return sum(outlet.first >= since for outlet in story.outlets)


def is_breaking(story: Story) -> bool:
    """Return whether a story is marked as breaking now."""
    since = story.breaking_since
    return since is not None and datetime.now(UTC) - since < BREAKING_FOR


async def _read_newest(client: Redis) -> Sequence[Message]:
    return messages_of_range(await client.xrevrange(STORIES.stories, count=_FIRST_EVENTS))[::-1]


async def _read_after(client: Redis, last: str) -> Sequence[Message]:
    block = int(_BLOCK_SECONDS * 1000)
    return messages_of_read(await client.xread({STORIES.stories: last}, count=_EVENTS, block=block))
