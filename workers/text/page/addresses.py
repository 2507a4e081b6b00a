"""What else a page says of its article: canonical address, picture, section, keywords."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from ipaddress import ip_address
from typing import Any

from ingest.identity.addresses import split_address, web_address
from ingest.identity.canonical import is_front_page
from nabaa.types import Picture
from workers.text.page.document import Element, folded, is_unseen, one_line, text_of
from workers.text.page.structured import StructuredArticle

MAX_KEYWORDS = 15
"""Keywords of a page; what has more is the menu or a word cloud, and has none."""

_MAX_SECTION = 40
_MAX_LINKS = 3_000
_NO_PICTURE = re.compile(
    r"logo|placeholder|default[-_.]|blank\.|spacer|avatar|favicon|sprite|no[-_]?image|1x1",
    re.IGNORECASE,
)
_SECOND_LEVEL = frozenset(("com", "co", "org", "net", "gov", "edu", "ac", "mil", "or", "info"))
_PARTS = re.compile(r"[,،;؛|]")
_FRONT = frozenset(folded(name) for name in (
    "الرئيسية", "الصفحة الرئيسية", "رئيسية", "home", "homepage", "الرئيسة", "main", "index",
    "غير مصنف", "uncategorized", "بدون تصنيف",
))  # fmt: skip


def site_of(url: str) -> str:
    """Return the part of an address's host that one owner holds, as far as the name tells.

    Args:
        url: absolute.

    Returns:
        Two labels, or three where the second is `com`, `co` and the like; an empty string for an
        IP address and for what is no address.
    """
    try:
        host = (split_address(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""
    labels = host.split(".")
    if len(labels) < 2 or _is_ip(host):
        return ""
    count = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-count:])


def find_canonical(
    root: Element, url: str, structured: StructuredArticle, metas: dict[str, list[str]]
) -> tuple[str, str]:
    """Find the address that a page names for its article.

    One of another site, of a front page, or with an IP address as its host is not believed.

    Args:
        root: of the page.
        url: where it came from.
        structured: JSON-LD of the article.
        metas: see `meta_values`.

    Returns:
        The address and its source; that of the page itself where no other is believed.
    """
    own = web_address(url)
    for written, source in _canonicals(root, structured, metas):
        address = web_address(written, own)
        if not address or not site_of(address) or site_of(address) != site_of(own):
            continue
        if is_front_page(address) and not is_front_page(own):
            continue
        return address.partition("#")[0], source
    return own.partition("#")[0], "url"


def find_linked(root: Element, url: str, relation: str) -> str:
    """Find another form or the next part of an article.

    Args:
        root: of the page.
        url: of the page.
        relation: `amphtml`, or `next` for the next part: one whose address begins with that of the
            page; others are of the next article.

    Returns:
        Absolute address at the same site, or an empty string.
    """
    own = web_address(url)
    for number, link in enumerate(root.iter("link", "a")):
        if number > _MAX_LINKS:
            break
        if relation not in (link.get("rel") or "").lower().split():
            continue
        address = web_address(link.get("href") or "", own).partition("#")[0]
        if not address or address == own or site_of(address) != site_of(own):
            continue
        if relation != "next" or address.startswith(own.rstrip("/")):
            return address
    return ""


def _canonicals(
    root: Element, structured: StructuredArticle, metas: dict[str, list[str]]
) -> Iterator[tuple[str, str]]:
    for number, link in enumerate(root.iter("link")):
        if number > 500:
            break
        if "canonical" in (link.get("rel") or "").lower().split():
            yield link.get("href") or "", "link:canonical"
    for written in metas.get("og:url", ()):
        yield written, "meta:og:url"
    for name in ("mainEntityOfPage", "url"):
        for value in structured.values(name):
            yield _address_in(value), f"json-ld:{name}"


def find_picture(
    root: Element, url: str, structured: StructuredArticle, metas: dict[str, list[str]]
) -> tuple[Picture | None, str]:
    """Find the picture of an article with its caption.

    Args:
        root: of the page.
        url: of the page.
        structured: JSON-LD of the article.
        metas: see `meta_values`.

    Returns:
        The picture, None where there is none but logos, and its source.
    """
    written: list[tuple[str, str, str]] = []
    for key in (
        "og:image:secure_url",
        "og:image",
        "og:image:url",
        "twitter:image",
        "twitter:image:src",
    ):
        written += [(each, "", f"meta:{key}") for each in metas.get(key, ())[:2]]
    for value in structured.values("image")[:5]:
        caption = value.get("caption") if isinstance(value, dict) else ""
        written.append((_address_in(value), one_line(str(caption or "")), "json-ld:image"))
    for figure in list(root.iter("figure"))[:5]:
        for image in figure.iter("img"):
            written.append((image.get("data-src") or image.get("src") or "", "", "figure"))
    for address, caption, source in written:
        found = web_address(address, url)
        if found and not _NO_PICTURE.search(found.rpartition("//")[2].partition("/")[2]):
            return Picture(found, caption or _caption_of(root, found, written)), source
    return None, ""


def _caption_of(root: Element, address: str, written: list[tuple[str, str, str]]) -> str:
    """Return the caption that stands below the picture in the page."""
    name = _file_name(address)
    for other, caption, _ in written:
        if caption and _file_name(other) == name:
            return caption
    figures = [each for each in list(root.iter("figure"))[:20] if not is_unseen(each)]
    for figure in figures:
        shown = [
            _file_name(image.get(key) or "")
            for image in figure.iter("img")
            for key in ("src", "data-src")
        ]
        if name and name in shown:
            return _figcaption(figure)
    # The picture of the head is cut to another size under another name.
    return _figcaption(figures[0]) if figures else ""


def _figcaption(figure: Element) -> str:
    for caption in figure.iter("figcaption"):
        return text_of(caption)
    return ""


def find_section(
    structured: StructuredArticle, metas: dict[str, list[str]], title: str, sites: Collection[str]
) -> tuple[str, str]:
    """Find the part of the newspaper that an article stands in.

    Args:
        structured: JSON-LD of the article.
        metas: see `meta_values`.
        title: of the article.
        sites: what the site calls itself.

    Returns:
        Its name and source; two empty strings where a page names none, or its whole menu.
    """
    refused = _FRONT | {folded(title), *(folded(site) for site in sites)}
    named = [part for text in structured.texts("articleSection") for part in _PARTS.split(text)]
    candidates = [(named, "json-ld:articleSection")]
    for key in ("article:section", "section", "cxenseparse:section", "parsely-section"):
        candidates.append((metas.get(key, []), f"meta:{key}"))
    candidates.append((list(structured.breadcrumbs[:2]), "json-ld:breadcrumb"))
    for names, source in candidates:
        distinct = list(dict.fromkeys(name.strip() for name in names if name.strip()))
        if len(distinct) > 4:
            continue
        for name in distinct:
            if len(name) <= _MAX_SECTION and folded(name) and folded(name) not in refused:
                return name, source
    return "", ""


def find_keywords(
    structured: StructuredArticle, metas: dict[str, list[str]]
) -> tuple[tuple[str, ...], str]:
    """Find the keywords of an article, parted where a page writes them as one text.

    Args:
        structured: JSON-LD of the article.
        metas: see `meta_values`.

    Returns:
        At most `MAX_KEYWORDS` and their source; none where there are more.
    """
    candidates = [(structured.texts("keywords"), "json-ld:keywords")]
    for key in ("news_keywords", "article:tag", "keywords"):
        candidates.append((metas.get(key, []), f"meta:{key}"))
    for texts, source in candidates:
        parts = [part.strip().lstrip("#") for text in texts for part in _PARTS.split(text)]
        words = list(dict.fromkeys(part.replace("_", " ") for part in parts if part))
        if 0 < len(words) <= MAX_KEYWORDS and all(len(word) <= 60 for word in words):
            return tuple(words), source
    return (), ""


def _address_in(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl") or value.get("@id") or ""
    if isinstance(value, list):
        value = value[0] if value else ""
    return value if isinstance(value, str) else ""


def _file_name(address: str) -> str:
    return address.partition("?")[0].rstrip("/").rpartition("/")[2]


def _is_ip(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
