"""What the documents name is there: files of the repository, pages and headings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.snippets import ROOT, pages, without_fenced

FOLDERS = "bench|config|deploy|docs|examples|ingest|nabaa|tests|training|workers"
_PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
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


def headings(page: Path) -> set[str]:
    """Return the anchors of a page, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
