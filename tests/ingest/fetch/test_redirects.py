"""Redirects are followed within bounds, and permanent ones are remembered."""

from __future__ import annotations

import pytest

from ingest.fetch.fetcher import Fetcher
from nabaa.errors import FetchError
from tests.ingest.fetch.conftest import ok
from tests.support.site import Site

pytestmark = pytest.mark.anyio


async def test_validators_are_sent_on_behind_a_redirect(site: Site, fetcher: Fetcher) -> None:
    site.page("/b", ok)
    await fetcher.fetch("a", site.redirect("/a", "/b", 302), '"1"')
    assert site.requests[1].headers["If-None-Match"] == '"1"'


async def test_a_temporary_redirect_is_followed_and_not_remembered(
    site: Site, fetcher: Fetcher
) -> None:
    site.page("/b", ok)
    fetched = await fetcher.fetch("a", site.redirect("/a", "/b", 302))
    assert (fetched.final_url, fetched.moved_to) == (f"{site.base}/b", None)


@pytest.mark.parametrize("status", [301, 308])
async def test_a_permanent_redirect_is_told(site: Site, fetcher: Fetcher, status: int) -> None:
    site.page("/b", ok)
    fetched = await fetcher.fetch("a", site.redirect("/a", "/b", status))
    assert fetched.moved_to == f"{site.base}/b"


async def test_a_permanent_redirect_after_a_temporary_one_is_not_remembered(
    site: Site, fetcher: Fetcher
) -> None:
    site.page("/c", ok)
    site.redirect("/b", "/c", 301)
    fetched = await fetcher.fetch("a", site.redirect("/a", "/b", 302))
    assert fetched.moved_to is None


async def test_of_a_mixed_chain_the_permanent_beginning_is_remembered(
    site: Site, fetcher: Fetcher
) -> None:
    site.page("/c", ok)
    site.redirect("/b", "/c", 302)
    fetched = await fetcher.fetch("a", site.redirect("/a", "/b", 301))
    assert fetched.moved_to == f"{site.base}/b"


async def test_a_redirect_loop_ends(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="more than 5 redirects"):
        await fetcher.fetch("a", site.redirect("/a", "/a", 302))


async def test_a_redirect_to_another_scheme_is_refused(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="not an http or https address"):
        await fetcher.fetch("a", site.redirect("/a", "file:///etc/passwd", 302))


async def test_a_loop_of_redirects_is_told_as_such(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch("a", site.redirect("/a", "/a", 302))
    assert caught.value.kind == "redirects"
