"""What all formats share: which address is one, and who wrote it."""

from __future__ import annotations

import pytest

from ingest.identity.addresses import web_address
from ingest.parse.item import author_names

BASE = "https://sabah.example/news/index.html"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (" https://a.example/1\n", "https://a.example/1"),
        ("\u200f https://a.example/\u202b1", "https://a.example/1"),
        ("1.html", "https://sabah.example/news/1.html"),
        ("//img.example/1.jpg", "https://img.example/1.jpg"),
        ("", ""),
        ("mailto:a@b.example", ""),
        ("javascript:alert(1)", ""),
        ("http://[::1", ""),
        ("https://a.example/" + "a" * 4_000, ""),
    ],
)
def test_an_address_is_absolute_and_of_the_web(written: str, address: str) -> None:
    assert web_address(written, BASE) == address


def test_a_text_of_spaces_is_read_in_one_pass() -> None:
    assert web_address("a" + " " * 3_000_000 + "b") == ""


def test_each_author_is_named_once_and_without_an_address_of_mail() -> None:
    assert author_names(["ليلى (l@a.example)", "سامر", " ليلى ", "x@a.example"]) == "ليلى، سامر"
