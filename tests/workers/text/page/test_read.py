"""An article page gives its article: text, author, dates and the rest, and nothing around it."""

from __future__ import annotations

import pytest

from tests.support.pages.templates import BODY, TEMPLATES, TITLE
from workers.text.page.read import read_article_page

each_template = pytest.mark.parametrize("name", TEMPLATES)


@each_template
def test_the_text_begins_and_ends_with_the_article(name: str) -> None:
    template = TEMPLATES[name]()
    assert read_article_page(template.markup, template.url).body_text == BODY


@each_template
def test_the_title_is_the_headline_without_the_site(name: str) -> None:
    template = TEMPLATES[name]()
    assert read_article_page(template.markup, template.url).title == TITLE


@each_template
def test_the_date_is_right_to_the_minute(name: str) -> None:
    template = TEMPLATES[name]()
    assert read_article_page(template.markup, template.url).published == template.published


@each_template
def test_the_author_is_right_or_empty(name: str) -> None:
    template = TEMPLATES[name]()
    assert read_article_page(template.markup, template.url).by == template.by


@each_template
def test_the_language_is_that_of_the_text(name: str) -> None:
    template = TEMPLATES[name]()
    assert read_article_page(template.markup, template.url).language == "ar"


@each_template
def test_a_page_with_an_article_has_no_problem(name: str) -> None:
    template = TEMPLATES[name]()
    assert read_article_page(template.markup, template.url).problem is None


@each_template
def test_whatever_is_told_has_a_source(name: str) -> None:
    template = TEMPLATES[name]()
    page = read_article_page(template.markup, template.url)
    parts = ("title", "body_text", "by", "published", "modified", "picture", "canonical", "section")
    assert {part for part in parts if getattr(page, part)} == set(page.sources) & set(parts)
