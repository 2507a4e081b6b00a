"""Nothing that came from the web can command the terminal it is shown on."""

from __future__ import annotations

import io
import logging
import sys
import unicodedata

import pytest
from hypothesis import given, settings, strategies as st

from ingest.runtime.terminal import log_to_stderr, printable, printable_lines, show_progress

ORDERING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text(st.characters()))
@settings(deadline=None, max_examples=300)
def test_a_printable_text_has_as_many_characters_and_no_control(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    assert not any(unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") for each in shown)
    assert not any(unicodedata.bidirectional(each) in ORDERING for each in shown)


@pytest.mark.parametrize("text", ["خبر عاجل: «3.5%» — Cairo", "می‌رود", "👩‍🚀", "عمّان"])
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


def test_an_escape_is_seen() -> None:
    assert printable("\x1b[31m\x9b1m\x7f\u202e") == "␛[31m�1m␡�"


def test_lines_stay_lines() -> None:
    assert printable_lines("a\x1b\nb") == "a␛\nb"


def logged(messages: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the lines that a command would log of (logger, message)."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level  # pytest's own
    root.handlers.clear()
    try:
        log_to_stderr("INFO")
        for name, message in messages:
            logging.getLogger(name).info("%s", message)
    finally:
        root.handlers[:] = kept
        root.setLevel(level)
    return capsys.readouterr().err.splitlines()


def test_the_log_shows_what_feeds_say_without_obeying(capsys: pytest.CaptureFixture[str]) -> None:
    [line] = logged([("nabaa.test", "HTTP status \x1b]0;gotcha\x07")], capsys)
    assert line.endswith(" INFO    nabaa.test: HTTP status ␛]0;gotcha␇")


def test_what_two_services_say_at_once_is_logged_once(capsys: pytest.CaptureFixture[str]) -> None:
    one, other = "nabaa.one", "nabaa.other"
    said = [(one, "away"), (one, "away"), (one, "back"), (one, "away"), (other, "away")]
    lines = logged(said, capsys)
    assert [line.partition("INFO    ")[2] for line in lines] == [
        *("nabaa.one: away", "nabaa.one: back", "nabaa.one: away", "nabaa.other: away"),
    ]


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_person_sees_how_far_long_work_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", screen := _Screen())
    with show_progress("feeds", 3) as advance:
        advance(2)
    assert "feeds" in screen.getvalue()
    assert "2/3" in screen.getvalue()


def test_a_file_gets_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", file := io.StringIO())
    with show_progress("feeds", 3) as advance:
        advance(2)
    assert file.getvalue() == ""
