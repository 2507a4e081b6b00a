"""Which entries want the page of their article. Pure."""

from __future__ import annotations

import hashlib
import re
from html import unescape

from config.model import FullText
from config.settings import Settings
from ingest.identity.addresses import web_address
from ingest.identity.fingerprint import identifying_url
from ingest.model import Entry
from ingest.streams.page_wishes import PagePlan, PageWish

CUT_BELOW = 5
"""A text that says of itself that it is cut off is short up to so many times the usual limit."""

_END = 400  # characters; behind the mark of a cut may stand where the text appeared first
_READ = 50_000  # characters of markup
_TAG = re.compile(r"<[^<>]*>")
# How feeds say that there is more: […], an ellipsis at the end, «اقرأ المزيد», "Read more".
_CUT = re.compile(
    r"\[\s*(?:…|\.\.\.)\s*\]|(?:…|\.\.\."
    r"|\b(?:اقرأ|إقرأ|لقراءة|قراءة|اقرؤوا)\s+(?:المزيد|البقية|بقية الخبر|الخبر كاملا)"
    r"|\b(?:read|learn) more|continue reading)[\W_]*$",
    re.IGNORECASE,
)


def page_plan(settings: Settings) -> PagePlan:
    """Return how the entries of a wire wait for the pages of their articles.

    Args:
        settings: the mode of feeds that set none, and what a short text is.
    """
    limit, default = settings.full_text_below, settings.full_text
    return PagePlan(
        lambda entry: choose_page(entry, entry.feed.full_text or default, limit),
        settings.page_wait_seconds,
    )


def choose_page(entry: Entry, mode: FullText, short_below: int) -> PageWish:
    """Decide whether the page of an entry's article is fetched.

    Args:
        entry: as its feed has it.
        mode: of its feed.
        short_below: characters below which a text is short.

    Returns:
        No page where the address is none of the web, identifies no article (a front page), or is
        that of other items too. Otherwise its name, and whether it is wanted.
    """
    if mode == "never" or entry.shares_url or not web_address(entry.url):
        return PageWish()
    address = identifying_url(entry.url)
    if not address:
        return PageWish()
    name = hashlib.blake2b(address.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return PageWish(name, mode == "always" or is_short(entry, short_below))


def is_short(entry: Entry, below: int) -> bool:
    """Tell whether the text of an entry is a summary rather than the article.

    Args:
        entry: as its feed has it.
        below: characters of visible text.
    """
    return all(
        _is_short_text(html, below) for html in (entry.content_html, entry.summary_html) if html
    )


def _is_short_text(html: str, below: int) -> bool:
    seen = len(_visible(html[:_READ]))
    if seen < below:
        return True
    return (
        len(html) <= _READ
        and seen < CUT_BELOW * below
        and bool(_CUT.search(_visible(html)[-_END:]))
    )


def _visible(html: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", html)).split())
