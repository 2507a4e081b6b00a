"""The author of an article is right or empty."""

from __future__ import annotations

import pytest

from tests.support.pages.templates import SITE, TITLE, ld, page, paragraphs
from workers.text.page.bylines import is_byline, read_byline
from workers.text.page.read import read_article_page

URL = "https://www.marfaa.example.eg/news/1"
NAMED = f'<meta property="og:site_name" content="{SITE}">'


def author(head: str = "", line: str = "", below: str = "") -> str:
    body = f"<article><h1>{TITLE}</h1>{line}{paragraphs()}{below}</article>"
    return read_article_page(page(NAMED + head, body), URL).by


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("كتبت هبة موسى", "هبة موسى"),
        ("كتب - علي عبد الرحمن:", "علي عبد الرحمن"),
        ("حوار: سارة الخطيب", "سارة الخطيب"),
        ("بقلم: د. سامي حداد", "د. سامي حداد"),
        ("كتبت- هبة موسى - تصوير: نادر فؤاد", "هبة موسى"),
        ("إعداد: ليلى منصور", "ليلى منصور"),
        ("بقلم: ليلى منصور @leila", "ليلى منصور"),
        ("كتبت: ليلى منصور leila@marfaa.example", "ليلى منصور"),
        ("كتب الوزير السابق تغريدة على حسابه في تويتر أثارت جدلا", ""),
        ("تحرير: كريم نجار", ""),
        ("تصوير: نادر فؤاد", ""),
    ],
)
def test_a_byline_names_who_wrote(line: str, name: str) -> None:
    assert read_byline(line) == name


@pytest.mark.parametrize("line", ["كتبت: هبة موسى", "تحرير: كريم نجار", "تصوير: نادر فؤاد"])
def test_a_line_of_names_is_no_text(line: str) -> None:
    assert is_byline(line)


@pytest.mark.parametrize(
    "name",
    [
        SITE,
        "marfaa",
        "admin",
        "Logo Png",
        "Pixel Devs",
        "by jdadmin",
        "BY: Marina",
        "وكالات",
        "هيئة التحرير",
        "أخبار المرفأ",
        "رويترز",
    ],
)
def test_who_is_no_person_is_no_author(name: str) -> None:
    assert author(ld(author={"@type": "Person", "name": name})) == ""
    assert author(f'<meta name="author" content="{name}">') == ""


def test_an_organisation_is_no_author() -> None:
    assert author(ld(author={"@type": "Organization", "name": "ليلى منصور"})) == ""


def test_a_person_of_structured_data_is_the_author() -> None:
    assert author(ld(author=[{"@type": "Person", "name": "ليلى منصور"}])) == "ليلى منصور"


def test_the_site_and_the_place_behind_a_name_are_left_out() -> None:
    assert author(ld(author={"@type": "Person", "name": f"ليلى منصور - {SITE}"})) == "ليلى منصور"
    assert author(line="<p>القاهرة - ليلى منصور</p>") == "ليلى منصور"
    line = "<div class='authors'><a href='/author/1'>ليلى منصور</a> - بيروت</div>"
    assert author(line=line) == "ليلى منصور"


def test_a_byline_behind_a_date_is_read() -> None:
    line = "<div class='info'>الجمعة 08-02-2019 14:30 <i></i> كتب: سامي حداد</div>"
    assert author(line=line) == "سامي حداد"


def test_several_authors_stand_in_one_line() -> None:
    people = [{"@type": "Person", "name": name} for name in ("ليلى منصور", "سامي حداد")]
    assert author(ld(author=people)) == "ليلى منصور، سامي حداد"


def test_the_byline_that_is_seen_comes_before_a_latin_account() -> None:
    head = '<meta name="author" content="Marfaa; Heba Musa">'
    assert author(head, "<p>كتبت: هبة موسى</p>") == "هبة موسى"
    assert author(head) == ""


def test_bylines_of_other_articles_are_not_read() -> None:
    others = "<ul class='opinion'><li>بقلم: كريم نجار</li><li>بقلم: سامي حداد</li></ul>"
    assert author(below=others) == ""


def test_a_kicker_with_a_link_is_no_byline() -> None:
    assert author(line="<p><a href='/9'>تقرير: انخفاض أسعار النفط</a></p>") == ""
