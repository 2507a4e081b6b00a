"""An open story as its subscribers were told of it, and how it changes with each report. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from nabaa.story_message import STORY_URN
from nabaa.types import EntityType, Report, Story, StoryEntity, StoryOutlet

ARTICLE_URN = "urn:nabaa:article:"
ENTITIES_TOLD = 20
OUTLETS_TOLD = 200
MERGED_TOLD = 50
_ENTITIES_COUNTED = 100
_BREAKING_AGE = timedelta(hours=1)


class NamedEntity(msgspec.Struct, array_like=True):
    """An entity and how many reports of a story name it."""

    type: EntityType
    name: str
    name_en: str | None
    reports: int = 1


class Outlet(msgspec.Struct, array_like=True):
    """An outlet and when it first reported a story; how many reports it has."""

    name: str
    country: str
    first: datetime
    articles: int = 1


class StoryReport(msgspec.Struct, array_like=True):
    """A report, with what its story takes from it.

    Attributes:
        report: as the story lists it.
        entities: id → entity that it names.
        picture: address of its first picture, or an empty string.
    """

    report: Report
    entities: dict[str, NamedEntity]
    picture: str = ""


class BreakingRule(msgspec.Struct, frozen=True):
    """The rule that makes a story breaking news.

    Attributes:
        outlets: number of outlets that must have begun to report it …
        within: … within this time.
    """

    outlets: int
    within: timedelta


class OpenStory(msgspec.Struct, array_like=True):
    """An open story; the ids in it are the 32 hex digits, without what stands before them in URNs.

    Attributes:
        id: of its first article.
        revision: of the last event; 0 before the first.
        headline: id of the article whose title it has.
        title: that title.
        outlets: by name.
        article_count: number of its reports.
        duplicate_count: number of reprints among them.
        reports: the newest, as many as are listed.
        entities: id → entity.
        picture: address of its picture, or an empty string.
        continues: id of an earlier story, or None.
        merged: ids of the stories that became this one.
        breaking_since: as `Story.breaking_since`.
        matched: names of the subscriptions whose conditions on articles a report of it met.
        given: names of the subscriptions that were given it.
        added: ids of reports that no event has told of yet.
        first_seen: time of its earliest report.
        last_seen: time of its latest report.
    """

    id: str
    first_seen: datetime
    last_seen: datetime
    revision: int = 0
    headline: str = ""
    title: str = ""
    outlets: dict[str, Outlet] = {}
    article_count: int = 0
    duplicate_count: int = 0
    reports: list[Report] = []
    entities: dict[str, NamedEntity] = {}
    picture: str = ""
    continues: str | None = None
    merged: list[str] = []
    breaking_since: datetime | None = None
    matched: list[str] = []
    given: list[str] = []
    added: list[str] = []

    def add(self, new: StoryReport, listed: int) -> None:
        """Take a report in.

        Args:
            new: the report.
            listed: number of reports that are listed at most.
        """
        report = new.report
        self.article_count += 1
        self.duplicate_count += report.duplicate_of is not None
        self.added.append(report.id)
        self.first_seen = min(self.first_seen, report.time)
        self.last_seen = max(self.last_seen, report.time)
        self._add_outlets([Outlet(report.outlet, report.country, report.time)])
        self._add_entities(new.entities)
        self._list([report], listed)
        self.picture = self.picture or new.picture

    def absorb(self, other: OpenStory, listed: int) -> None:
        """Take in a story that turned out to be this one.

        Args:
            other: what it was until now.
            listed: number of reports that are listed at most.
        """
        self.article_count += other.article_count
        self.duplicate_count += other.duplicate_count
        self.added += other.added
        self.first_seen = min(self.first_seen, other.first_seen)
        self.last_seen = max(self.last_seen, other.last_seen)
        self._add_outlets(other.outlets.values())
        self._add_entities(other.entities)
        self._list(other.reports, listed)
        self.picture = self.picture or other.picture
        self.merged += [*other.merged, *([other.id] if other.revision else [])]
        self.merged = self.merged[-MERGED_TOLD:]
        self.matched += [name for name in other.matched if name not in self.matched]
        # Who was given the other one has been told of this affair.
        self.given += [name for name in other.given if name not in self.given]

    def revise(self, report: Report) -> bool:
        """Take in a later version of a report; return whether something of it is told.

        Args:
            report: as it is now; whether it is a reprint stays as it was.
        """
        is_told = False
        for at, known in enumerate(self.reports):
            if known.id == report.id and (known.title, known.url) != (report.title, report.url):
                self.reports[at] = replace(known, title=report.title, url=report.url)
                is_told = True
        if report.id == ARTICLE_URN + self.headline and self.title != report.title:
            self.title = report.title
            is_told = True
        return is_told

    def head(self, article: str) -> None:
        """Take the title of an article that is nearest to the middle; keep it where that is gone.

        Args:
            article: id of the article.
        """
        for report in self.reports:
            if report.id == ARTICLE_URN + article:
                self.headline, self.title = article, report.title

    def breaks(self, rule: BreakingRule, now: datetime) -> bool:
        """Note and return whether the story has become breaking news.

        Args:
            rule: what makes it so.
            now: when the last report arrived; what was so long ago is no breaking news.
        """
        if self.breaking_since is not None or len(self.outlets) < rule.outlets:
            return False
        firsts = sorted(outlet.first for outlet in self.outlets.values())
        for begin, end in zip(firsts, firsts[rule.outlets - 1 :], strict=False):
            if end - begin <= rule.within and now - end <= rule.within + _BREAKING_AGE:
                self.breaking_since = end
                return True
        return False

    def tell(self) -> Story:
        """Return the story as it is told in its next event, and note that it was."""
        self.revision += 1
        story = self._story()
        self.added = []
        return story

    def end_in(self, other: str) -> Story:
        """Return the story as its last event tells it: it has become another one.

        Args:
            other: id of that one.
        """
        self.revision += 1
        self.added = []
        return replace(self._story(), merged_into=STORY_URN + other)

    def _story(self) -> Story:
        outlets = sorted(self.outlets.values(), key=lambda outlet: outlet.first)
        return Story(
            id=STORY_URN + self.id,
            revision=self.revision,
            title=self.title,
            first_seen=self.first_seen,
            last_seen=self.last_seen,
            outlets=tuple(
                StoryOutlet(each.name, each.country, each.first, each.articles)
                for each in outlets[:OUTLETS_TOLD]
            ),
            outlet_count=len(outlets),
            countries=tuple(dict.fromkeys(each.country for each in outlets)),
            article_count=self.article_count,
            duplicate_count=self.duplicate_count,
            articles=tuple(self.reports),
            added=tuple(self.added),
            entities=tuple(
                StoryEntity(
                    entity_id,
                    each.type,
                    each.name,
                    each.name_en,
                    round(min(1.0, each.reports / self.article_count), 3),
                )
                for entity_id, each in self._ranked()[:ENTITIES_TOLD]
            ),
            picture=self.picture,
            continues=STORY_URN + self.continues if self.continues else None,
            merged=tuple(STORY_URN + story for story in self.merged),
            breaking_since=self.breaking_since,
        )

    def _ranked(self) -> list[tuple[str, NamedEntity]]:
        return sorted(self.entities.items(), key=lambda item: (-item[1].reports, item[0]))

    def _add_outlets(self, outlets: Iterable[Outlet]) -> None:
        for outlet in outlets:
            if (known := self.outlets.get(outlet.name)) is None:
                self.outlets[outlet.name] = outlet
            else:
                known.first = min(known.first, outlet.first)
                known.articles += outlet.articles

    def _add_entities(self, entities: dict[str, NamedEntity]) -> None:
        for entity_id, entity in entities.items():
            if (known := self.entities.get(entity_id)) is None:
                self.entities[entity_id] = entity
            else:
                known.reports += entity.reports
        if len(self.entities) > _ENTITIES_COUNTED:
            self.entities = dict(self._ranked()[: _ENTITIES_COUNTED // 2])

    def _list(self, reports: Iterable[Report], listed: int) -> None:
        """List reports, those that no event has told of yet in any case."""
        untold = set(self.added)
        everything = sorted(
            (*self.reports, *reports), key=lambda each: (each.id in untold, each.time, each.id)
        )
        kept = everything[-max(listed, len(untold)) :]
        self.reports = sorted(kept, key=lambda each: (each.time, each.id))


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(OpenStory)


def encode_open_story(story: OpenStory) -> bytes:
    """Return an open story as it is stored, MessagePack."""
    return _encoder.encode(story)


def decode_open_story(data: bytes) -> OpenStory:
    """Read an open story that was stored.

    Args:
        data: MessagePack.

    Raises:
        msgspec.MsgspecError: it is none.
    """
    return _decoder.decode(data)
