"""Articles that are made to hold a worker."""

from __future__ import annotations

import logging
import time

import pytest

from config.model import Feed
from nabaa.types import Article
from tests.support.entities.name_list import ListedNames
from tests.support.entries import make_entry
from workers.pipeline import MAX_ANALYSED, ArticleMaker

FEED = Feed("sabah", "https://sabah.example/rss", "صباح", "صحيفة الصباح", "JO", "Asia/Amman")
MAKER = ArticleMaker(ListedNames({"عمّان": "LOC", "محمد": "PERS"}))


def made(text: str) -> Article:
    [article] = MAKER.make([make_entry(FEED, "a", title="خبر", content=text)])
    assert article is not None
    return article


def test_names_beyond_what_is_analysed_are_not_sought_and_that_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    text = "وصل إلى عمّان. " * (2 * MAX_ANALYSED // 15)
    article = made(text)
    assert article.body_text == text.strip()
    [entity] = article.entities
    ends = [mention.end for mention in entity.mentions]
    assert MAX_ANALYSED - 200 < max(ends) <= MAX_ANALYSED
    assert all(
        article.body_text[each.start : each.end] == each.text == "عمّان" for each in entity.mentions
    )
    assert "are sought in its first 100,000 characters only" in caplog.text


def test_an_article_of_one_endless_word_is_analysed_to_the_limit() -> None:
    article = made("ن" * 3 * MAX_ANALYSED)
    assert len(article.body_text) == 3 * MAX_ANALYSED
    assert article.entities == ()


def test_thousands_of_persons_of_one_given_name_hold_no_worker() -> None:
    names = "، و".join(f"محمد اسم{number}" for number in range(4_000))
    begun = time.process_time()
    made(f"قال الرئيس إن {names} وصلوا.")
    assert time.process_time() - begun < 10
