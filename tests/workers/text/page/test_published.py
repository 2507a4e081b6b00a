"""The date of an article is right to the minute wherever the page tells it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.support.pages.templates import TITLE, ld, page, paragraphs
from workers.text.page.model import ArticlePage
from workers.text.page.read import read_article_page

CAIRO = ZoneInfo("Africa/Cairo")
NOON = datetime(2019, 2, 8, 12, 30, tzinfo=UTC)


def read(head: str = "", line: str = "", above: str = "") -> ArticlePage:
    body = f"{above}<article><h1>{TITLE}</h1>{line}{paragraphs()}</article>"
    return read_article_page(page(head, body), "https://marfaa.example/1", CAIRO)


def published_time(text: str) -> str:
    return f'<meta property="article:published_time" content="{text}">'


@pytest.mark.parametrize(
    "line",
    [
        "<p>الجمعة 8 فيفري 2019 - 14:30</p>",
        "<div class='date'>8 شباط / فبراير 2019 الساعة 2:30 م</div>",
        "<span class='time'>تم النشر في: 08/02/2019 14:30</span>",
        "<p>نُشر في ٨ فبراير ٢٠١٩ - ٢:٣٠ مساءً</p>",
        "<div class='post-date'>نشر: 14:30 2019-02-08 | آخر تحديث: 16:00 2019-02-08</div>",
        "<p>8 فبراير 2019، 12:30 غرينتش</p>",
        "<p>الجمعة 3 جمادى الآخرة 1440هـ - 8 فبراير 2019م 14:30</p>",
        "<ul><li>8 فبراير 2019</li><li>14:30</li></ul>",
        "<div class='info'><i></i> الجمعة 08-02-2019 14:30 <i></i> كتب: هبة درويش</div>",
        "<p>8 فبراير 2019 15:30 (توقيت مكة)</p>",
        "<time datetime='2019-02-08T12:30:00+00:00'>منذ يومين</time>",
    ],
)
def test_a_visible_date_is_read(line: str) -> None:
    assert read(line=line).published == NOON


def test_a_change_that_is_seen_is_apart_from_the_date() -> None:
    found = read(line="<p class='date'>نشر: 08-02-2019 14:30 | آخر تحديث: 08-02-2019 16:00</p>")
    assert found.modified == datetime(2019, 2, 8, 14, 0, tzinfo=UTC)


def test_structured_data_comes_before_what_is_seen() -> None:
    found = read(ld(datePublished="2019-02-08T12:30:00Z"), "<p class='date'>9 فبراير 2019</p>")
    assert (found.published, found.sources["published"]) == (NOON, "json-ld:datePublished")


def test_a_date_without_a_zone_is_in_that_of_the_outlet() -> None:
    assert read(published_time("2019-02-08 14:30:00")).published == NOON


def test_the_american_form_of_machines_has_the_month_first() -> None:
    assert read('<meta name="date" content="2/8/2019 2:30:00 PM">').published == NOON


def test_a_stamp_in_utc_that_is_right_is_kept() -> None:
    head, line = published_time("2019-02-08T12:30:00Z"), "<p class='date'>8 فبراير 2019 14:30</p>"
    assert read(head, line).published == NOON


def test_local_time_stamped_as_utc_is_local() -> None:
    head, line = published_time("2019-02-08T14:30:00Z"), "<p class='date'>8 فبراير 2019 2:30 م</p>"
    assert read(head, line).published == NOON


def test_a_date_with_an_offset_refutes_the_stamp_with_the_same_clock() -> None:
    head = ld(datePublished="2019-02-08T14:30:00Z") + published_time("2019-02-08T14:30:00+02:00")
    assert read(head).published == NOON


def test_a_day_gets_its_time_from_another_place() -> None:
    head, line = ld(datePublished="2019-02-08"), "<p class='date'>8 فبراير 2019 - 2:30 م</p>"
    assert read(head, line).published == NOON


def test_a_change_before_the_date_is_left_out() -> None:
    head = ld(datePublished="2019-02-08T12:30:00Z", dateModified="2019-02-08T09:00:00Z")
    found = read(head)
    assert (found.published, found.modified) == (NOON, None)


def test_of_a_date_after_its_change_the_one_that_is_seen_is_taken() -> None:
    head = ld(datePublished="2019-02-09T09:00:00+02:00", dateModified="2019-02-08T14:30:00+02:00")
    found = read(head, "<p class='date'>8 فبراير 2019 14:30</p>")
    assert (found.published, found.modified) == (NOON, None)


def test_the_date_of_today_at_the_head_of_the_page_is_none() -> None:
    found = read(above="<div class='today date'>الخميس 26 نوفمبر 2020 10:00</div>")
    assert found.published is None


def test_a_date_just_above_the_headline_is_read() -> None:
    date = "<span class='date'>8 فبراير 2019 14:30</span>"
    body = f"<div class='post'>{date}<h1>{TITLE}</h1>{paragraphs()}</div>"
    found = read_article_page(page("", body), "https://marfaa.example/1", CAIRO)
    assert found.published == NOON


def test_a_date_of_the_future_is_none() -> None:
    assert read(published_time("2119-02-08T12:30:00Z")).published is None
