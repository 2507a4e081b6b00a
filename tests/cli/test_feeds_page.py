"""`nabaa feeds page`: the page at an address as the wire would deliver it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Nabaa
from tests.support.farm.content.pages import Reply, serve_pages
from tests.support.pages.forms import for_subscribers
from tests.support.pages.templates import AUTHOR, BODY, TITLE, agency


def test_a_page_is_shown_with_its_sources_and_its_rule(
    nabaa: Nabaa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("pages:\n- host: 127.0.0.1\n  author: //h1\n  strip: .none\n", "utf-8")
    monkeypatch.setenv("NABAA_ALLOW_PRIVATE_ADDRESSES", "true")
    with serve_pages({"/news/1": Reply(agency().markup)}) as site:
        done = nabaa("feeds", "page", f"{site.base}/news/1")
        monkeypatch.setenv("NABAA_PAGE_RULES_FILE", str(rules))
        ruled = nabaa("feeds", "page", f"{site.base}/news/1")
        assert site.asked[0] == "/robots.txt"
    found = json.loads(done.out)
    assert (done.status, found["rule"], found["final_url"]) == (0, None, f"{site.base}/news/1")
    article = found["article"]
    assert (article["title"], article["body_text"], article["by"]) == (TITLE, BODY, AUTHOR)
    assert article["sources"]["published"] == "json-ld:datePublished"
    assert (json.loads(ruled.out)["rule"], ruled.status) == ("127.0.0.1/", 0)


def test_a_page_without_its_article_is_told_by_the_exit_status(
    nabaa: Nabaa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NABAA_ALLOW_PRIVATE_ADDRESSES", "true")
    with serve_pages({"/p": Reply(for_subscribers())}) as site:
        done = nabaa("feeds", "page", f"{site.base}/p")
    assert (done.status, json.loads(done.out)["article"]["problem"]) == (1, "paywall")


def test_robots_txt_is_obeyed_and_a_refusal_is_one_sentence(
    nabaa: Nabaa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NABAA_ALLOW_PRIVATE_ADDRESSES", "true")
    robots = Reply("User-agent: nabaa\nDisallow: /p\n", "text/plain")
    with serve_pages({"/robots.txt": robots, "/p": Reply(agency().markup)}) as site:
        forbidden = nabaa("feeds", "page", f"{site.base}/p")
        missing = nabaa("feeds", "page", f"{site.base}/gone")
        assert "/p" not in site.asked
    assert (forbidden.status, "robots.txt" in forbidden.err) == (2, True)
    assert (missing.status, "HTTP status 404" in missing.err) == (2, True)
