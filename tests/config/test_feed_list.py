"""The feed list as it is read: what it accepts, and how it names mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.feed_list import (
    load_feeds,
)
from config.model import Feed
from nabaa.errors import ConfigError

GOLDEN = Path(__file__).with_name("golden")

SHORT = """\
feeds:
- url: https://news.example/rss
  title: صحيفة المثال
  outlet: المثال
  country: EG
  timezone: Africa/Cairo
"""


def error_of(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_feeds(path)
    return str(caught.value)


def test_the_example_of_the_documentation_is_a_list(feed_list: Path) -> None:
    document = Path(__file__).parents[2].joinpath("docs", "feeds.md").read_text(encoding="utf-8")
    feed_list.write_text(document.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    [feed] = load_feeds(feed_list)
    assert (feed.id, feed.tags, feed.interval_seconds) == ("sabah", ("daily", "print"), 600)


@pytest.mark.parametrize("name", ["mistakes", "mistakes_of_form"])
def test_every_mistake_is_told_with_its_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)
    expected = Path(f"{name}.txt").read_text(encoding="utf-8")
    assert error_of(Path(f"{name}.yaml")) + "\n" == expected


def test_only_the_first_twenty_mistakes_are_told(feed_list: Path) -> None:
    feed_list.write_text("feeds:\n" + "- nonsense\n" * 25, encoding="utf-8")
    lines = error_of(feed_list).splitlines()
    assert len(lines) == 21
    assert lines[-1] == f"{feed_list}: 5 more mistakes"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("feeds:\n- url: a: b\n", "line 2: not YAML: mapping values are not allowed here"),
        ("feeds:\n\t- a\n", "line 2: not YAML: found character '\\t' that cannot start any token"),
        ("feeds: [a\n", "line 2: not YAML: expected ',' or ']', but got '<stream end>'"),
        ("feeds:\n- a: \x01\n", "line 2: the character U+0001 is not allowed"),
        ("feeds:\n- a: *b\n", "line 2: not YAML: found undefined alias 'b'"),
        ("feeds: []\n---\nfeeds: []\n", "line 2: not YAML: but found another document"),
        ("", 'line 1: missing key "feeds": the file must begin with it'),
        ("- url: x\n", 'line 1: missing key "feeds": the file must begin with it'),
        ("feedz: []\n", 'line 1: unknown key "feedz" (did you mean "feeds"?)'),
        ("feeds: 7\n", 'line 1: "feeds" must be a list of feeds'),
        ("[" * 1000, "line 1: not YAML: nested too deeply"),
    ],
)
def test_what_is_not_a_list_is_told_with_its_line(feed_list: Path, text: str, said: str) -> None:
    feed_list.write_text(text, encoding="utf-8")
    assert f"{feed_list}, {said}" in error_of(feed_list).splitlines()


def test_a_file_in_another_encoding_is_told_with_the_line_of_its_first_byte(
    feed_list: Path,
) -> None:
    feed_list.write_bytes(SHORT.encode("windows-1256"))
    assert error_of(feed_list).startswith(f"{feed_list}, line 3: byte 0xd5 is not UTF-8")


def test_a_missing_file_is_told(feed_list: Path) -> None:
    assert error_of(feed_list) == f"{feed_list}: the feed list does not exist"


def test_a_folder_is_no_list(tmp_path: Path) -> None:
    assert error_of(tmp_path).startswith(f"{tmp_path}: the feed list cannot be read: ")


@pytest.mark.parametrize("text", ["feeds: []\n", "feeds:\n", "# none\nfeeds:  # yet\n"])
def test_an_empty_list_is_allowed(feed_list: Path, text: str) -> None:
    feed_list.write_text(text, encoding="utf-8")
    assert load_feeds(feed_list) == []


def test_a_feed_needs_only_five_keys(feed_list: Path) -> None:
    feed_list.write_text(SHORT, encoding="utf-8")
    assert load_feeds(feed_list) == [
        Feed(
            id="news.example-rss-b1d1b29934",
            url="https://news.example/rss",
            title="صحيفة المثال",
            outlet="المثال",
            country="EG",
            timezone="Africa/Cairo",
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        SHORT.replace("\n", "\r\n"),
        "\ufeff" + SHORT,
        "---\n" + SHORT,
        SHORT.replace("- ", "  -   ").replace("\n  ", "\n      ").replace("      -", "  -"),
        SHORT.replace("صحيفة المثال", '"صحيفة\\u0020المثال"'),
        SHORT.replace("صحيفة المثال", ">-\n    صحيفة\n    المثال"),
        SHORT.replace("صحيفة المثال", "صحيفة\n    المثال"),
        SHORT.replace("المثال\n", "المثال  # الناشر\n"),
        SHORT.replace("  title", "\n# تعليق\n  title"),
        "feeds: [{url: 'https://news.example/rss', title: صحيفة المثال, outlet: المثال,\n"
        "  country: EG, timezone: Africa/Cairo}]",
    ],
)
def test_any_yaml_style_says_the_same(feed_list: Path, text: str) -> None:
    feed_list.write_text(SHORT, encoding="utf-8", newline="")
    plain = load_feeds(feed_list)
    feed_list.write_text(text, encoding="utf-8", newline="")
    assert load_feeds(feed_list) == plain


def test_norway_is_a_country_and_not_a_truth_value(feed_list: Path) -> None:
    text = SHORT.replace("EG", "NO").replace("timezone", "language: no\n  timezone")
    feed_list.write_text(text, encoding="utf-8")
    assert [(feed.country, feed.language) for feed in load_feeds(feed_list)] == [("NO", "no")]


@pytest.mark.parametrize(
    "same",
    ["http://news.example/rss", "https://NEWS.example:443/rss/", "https://news.example/rss#x"],
)
def test_the_same_address_written_otherwise_is_a_duplicate(feed_list: Path, same: str) -> None:
    again = SHORT.removeprefix("feeds:\n").replace("https://news.example/rss", same)
    feed_list.write_text(SHORT + again, encoding="utf-8")
    assert error_of(feed_list).startswith(
        f'{feed_list}, line 7: url "{same}" is already used on line 2'
    )


def test_a_feed_may_be_polled_every_second(feed_list: Path) -> None:
    feed_list.write_text(SHORT + "  interval_seconds: 1\n", encoding="utf-8")
    assert load_feeds(feed_list)[0].interval_seconds == 1


def test_an_exception_from_tls_is_true_or_false(feed_list: Path) -> None:
    feed_list.write_text(SHORT + "  insecure_tls: true\n", encoding="utf-8")
    assert load_feeds(feed_list)[0].insecure_tls
    feed_list.write_text(SHORT + "  insecure_tls: maybe\n", encoding="utf-8")
    with pytest.raises(ConfigError, match='insecure_tls "maybe" must be true or false'):
        load_feeds(feed_list)


def test_a_feed_may_say_when_it_was_seen_to_work_and_what_its_publisher_asks(
    feed_list: Path,
) -> None:
    said = '  checked: 2026-10-08\n  note: "robots.txt: ai-input=no"\n'
    feed_list.write_text(SHORT + said, encoding="utf-8")
    [feed] = load_feeds(feed_list)
    assert (feed.checked, feed.note) == ("2026-10-08", "robots.txt: ai-input=no")
    feed_list.write_text(SHORT + "  checked: yesterday\n", encoding="utf-8")
    with pytest.raises(ConfigError, match='checked "yesterday" must be a day, such as 2026-10-08'):
        load_feeds(feed_list)
