"""What a batch of articles does to stories, whatever the index says of them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import msgspec
from hypothesis import given, strategies as st

from nabaa.story_message import decode_story
from nabaa.types import Article, Outlet
from tests.support.articles import make_article
from tests.support.stories.told import EACH_IN_ONE, Told, outcome_of
from workers.stories.index import StoryIndex
from workers.stories.model import Placement, StoryArticle
from workers.stories.stage.batch import (
    Arrival,
    Changes,
    TellingRules,
    place_articles,
    tell_stories,
)
from workers.stories.stage.open_story import BreakingRule

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
THREE_IN_AN_HOUR = BreakingRule(3, timedelta(hours=1))


class ScriptedIndex:
    """Places articles as it is told to.

    Args:
        plan: article → its placement.
    """

    def __init__(self, plan: Mapping[str, Placement]) -> None:
        self._plan = plan
        self._open: set[str] = set()

    def __contains__(self, story: str) -> bool:
        return story in self._open

    def place(self, article: StoryArticle) -> Placement:
        placement = self._plan[article.id]
        self._open.add(placement.story)
        self._open.difference_update(placement.merged)
        return placement

    def expire(self, _now: datetime, _limit: int) -> tuple[str, ...]:
        return ()

    def dump(self, story: str) -> bytes:
        assert story in self._open
        return story.encode()


class Stage:
    """The stage without Redis: what it would have stored is kept in dictionaries."""

    def __init__(self, plan: Mapping[str, Placement], **rules: Any) -> None:
        self.index = cast("StoryIndex", ScriptedIndex(plan))
        self.stories: dict[str, str] = {}
        self.states: dict[str, bytes] = {}
        self.told: list[Told] = []
        self.given: list[tuple[str, str]] = []
        breaking = BreakingRule(99, timedelta(hours=1))
        self.rules = TellingRules(**{"listed": 50, "breaking": breaking, **rules})

    def take(self, *articles: Article, at: datetime = START) -> Changes:
        arrivals = [Arrival(article, max(at, article.published)) for article in articles]
        placements = place_articles(self.index, arrivals, self.stories)
        changes = tell_stories(self.index, placements, self.states, self.rules, at)
        self.stories |= changes.stories
        self.states |= {story: told for story, (_, told) in changes.states.items()}
        for story in changes.closed:
            self.states.pop(story, None)
        for event in changes.events:
            strings = msgspec.msgpack.decode(event.strings, type=list[str])
            fields = dict(zip(strings[:-1:2], strings[1::2], strict=True))
            self.told.append(Told(fields["id"], fields["type"], decode_story(event.data)))
            self.given += [(name, fields["id"]) for name in event.subscriptions]
        return changes


def name(number: int) -> str:
    return f"{number:032x}"


def article(number: int, **changes: Any) -> Article:
    return make_article(
        **{
            "uri": f"urn:nabaa:article:{name(number)}",
            "title": f"title {number}",
            "published": START + timedelta(minutes=number),
            "outlet": Outlet(f"outlet {number}", "JO", f"feed{number}"),
            **changes,
        }
    )


def in_story(number: int, story: int, **changes: Any) -> dict[str, Placement]:
    placement = Placement(name(story), number == story, headline=name(story))
    return {name(number): replace(placement, **changes)}


def kinds(stage: Stage) -> list[str]:
    return [each.kind.rpartition(".")[2] for each in stage.told]


def test_articles_of_one_batch_make_one_event_of_their_story() -> None:
    stage = Stage(in_story(1, 1) | in_story(2, 1))
    stage.take(article(1), article(2))
    [told] = stage.told
    assert told.id == f"{name(1)}-1"
    assert told.story.added == (article(1).uri, article(2).uri)
    assert [outlet.name for outlet in told.story.outlets] == ["outlet 1", "outlet 2"]


def test_a_reprint_is_told_with_who_was_first() -> None:
    stage = Stage(in_story(1, 1) | in_story(2, 1, duplicate_of=name(1)))
    stage.take(article(1), article(2))
    [told] = stage.told
    assert [each.duplicate_of for each in told.story.articles] == [None, article(1).uri]
    assert told.story.duplicate_count == 1


def test_two_stories_that_become_one_are_both_told() -> None:
    plan = in_story(1, 1) | in_story(2, 2) | in_story(3, 1, merged=(name(2),))
    stage = Stage(plan)
    stage.take(article(1), article(2))
    stage.take(article(3))
    assert kinds(stage) == ["created", "created", "merged", "updated"]
    *_, merged, updated = stage.told
    assert merged.story.merged_into == updated.story.id
    assert updated.story.merged == (merged.story.id,)
    assert updated.story.article_count == 3
    assert updated.story.added == (article(3).uri,)
    assert stage.stories[name(2)] == name(1)


def test_a_story_that_merges_before_it_was_told_is_never_told() -> None:
    plan = in_story(1, 1) | in_story(2, 2) | in_story(3, 1, merged=(name(2),))
    stage = Stage(plan)
    stage.take(article(1), article(2), article(3))
    [told] = stage.told
    assert told.story.article_count == 3
    assert told.story.merged == ()
    assert len(told.story.added) == 3


def test_a_later_version_of_a_report_of_a_story_that_merged_is_told_by_the_other() -> None:
    plan = in_story(1, 1) | in_story(2, 2) | in_story(3, 1, merged=(name(2),))
    stage = Stage(plan)
    stage.take(article(1), article(2))
    stage.take(article(3))
    stage.take(article(2, version=2, title="changed"))
    last = stage.told[-1]
    assert last.story.id.endswith(name(1))
    assert "changed" in [report.title for report in last.story.articles]


def test_an_event_lists_so_many_reports_at_most_and_each_in_the_event_that_adds_it() -> None:
    plan = {key: value for number in range(1, 20) for key, value in in_story(number, 1).items()}
    stage = Stage(plan, listed=5)
    stage.take(*(article(number) for number in range(1, 20)))
    assert outcome_of(stage.told, [article(number).uri for number in range(1, 20)]) == EACH_IN_ONE
    for each in stage.told:
        listed = {report.id for report in each.story.articles}
        assert len(listed) <= 5
        assert listed.issuperset(each.story.added)


def test_a_story_that_many_outlets_begin_within_the_time_is_breaking_once() -> None:
    plan = {key: value for number in range(1, 6) for key, value in in_story(number, 1).items()}
    stage = Stage(plan, breaking=THREE_IN_AN_HOUR)
    for number in range(1, 6):
        stage.take(article(number), at=START + timedelta(minutes=number))
    assert kinds(stage).count("breaking") == 1
    at = kinds(stage).index("breaking")
    assert stage.told[at].story.breaking_since == START + timedelta(minutes=3)
    assert stage.told[at].id == f"{name(1)}-breaking"


def test_what_spread_slowly_or_long_ago_is_no_breaking_news() -> None:
    plan = {key: value for number in range(1, 6) for key, value in in_story(number, 1).items()}
    slow = Stage(plan, breaking=THREE_IN_AN_HOUR)
    for number in range(1, 6):
        slow.take(article(number, published=START + timedelta(hours=number)), at=START)
    old = Stage(plan, breaking=THREE_IN_AN_HOUR)
    old.take(*(article(number) for number in range(1, 6)), at=START + timedelta(days=2))
    assert "breaking" not in kinds(slow) + kinds(old)


def test_a_subscription_is_given_a_story_once_when_it_is_large_enough() -> None:
    plan = {key: value for number in range(1, 5) for key, value in in_story(number, 1).items()}

    def match(found: Article) -> Sequence[str]:
        return ["desk"] if found.title == "title 1" else []

    stage = Stage(plan, match=match, min_outlets={"desk": 2})
    for number in range(1, 5):
        stage.take(article(number))
    assert stage.given == [("desk", f"{name(1)}-2")]


def test_the_title_of_a_story_is_that_of_its_headline_article() -> None:
    stage = Stage(in_story(1, 1) | in_story(2, 1, headline=name(2)))
    stage.take(article(1))
    stage.take(article(2))
    assert [each.story.title for each in stage.told] == ["title 1", "title 2"]


def test_an_article_that_is_published_twice_is_placed_once() -> None:
    stage = Stage(in_story(1, 1))
    stage.take(article(1), article(1))
    stage.take(article(1))
    [told] = stage.told
    assert told.story.article_count == 1


def test_an_article_that_the_index_fails_at_is_a_story_of_its_own() -> None:
    stage = Stage(in_story(2, 2))
    stage.take(article(1), article(2))
    assert [each.story.added for each in stage.told] == [(article(1).uri,), (article(2).uri,)]
    assert list(stage.states) == [name(2)]


@st.composite
def histories(draw: st.DrawFn) -> tuple[dict[str, Placement], list[list[int]]]:
    """Placements with mergers, and the batches in which their articles come."""
    size = draw(st.integers(1, 14))
    plan: dict[str, Placement] = {}
    alive: list[int] = []
    for number in range(size):
        if not alive or draw(st.booleans()):
            alive.append(number)
            plan |= in_story(number, number)
            continue
        story = draw(st.sampled_from(alive))
        others = [each for each in alive if each != story]
        ended = draw(st.lists(st.sampled_from(others), max_size=2, unique=True)) if others else []
        alive = [each for each in alive if each not in ended]
        plan |= in_story(number, story, merged=tuple(map(name, ended)))
    cuts = sorted(draw(st.sets(st.integers(1, size), max_size=5)) | {0, size})
    return plan, [list(range(a, b)) for a, b in itertools.pairwise(cuts)]


@given(histories(), st.integers(1, 4))
def test_every_article_is_added_once_and_no_revision_is_skipped(
    history: tuple[dict[str, Placement], list[list[int]]], listed: int
) -> None:
    plan, batches = history
    stage = Stage(plan, listed=listed)
    for batch in batches:
        stage.take(*map(article, batch))
    assert (
        outcome_of(stage.told, [article(number).uri for number in range(len(plan))]) == EACH_IN_ONE
    )
    last = {each.story.id: each for each in stage.told}
    counted = sum(
        each.story.article_count for each in last.values() if not each.kind.endswith("merged")
    )
    assert counted == len(plan)
