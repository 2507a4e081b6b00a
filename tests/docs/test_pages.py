"""What the documents name is there: files of the repository, pages and headings."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from multidict import MultiDict

from tests.support.snippets import ROOT, pages, without_fenced
from workers.outputs.event_query import read_query, read_story_query

FOLDERS = "bench|config|deploy|docs|examples|ingest|nabaa|tests|training|workers"
_PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
DOCS = ROOT / "docs"
GENERATED = ROOT / "docs" / "reference"
# Made where something is found.
ELSEWHERE = {"tests/fuzz/findings/"}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_file_that_is_named_exists(page: Path) -> None:
    named = set(_PATH.findall(without_fenced(page))) - ELSEWHERE
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for link in _LINK.findall(without_fenced(page)):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if target.parent == GENERATED:
            continue  # `make site` checks these
        if not target.exists() or (heading and heading not in headings(target)):
            broken.append(link)
    assert broken == []


def test_no_page_has_the_name_of_one_that_sphinx_makes() -> None:
    made = {"search", "genindex"}  # the later of two pages of a name is lost without a word
    names = {page.relative_to(DOCS).with_suffix("").as_posix() for page in DOCS.rglob("*.md")}
    assert names & made == set()


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_addresses_of_the_server_of_events_ask_for_what_it_knows(page: Path) -> None:
    text = page.read_text("utf-8")
    for query in re.findall(r"/articles\?([^\s\"'`)]+)", text):
        read_query(MultiDict(parse_qsl(query, strict_parsing=True)), "")
    for query in re.findall(r"/stories\?([^\s\"'`)]+)", text):
        read_story_query(MultiDict(parse_qsl(query, strict_parsing=True)), "")


def headings(page: Path) -> set[str]:
    """Return the anchors of a page, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
