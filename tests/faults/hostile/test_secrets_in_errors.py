"""No piece of a password is told, also where it holds marks that end an address' host too soon."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from config.model import Feed
from config.settings import Settings
from ingest.feed_check import check_feeds
from ingest.runtime.session import run_with_redis
from nabaa.errors import ConfigError, FetchError, NabaaError, without_credentials
from nabaa.redis.url import parse_address, redacted

PIECES = ("Geheim", "Kennwort", "Losung")
MARKS = st.sampled_from(["?", "#", "/", "://", ":", "@", "\\", " ", "%", "??", "/#", "@/"])
PASSWORDS = st.tuples(MARKS, MARKS).map(lambda marks: f"Geheim{marks[0]}Kennwort{marks[1]}Losung")
LOGINS = PASSWORDS.flatmap(lambda secret: st.sampled_from([f"desk:{secret}", f":{secret}", secret]))


def assert_nothing_told(text: str) -> None:
    assert not [piece for piece in PIECES if piece.casefold() in text.casefold()]


@given(LOGINS)
def test_the_address_of_a_feed_is_told_without_its_login(login: str) -> None:
    told = without_credentials(f"https://{login}@news.example/rss.xml")
    assert_nothing_told(told)
    assert told.endswith("news.example/rss.xml")


@given(LOGINS)
def test_the_address_of_redis_is_told_without_its_login(login: str) -> None:
    assert_nothing_told(redacted(f"redis://{login}@news.example:6379/0"))


@pytest.mark.parametrize("scheme", ["redis", "rediss", "redis+cluster", "redis+sentinel", "unix"])
@given(login=LOGINS)
def test_why_an_address_of_redis_is_refused_tells_nothing_of_its_login(
    scheme: str, login: str
) -> None:
    try:
        address = parse_address(f"{scheme}://{login}@news.example:6379/0")
    except ConfigError as error:
        assert_nothing_told(str(error))
        assert error.__cause__ is None
    else:
        assert_nothing_told(address.redacted)


@pytest.mark.parametrize("password", ["12/Geheim", "12?Geheim", "12#Geheim", "12://Geheim"])
def test_no_other_server_is_asked_where_a_password_ends_the_host_too_soon(password: str) -> None:
    async def body(*_: object) -> None: ...

    with pytest.raises(NabaaError) as refused:
        run_with_redis(f"redis://desk:{password}@127.0.0.1:1/0", body)
    assert "percent-encoded" in str(refused.value)
    assert_nothing_told(str(refused.value))


@pytest.mark.anyio
@pytest.mark.parametrize("mark", ["/", "?", "#", "://", "@", ":"])
async def test_a_check_of_a_feed_tells_nothing_of_its_login(
    mark: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    url = f"http://desk:Geheim{mark}Kennwort@127.0.0.1:1/Losung.xml".replace("Losung", "rss")
    feed = Feed("sabah", url, "صباح", "صباح", "JO", "UTC")
    [check] = await check_feeds([feed], Settings(allow_private_addresses=True), lambda _: None)
    assert_nothing_told(check.note)
    assert_nothing_told(str(FetchError(feed.id, url, check.note)))
    assert_nothing_told(caplog.text)
