"""`nabaa extract`: an article of a file, without Redis."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Nabaa

TITLE = "افتتاح معرض الكتاب في القاهرة"
BODY = "افتتح وزير الثقافة معرض الكتاب في القاهرة أمس.\n\nوتشارك فيه دور نشر من لبنان والمغرب."
TEXT = f"{TITLE}\n\n{BODY}\n"
PAGE = f"""<!DOCTYPE html>
<html lang="ar"><head><meta charset="windows-1256"><title>{TITLE}</title></head>
<body><nav><a href="/">الرئيسية</a></nav><article><h1>{TITLE}</h1>
<p>افتتح وزير الثقافة معرض الكتاب في القاهرة أمس.</p><script>run()</script>
<p>وتشارك فيه دور نشر من لبنان والمغرب.</p></article></body></html>
"""


def article(nabaa: Nabaa, data: bytes) -> dict[str, Any]:
    done = nabaa("extract", "-", stdin=data)
    assert (done.status, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_the_first_line_is_the_title_and_the_rest_the_body(nabaa: Nabaa) -> None:
    found = article(nabaa, TEXT.encode())
    assert (found["title"], found["body_text"], found["language"]) == (TITLE, BODY, "ar")


def test_every_mention_cuts_exactly_its_text(nabaa: Nabaa) -> None:
    found = article(nabaa, TEXT.encode())
    mentions = [mention for entity in found["entities"] for mention in entity["mentions"]]
    assert mentions
    for mention in mentions:
        field, start, end = mention["field"], mention["start"], mention["end"]
        assert found[field][start:end] == mention["text"]


def test_a_place_is_one_entity_wherever_it_is_named(nabaa: Nabaa) -> None:
    found = article(nabaa, TEXT.encode())
    [cairo] = [entity for entity in found["entities"] if entity["name"] == "القاهرة"]
    assert cairo["type"] == "LOC"
    assert [mention["field"] for mention in cairo["mentions"]] == ["title", "body_text"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
def test_a_text_is_read_in_any_encoding_of_arabic(nabaa: Nabaa, encoding: str) -> None:
    found = article(nabaa, TEXT.encode(encoding))
    assert (found["title"], found["body_text"]) == (TITLE, BODY)


def test_line_ends_of_another_system_change_nothing(nabaa: Nabaa) -> None:
    found = article(nabaa, TEXT.replace("\n", "\r\n").encode())
    assert (found["title"], found["body_text"]) == (TITLE, BODY)


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1256"])
def test_a_page_gives_its_own_title_and_main_text(nabaa: Nabaa, encoding: str) -> None:
    found = article(nabaa, PAGE.encode(encoding))
    assert found["title"] == TITLE
    assert found["body_text"] == BODY


def test_a_fragment_of_html_is_read_without_its_tags(nabaa: Nabaa) -> None:
    found = article(nabaa, f"<h1>{TITLE}</h1><p>وصل الوفد.</p>".encode())
    assert (found["title"], found["body_text"]) == (TITLE, "وصل الوفد.")


def test_another_language_is_told_and_has_no_entities(nabaa: Nabaa) -> None:
    found = article(nabaa, b"The fair opens\n\nThe minister opened the fair in Cairo on Sunday.")
    assert (found["language"], found["entities"]) == ("en", [])


def test_an_empty_file_is_an_empty_article(nabaa: Nabaa) -> None:
    found = article(nabaa, b"")
    assert (found["title"], found["body_text"], found["entities"]) == ("", "", [])


def test_a_setting_may_not_be_mistyped(nabaa: Nabaa, tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text(TEXT, "utf-8")
    done = nabaa("extract", "article.txt", recogniser="crff")
    assert done.status == 2
    assert (
        done.err
        == "nabaa: NABAA_RECOGNISER: input should be 'crf', 'accurate' or 'camel' (is 'crff')\n"
    )


def test_without_onnxruntime_one_sentence_says_what_to_install(
    nabaa: Nabaa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)  # as where it is not installed
    (tmp_path / "article.txt").write_text(TEXT, "utf-8")
    done = nabaa("extract", "article.txt", recogniser="accurate")
    assert done.status == 2
    assert done.err == (
        "nabaa: the accurate recogniser needs onnxruntime: run `make setup-accurate`, "
        "or install nabaa[accurate]\n"
    )


def test_the_accurate_recogniser_finds_the_place(nabaa: Nabaa, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    (tmp_path / "article.txt").write_text(TEXT, "utf-8")
    done = nabaa("extract", "article.txt", recogniser="accurate")
    assert done.status == 0
    assert "القاهرة" in [entity["name"] for entity in json.loads(done.out)["entities"]]


def test_a_page_of_one_short_sentence_gives_it_without_the_menu(nabaa: Nabaa) -> None:
    page = (
        "<html><head><title>وصل الوفد</title></head><body><nav><a href='/'>الرئيسية</a></nav>"
        "<h1>وصل الوفد</h1><p>وصل الوفد إلى القاهرة.</p></body></html>"
    )
    found = article(nabaa, page.encode())
    assert (found["title"], found["body_text"]) == ("وصل الوفد", "وصل الوفد إلى القاهرة.")


def test_a_page_of_too_many_elements_gives_all_its_visible_text(nabaa: Nabaa) -> None:
    page = f"<html><body><p>{TITLE}</p>{'<p>خبر</p>' * 11_000}</body></html>"
    found = article(nabaa, page.encode())
    assert (found["title"], found["body_text"][:3]) == (TITLE, "خبر")
