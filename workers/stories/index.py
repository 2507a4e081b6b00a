"""The index of open stories: it places each article in the story that it belongs to.

Pure and deterministic: the same articles in the same order give the same stories, in one process
or in several that hand each other the states of the open stories.
"""

from __future__ import annotations

import math
from datetime import datetime

import msgspec

from nabaa.filters.words import fold_words
from workers.stories.model import Placement, StoryArticle

OPEN_HOURS = 48.0
JOIN = 0.30


class _Story(msgspec.Struct):
    id: str
    first: float
    last: float
    terms: dict[str, float]
    headline: str


class StoryIndex:
    """A story index holds the open stories and says which of them an article belongs to."""

    def __init__(self) -> None:
        self._stories: dict[str, _Story] = {}

    def __len__(self) -> int:
        return len(self._stories)

    def __contains__(self, story: str) -> bool:
        return story in self._stories

    def place(self, article: StoryArticle) -> Placement:
        """Put an article into the story that it belongs to, or begin one with it.

        Args:
            article: published later than the articles before it, or a little earlier.
        """
        now = article.time.timestamp() / 3600
        words = fold_words(article.title) * 2 + fold_words(article.text[:540])[:60]
        vector = dict.fromkeys(words, 1.0)
        size = math.sqrt(len(vector)) or 1.0
        best, best_score = None, JOIN
        for story in self._stories.values():
            if now - story.last > OPEN_HOURS:
                continue
            norm = math.sqrt(sum(weight * weight for weight in story.terms.values()))
            score = sum(story.terms.get(word, 0.0) for word in vector) / (norm or 1.0) / size
            if score > best_score:
                best, best_score = story, score
        is_new = best is None
        if best is None:
            best = _Story(article.id, now, now, {}, article.id)
            self._stories[best.id] = best
        for word in vector:
            best.terms[word] = best.terms.get(word, 0.0) + 1.0 / size
        best.last = max(best.last, now)
        return Placement(best.id, is_new, headline=best.headline)

    def expire(self, now: datetime, limit: int = 500) -> tuple[str, ...]:
        """Close stories that have had no article for two days.

        Args:
            now: UTC.
            limit: most stories to close in this call, so that no call takes long; call again while
                it closes that many.

        Returns:
            The ids of the stories that are closed now, oldest first.
        """
        end = now.timestamp() / 3600 - OPEN_HOURS
        old = [story.id for story in self._stories.values() if story.last < end][:limit]
        for story in old:
            del self._stories[story]
        return tuple(old)

    def dump(self, story: str) -> bytes:
        """Return all that the index knows of an open story, to be stored and loaded elsewhere.

        Args:
            story: id of an open story.

        Returns:
            MessagePack, about one to four kilobytes; what stands in it is the index's affair.

        Raises:
            KeyError: no such story is open.
        """
        return msgspec.msgpack.encode(self._stories[story])

    def load(self, data: bytes) -> str:
        """Open a story as `dump` gave it, in place of one of the same id; in any order.

        Args:
            data: MessagePack.

        Returns:
            The id of the story.

        Raises:
            msgspec.MsgspecError: it is no such state, or one of another version.
        """
        story = msgspec.msgpack.decode(data, type=_Story)
        self._stories[story.id] = story
        return story.id
