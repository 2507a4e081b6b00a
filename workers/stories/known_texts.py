"""What is known of an article when it is published: whether it is a reprint, and of which story.

A table of fixed size in Redis, which all workers share, has the texts that were published last: for
each some slots, chosen by the bands of its min-hashes, that lead to its message. A text that has a
slot in common is fetched and compared as a whole. What is not found here, such as a text that was
published at the same moment, the stage of stories finds.
"""

from __future__ import annotations

import asyncio
import logging
import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from nabaa.message import article_of
from nabaa.redis.client import script
from nabaa.story_message import STORY_URN
from nabaa.streams.ids import order_of
from nabaa.streams.keys import STORIES, Keys
from nabaa.streams.messages import messages_of_range
from nabaa.types import Article
from workers.stories.reprints import Sketch, is_reprint, shingles_of, sketch_of
from workers.stories.subjects import Subjects, are_about_others, story_entities, subjects_of
from workers.stories.text_bands import Bands

logger = logging.getLogger(__name__)

SLOTS = 2**19
"""Slots of the table, 8 MB: some 40,000 texts are found in it."""

LONGEST_SECONDS = 0.5
"""An article does not wait for longer, and for a while after that not at all."""

_SLOT = struct.Struct(">IHQH")  # of the band, shard, milliseconds and number of the message
_PLACE = struct.Struct(">I")
_PAUSE_SECONDS = 10.0
_CANDIDATES = 3
_ARTICLE_URN = "urn:nabaa:article:"


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article and what is known of it.

    Attributes:
        article: with `duplicate_of` and `story` as far as they are known; None where there is none.
        bands: bands of its text, empty where they were not looked at.
    """

    article: Article | None
    bands: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that is about to be published."""

    sketch: Sketch
    bands: list[int]
    subjects: Subjects


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the message of a text is."""

    shard: int
    message_id: str


class KnownTexts:
    """The texts that were published lately.

    Args:
        client: answers in bytes.
        longest_seconds: time that a batch waits for what is known.
    """

    def __init__(self, client: Redis, longest_seconds: float = LONGEST_SECONDS) -> None:
        self._client = client
        self._longest_seconds = longest_seconds
        self._find = script(client, "workers.stories", "find_texts")
        self._note = script(client, "workers.stories", "note_texts")
        self._bands = Bands()
        self._resumes_at = 0.0
        self._is_told = False

    async def complete(self, articles: Sequence[Article | None]) -> list[KnownArticle]:
        """Return articles with what is known of them; as they are where Redis cannot say in time.

        Args:
            articles: about to be published, in order; None where there is none.
        """
        now = asyncio.get_running_loop().time()
        if now < self._resumes_at or not any(articles):
            return [KnownArticle(article) for article in articles]
        try:
            async with asyncio.timeout(self._longest_seconds):
                return await self._complete(articles)
        except (RedisError, OSError, TimeoutError) as error:
            self._give_up(error)
            return [KnownArticle(article) for article in articles]

    async def note(self, published: Sequence[tuple[KnownArticle, int, str]]) -> None:
        """Note texts that have been published, for those that come later.

        Args:
            published: each with the number of its shard and the id of its message.
        """
        slots = []
        for known, shard, message_id in published:
            # Who reprints a reprint reprints the first one.
            if known.article and known.article.duplicate_of is None:
                at, number = order_of(message_id)
                for band in known.bands:
                    slot = _SLOT.pack(_tag(band), shard, at, number % 2**16)
                    slots.append(_PLACE.pack(_place(band)) + slot)
        if not slots:
            return
        try:
            async with asyncio.timeout(self._longest_seconds):
                await self._note(keys=[STORIES.stories_texts], args=[b"".join(slots), _SLOT.size])
        except (RedisError, OSError, TimeoutError) as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Let articles be published without this for a while."""
        self._resumes_at = asyncio.get_running_loop().time() + _PAUSE_SECONDS
        if not self._is_told:
            logger.warning(
                "articles are published without looking for reprints: %s",
                str(error) or f"Redis did not answer within {self._longest_seconds:g} s",
            )
        self._is_told = True

    async def _complete(self, articles: Sequence[Article | None]) -> list[KnownArticle]:
        texts = await asyncio.to_thread(self._texts, articles)
        places = await self._candidates(texts)
        wanted = dict.fromkeys(place for of_text in places for place in of_text)
        found = await self._fetch(list(wanted))
        originals = await asyncio.to_thread(_originals, articles, texts, places, found)
        stories = await self._stories(articles, originals)
        self._is_told = False
        return [
            KnownArticle(article and _completed(article, original, stories), text.bands)
            for article, original, text in zip(articles, originals, texts, strict=True)
        ]

    def _texts(self, articles: Sequence[Article | None]) -> list[_Text]:
        return [_text_of(article, self._bands) for article in articles]

    async def _candidates(self, texts: Sequence[_Text]) -> list[list[_Place]]:
        """Return the places of the texts that share most bands with each, three at most."""
        places = b"".join(_PLACE.pack(_place(band)) for text in texts for band in text.bands)
        if not places:
            return [[] for _ in texts]
        answer = await self._find(keys=[STORIES.stories_texts], args=[places, _SLOT.size])
        slots = iter(_SLOT.iter_unpack(cast("bytes", answer)))
        found = []
        for text in texts:
            shared: Counter[_Place] = Counter()
            for band in text.bands:
                tag, shard, at, number = next(slots)
                if at and tag == _tag(band):
                    shared[_Place(shard, f"{at}-{number}")] += 1
            found.append([place for place, _ in shared.most_common(_CANDIDATES)])
        return found

    async def _fetch(self, places: Sequence[_Place]) -> dict[_Place, Article]:
        """Return the articles that are still there."""
        if not places:
            return {}
        async with self._client.pipeline(transaction=False) as pipe:
            for place in places:
                stream, message_id = Keys(place.shard).articles, place.message_id
                pipe.xrange(stream, min=message_id, max=message_id)
            answers = await pipe.execute()
        found = {}
        for place, answer in zip(places, answers, strict=True):
            for message in messages_of_range(answer):
                try:
                    found[place] = article_of(message.fields)
                except (KeyError, msgspec.MsgspecError):
                    continue  # none of this version
        return found

    async def _stories(
        self, articles: Sequence[Article | None], originals: Sequence[str | None]
    ) -> dict[str, str]:
        """Return the stories of the originals of reprints, and of later versions, by their uri."""
        uris = {original for original in originals if original}
        uris |= {article.uri for article in articles if article and article.version > 1}
        if not uris:
            return {}
        ordered = sorted(uris)
        keys = [STORIES.story_of(uri.removeprefix(_ARTICLE_URN)) for uri in ordered]
        values = cast("list[bytes | None]", await self._client.mget(keys))
        return {
            uri: STORY_URN + story.decode()
            for uri, story in zip(ordered, values, strict=True)
            if story
        }


def _completed(article: Article, original: str | None, stories: Mapping[str, str]) -> Article:
    story = stories.get(original or (article.uri if article.version > 1 else ""))
    if (original, story) == (article.duplicate_of, article.story):
        return article
    return replace(article, duplicate_of=original, story=story)


def _text_of(article: Article | None, bands: Bands) -> _Text:
    if article is None:
        return _Text(sketch_of(0, ()), [], Subjects())
    words, shingles = shingles_of(article.title, f"{article.summary}\n\n{article.body_text}")
    subjects = subjects_of(story_entities(article))
    return _Text(sketch_of(words, shingles), bands.of(shingles), subjects)


def _originals(
    articles: Sequence[Article | None],
    texts: Sequence[_Text],
    places: Sequence[Sequence[_Place]],
    found: dict[_Place, Article],
) -> list[str | None]:
    """Return the uri of the article that each one reprints, of those before it in the batch too."""
    bands = Bands()
    known = {place: _text_of(article, bands) for place, article in found.items()}
    in_batch: dict[int, int] = {}
    originals: list[str | None] = []
    for number, (article, text) in enumerate(zip(articles, texts, strict=True)):
        original = None
        others = [
            (other.uri, other.duplicate_of, known[place])
            for place in places[number]
            if (other := found.get(place)) and article and _was_before(other, article)
        ]
        for band in text.bands:
            earlier = in_batch.setdefault(band, number)
            if (first := articles[earlier]) and earlier != number:
                others.append((first.uri, originals[earlier], texts[earlier]))
        for uri, first_uri, its in others:
            if article and uri != article.uri and _is_reprint(text, its):
                original = first_uri or uri
                break
        originals.append(original if article and original != article.uri else None)
    return originals


def _is_reprint(one: _Text, other: _Text) -> bool:
    return is_reprint(one.sketch, other.sketch) and not are_about_others(
        one.subjects, other.subjects
    )


def _was_before(other: Article, article: Article) -> bool:
    """Tell whether a published article was there before one that is about to be published."""
    return article.version == 1 or other.first_seen <= article.first_seen


def _place(band: int) -> int:
    return band % SLOTS * _SLOT.size


def _tag(band: int) -> int:
    return band >> 32
