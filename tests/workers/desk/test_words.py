"""The words of the pages: both languages have them all, and every kind of thing has its word."""

from __future__ import annotations

import re
from importlib import resources
from typing import get_args

import msgspec
import pytest

from config.feed_list import load_feeds
from config.settings import DEFAULT_FEEDS_FILE
from nabaa.errors import FailureKind
from nabaa.types import EntityType
from workers.desk.map.countries import LANGUAGES, countries, country_name
from workers.desk.views.spans import SPANS
from workers.desk.wording.words import words_of
from workers.operations.feed_health import CONDITIONS
from workers.operations.status_model import RATES


def words(language: str) -> dict[str, str]:
    data = resources.files("workers.desk.wording").joinpath(f"{language}.json").read_bytes()
    return msgspec.json.decode(data, type=dict[str, str])


def asked_for() -> set[str]:
    folder = resources.files("workers.desk.templates")
    texts = [page.read_text("utf-8") for page in folder.iterdir() if page.name.endswith(".html")]
    return {key for text in texts for key in re.findall(r'\bt\(["\']([a-z0-9_]+)["\'][,)]', text)}


def made_up() -> set[str]:
    """Keys that templates put together."""
    return {
        *(f"feed_{condition}" for condition in CONDITIONS),
        *(f"feed_done_{done}" for done in ("pause", "go-on", "check", "added")),
        *(f"failure_{kind}" for kind in get_args(FailureKind)),
        *(f"rate_{kind}" for kind in RATES),
        *(f"type_{kind}" for kind in get_args(EntityType)),
        *(f"span_{span}" for span in SPANS),
        *(f"theme_{theme}" for theme in ("auto", "dark", "light")),
        *(f"host_{why}" for why in ("down", "busy")),
        *(f"dead_done_{done}" for done in ("retry", "drop")),
        *(f"field_{field}" for field in ("title", "summary", "body_text")),
        *(f"by_{step}" for step in ("hour", "day", "month")),
        *(f"trend_{step}" for step in ("day", "month")),
        *(f"day_{end}" for end in ("since", "until")),
        *("now", "wire", "names", "quotations", "map", "feeds", "system"),
        *(
            "entries_waiting",
            "name_not_found",
            "entries_working",
            "pages_waiting",
            "articles_kept",
            "megabytes",
            "dead_letters",
        ),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_word_and_none_that_nobody_asks_for(language: str) -> None:
    found = {key for key in words(language) if not key.startswith("topic_")}
    assert found == asked_for() | made_up()


def test_topics_of_the_list_that_ships_have_words_and_others_stay_as_they_are() -> None:
    for feed in load_feeds(DEFAULT_FEEDS_FILE):
        assert words_of("ar").topic(feed.topic) != feed.topic
    assert words_of("ar").topic("<b>") == "<b>"


def test_values_stand_in_both_languages() -> None:
    holes = [
        {key: sorted(re.findall(r"\{(\w+)\}", text)) for key, text in words(language).items()}
        for language in LANGUAGES
    ]
    assert holes[0] == holes[1]


def test_countries_have_names_in_both_languages() -> None:
    assert (country_name("EG", "ar"), country_name("EG", "en")) == ("مصر", "Egypt")
    assert country_name("XX", "ar") == "عربي"
    assert country_name("??", "en") == "??"
    drawn = {code for code, each in countries().items() if each.path}
    arab = "DZ BH EG IQ JO KW LB LY MA MR OM PS QA SA SD SO SY TN AE YE DJ KM"
    assert drawn >= set(arab.split())
