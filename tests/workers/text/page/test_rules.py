"""What the rule of an outlet selects comes before what is found without it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from config.page_rules import PageRule, load_page_rules
from tests.support.pages.templates import PARAGRAPHS, TITLE, page, paragraphs
from workers.text.page.model import ArticlePage
from workers.text.page.read import read_article_page

URL = "https://www.marfaa.example.eg/news/1"
BODY = (
    f"<h1>{TITLE}</h1><span class='w'>ليلى منصور</span><i class='d'>8/2/2019 14:30</i>"
    f"<div class='odd'><ul><li>{PARAGRAPHS[0]}</li><li>{PARAGRAPHS[1]}</li></ul><p class='x'>كلام"
    " ليس من الخبر يقف هنا دائما في كل صفحات الموقع</p></div>"
    f"<div class='other'>{paragraphs()}</div>"
)


def rule(folder: Path, *lines: str) -> PageRule | None:
    path = folder / "page_rules.yaml"
    path.write_text("pages:\n- host: marfaa.example.eg\n  " + "\n  ".join(lines), "utf-8")
    return load_page_rules(path).rule_for(URL)


def read(folder: Path, *lines: str) -> ArticlePage:
    return read_article_page(page("", BODY), URL, rule=rule(folder, *lines))


def test_a_rule_selects_the_text_and_strips_from_it(tmp_path: Path) -> None:
    found = read(tmp_path, "body: div.odd", "strip: [p.x]")
    assert found.body_text == "\n\n".join(PARAGRAPHS[:2])
    assert found.sources["body_text"] == "rule:body"


def test_a_rule_selects_the_date_in_the_zone_of_the_outlet(tmp_path: Path) -> None:
    found = read(tmp_path, "date: //i[@class='d']/text()")
    assert found.published == datetime(2019, 2, 8, 12, 30, tzinfo=UTC)
    assert found.sources["published"] == "rule:date"


def test_a_rule_selects_the_author(tmp_path: Path) -> None:
    found = read(tmp_path, "author: span.w")
    assert (found.by, found.sources["by"]) == ("ليلى منصور", "rule:author")


def test_where_a_rule_selects_nothing_the_page_is_read_without_it(tmp_path: Path) -> None:
    found = read(tmp_path, "body: div.gone", "date: i.gone", "author: b.gone")
    assert found == read_article_page(page("", BODY), URL)
