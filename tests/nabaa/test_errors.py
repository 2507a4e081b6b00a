"""What a person reads of an error holds no secret."""

from __future__ import annotations

import pytest

from nabaa.errors import FetchError, without_credentials


def test_the_password_of_a_feed_is_not_told() -> None:
    error = FetchError("bbc", "https://desk:s3cret@news.example/rss?a=b@c", "no answer")
    assert str(error) == "feed bbc: https://news.example/rss?a=b@c: no answer"
    assert "s3cret" not in error.url


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://news.example/@desk/rss", "https://news.example/@desk/rss"),
        ("https://a:b@c@news.example", "https://news.example"),
        ("http://user@[::1]:8080/", "http://[::1]:8080/"),
        ("not an address @ all", "not an address @ all"),
        ("", ""),
    ],
)
def test_only_what_stands_before_the_host_is_left_out(url: str, told: str) -> None:
    assert without_credentials(url) == told
