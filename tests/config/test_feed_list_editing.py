"""Feeds are added to a list and removed, and all other lines stay as they are."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from config.feed_list import (
    add_feed,
    add_feeds,
    load_feeds,
    remove_feed,
    save_feeds,
)
from config.model import Feed
from nabaa.errors import ConfigError
from tests.support.feeds import EXAMPLE, LISTS, OTHER

SHORT = """\
feeds:
- url: https://news.example/rss
  title: صحيفة المثال
  outlet: المثال
  country: EG
  timezone: Africa/Cairo
"""

ODD_LIST = """\
# رأس القائمة: لا يُمس

feeds:   # القائمة
  # مصر
  -   id: one
      url: "https://one.example/rss"
      title: >-
        عنوان على
        سطرين
      outlet: واحد
      country: EG
      timezone: Africa/Cairo
      tags:
        - a
        - b

  # العراق: هذا العنوان للقسم كله
  -   {id: two, url: 'https://two.example/rss', title: اثنان, outlet: اثنان, country: IQ,
       timezone: Asia/Baghdad}

# ذيل القائمة
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_adding_leaves_every_other_byte(feed_list: Path, bom: str, newline: str) -> None:
    before = (bom + ODD_LIST).replace("\n", newline)
    feed_list.write_text(before, encoding="utf-8", newline="")
    add_feed(feed_list, EXAMPLE)
    after = feed_list.read_bytes().decode("utf-8")
    added = after[after.index("  - id: example") : after.index("interval_seconds: 600") + 21]
    assert after.replace(added + newline, "") == before
    assert load_feeds(feed_list)[-1] == EXAMPLE


@given(LISTS, st.integers(0, 4))
@settings(max_examples=40, deadline=None)
def test_feeds_added_together_stand_as_if_saved(
    tmp_path_factory: pytest.TempPathFactory, feeds: list[Feed], kept: int
) -> None:
    path, saved = (tmp_path_factory.getbasetemp() / name for name in ("added.yaml", "saved.yaml"))
    save_feeds(path, feeds[:kept])
    add_feeds(path, feeds[kept:])
    save_feeds(saved, feeds)
    assert load_feeds(path) == feeds
    if feeds[:kept]:
        assert path.read_bytes() == saved.read_bytes()


def test_of_feeds_added_together_none_is_added_when_one_is_in_the_list(feed_list: Path) -> None:
    save_feeds(feed_list, [EXAMPLE])
    before = feed_list.read_bytes()
    with pytest.raises(ConfigError, match='id "example" is already in the list'):
        add_feeds(feed_list, [OTHER, replace(OTHER, id="example", url="https://new.example/")])
    assert feed_list.read_bytes() == before


def test_a_feed_that_stands_twice_among_those_added_is_told(feed_list: Path) -> None:
    save_feeds(feed_list, [EXAMPLE])
    with pytest.raises(ConfigError, match='added feed 2: id "other" is already used on line 1'):
        add_feeds(feed_list, [OTHER, replace(OTHER, url="https://new.example/")])


def test_removing_leaves_every_other_line(feed_list: Path) -> None:
    feed_list.write_text(ODD_LIST, encoding="utf-8")
    remove_feed(feed_list, "one")
    start, end = ODD_LIST.index("  -   id: one"), ODD_LIST.index("\n  # العراق")
    assert feed_list.read_text(encoding="utf-8") == ODD_LIST[:start] + ODD_LIST[end:]


@given(LISTS.filter(bool))
@settings(max_examples=40, deadline=None)
def test_a_feed_added_and_removed_leaves_no_trace(
    tmp_path_factory: pytest.TempPathFactory, feeds: list[Feed]
) -> None:
    path = tmp_path_factory.getbasetemp() / "trace.yaml"
    *kept, last = feeds
    save_feeds(path, kept)
    before = path.read_bytes()
    add_feed(path, last)
    assert load_feeds(path) == feeds
    remove_feed(path, last.id)
    assert load_feeds(path) == kept
    if kept:
        assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["feeds: []\n", "feeds:", "# قائمة\nfeeds: [ ]  # فارغة\n# ذيل\n"])
def test_the_first_feed_can_be_added_and_the_last_removed(feed_list: Path, text: str) -> None:
    feed_list.write_text(text, encoding="utf-8")
    add_feed(feed_list, EXAMPLE)
    assert load_feeds(feed_list) == [EXAMPLE]
    remove_feed(feed_list, EXAMPLE.id)
    assert load_feeds(feed_list) == []
    assert re.findall("#.*", feed_list.read_text(encoding="utf-8")) == re.findall("#.*", text)


def test_adding_to_a_file_without_a_last_line_break(feed_list: Path) -> None:
    feed_list.write_text(SHORT.rstrip("\n"), encoding="utf-8")
    add_feed(feed_list, EXAMPLE)
    assert load_feeds(feed_list)[-1] == EXAMPLE


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        (replace(OTHER, id="example"), 'id "example" is already in the list'),
        (
            replace(OTHER, url="http://news.example/ar/rss.xml/"),
            'url "http://news.example/ar/rss.xml/" is already in the list as feed "example"',
        ),
    ],
)
def test_a_feed_that_is_in_the_list_is_not_added(feed_list: Path, feed: Feed, said: str) -> None:
    save_feeds(feed_list, [EXAMPLE])
    with pytest.raises(ConfigError) as caught:
        add_feed(feed_list, feed)
    assert str(caught.value) == f"{feed_list}, line 2: {said}"


def test_a_feed_that_no_list_could_hold_is_not_added(feed_list: Path) -> None:
    save_feeds(feed_list, [EXAMPLE])
    with pytest.raises(ConfigError) as caught:
        add_feed(feed_list, replace(OTHER, title="two\nlines", interval_seconds=0))
    assert str(caught.value).splitlines() == [
        'feed "other": "title" must be one line of text: it contains U+000A',
        'feed "other": interval_seconds "0" must be a whole number from 1 to 604800',
    ]


def test_an_unknown_id_is_told_with_the_nearest_one(feed_list: Path) -> None:
    save_feeds(feed_list, [EXAMPLE, OTHER])
    with pytest.raises(ConfigError) as caught:
        remove_feed(feed_list, "exmaple")
    assert str(caught.value) == (
        f'{feed_list}: no feed has the id "exmaple" (did you mean "example"?)'
    )


@pytest.mark.parametrize(
    "text",
    [
        "feeds: [{id: one, url: 'https://one.example/', title: a, outlet: a, country: XX,\n"
        "  timezone: UTC}]\n",
        SHORT.replace("feeds:", "#\u2028\nfeeds:").replace("- url", "- id: one\n  url"),
    ],
)
@pytest.mark.parametrize(
    "edit", [lambda path: add_feed(path, EXAMPLE), lambda path: remove_feed(path, "one")]
)
def test_a_list_that_cannot_be_cut_by_lines_is_left_alone(
    feed_list: Path, text: str, edit: object
) -> None:
    feed_list.write_text(text, encoding="utf-8")
    assert callable(edit)
    with pytest.raises(ConfigError, match="edit it by hand"):
        edit(feed_list)
    assert feed_list.read_text(encoding="utf-8") == text


def test_a_list_with_mistakes_is_not_edited(feed_list: Path) -> None:
    feed_list.write_text(SHORT.replace("EG", "Egypt"), encoding="utf-8")
    with pytest.raises(ConfigError, match='line 5: country "Egypt"'):
        add_feed(feed_list, EXAMPLE)
