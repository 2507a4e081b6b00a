"""The scores of stories: what they are where one can count by hand."""

from __future__ import annotations

import pytest

from bench.story_scores import b_cubed, duplicates, pairwise

GOLD = ["quake", "quake", "quake", "vote"]


def test_the_stories_of_the_annotator_are_right() -> None:
    assert b_cubed([1, 1, 1, 2], GOLD).f1 == 1.0
    assert pairwise([1, 1, 1, 2], GOLD).f1 == 1.0


def test_every_article_alone_is_pure_and_finds_no_pair() -> None:
    alone = range(4)
    assert (b_cubed(alone, GOLD).precision, b_cubed(alone, GOLD).recall) == (1.0, 0.5)
    assert (pairwise(alone, GOLD).precision, pairwise(alone, GOLD).f1) == (1.0, 0.0)


def test_one_story_of_all_finds_every_pair_and_others() -> None:
    found = pairwise([1, 1, 1, 1], GOLD)
    assert (found.precision, found.recall) == (0.5, 1.0)
    assert b_cubed([1, 1, 1, 1], GOLD).precision == pytest.approx(10 / 16)


def test_a_text_that_no_other_article_has_makes_no_pair() -> None:
    found = duplicates(["a", "a", None, None], ["x", "x", "x", None])
    assert found.precision == 1.0
    assert found.recall == pytest.approx(1 / 3)
