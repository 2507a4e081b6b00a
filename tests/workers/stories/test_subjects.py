"""Whom and what articles are about: two titles that name others speak for two events."""

from __future__ import annotations

from hypothesis import given, strategies as st

from workers.stories.model import StoryEntity
from workers.stories.subjects import are_about_others, is_apart, subjects_of

ADEN, TANGIER, RABAT = (StoryEntity(name, "LOC", name, in_title=True) for name in "ATR")
IN_TEXT = StoryEntity("A", "LOC", "A")
ENTITIES = st.lists(
    st.builds(StoryEntity, st.sampled_from("ABCD"), st.just("LOC"), st.just(""), st.booleans()),
    max_size=5,
)


def test_titles_that_name_different_towns_are_about_others() -> None:
    assert are_about_others(subjects_of([ADEN]), subjects_of([TANGIER]))


def test_a_town_that_the_other_names_in_its_text_joins_them() -> None:
    assert not are_about_others(subjects_of([ADEN]), subjects_of([TANGIER, IN_TEXT]))


def test_a_title_without_names_says_nothing() -> None:
    assert not are_about_others(subjects_of([IN_TEXT]), subjects_of([TANGIER]))


def test_one_odd_report_does_not_close_a_story() -> None:
    story = [subjects_of([ADEN]), subjects_of([ADEN]), subjects_of([RABAT])]
    assert not is_apart([subjects_of([ADEN])], story)
    assert is_apart([subjects_of([TANGIER])], story)


@given(ENTITIES, ENTITIES)
def test_it_is_the_same_from_both_sides(one: list[StoryEntity], other: list[StoryEntity]) -> None:
    first, second = subjects_of(one), subjects_of(other)
    assert are_about_others(first, second) == are_about_others(second, first)
    assert not are_about_others(first, first)
