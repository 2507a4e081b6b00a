"""The desk in a real browser: each view, what arrives, filters, both directions, keys, axe-core.

`NABAA_SCREENSHOTS` names a folder that screenshots of what was shown are kept in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nabaa.types import Outlet
from tests.support.conditions import eventually
from tests.support.desk.browser import Browser, is_installed, open_browser
from tests.support.desk.newsroom import EVENTS, NAMES, articles, stories, tell
from tests.support.desk.press_wire import PressWire, press_wire

pytestmark = pytest.mark.skipif(
    not is_installed(), reason="chromium and its driver are not installed: .ci/run does it"
)
VIEWS = {
    "now": "/",
    "wire": "/wire",
    "names": "/names",
    "entity": "/entity/Q1049",
    "quotations": "/quotations",
    "map": "/map",
    "search": "/search?q=%D9%87%D8%AF%D9%86%D8%A9",
    "feeds": "/feeds",
    "system": "/system",
}
PHONE_WIDTH = 390
OUTLET = Outlet("جريدة الميناء", "OM", "mina.example-rss")


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PressWire]:
    with press_wire(tmp_path_factory.mktemp("wire")) as started:
        yield started


@pytest.fixture(scope="module")
def started_browser(wire: PressWire) -> Iterator[Browser]:
    with open_browser(wire.address) as browser:
        # The archive behind the views fills in the background.
        browser.open("/names")
        eventually(lambda: _count(browser, "/search?q=%D9%84%D9%8A%D9%84", "article") > 0)
        yield browser


def _count(browser: Browser, path: str, selector: str) -> int:
    browser.open(path)
    return len(browser.texts(selector))


@pytest.fixture
def browser(started_browser: Browser) -> Browser:
    started_browser.look()
    started_browser.driver.delete_all_cookies()
    started_browser.complaints()
    return started_browser


def keep_picture(browser: Browser, name: str) -> None:
    if folder := os.environ.get("NABAA_SCREENSHOTS"):
        Path(folder).mkdir(exist_ok=True)
        browser.driver.save_screenshot(str(Path(folder) / f"{name}.png"))


@pytest.mark.parametrize(
    ("theme", "view"),
    [
        *(("light", view) for view in (*VIEWS, "article", "story", "login")),
        *(("dark", view) for view in ("now", "wire", "article", "map", "feeds", "system")),
    ],
)
def test_each_view_is_fit_for_all_who_read_it(
    browser: Browser, wire: PressWire, view: str, theme: str
) -> None:
    names = {"article": wire.articles[-1].uri, "story": wire.articles[0].uri}
    path = VIEWS.get(view) or f"/{view}" + (f"/{names[view][-32:]}" if view in names else "")
    direction = "ltr" if theme == "dark" else "rtl"  # dark in English
    browser.look("dark" if theme == "dark" else "light")
    browser.speak("en" if theme == "dark" else "ar")
    browser.open(path)
    assert browser.run("return document.documentElement.dir") == direction
    assert len(browser.texts("h1")) == 1
    assert not browser.texts(".problem-page")
    assert browser.findings() == []
    assert browser.complaints() == []
    assert all(address.startswith(wire.address) for address in browser.requested())
    keep_picture(browser, f"{view}-{theme}")


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_fits_a_phone(browser: Browser, view: str) -> None:
    browser.look(width=PHONE_WIDTH, height=844)
    browser.open(VIEWS[view])
    assert browser.run("return document.documentElement.scrollWidth") <= PHONE_WIDTH
    keep_picture(browser, f"{view}-phone")


def test_arabic_stands_to_the_right_and_english_to_the_left(browser: Browser) -> None:
    def brand_is_right() -> bool:
        script = "return document.querySelector('.brand').getBoundingClientRect().left"
        return float(browser.run(script)) > 680

    browser.open("/wire")
    assert brand_is_right()
    assert "Plex Arabic" in browser.run("return getComputedStyle(document.body).fontFamily")
    assert browser.run("return [...document.fonts].some((f) => f.status === 'loaded')")
    browser.click("button[name=language]")
    eventually(lambda: browser.run("return document.documentElement.lang") == "en")
    assert not brand_is_right()
    assert browser.texts(".row-title")  # the news stays Arabic
    keep_picture(browser, "wire-english")


def test_what_arrives_is_shown_at_once(browser: Browser, wire: PressWire) -> None:
    browser.open("/wire")
    new = replace(articles(1)[0], uri=f"urn:nabaa:article:{'a1':0>32}", title="خبر وصل الآن")
    wire.publish(new)
    eventually(lambda: "خبر وصل الآن" in browser.texts(".row-title")[0])
    wire.publish(replace(new, version=2, title="خبر وصل الآن وتغيّر"))
    eventually(lambda: "خبر وصل الآن وتغيّر" in browser.texts(".row-title")[0])
    assert sum("خبر وصل الآن" in title for title in browser.texts(".row-title")) == 1
    assert browser.complaints() == []


def test_a_reader_who_pauses_sees_how_many_wait(browser: Browser, wire: PressWire) -> None:
    browser.open("/wire")
    browser.click("#pause")
    before = browser.texts(".row-title")
    wire.publish(replace(articles(1)[0], uri=f"urn:nabaa:article:{'b1':0>32}", title="خبر ينتظر"))
    eventually(lambda: browser.texts("#pending:not([hidden])") == ["الجديد: 1"])
    assert browser.texts(".row-title") == before
    browser.click("#pending")
    eventually(lambda: browser.texts(".row-title")[0] == "خبر ينتظر")


def test_a_filter_holds_for_what_is_there_and_what_comes(browser: Browser, wire: PressWire) -> None:
    browser.open("/wire")
    browser.run(
        "const s = document.querySelector('select[name=countries]'); s.value = 'EG';"
        "s.dispatchEvent(new Event('change', {bubbles: true}))"
    )
    eventually(lambda: set(browser.texts(".row .place")) == {"مصر"})
    assert "countries=EG" in browser.driver.current_url
    some = articles(2)
    wire.publish(
        replace(some[0], uri=f"urn:nabaa:article:{'c1':0>32}", outlet=OUTLET),
        replace(some[1], uri=f"urn:nabaa:article:{'c2':0>32}", title="من القاهرة",
                outlet=replace(OUTLET, country="EG")),
    )  # fmt: skip
    eventually(lambda: browser.texts(".row-title")[0] == "من القاهرة")
    assert set(browser.texts(".row .place")) == {"مصر"}


def test_the_way_back_leads_to_the_page_before_which_lives_on(
    browser: Browser, wire: PressWire
) -> None:
    browser.open("/wire")
    browser.run(
        "const s = document.querySelector('select[name=countries]'); s.value = 'EG';"
        "s.dispatchEvent(new Event('change', {bubbles: true}))"
    )
    eventually(lambda: "countries=EG" in browser.driver.current_url)
    browser.driver.back()
    eventually(lambda: len(set(browser.texts(".row .place"))) > 1)
    wire.publish(replace(articles(1)[0], uri=f"urn:nabaa:article:{'d1':0>32}", title="بعد العودة"))
    eventually(lambda: browser.texts(".row-title")[0] == "بعد العودة")
    assert browser.complaints() == []


def test_an_entity_is_found_by_its_name_and_the_filter_kept_with_one_click(
    browser: Browser,
) -> None:
    browser.open("/wire?entity=%D8%A7%D9%84%D8%B3%D9%88%D8%AF%D8%A7%D9%86")
    assert browser.texts(".chips bdi") == ["Q1049"]
    assert all(NAMES["Q1049"].name in text for text in browser.texts(".row"))
    browser.click(".save button")
    eventually(lambda: browser.texts(".kept bdi") == ["desk-q1049"])


def test_older_articles_are_read_page_by_page(browser: Browser, wire: PressWire) -> None:
    browser.open("/wire?languages=ar")
    shown = browser.run("return [...document.querySelectorAll('.row')].map((row) => row.id)")
    browser.click("#older")
    eventually(lambda: "until=" in browser.driver.current_url)
    following = browser.run("return [...document.querySelectorAll('.row')].map((row) => row.id)")
    assert len(following) > 20
    assert len(set(shown) & set(following)) < 10  # such as were published long before they came
    assert browser.texts(".chips bdi") == ["ar"]


def test_a_tab_that_stays_open_does_not_grow(browser: Browser, wire: PressWire) -> None:
    browser.open("/wire")
    for hundred in range(3):
        wire.publish(
            *(
                replace(each, uri=f"urn:nabaa:article:{hundred * 100 + n + 10**9:032x}")
                for n, each in enumerate(articles(100))
            )
        )
        last = f"a-{hundred * 100 + 99 + 10**9:032x}"
        eventually(lambda last=last: browser.run(f"return !!document.getElementById('{last}')"))  # type: ignore[misc]
    assert browser.run("return document.getElementById('rows').children.length") <= 80
    assert "وأخبار أخرى في هذه اللحظة: 80" in browser.texts(".more")
    assert "<" not in browser.run("return document.getElementById('rows').innerText")


def test_an_article_shows_what_its_versions_changed(browser: Browser, wire: PressWire) -> None:
    browser.open(f"/article/{wire.articles[-1].uri[-32:]}")
    assert browser.texts(".diff ins")
    assert browser.texts(".diff del")
    assert browser.texts(".aside .reports a")  # of its story


def test_names_are_lit_and_lead_to_their_pages(browser: Browser, wire: PressWire) -> None:
    browser.open(f"/article/{wire.articles[-1].uri[-32:]}")
    assert browser.texts(".prose a.n")
    assert browser.texts(".aside .said")
    browser.click(".prose a.n")
    eventually(lambda: "/entity/" in browser.driver.current_url)
    eventually(lambda: len(browser.texts(".u-wrap canvas")) == 2)
    assert browser.complaints() == []


def test_the_trend_of_a_search_is_drawn_when_it_is_asked_for(browser: Browser) -> None:
    browser.open(VIEWS["search"])
    assert not browser.texts(".chart")
    browser.click(".trend summary")
    eventually(lambda: len(browser.texts("#trend .u-wrap canvas")) == 1)
    assert browser.findings() == []
    assert browser.complaints() == []


def test_a_story_that_is_told_is_shown_at_once(browser: Browser, wire: PressWire) -> None:
    browser.open("/")
    assert browser.texts(".badge.alarm") == ["عاجل"]
    [told] = stories([(EVENTS[0], articles(1, end=datetime.now(UTC))[0])])
    told = replace(told, id="urn:nabaa:story:" + "d" * 32, title="قصة جديدة", articles=())
    wire.run(lambda client: tell(client, [told]))
    eventually(lambda: "قصة جديدة" in browser.texts(".story h2"))


def test_a_feed_is_paused_and_goes_on_with_a_click(browser: Browser) -> None:
    browser.open("/feeds?state=well")
    row = browser.run("return document.querySelector('tbody tr').id")
    browser.click(f"[id='{row}'] form[action='/feeds/pause'] button")
    eventually(lambda: "أُوقف المصدر." in browser.texts(".done"))
    browser.open("/feeds?state=paused")
    browser.click(f"[id='{row}'] form[action='/feeds/go-on'] button")
    eventually(lambda: "يواصل المصدر عمله." in browser.texts(".done"))


def test_keys_lead_through_the_desk(browser: Browser) -> None:
    browser.open(VIEWS["search"])
    browser.press("j", "j", "k")
    first = "document.querySelector('.list > article')"
    assert browser.run(f"return document.activeElement === {first}")
    browser.press("/")
    assert browser.run("return document.activeElement.name") == "q"
    browser.press("\ue00c", "?")
    assert browser.run("return document.getElementById('keys').open")
    browser.press("\ue00c")
    eventually(lambda: not browser.run("return document.getElementById('keys').open"))
    browser.press("3")
    eventually(lambda: browser.driver.current_url.endswith("/names"))


def test_pages_work_without_scripts(browser: Browser) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.driver.get(f"{browser.address}/wire?countries=EG")
        assert "مصر" in browser.driver.page_source
        assert "<noscript>" in browser.driver.page_source
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
