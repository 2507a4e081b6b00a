"""robots.txt (RFC 9309): whether a site lets nabaa fetch an address, and how slowly it wants it.

Pages are fetched through `RobotsGuard.fetch_page` only, which asks first; feeds are asked about
where a setting says so. How the file is read is protego's part.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from ingest.fetch.fetcher import Enter, Fetcher
from ingest.fetch.hosts.names import host_of_address
from ingest.model import Fetched
from nabaa.errors import FetchError

TOKEN = "nabaa"  # noqa: S105 - the product token of RFC 9309, 2.2.1; the User-Agent begins with it
MAX_ROBOTS_BYTES = 500 * 1024
"""How much of a robots.txt is read (RFC 9309, 2.5)."""

KEPT = timedelta(hours=24)
"""How long an answer is believed (RFC 9309, 2.4)."""

UNREACHABLE_KEPT = timedelta(minutes=30)
"""How long a robots.txt that could not be had forbids everything before it is asked for again."""

LONGEST_CRAWL_DELAY_SECONDS = 3600.0
_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.5, */*;q=0.1"
_MAX_SITES = 10_000
MAX_CACHE_BYTES = 64 * 1024 * 1024
"""Memory of all rules that are kept; the site that was asked about longest ago goes first."""

_RULE_BYTES = 600  # of a line as protego keeps it


@dataclass(frozen=True, slots=True)
class _Rules:
    """What is known of one site.

    Attributes:
        file: its rules, or None where everything is allowed or everything forbidden.
        allowed: the answer where there is no file.
        until: when it is asked for again.
        size: bytes of memory that it takes, as an estimate.
    """

    file: Protego | None
    allowed: bool
    until: datetime
    size: int = 1_000

    def allows(self, url: str) -> bool:
        return self.file.can_fetch(url, TOKEN) if self.file else self.allowed

    @property
    def crawl_delay_seconds(self) -> float:
        delay = self.file.crawl_delay(TOKEN) if self.file else None
        # NaN, which protego lets pass, is not greater than 0.
        return min(delay, LONGEST_CRAWL_DELAY_SECONDS) if delay and delay > 0 else 0.0


class RobotsGuard:
    """Asks robots.txt before something is fetched; each site's file is kept for a day.

    Args:
        fetcher: open; its address policy and limits hold for robots.txt as for everything.
        clock: aware UTC.
    """

    def __init__(
        self, fetcher: Fetcher, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._sites: OrderedDict[str, _Rules] = OrderedDict()
        self._crawl_delays: dict[str, float] = {}
        self._size = 0

    @property
    def kept_bytes(self) -> int:
        """Memory of the rules that are kept, as an estimate."""
        return self._size

    async def allows(self, url: str, enter: Enter | None = None) -> bool:
        """Tell whether the site lets nabaa fetch an address.

        Args:
            url: absolute http or https address.
            enter: lets the request for robots.txt in to its host.

        Returns:
            False also where robots.txt cannot be had: a server error or none at all.
        """
        return (await self._rules(_site(url), enter)).allows(url)

    async def fetch_page(
        self,
        feed_id: str,
        url: str,
        enter: Enter | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        first_bytes: int | None = None,
        insecure_tls: bool = False,
    ) -> Fetched:
        """Fetch a page that the site's robots.txt allows.

        Args:
            feed_id: names the feed that the page belongs to in errors.
            url: absolute http or https address.
            enter: lets the requests in to their hosts.
            etag: as in `Fetcher.fetch`, like all that follow.
            last_modified: likewise.
            first_bytes: likewise.
            insecure_tls: likewise.

        Raises:
            FetchError: robots.txt forbids it, or a page that it redirects to (`kind` is
                `robots`), or as `Fetcher.fetch`.
        """
        return await self._fetcher.fetch(
            feed_id,
            url,
            etag,
            last_modified,
            self.guarding(feed_id, enter),
            first_bytes,
            insecure_tls,
            _ACCEPT,
        )

    def unreachable_seconds(self, url: str) -> float:
        """Return how long everything is forbidden because the robots.txt of a site was not had.

        Args:
            url: absolute, of any page of the site.

        Returns:
            Seconds until it is asked for again; 0 where it was had.
        """
        known = self._sites.get(_site(url))
        if known is None or known.file is not None or known.allowed:
            return 0.0
        return max(0.0, (known.until - self._clock()).total_seconds())

    def guarding(self, feed_id: str, enter: Enter | None = None) -> Enter:
        """Return what lets only those requests of a fetch in that robots.txt allows.

        Args:
            feed_id: names the feed in errors.
            enter: asked as well.
        """

        async def enter_allowed(url: str) -> None:
            await self.require(feed_id, url, enter)
            if enter is not None:
                await enter(url)

        return enter_allowed

    async def require(self, feed_id: str, url: str, enter: Enter | None = None) -> None:
        """Ask for an address.

        Args:
            feed_id: names the feed in errors.
            url: absolute http or https address.
            enter: lets the request for robots.txt in to its host.

        Raises:
            FetchError: robots.txt forbids it; `kind` is `robots`.
        """
        if not await self.allows(url, enter):
            reason = f"the robots.txt of {_site(url)} does not allow it, or could not be had"
            raise FetchError(feed_id, url, reason, "robots")

    async def sitemaps(self, url: str, enter: Enter | None = None) -> tuple[str, ...]:
        """Return the sitemaps that a site's robots.txt names, as written.

        Args:
            url: absolute, of any page of the site.
            enter: lets the request for robots.txt in to its host.
        """
        file = (await self._rules(_site(url), enter)).file
        return tuple(file.sitemaps) if file else ()

    def crawl_delay_seconds(self, host: str) -> float:
        """Return the seconds between requests that a host's robots.txt asks for; 0 if unknown."""
        return self._crawl_delays.get(host, 0.0)

    async def _rules(self, site: str, enter: Enter | None) -> _Rules:
        known = self._sites.get(site)
        if known is not None and known.until > self._clock():
            self._sites.move_to_end(site)
            return known
        rules = await self._ask(site, enter)
        if old := self._sites.pop(site, None):
            self._size -= old.size
        self._sites[site] = rules
        self._size += rules.size
        self._sites.move_to_end(site)
        host = host_of_address(site)
        self._crawl_delays.pop(host, None)
        if rules.crawl_delay_seconds:
            self._crawl_delays[host] = rules.crawl_delay_seconds
        while len(self._sites) > _MAX_SITES or self._size > MAX_CACHE_BYTES:
            oldest, forgotten = self._sites.popitem(last=False)
            self._size -= forgotten.size
            self._crawl_delays.pop(host_of_address(oldest), None)
        return rules

    async def _ask(self, site: str, enter: Enter | None) -> _Rules:
        now = self._clock()
        unreachable = _Rules(None, allowed=False, until=now + UNREACHABLE_KEPT)
        try:
            fetched = await self._fetcher.fetch(
                TOKEN, f"{site}/robots.txt", enter=enter, first_bytes=MAX_ROBOTS_BYTES
            )
        except FetchError as error:
            # More redirects than are followed are no robots.txt at all (RFC 9309, 2.3.1.2).
            if error.kind == "redirects":
                return _Rules(None, allowed=True, until=now + KEPT)
            return unreachable
        if fetched.status == 429 or fetched.status >= 500:
            return unreachable
        if fetched.status != 200:
            return _Rules(None, allowed=True, until=now + KEPT)
        file = await asyncio.to_thread(parse_robots, fetched.body)
        size = 1_000 + _RULE_BYTES * fetched.body.count(b"\n")
        return _Rules(file, allowed=True, until=now + KEPT, size=size)


def parse_robots(body: bytes) -> Protego:
    """Read a robots.txt.

    Args:
        body: what is not UTF-8 in it matches nothing.
    """
    text = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    # Each group of other crawlers costs protego time with each rule, and there may be thousands.
    return Protego.parse("\n".join(map(_merge_others, text.splitlines())))


def _merge_others(line: str) -> str:
    name, colon, value = line.partition(":")
    if not colon or name.strip().lower() not in ("user-agent", "useragent", "user agent"):
        return line
    agent = value.partition("#")[0].strip().lower()
    return line if agent in ("*", TOKEN) else "User-agent: another-crawler"


def _site(url: str) -> str:
    """Return scheme, host and port: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()
