"""The index of open stories: which articles it puts together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from workers.stories.index import StoryIndex
from workers.stories.model import StoryArticle

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def article(name: str, title: str, hours: float = 0.0) -> StoryArticle:
    return StoryArticle(name, "الصحيفة", "EG", "", title, "", NOON + timedelta(hours=hours))


def test_the_same_event_in_two_outlets_is_one_story() -> None:
    index = StoryIndex()
    first = index.place(article("a", "زلزال بقوة ست درجات يضرب مدينة ساحلية في تشيلي"))
    second = index.place(article("b", "زلزال قوي يضرب مدينة ساحلية في تشيلي", 2))
    assert first.is_new
    assert not second.is_new
    assert second.story == first.story


def test_two_events_are_two_stories() -> None:
    index = StoryIndex()
    first = index.place(article("a", "زلزال بقوة ست درجات يضرب مدينة ساحلية في تشيلي"))
    second = index.place(article("b", "البرلمان يقر موازنة العام المقبل بعد جلسة طويلة"))
    assert second.story != first.story


def test_a_story_without_news_for_two_days_is_closed() -> None:
    index = StoryIndex()
    story = index.place(article("a", "زلزال يضرب مدينة ساحلية في تشيلي")).story
    assert index.expire(NOON + timedelta(hours=47)) == ()
    assert index.expire(NOON + timedelta(hours=49)) == (story,)
    assert story not in index


def test_another_index_goes_on_with_the_stories_of_the_first() -> None:
    first, second = StoryIndex(), StoryIndex()
    story = first.place(article("a", "زلزال يضرب مدينة ساحلية في تشيلي")).story
    assert second.load(first.dump(story)) == story
    assert second.place(article("b", "زلزال يضرب مدينة ساحلية في تشيلي الآن", 1)).story == story
