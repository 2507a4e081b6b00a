"""What the answer to a request for a page means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.model import Fetched
from ingest.pages.answer import PageTrouble, judge_answer

URL = "https://sabah.example/news/1"
PAGE = "<!DOCTYPE html><html><p>خبر</p></html>".encode()
HTML = "text/html; charset=utf-8"


def answer(
    status: int = 200,
    body: bytes = PAGE,
    final_url: str = URL,
    complete: bool = True,
    **headers: str,
) -> Fetched:
    named = {"content-type": HTML} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Fetched(URL, final_url, None, status, named, body, 0.1, at, complete)


def judge(fetched: Fetched) -> PageTrouble | None:
    return judge_answer(fetched, most_bytes=1000)


@pytest.mark.parametrize(
    "fetched",
    [
        answer(),
        answer(content_type="application/xhtml+xml"),
        answer(content_type=""),
        answer(content_type="text/plain"),
        answer(final_url="https://www.sabah.example/news/1-slug"),
        # The script of a wall stands in every page behind it.
        answer(body=PAGE + b'<script src="/cdn-cgi/challenge-platform/a.js"></script>'),
        answer(body=PAGE * 30, complete=False),
    ],
    ids=["html", "xhtml", "untyped", "plain", "moved", "script of a wall", "cut by us"],
)
def test_a_page_is_a_page(fetched: Fetched) -> None:
    assert judge(fetched) is None


@pytest.mark.parametrize(
    ("fetched", "kind", "may_pass"),
    [
        (answer(404), "missing", False),
        (answer(410), "gone", False),
        (answer(403), "refused", False),
        (answer(500), "down", True),
        (answer(503), "busy", True),
        (answer(429, retry_after="90"), "busy", True),
        (answer(403, cf_mitigated="challenge"), "bot_check", False),
        (answer(200, cf_mitigated="challenge"), "bot_check", False),
        (answer(403, b"<html><title>Just a moment...</title>"), "bot_check", False),
        (answer(content_type="application/pdf", body=b"%PDF-1.7"), "not_html", False),
        (answer(content_type="text/plain", body=b"just words"), "not_html", False),
        (answer(complete=False), "cut", True),
        (answer(final_url="https://consent.sabah.example/?next=1"), "consent", False),
        (answer(final_url="https://sabah.example/login?next=1"), "login", False),
        (answer(final_url="https://sabah.example/"), "front_page", False),
    ],
)
def test_what_is_no_page_is_told_by_its_kind(fetched: Fetched, kind: str, may_pass: bool) -> None:
    trouble = judge(fetched)
    assert trouble is not None
    assert (trouble.kind, trouble.may_pass) == (kind, may_pass)


def test_a_busy_host_says_how_long() -> None:
    trouble = judge(answer(429, retry_after="90"))
    assert trouble is not None
    assert trouble.wait_seconds == 90


def test_a_robots_txt_that_could_not_be_had_is_asked_for_again() -> None:
    assert PageTrouble("robots", "could not be had", 1800).may_pass
    assert not PageTrouble("robots", "does not allow it").may_pass
