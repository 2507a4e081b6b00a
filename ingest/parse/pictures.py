"""The pictures of an item: which address shows one, and which only counts readers."""

from __future__ import annotations

import re
from html import unescape

from ingest.identity.addresses import web_address

# Counters of readers that stand in feeds as pictures.
_TRACKER = re.compile(
    r"https?://(?:[\w-]+\.)*(?:feedburner\.com/~r/|feedsportal\.com/|pixel\.wp\.com/"
    r"|stats\.wordpress\.com/|google-analytics\.com/|googletagmanager\.com/|doubleclick\.net/"
    r"|scorecardresearch\.com/|quantserve\.com/|statcounter\.com/|pixel\.facebook\.com/"
    r"|facebook\.com/tr[/?]|bat\.bing\.com/|chartbeat\.(?:com|net)/)",
    re.IGNORECASE,
)
# Signs of an opinion or a person beside the text, not a picture of the news.
_SIGN = re.compile(r"/(?:emoji|smilies|smileys)/|gravatar\.com/avatar|/wp-includes/images/", re.I)

_SEARCHED = 50_000  # code points of a text; the first picture of an article stands at its head
_MAX_TAGS = 20
_IMAGE = re.compile(r"<img\s([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"(?<![\w-])(src|data-src|data-lazy-src|data-original|width|height)\s*=\s*"
    r"(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))",
    re.IGNORECASE,
)
_SOURCES = ("data-src", "data-lazy-src", "data-original", "src")


def is_tracker(url: str, width: str = "", height: str = "") -> bool:
    """Tell whether a picture is there to count its readers.

    Args:
        url: of the picture.
        width: in pixels as the feed says it, or an empty string.
        height: likewise.
    """
    sizes = {size.strip().lower().removesuffix("px") for size in (width, height)}
    return bool(sizes & {"0", "1"}) or bool(_TRACKER.match(url))


def first_picture(markup: str, base_url: str) -> str:
    """Return the address of the first picture in a text that is one of the news.

    Args:
        markup: HTML; its first 50,000 code points are searched.
        base_url: absolute; relative addresses are resolved against it.

    Returns:
        An absolute http or https address, or an empty string.
    """
    if "<img" not in markup and "<IMG" not in markup:
        return ""
    for number, found in enumerate(_IMAGE.finditer(markup, 0, _SEARCHED)):
        if number == _MAX_TAGS:
            break
        attributes = {
            each[1].lower(): unescape(each[2] or each[3] or each[4] or "")
            for each in _ATTRIBUTE.finditer(found[1])
        }
        sources = (web_address(attributes.get(name, ""), base_url) for name in _SOURCES)
        url = next(filter(None, sources), "")
        size = attributes.get("width", ""), attributes.get("height", "")
        if url and not is_tracker(url, *size) and not _SIGN.search(url):
            return url
    return ""
