"""The feed list as it is written: it is read back the same, and ids stand for ever."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from config.feed_list import (
    add_feed,
    feed_id_from_url,
    load_feeds,
    save_feeds,
)
from config.feed_yaml import composed_rows, quick_rows, read_rows
from config.model import Feed
from nabaa.errors import ConfigError
from tests.support.feeds import EXAMPLE, LISTS, OTHER


@given(LISTS)
@settings(max_examples=60, deadline=None)
def test_what_is_saved_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, feeds: list[Feed]
) -> None:
    path = tmp_path_factory.getbasetemp() / "round_trip.yaml"
    save_feeds(path, feeds)
    assert load_feeds(path) == feeds


@given(LISTS)
@settings(max_examples=60, deadline=None)
def test_the_yaml_library_reads_a_saved_list_as_the_quick_reader_does(
    tmp_path_factory: pytest.TempPathFactory, feeds: list[Feed]
) -> None:
    path = tmp_path_factory.getbasetemp() / "saved.yaml"
    save_feeds(path, feeds)
    text = path.read_text(encoding="utf-8")
    assert read_rows(text) == composed_rows(text)


_PIECES = st.sampled_from(
    [
        *("a", "ب ج", "a b", "a #b", "a#b", "a: b", "a:b", "a:", "7", "null", "nullx", "~", "|"),
        *(">", "- a", "-", "'q'", "'it''s'", '"q"', '"q\\n"', '"a" b', "[a, b]", "[]", "[ ]"),
        *("[a, b,]", "[null]", "[a b]", "[a: b]", "[a,b] c", "{a: b}", "&x a", "*x", "!t a"),
        *("?", "@a", "%a", "`a", "a  b", "a ", "a\t", "a\u00a0", "²", "", "# c", "a 'b", 'a"'),
    ]
)
_LINES = st.one_of(
    st.builds(
        "{}{}{}: {}".format,
        st.sampled_from(["", "  ", "    ", " "]),
        st.sampled_from(["", "- ", "-   "]),
        st.sampled_from(["id", "url", "a"]),
        _PIECES,
    ),
    st.builds("- id: {}".format, _PIECES),
    st.builds("  url: {}".format, _PIECES),
    st.sampled_from(["", "# c", "   # c", "feeds:", "---", "...", "- a", "  - a", "\t", "\u2028"]),
)


@given(st.lists(_LINES, min_size=1, max_size=6), st.sampled_from(["feeds:\n", "#c\nfeeds:\n", ""]))
@settings(max_examples=600, deadline=None)
def test_the_quick_reader_never_disagrees_with_the_yaml_library(
    lines: list[str], head: str
) -> None:
    text = head + "\n".join(lines)
    quick = quick_rows(text)
    if quick is not None:
        assert (quick, []) == composed_rows(text)


@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode())))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_list_or_a_config_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(b"feeds:\n- " + data)
    try:
        load_feeds(path)
    except ConfigError as error:
        assert str(path) in str(error)


@pytest.mark.parametrize(
    ("url", "feed_id"),
    [
        ("https://news.example/rss", "news.example-rss-b1d1b29934"),
        ("http://www.news.example/ar/feed/", "news.example-ar-feed-9bbc7b625a"),
        ("https://مثال.example/أخبار?قسم=1", "example-1-e2a64d16f8"),
        ("https://a.example/" + "x" * 300, "a.example-" + "x" * 50 + "-1ab02e0b16"),
    ],
)
def test_a_derived_id_never_changes(url: str, feed_id: str) -> None:
    assert feed_id_from_url(url) == feed_id


@given(st.text(max_size=200).map("https://a.example/".__add__) | st.text(max_size=50))
@settings(max_examples=200, deadline=None)
def test_a_derived_id_is_an_id(url: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", feed_id_from_url(url))


def test_addresses_that_differ_only_in_punctuation_get_different_ids() -> None:
    urls = [f"https://a.example/feed{mark}x" for mark in ("/", "-", "_", "?", "=")]
    assert len({feed_id_from_url(url) for url in urls}) == len(urls)


def test_a_list_with_duplicates_is_not_saved(feed_list: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        save_feeds(feed_list, [EXAMPLE, replace(OTHER, id=EXAMPLE.id)])
    assert str(caught.value) == f'{feed_list}: feed 2: id "example" is already used on line 1'
    assert not feed_list.exists()


def test_a_write_that_fails_leaves_the_old_list(feed_list: Path) -> None:
    save_feeds(feed_list, [EXAMPLE])
    before = feed_list.read_bytes()
    blocked = feed_list.with_name(f".feeds.yaml.{os.getpid()}")
    blocked.mkdir()
    with pytest.raises(ConfigError, match="the feed list cannot be written"):
        save_feeds(feed_list, [OTHER])
    assert feed_list.read_bytes() == before


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written: No such file or directory"):
        save_feeds(tmp_path / "none" / "feeds.yaml", [EXAMPLE])


def test_a_write_keeps_the_mode_and_the_link_and_leaves_no_neighbour(tmp_path: Path) -> None:
    target, link = tmp_path / "target.yaml", tmp_path / "link.yaml"
    save_feeds(target, [EXAMPLE])
    target.chmod(0o640)
    link.symlink_to(target)
    add_feed(link, OTHER)
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert load_feeds(target) == [EXAMPLE, OTHER]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.yaml", "target.yaml"]
