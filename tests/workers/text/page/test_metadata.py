"""Canonical address, picture, section and keywords of a page, and what is not believed."""

from __future__ import annotations

import pytest

from nabaa.types import Picture
from tests.support.pages.templates import (
    CAPTION,
    SITE,
    TEMPLATES,
    TITLE,
    agency,
    ld,
    page,
    paragraphs,
)
from workers.text.page.model import ArticlePage
from workers.text.page.read import read_article_page

URL = "https://www.marfaa.example.eg/news/1?utm_source=x"


def read(head: str, body: str = "") -> ArticlePage:
    return read_article_page(page(head, f"<h1>{TITLE}</h1>{body}{paragraphs()}"), URL)


def canonical(address: str) -> str:
    return f'<link rel="canonical" href="{address}">'


def test_the_address_that_a_page_names_is_the_articles() -> None:
    assert read(canonical("/news/1")).canonical == "https://www.marfaa.example.eg/news/1"


@pytest.mark.parametrize(
    "address",
    [
        "https://other.example/news/1",
        "http://10.0.0.7/news/1",
        "http://[::1]/news/1",
        "https://www.marfaa.example.eg/",
        "javascript:alert(1)",
        "https://[",
    ],
)
def test_an_address_elsewhere_is_not_believed(address: str) -> None:
    assert read(canonical(address)).canonical == URL


def test_the_canonical_address_of_an_amp_page_is_that_of_the_article() -> None:
    template = TEMPLATES["amp"]()
    found = read_article_page(template.markup, template.url)
    assert found.canonical == "https://www.marfaa.example.eg/news/2019/02/08/water"


def test_the_picture_comes_with_the_caption_below_it() -> None:
    template = agency()
    found = read_article_page(template.markup, template.url)
    assert found.picture == Picture("https://img.marfaa.example.eg/a/tank.jpg", CAPTION)


def test_a_logo_is_no_picture() -> None:
    assert read('<meta property="og:image" content="/assets/logo.png">').picture is None


@pytest.mark.parametrize("section", ["الرئيسية", SITE, TITLE])
def test_the_front_page_and_the_site_are_no_section(section: str) -> None:
    site = f'<meta property="og:site_name" content="{SITE}">'
    assert read(site + ld(articleSection=section)).section == ""


def test_the_whole_menu_is_no_section() -> None:
    assert (
        read(ld(articleSection=["سياسة", "اقتصاد", "رياضة", "ثقافة", "صحة", "رأي"])).section == ""
    )


def test_a_section_of_the_breadcrumbs_is_taken() -> None:
    crumbs = {
        "@type": "BreadcrumbList",
        "itemListElement": [{"item": {"name": "الرئيسية"}}, {"name": "محليات"}, {"name": TITLE}],
    }
    assert read(ld(**{"@graph": [crumbs]})).section == "محليات"


def test_keywords_in_one_text_are_parted() -> None:
    head = '<meta name="keywords" content="المياه,الطاقة الشمسية، البلدية">'
    assert read(head).keywords == ("المياه", "الطاقة الشمسية", "البلدية")


def test_a_cloud_of_words_is_no_keywords() -> None:
    words = ",".join(f"كلمة{number}" for number in range(40))
    assert read(f'<meta name="keywords" content="{words}">').keywords == ()


@pytest.mark.parametrize("kind", ["NewsArticle", "https://schema.org/NewsArticle", ["Article"]])
def test_the_article_of_the_page_is_chosen_among_those_described(kind: object) -> None:
    other = ld(headline="خبر آخر عن القمح", datePublished="2018-01-01T00:10:00Z")
    own = ld(**{"@type": kind, "datePublished": "2019-02-08T12:30:00Z"})
    found = read(f'<meta property="og:title" content="{TITLE}">' + other + own).published
    assert found is not None
    assert found.year == 2019


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/news/1/2", "https://www.marfaa.example.eg/news/1/2"),
        ("/news/1?page=2", "https://www.marfaa.example.eg/news/1?page=2"),
        ("/news/2", ""),
        ("/sport/2", ""),
        ("https://other.example/news/1/2", ""),
        ("/news/1#2", ""),
    ],
)
def test_the_next_part_of_an_article_is_named(href: str, expected: str) -> None:
    body = f"<h1>{TITLE}</h1>{paragraphs()}<a rel='next' href='{href}'>2</a>"
    found = read_article_page(page("", body), "https://www.marfaa.example.eg/news/1")
    assert found.next_page == expected


def test_the_amp_form_of_a_page_is_named() -> None:
    head = "<link rel='amphtml' href='/amp/news/1'>"
    found = read_article_page(page(head, "<p>نص</p>"), "https://www.marfaa.example.eg/news/1")
    assert found.amp == "https://www.marfaa.example.eg/amp/news/1"
