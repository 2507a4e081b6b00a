"""The text of an article is found in whatever blocks a page puts it, and nothing beside it."""

from __future__ import annotations

import pytest

from tests.support.pages.templates import (
    AUTHOR,
    BODY,
    CAPTION,
    LEAD,
    PARAGRAPHS,
    SITE,
    TITLE,
    page,
    paragraphs,
)
from workers.text.page.model import ArticlePage
from workers.text.page.read import read_article_page

HEAD = (
    f'<meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="{SITE}">'
    '<meta property="og:type" content="article">'
)
MENU = "<nav><a href='/'>الرئيسية</a><a href='/s'>سياسة</a><a href='/e'>اقتصاد</a></nav>"
FOOTER = "<footer><p>جميع الحقوق محفوظة</p></footer>"
REST = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:])


def read(below: str, head: str = "") -> ArticlePage:
    body = f"{MENU}<h1>{TITLE}</h1>{below}{FOOTER}"
    return read_article_page(page(HEAD + head, body), "https://www.marfaa.example.eg/news/1")


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"<div>{each}</div>" for each in PARAGRAPHS),
        f"<p>{'<br>'.join(PARAGRAPHS)}</p>",
        f"<span>{'<br />&nbsp;<br />'.join(PARAGRAPHS)}</span>",
        f"<span>{'</span><br><span>'.join(PARAGRAPHS)}</span>",
        f"{PARAGRAPHS[0]}<p>{PARAGRAPHS[1]}</p>{PARAGRAPHS[2]}<br><br>{PARAGRAPHS[3]}"
        f"<p>{PARAGRAPHS[4]}</p>",
        f"<p>كتبت- {AUTHOR}:<br>{PARAGRAPHS[0]}</p>{REST}",
    ],
    ids=["blocks", "one paragraph", "one span", "spans", "bare text between", "byline inside"],
)
def test_a_text_is_found_in_any_blocks(text: str) -> None:
    assert read(f"<div class='d'>{text}</div>").body_text == BODY


@pytest.mark.parametrize(
    "line",
    [
        f"<div class='wp-caption'><img src='a.jpg'><p class='wp-caption-text'>{CAPTION}</p></div>",
        f"<p><img src='a.jpg' alt='{CAPTION}'><br><em>{CAPTION}</em></p>",
        "<p>عدد المشاهدات: 1250</p><p>ع ع</p><p>+ الخط -</p>",
        "<p>المرفأ | القاهرة</p>",
    ],
)
def test_what_stands_before_the_text_is_none(line: str) -> None:
    assert read(f"<div class='d'>{line}{paragraphs()}</div>").body_text == BODY


@pytest.mark.parametrize(
    "line",
    [
        "<div><h3>مواضيع ذات صلة</h3><div><a href='1'>خبر عن القمح</a></div></div>",
        "<p>اقرأ أيضا:</p><p><a href='1'>خبر عن القمح</a></p><p><a href='2'>خبر عن الخبز</a></p>",
        "<p>الوسوم: <a href='1'>المياه</a></p>",
        "<p>(المرفأ، رويترز)</p>",
        "<p>** للاشتراك في خدمة واتساب اضغط هنا</p><p>حمل تطبيق المرفأ الآن</p>",
    ],
)
def test_what_stands_behind_the_text_is_none(line: str) -> None:
    assert read(f"<div class='d'>{paragraphs()}{line}</div>").body_text == BODY


@pytest.mark.parametrize("description", [LEAD, f"{LEAD[:90]}..."])
def test_a_lead_in_a_heading_is_the_beginning(description: str) -> None:
    meta = f'<meta property="og:description" content="{description}">'
    found = read(f"<h2>{LEAD}</h2><div class='d'>{REST}</div>", meta)
    assert (found.body_text, found.sources["body_text"]) == (BODY, "lead and main text")


def test_a_lead_that_is_in_the_text_comes_once() -> None:
    meta = f'<meta property="og:description" content="{LEAD}">'
    assert read(f"<div class='d'>{paragraphs()}</div>", meta).body_text == BODY


def test_a_text_of_one_sentence_is_found_without_its_date() -> None:
    sentence = "قتل ثلاثة أشخاص في حادث سير على الطريق الساحلي صباح اليوم، بحسب الدفاع المدني."
    date = "<div class='date'>الجمعة 8 فبراير 2019 02:30 م</div>"
    assert read(f"{date}<div class='d'><p>{sentence}</p></div>").body_text == sentence


def test_teasers_of_other_articles_are_no_text() -> None:
    teasers = "".join(
        f"<article><h3>خبر رقم {number}</h3><p>ملخص قصير عن خبر آخر رقم {number}</p></article>"
        for number in range(8)
    )
    assert read(f"<article>{paragraphs()}</article><section>{teasers}</section>").body_text == BODY


def test_a_short_text_under_related_links_is_not_run_together_with_the_headline() -> None:
    lines = ["فتح المعرض أبوابه صباح اليوم أمام الزوار", "ويستمر المعرض عشرة أيام حتى نهاية الشهر"]
    related = "<div class='related'><h3>اقرأ أيضا</h3><a href='/1'>خبر عن القمح</a></div>"
    body = f"<h1>{TITLE}</h1><div class='d'>{related}{lines[0]}<div>{lines[1]}</div></div>"
    found = read_article_page(page("", body, title=SITE), "https://www.marfaa.example.eg/news/1")
    assert found.body_text.split("\n\n")[-2:] == lines


def test_short_articles_of_one_page_keep_their_blocks() -> None:
    reports = [
        [f"{part} جملة من الخبر رقم {number} عن أسواق المدينة" for part in ("أول", "ثاني", "ثالث")]
        for number in range(2)
    ]
    blocks = ("".join(f"<div>{line}</div>" for line in report) for report in reports)
    text = "\n\n".join(line for report in reports for line in report)
    assert read("".join(f"<article>{each}</article>" for each in blocks)).body_text == text


@pytest.mark.parametrize("box", ["<ul class='share'><li>شارك</li></ul>", "<footer>المرفأ</footer>"])
def test_text_before_and_behind_a_box_that_is_taken_out_stays_apart(box: str) -> None:
    text = f"{PARAGRAPHS[0]}{box}{PARAGRAPHS[1]}<p>{PARAGRAPHS[2]}</p>"
    assert read(f"<div class='d'>{text}</div>").body_text == "\n\n".join(PARAGRAPHS[:3])
