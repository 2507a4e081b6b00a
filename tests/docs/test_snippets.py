"""What the documents show is true: commands are taken, programs run, lists are read."""

from __future__ import annotations

import importlib.util
import inspect
import math
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import redis

from config.feed_list import load_feeds, save_feeds
from config.model import Feed
from config.opml import write_opml
from config.page_rules import load_page_rules
from config.settings_table import settings_table
from ingest.streams.entries import encode_entry
from nabaa.filters.filter import read_filter
from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from tests.cli.conftest import Nabaa, command_line
from tests.support.articles import numbered_article
from tests.support.entries import make_entry
from tests.support.snippets import (
    LANGUAGES,
    ROOT,
    Snippet,
    commands_of,
    pages,
    snippets,
    without_fenced,
)

NABAA = ("nabaa", ".venv/bin/nabaa")
# Those that end by themselves and need no web.
ENDING = {
    "entities",
    "extract",
    "settings",
    "status",
    "tag",
    *("dead list", "dead retry", "dead drop"),
    *("feeds list", "feeds add", "feeds remove", "feeds import", "feeds export"),
    *("subscriptions test", "subscriptions add", "subscriptions list"),
    *("subscriptions show", "subscriptions remove"),
}
SABAH = Feed("sabah", "https://sabah.example/", "صباح", "الصباح", "JO", "Asia/Amman")
DEAD = "1798191000000-0"  # in docs/operations.md


def nabaa_commands(snippet: Snippet) -> list[list[str]]:
    return [words[1:] for words in snippet.commands() if words[0] in NABAA]


def shown(language: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("snippet", snippets(language), ids=str)


def with_commands_of_nabaa(ending: bool = False) -> pytest.MarkDecorator:
    """Give a test the snippets that call nabaa, or those of them that hold what can be run."""
    found = [
        snippet
        for snippet in snippets("sh")
        for commands in [nabaa_commands(snippet)]
        if any(not ending or name_of(words) in ENDING for words in commands)
    ]
    return pytest.mark.parametrize("snippet", found, ids=str)


def name_of(words: list[str]) -> str:
    """Return the name of a command, of a group too."""
    return " ".join(words[:2]) if " ".join(words[:2]) in ENDING else " ".join(words[:1])


def parse_command(words: list[str]) -> str:
    """Have the command line take the words, and return the name of the command."""
    command: Any = command_line()
    context = command.make_context("nabaa", list(words))
    while hasattr(command, "commands"):
        rest = [*context._protected_args, *context.args]
        name, command, rest = command.resolve_command(context, rest)
        context = command.make_context(name, rest, parent=context)
    return str(context.command_path).removeprefix("nabaa ")


def examples_of_help(command: Any) -> Iterator[str]:
    for inner in getattr(command, "commands", {}).values():
        yield from examples_of_help(inner)
    _, _, examples = inspect.cleandoc(command.help or "").partition("Example:\n")
    shown_lines = re.split(r"\n\S", examples)[0].replace("\\\n", " ")
    yield from filter(None, map(str.strip, shown_lines.splitlines()))


def test_every_block_of_code_has_a_language() -> None:
    assert [f"{each}" for each in snippets() if each.language not in LANGUAGES] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_no_code_stands_outside_of_fences(page: Path) -> None:
    assert re.findall(r"(?<=\n\n) {4}(?![-*\d]).*", without_fenced(page)) == []


@with_commands_of_nabaa()
def test_a_command_is_one_of_the_command_line(
    snippet: Snippet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    prepare(tmp_path)
    for words in nabaa_commands(snippet):
        if "--help" not in words:
            parse_command(words)


@shown("sh")
def test_a_shell_snippet_is_of_the_shell_and_names_what_there_is(snippet: Snippet) -> None:
    done = subprocess.run(
        ["bash", "-n"], input=snippet.text, text=True, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for words in snippet.commands():
        if words[0] == "make":
            named = {word for word in words[1:] if "=" not in word and not word.startswith("-")}
            assert named <= targets
        elif "-m" in words and "python" in words[0]:
            assert importlib.util.find_spec(words[words.index("-m") + 1])


def test_an_example_of_the_help_is_taken_by_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    prepare(tmp_path)
    for line in examples_of_help(command_line()):
        for words in commands_of(line):
            if words[0] == "nabaa":
                parse_command(words[1:])


@pytest.fixture
def wire(server_url: str) -> str:
    """The address of a server with two articles on the stream, and a dead letter."""
    with redis.Redis.from_url(server_url) as client:
        for number in range(2):
            article = replace(numbered_article(number), title="قرار من مجلس الأمن")
            client.xadd(Keys(0).articles, {"data": encode_article(article)})
        failed = {
            "entry_id": "1-0",
            "error": "x",
            "attempts": 5,
            "data": encode_entry(make_entry(SABAH, "a")),
        }
        client.xadd(Keys(0).dead, failed, id=DEAD)
        client.zadd(Keys(0).due, {SABAH.id: math.inf})
    return server_url


def prepare(folder: Path) -> None:
    """Put the files that the snippets name into a folder."""
    save_feeds(folder / "feeds.yaml", [SABAH])
    (folder / "subscriptions.opml").write_bytes(write_opml([SABAH]))
    for name in ("page.html", "saved.html"):
        (folder / name).write_text("<h1>خبر</h1><p>وصل الوزير إلى القاهرة.</p>", "utf-8")
    (folder / "article.txt").write_text("خبر\nوصل الوزير إلى القاهرة.", "utf-8")
    (folder / "tokens.txt").write_text("القاهرة\n", "utf-8")
    (folder / "secret").write_text("whsec_" + "c2VjcmV0" * 4, "utf-8")


@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
@with_commands_of_nabaa(ending=True)
def test_a_command_that_ends_by_itself_is_run(
    snippet: Snippet, nabaa: Nabaa, wire: str, tmp_path: Path
) -> None:
    prepare(tmp_path)
    for words in nabaa_commands(snippet):
        if "--help" in words or parse_command(words) not in ENDING:
            continue
        done = nabaa(*words, redis_url=wire, feeds_file=tmp_path / "feeds.yaml")
        assert done.status == 0, (words, done.err)


@shown("js")
def test_a_program_is_javascript(snippet: Snippet, tmp_path: Path) -> None:
    if (node := shutil.which("node")) is None:
        pytest.skip("node is not installed")
    (tmp_path / "snippet.mjs").write_text(snippet.text, "utf-8")
    done = subprocess.run(
        [node, "--check", tmp_path / "snippet.mjs"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def redis_commands() -> dict[str, list[list[str]]]:
    found = {
        str(each): [shlex.split(line, comments=True) for line in each.text.splitlines()]
        for each in snippets("redis")
    }
    for each in snippets("sh"):
        calls = [words[1:] for words in each.commands() if words[0] == "redis-cli"]
        if calls:
            found[str(each)] = [words[2:] if words[0] == "-s" else words for words in calls]
    return found


@pytest.mark.parametrize(("place", "commands"), redis_commands().items())
def test_a_command_of_redis_is_taken_by_the_server(
    place: str, commands: list[list[str]], wire: str
) -> None:
    with redis.Redis.from_url(wire) as client:
        [(first, _)] = client.xrange(Keys(0).articles, count=1)
        for words in commands:
            client.execute_command(*(first if word == "ID" else word for word in words))


@shown("yaml")
def test_yaml_is_a_feed_list_rules_for_pages_or_a_filter(snippet: Snippet, tmp_path: Path) -> None:
    text = snippet.text
    if re.search(r"^(- id|feeds):", text, re.MULTILINE):
        path = tmp_path / "feeds.yaml"
        path.write_text(text if "feeds:" in text else f"feeds:\n{text}", "utf-8")
        assert load_feeds(path)
    elif re.search(r"^pages:", text, re.MULTILINE):
        path = tmp_path / "page_rules.yaml"
        path.write_text(text, "utf-8")
        assert load_page_rules(path)
    else:
        assert read_filter(text, str(snippet))


@shown("ini")
def test_what_is_set_is_a_setting(snippet: Snippet) -> None:
    of_compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    known = set(re.findall(r"NABAA_\w+", settings_table() + of_compose))
    named = set(re.findall(r"^(\w+)=", snippet.text, re.MULTILINE))
    assert named
    assert named <= known
