"""What a batch of articles does to stories: where each belongs, what is told, what is stored. Pure.

Between the two halves the caller reads from Redis what was told of the stories that are touched.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from nabaa.story_message import (
    STORY_BREAKING,
    STORY_CREATED,
    STORY_MERGED,
    STORY_UPDATED,
    StoryEventType,
    encode_story,
    story_attributes,
)
from nabaa.types import Article, Report, Story
from workers.stories.index import StoryIndex
from workers.stories.model import Placement, StoryArticle
from workers.stories.stage.open_story import (
    ARTICLE_URN,
    BreakingRule,
    NamedEntity,
    OpenStory,
    StoryReport,
    decode_open_story,
    encode_open_story,
)
from workers.stories.subjects import story_entities

logger = logging.getLogger(__name__)

CLOSED_AT_ONCE = 100
"""Stories that are closed with a batch beside as many as it has articles: no step takes long, and
stories never become old faster than they are closed."""

TEXT_READ = 10_000
"""Code points of an article's texts that its placement looks at."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article as it came off the articles stream.

    Attributes:
        article: the article.
        at: when it came onto the stream, aware UTC.
    """

    article: Article
    at: datetime

    @property
    def id(self) -> str:
        """The 32 hex digits of its uri."""
        return self.article.uri.removeprefix(ARTICLE_URN)

    @property
    def time(self) -> datetime:
        """When it was published: as the outlet says, but not after it was here."""
        return min(self.article.published, self.at)


@dataclass(frozen=True, slots=True)
class Placed:
    """An arrival and its story.

    Attributes:
        arrival: the article.
        story: id of the story.
        placement: what the index says of it; None for a later version of an article, which stays.
    """

    arrival: Arrival
    story: str
    placement: Placement | None


@dataclass(frozen=True, slots=True)
class Placements:
    """What the index says of a batch.

    Attributes:
        placed: the articles, in order; later versions of articles whose stories are closed are not
            among them.
        touched: ids of the stories that they, or mergers, concern.
        closed: ids of the stories that are closed now.
        failed: uri and error of each article that the index could not place, a fault of ours; it is
            a story of its own that is closed at once.
    """

    placed: tuple[Placed, ...]
    touched: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    failed: tuple[tuple[str, Exception], ...] = ()


@dataclass(frozen=True, slots=True)
class AddedEvent:
    """An event to add to the stories stream.

    Attributes:
        strings: attributes and the name of `data`, MessagePack.
        data: story as JSON.
        subscriptions: names of those that are given it.
    """

    strings: bytes
    data: bytes
    subscriptions: tuple[str, ...] = ()


@dataclass(slots=True)
class Changes:
    """What a batch did.

    Attributes:
        events: events, in order.
        states: story → what the index knows of it, and what was told of it.
        closed: ids of stories that are open no more.
        stories: article → its story, of each that was placed; a story that became another one is in
            it, too, under the id of its first article.
        created: number of new stories.
    """

    events: list[AddedEvent] = field(default_factory=list)
    states: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    stories: dict[str, str] = field(default_factory=dict)
    created: int = 0


@dataclass(frozen=True, slots=True)
class TellingRules:
    """How stories are told.

    Attributes:
        listed: number of reports that an event lists at most.
        breaking: what makes a story breaking news.
        match: names the subscriptions whose conditions an article meets.
        min_outlets: subscription → number of outlets that a story must have for it.
    """

    listed: int
    breaking: BreakingRule
    match: Callable[[Article], Sequence[str]] = lambda _: ()
    min_outlets: Mapping[str, int] = field(default_factory=dict)


def place_articles(
    index: StoryIndex, arrivals: Sequence[Arrival], known: Mapping[str, str]
) -> Placements:
    """Place the articles of a batch, and close stories that have become old.

    Args:
        index: open stories; it is changed.
        arrivals: articles in the order of their arrival.
        known: article → its story, of those that were placed before.
    """
    placed: list[Placed] = []
    failed: list[tuple[str, Exception]] = []
    known, touched = dict(known), dict[str, None]()
    for arrival in arrivals:
        story = known.get(arrival.id)
        if story is not None:
            if story in index:
                placed.append(Placed(arrival, story, None))
                touched[story] = None
            continue
        try:
            placement = index.place(story_article(arrival))
        except Exception as error:
            # It must not hold up all others for ever: it is a story of its own, closed at once.
            failed.append((arrival.article.uri, error))
            placement = Placement(arrival.id, True, headline=arrival.id)
        known[arrival.id] = placement.story
        for ended in placement.merged:
            known |= {each: placement.story for each, its in known.items() if its == ended}
        placed.append(Placed(arrival, placement.story, placement))
        touched |= dict.fromkeys((placement.story, *placement.merged))
    # By the dates of the news, which are those of its arrival at most: an archive has stories, too.
    latest = max((arrival.time for arrival in arrivals), default=None)
    closed = index.expire(latest, CLOSED_AT_ONCE + len(arrivals)) if latest else ()
    return Placements(tuple(placed), tuple(touched), closed, tuple(failed))


def tell_stories(
    index: StoryIndex,
    placements: Placements,
    told: Mapping[str, bytes],
    rules: TellingRules,
    now: datetime,
) -> Changes:
    """Return what a batch did, each story that changed told once.

    Args:
        index: as `place_articles` left it.
        placements: what that returned.
        told: story → what was told of it before; those that are new are missing.
        rules: how stories are told.
        now: time of the events, aware UTC.
    """
    return _Telling(told, rules, now).tell(index, placements)


def story_article(arrival: Arrival) -> StoryArticle:
    """Return what tells which story an article belongs to."""
    article = arrival.article
    text = f"{article.summary}\n\n{article.body_text[:TEXT_READ]}"
    return StoryArticle(
        id=arrival.id,
        outlet=article.outlet.name,
        country=article.outlet.country,
        url=article.url,
        title=article.title,
        text=text[:TEXT_READ].strip(),
        time=arrival.time,
        entities=story_entities(article),
        picture=picture_of(article),
    )


def picture_of(article: Article) -> str:
    """Return the address of the picture of an article, or an empty string."""
    if article.page is not None and article.page.picture is not None:
        return article.page.picture.url
    return next((each.url for each in article.media if each.type.startswith("image/")), "")


class _Telling:
    """The telling of one batch."""

    def __init__(self, told: Mapping[str, bytes], rules: TellingRules, now: datetime) -> None:
        self._told = told
        self._rules = rules
        self._now = now
        self._stories: dict[str, OpenStory] = {}
        self._changed: dict[str, None] = {}  # that subscribers have not been told of yet
        self._changes = Changes()
        self._arrived: dict[str, datetime] = {}

    def tell(self, index: StoryIndex, placements: Placements) -> Changes:
        for placed in placements.placed:
            if placed.placement is None:
                self._revise(placed)
            else:
                self._add(placed, placed.placement)
        changes = self._changes
        for story in list(self._changed):
            self._emit(story)
        closed = set(placements.closed)
        changes.states = {
            story: (index.dump(story), encode_open_story(record))
            for story, record in self._stories.items()
            if story in index
        }
        changes.closed += [story for story in closed if story not in changes.closed]
        return changes

    def _open(self, story: str, time: datetime) -> OpenStory:
        """Return an open story as it is now."""
        if story not in self._stories:
            try:
                record = decode_open_story(self._told[story])
            except KeyError:
                record = OpenStory(story, time, time)
            except msgspec.MsgspecError as error:
                logger.error(
                    "story %s is told anew: what was stored of it is damaged: %s", story, error
                )
                record = OpenStory(story, time, time)
            self._stories[story] = record
        return self._stories[story]

    def _revise(self, placed: Placed) -> None:
        if placed.story not in self._told and placed.story not in self._stories:
            return
        story = self._open(placed.story, placed.arrival.time)
        self._changes.stories[placed.arrival.id] = placed.story
        self._match(story, placed.arrival.article)
        if story.revise(_report(placed.arrival, None)):
            self._note(placed)

    def _add(self, placed: Placed, placement: Placement) -> None:
        arrival = placed.arrival
        story = self._open(placed.story, arrival.time)
        for ended in placement.merged:
            self._merge(story, ended)
        if placement.continues:
            story.continues = placement.continues
        story.add(_story_report(arrival, placement.duplicate_of), self._rules.listed)
        story.head(placement.headline)
        self._match(story, arrival.article)
        self._changes.stories[arrival.id] = placed.story
        self._note(placed)
        if len(story.added) >= self._rules.listed:
            self._emit(placed.story)

    def _merge(self, story: OpenStory, ended: str) -> None:
        """End a story that turned out to be another one."""
        other = self._open(ended, story.first_seen)
        del self._stories[ended]
        self._changed.pop(ended, None)
        story.absorb(other, self._rules.listed)
        changes = self._changes
        changes.stories |= {
            article: story.id for article, its in changes.stories.items() if its == ended
        }
        changes.stories[ended] = story.id
        changes.closed.append(ended)
        if other.revision:
            self._event(STORY_MERGED, other.end_in(story.id))

    def _match(self, story: OpenStory, article: Article) -> None:
        for name in self._rules.match(article):
            if name not in story.matched:
                story.matched.append(name)

    def _note(self, placed: Placed) -> None:
        self._changed[placed.story] = None
        self._arrived[placed.story] = placed.arrival.at

    def _emit(self, story_id: str) -> None:
        """Tell of a story that has changed."""
        del self._changed[story_id]
        record = self._stories[story_id]
        is_breaking = record.breaks(self._rules.breaking, self._arrived[story_id])
        outlets = self._rules.min_outlets
        given = tuple(
            name
            for name in record.matched
            if name in outlets and name not in record.given and len(record.outlets) >= outlets[name]
        )
        record.given += given
        story = record.tell()
        is_new = story.revision == 1
        self._changes.created += is_new
        self._event(STORY_CREATED if is_new else STORY_UPDATED, story, given)
        if is_breaking:
            self._event(STORY_BREAKING, story)

    def _event(
        self, kind: StoryEventType, story: Story, subscriptions: tuple[str, ...] = ()
    ) -> None:
        attributes = story_attributes(story, kind, self._now)
        strings = [*(part for pair in attributes for part in pair), "data"]
        self._changes.events.append(
            AddedEvent(msgspec.msgpack.encode(strings), encode_story(story), subscriptions)
        )


def _report(arrival: Arrival, duplicate_of: str | None) -> Report:
    article = arrival.article
    return Report(
        id=article.uri,
        url=article.url,
        title=article.title,
        outlet=article.outlet.name,
        country=article.outlet.country,
        time=arrival.time,
        duplicate_of=ARTICLE_URN + duplicate_of if duplicate_of else None,
    )


def _story_report(arrival: Arrival, duplicate_of: str | None) -> StoryReport:
    entities = {
        each.id: NamedEntity(each.type, each.name, each.name_en)
        for each in arrival.article.entities
    }
    return StoryReport(_report(arrival, duplicate_of), entities, picture_of(arrival.article))
