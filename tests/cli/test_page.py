"""`nabaa page`: the article of a saved web page, without Redis."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Nabaa
from tests.support.pages.templates import AUTHOR, BODY, TITLE, cairo_stamped

URL = "https://www.marfaa.example/news/1"


def test_the_article_of_a_page_is_printed_with_its_sources(nabaa: Nabaa, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(cairo_stamped().markup, "utf-8")
    done = nabaa("page", str(file), "--url", URL, "--timezone", "Africa/Cairo")
    assert (done.status, done.err) == (0, "")
    found = json.loads(done.out)
    assert (found["title"], found["body_text"], found["by"]) == (TITLE, BODY, AUTHOR)
    assert (found["published"], found["canonical"]) == ("2019-02-08T12:30:00Z", URL)
    assert (found["problem"], found["sources"]["by"]) == (None, "byline")


def test_a_page_may_come_through_a_pipe(nabaa: Nabaa) -> None:
    done = nabaa("page", "-", "--url", URL, stdin=cairo_stamped().markup.encode())
    assert json.loads(done.out)["title"] == TITLE


def test_a_wrong_address_or_zone_is_told_in_a_sentence(nabaa: Nabaa) -> None:
    wrong = nabaa("page", "-", "--url", "marfaa", stdin=b"<p>")
    assert (wrong.status, wrong.err) == (2, 'nabaa: --url "marfaa" is no address of the web\n')
    wrong = nabaa("page", "-", "--url", URL, "--timezone", "Cairo", stdin=b"<p>")
    assert (wrong.status, wrong.err) == (2, 'nabaa: --timezone "Cairo" is no IANA time zone\n')


def test_a_file_that_is_not_there_is_named(nabaa: Nabaa) -> None:
    wrong = nabaa("page", "nowhere.html", "--url", URL)
    assert (wrong.status, wrong.err.startswith("nabaa: nowhere.html: ")) == (2, True)
