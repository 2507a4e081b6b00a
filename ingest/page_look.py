"""One look at the page of an article, without Redis: fetched as the wire would fetch it."""

from __future__ import annotations

from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from ingest.fetch.hosts.names import host_of_address
from ingest.fetch.refusals import READABLE_STATUSES, describe_refusal
from ingest.fetch.robots import RobotsGuard
from ingest.model import Fetched
from nabaa.errors import FetchError


async def fetch_page(url: str, settings: Settings) -> Fetched:
    """Fetch a page, as its robots.txt allows.

    Args:
        url: absolute.
        settings: limits and the address policy.

    Raises:
        FetchError: the page does not answer, is refused, or robots.txt forbids it.
    """
    site = host_of_address(url)
    async with Fetcher(settings) as fetcher:
        fetched = await RobotsGuard(fetcher).fetch_page(site, url)
    if fetched.status not in READABLE_STATUSES:
        reason = describe_refusal(fetched) or f"HTTP status {fetched.status}"
        raise FetchError(site, fetched.final_url, reason, "refused")
    return fetched
