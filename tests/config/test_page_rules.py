"""Rules for the pages of outlets: which one holds for a page, and what is wrong with a file."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from config.page_rules import PageRulesFile, load_page_rules
from nabaa.errors import ConfigError

RULES = """\
pages:
- host: marfaa.example
  body: div.story
  strip: [.share, "//div[@id='more']"]
- host: marfaa.example
  path: /opinion/
  author: a.writer
- host: sport.marfaa.example
  date: //time/@datetime
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "page_rules.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://www.marfaa.example/news/1", "marfaa.example", "/"),
        ("https://marfaa.example/opinion/1", "marfaa.example", "/opinion/"),
        ("https://sport.marfaa.example/opinion/1", "sport.marfaa.example", "/"),
    ],
)
def test_the_longest_host_and_path_decide(tmp_path: Path, url: str, host: str, path: str) -> None:
    rule = load_page_rules(write(tmp_path, RULES)).rule_for(url)
    assert rule is not None
    assert (rule.host, rule.path) == (host, path)


@pytest.mark.parametrize("url", ["https://notmarfaa.example/1", "https://example/1", "http://[/"])
def test_other_hosts_have_no_rule(tmp_path: Path, url: str) -> None:
    assert load_page_rules(write(tmp_path, RULES)).rule_for(url) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("pages:\n- host: a.example\n  bdy: p\n", '3: unknown key "bdy" (did you mean "body"?)'),
        ("pages:\n- body: p\n", '2: missing key "host"'),
        ("pages:\n- host: https://a.example\n  body: p\n", "2: host \"https://a.example\" must"),
        ("pages:\n- host: a.example\n  path: news\n  body: p\n", '3: path "news" must begin'),
        ("pages:\n- host: a.example\n  body: div..x\n", '3: body "div..x" is no CSS selector: '),
        ("pages:\n- host: a.example\n  date: //time[\n", '3: date "//time[" is no XPath expre'),
        ("pages:\n- host: a.example\n  strip: [{}]\n", '3: "strip" must be a selector or a list'),
        ("pages:\n- host: a.example\n  body: []\n", '3: "body" must be one line of text'),
        ("pages:\n- host: a.example\n", '2: the rule for "a.example" has none of the keys body'),
        ("pages:\n- host: a.example\n  body: p\n  body: b\n", '4: the key "body" stands twice'),
        ("rules: []\n", '1: unknown key "rules"'),
        ("pages: 3\n", '1: "pages" must be a list of rules'),
        ("pages:\n- x\n", "2: a rule must be a list item of keys and values"),
        ("pages: [\n", "not YAML: "),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        load_page_rules(path)
    assert sentence in str(raised.value)
    assert str(raised.value).startswith(f"{path}, line ")


def test_a_rule_that_stands_twice_is_told(tmp_path: Path) -> None:
    text = "pages:\n- host: a.example\n  body: p\n- host: a.example\n  body: b\n"
    with pytest.raises(ConfigError, match=r'line 4: a rule for host "a.example", path "/" stands'):
        load_page_rules(write(tmp_path, text))


def test_a_file_that_is_missing_has_no_rules(tmp_path: Path) -> None:
    assert PageRulesFile(tmp_path / "none.yaml").rule_for("https://a.example/") is None


def test_a_changed_file_is_taken_over_and_a_broken_one_is_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = 0.0
    path = write(tmp_path, RULES)
    rules = PageRulesFile(path, lambda: now)
    url = "https://marfaa.example/news/1"
    write(tmp_path, "pages: 3\n")
    assert rules.rule_for(url) is not None
    now = 6.0
    with caplog.at_level(logging.WARNING):
        assert rules.rule_for(url) is not None
    assert "the old ones stay" in caplog.text
    write(tmp_path, "pages: []\n")
    now = 12.0
    assert rules.rule_for(url) is None
