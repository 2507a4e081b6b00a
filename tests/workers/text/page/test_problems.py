"""Pages without an article say what they are, and deliver nothing in its place."""

from __future__ import annotations

import time

import pytest

from tests.support.pages.templates import PARAGRAPHS, SITE, TITLE, ld, page, paragraphs
from workers.text.page.read import read_article_page

URL = "https://www.marfaa.example.eg/news/1"
OPEN_GRAPH = (
    f'<meta property="og:title" content="{TITLE}"><meta property="og:type" content="article">'
)


def test_a_page_behind_a_paywall_gives_its_beginning_without_the_offer() -> None:
    head = OPEN_GRAPH + ld(isAccessibleForFree="False")
    body = f"<h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p><p>اشترك الآن لقراءة المقال كاملا</p>"
    found = read_article_page(page(head, body), URL)
    assert (found.problem, found.body_text) == ("paywall", PARAGRAPHS[0])


def test_an_offer_in_the_text_is_a_paywall_without_structured_data() -> None:
    offer = "<div class='wall'><p>هذا المحتوى متاح للمشتركين فقط</p></div>"
    body = f"<article><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p>{offer}</article>"
    found = read_article_page(page(OPEN_GRAPH, body), URL)
    assert (found.problem, found.body_text) == ("paywall", PARAGRAPHS[0])


def test_a_whole_article_that_anybody_may_read_is_no_paywall() -> None:
    menu = "<nav><a href='/s'>للمشتركين فقط</a></nav>"
    found = read_article_page(page(OPEN_GRAPH, f"{menu}<h1>{TITLE}</h1>{paragraphs()}"), URL)
    assert found.problem is None


def test_a_page_that_a_script_draws_has_no_text() -> None:
    body = (
        "<div id='root'></div><noscript>يرجى تفعيل JavaScript لعرض الصفحة</noscript>"
        "<script src='/a.js'></script>"
    )
    found = read_article_page(page(OPEN_GRAPH, body), URL)
    assert (found.problem, found.body_text, found.title) == ("javascript", "", TITLE)


def test_a_consent_wall_has_no_text() -> None:
    text = (
        "<h1>قبل المتابعة</h1><p>نحن وشركاؤنا نستخدم ملفات تعريف الارتباط لتخزين معلومات على جهازك"
        " وعرض إعلانات مخصصة وقياس أدائها، ويمكنك تغيير اختيارك في أي وقت من صفحة الإعدادات.</p>"
        "<button>قبول الكل</button>"
    )
    found = read_article_page(page("", text, title=SITE), URL)
    assert (found.problem, found.body_text) == ("consent", "")


def test_a_check_for_robots_has_no_text() -> None:
    text = "<h1>Just a moment...</h1><p>Checking your browser before accessing the site.</p>"
    found = read_article_page(page("", text, lang=' lang="en"', title="Just a moment..."), URL)
    assert (found.problem, found.body_text) == ("bot_check", "")


@pytest.mark.parametrize("markup", ["", "   ", "<!-- -->", "<html></html>", "نص بلا وسوم", "\0<"])
def test_what_is_no_page_is_empty(markup: str) -> None:
    found = read_article_page(markup, URL)
    assert (found.problem, found.body_text) == ("empty", "")


HEAD = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>"
HOSTILE = {
    "tables": HEAD + "<table><tr><td>نص</td></tr></table>" * 6_000,
    "nested blocks": HEAD + ("<div>" * 100 + "نص" + "</div>" * 100) * 90,
    "nested spans": HEAD + ("<span>" * 200 + "نص" + "</span>" * 200) * 45,
    "captions": HEAD + "<div class=caption>نص من كلمات</div>" * 6_000,
    "one long paragraph": HEAD + "<p>" + "كتب محمد " * 150_000,
    "dates": HEAD + "<time datetime='2019-02-08T12:30:00Z'>8 فبراير 2019</time>" * 6_000,
    "open styles": "<style>" * 100_000,
    "nested data": HEAD + "<script type='application/ld+json'>" + "[{" * 50_000,
    "spaces in data": HEAD + "<script type='application/ld+json'>" + " " * 190_000 + "x</script>",
    "names": "".join(f"<meta property='n{n}' content='نص'>" for n in range(15_000)),
    "elements": HEAD + "<b>نص</b>" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_takes_bounded_time(name: str) -> None:
    began = time.process_time()
    read_article_page(HOSTILE[name], URL)
    assert time.process_time() - began < 10
