"""The stories that the news is about now, as the stream of stories tells them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
from redis.asyncio import Redis

from nabaa.story_message import STORY_URN, decode_story
from nabaa.streams.keys import STORIES
from nabaa.subscriber.follow import follow
from nabaa.types import Article, Story
from workers.operations.news import GrowingStory, grow

MOST_STORIES = 2000
_FIRST_EVENTS = 3000
_MOST_MERGERS = 3
_ARTICLE_URN = "urn:nabaa:article:"

GROWTH_SPAN = timedelta(hours=6)
"""Of late are the last two hours: a third."""

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
        async for received in follow(client, 1, _FIRST_EVENTS, stop, stories=True):
            try:
                self.add(decode_story(received.data))
            except msgspec.MsgspecError:
                continue  # of another version

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

    def growing(self, now: datetime, count: int) -> list[GrowingStory]:
        """Return the stories that grow fastest, the first one first.

        Args:
            now: aware.
            count: how many at most.
        """
        found = [grow(story, GROWTH_SPAN, now) for story in self._stories.values()]
        found.sort(key=lambda each: (each.growth, each.story.last_seen), reverse=True)
        return found[:count]

    async def of_article(self, client: Redis, article: Article) -> Story | None:
        """Return the story of an article, None where it is in none that is kept.

        Args:
            client: answers in bytes.
            article: the article.
        """
        name = article.uri.removeprefix(_ARTICLE_URN)
        for _ in range(_MOST_MERGERS):  # a story may have become another one
            found = await client.get(STORIES.story_of(name))
            if not isinstance(found, bytes):
                return None
            name = found.decode()
            if story := self.find(STORY_URN + name.removeprefix(STORY_URN)):
                return story
        return None


def is_breaking(story: Story) -> bool:
    """Return whether a story is marked as breaking now."""
    since = story.breaking_since
    return since is not None and datetime.now(UTC) - since < BREAKING_FOR
