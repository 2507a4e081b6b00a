"""Who is told the user and the password of an address."""

from __future__ import annotations

import httpx
import pytest

from ingest.identity.credentials import asked, with_credentials_of

LISTED = "https://me:s3cret@news.example/feed"


@pytest.mark.parametrize(
    ("url", "is_told"),
    [
        ("https://news.example/other", True),
        ("https://news.example:443/feed", True),
        ("http://news.example/feed", False),
        ("https://news.example:8443/feed", False),
        ("https://www.news.example/feed", False),
        ("https://news.example.evil.example/feed", False),
    ],
)
def test_only_the_origin_is_told(url: str, is_told: bool) -> None:
    assert bool(asked(LISTED).headers_for(httpx.URL(url))) == is_told


def test_an_address_without_any_is_as_it_was() -> None:
    plain = asked("https://news.example/feed?a=b")
    assert (str(plain.url), plain.authorization) == ("https://news.example/feed?a=b", None)


def test_a_feed_that_moved_on_its_site_keeps_its_password() -> None:
    assert with_credentials_of("https://news.example/new", LISTED) == (
        "https://me:s3cret@news.example/new"
    )


def test_a_feed_that_moved_to_another_site_is_asked_without() -> None:
    moved = "https://other.example/new"
    assert with_credentials_of(moved, LISTED) == moved
