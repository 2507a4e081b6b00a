"""One look at a page that was fetched: read by its rule, and cleaned for delivery."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from config.model import Feed
from config.page_rules import PageRulesFile
from ingest.model import Fetched
from ingest.parse.charset import decode_feed
from workers.text.normalise import normalise, normalise_line
from workers.text.page.addresses import site_of
from workers.text.page.model import ArticlePage
from workers.text.page.read import read_article_page


@dataclass(frozen=True, slots=True)
class PageLook:
    """A PageLook is what one look at a page showed.

    Attributes:
        final_url: address that answered.
        rule: host and path of the rule that holds for it, or None.
        article: as the wire would deliver it.
    """

    final_url: str
    rule: str | None
    article: ArticlePage


def look_at_page(fetched: Fetched, feeds: Iterable[Feed], rules: PageRulesFile) -> PageLook:
    """Read the article of a page that was fetched.

    Args:
        fetched: answer with the page.
        feeds: of the feed list; the zone of the one at the same site counts.
        rules: for pages.
    """
    url = fetched.final_url
    rule = rules.rule_for(url)
    markup, _ = decode_feed(fetched.body, fetched.headers.get("content-type"))
    zone = zone_of_site(url, feeds)
    article = read_article_page(markup, url, zone, fetched.fetched_at, rule)
    language = article.language
    article = replace(
        article,
        title=normalise_line(article.title, language),
        body_text=normalise(article.body_text, language),
        by=normalise_line(article.by, language),
    )
    return PageLook(url, f"{rule.host}{rule.path}" if rule else None, article)


def zone_of_site(url: str, feeds: Iterable[Feed]) -> ZoneInfo | None:
    """Return the time zone of the outlet whose feeds are at the same site as a page.

    Args:
        url: of the page.
        feeds: of the feed list.

    Returns:
        The zone of the first such feed, or None.
    """
    site = site_of(url)
    return next(
        (ZoneInfo(feed.timezone) for feed in feeds if site and site_of(feed.url) == site), None
    )
