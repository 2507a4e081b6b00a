"""What makes an entry the same entry at the next poll: its fingerprint.

Fingerprints are stored for months, so nothing here may ever change what it returns for the same
input without `ingest.identity.former` knowing the old form; the tests pin golden values. Which of
the articles behind fingerprints are the same is `ingest.identity.same_article`'s part.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from html import unescape
from typing import NamedTuple

from ingest.identity.addresses import PLACEHOLDERS
from ingest.identity.canonical import address_key, canonical_url, is_front_page

_LONGEST_PLACEHOLDER = max(map(len, PLACEHOLDERS))
_MARKUP = re.compile(r"<[^<>]*+>")
_NO_WORD = re.compile(r"[\W_\u0640]+")


class Identity(NamedTuple):
    """What an item says that can identify it.

    Attributes:
        guid: RSS guid or Atom id, or an empty string.
        url: absolute address of the article, or an empty string.
        title: title, or the text where there is none.
        date_text: its date as the feed writes it.
        text: its texts as the feed writes them; may be empty.
    """

    guid: str
    url: str
    title: str
    date_text: str
    text: str = ""


def own_addresses(*urls: str) -> frozenset[str]:
    """Return what names no article of a feed: its own addresses, as `address_key` gives them.

    Args:
        urls: addresses under which the feed is listed and answers.
    """
    return frozenset(map(address_key, urls))


NO_ADDRESSES: frozenset[str] = frozenset()


def fingerprint(
    guid: str,
    url: str,
    title: str,
    date_text: str,
    text: str = "",
    own: frozenset[str] = NO_ADDRESSES,
) -> str:
    """Return 32 hex digits that identify an entry within its feed.

    The guid decides; without one the address; without one the title and the date. A placeholder,
    the front page of the site and the feed's own address are neither.

    Args:
        guid: RSS guid or Atom id, or an empty string.
        url: absolute address of the article, or an empty string.
        title: title, or the text where there is none.
        date_text: its date as the feed writes it.
        text: its texts; they do not count here.
        own: the feed's `own_addresses`.
    """
    if guid := identifying(guid, own):
        return digest("guid", _secured(guid))
    if address := identifying_url(url, own):
        return digest("url", address)
    return digest("title", " ".join(title.split()), " ".join(date_text.split()))


def identifying(guid: str, own: frozenset[str] = NO_ADDRESSES) -> str:
    """Return a guid trimmed, or an empty string where it identifies nothing.

    Args:
        guid: as the feed has it.
        own: the feed's `own_addresses`.
    """
    guid = guid.strip()
    if len(guid) <= _LONGEST_PLACEHOLDER and guid.lower() in PLACEHOLDERS:
        return ""
    if not guid.startswith(("http:", "https:", "HTTP")):
        return guid
    if own and f"https://{guid.partition('//')[2].removeprefix('www.').rstrip('/')}" in own:
        return ""
    # Two slashes in a path make it longer than that of a front page: the common case, and cheap.
    if "#" in guid or guid.partition("?")[0].count("/") > 3:
        return guid
    return "" if is_front_page(canonical_url(guid)) else guid


def identifying_url(url: str, own: frozenset[str] = NO_ADDRESSES) -> str:
    """Return the name of an address, or an empty string where it identifies nothing.

    Args:
        url: absolute, or empty.
        own: the feed's `own_addresses`.
    """
    address = address_key(url)
    return "" if is_front_page(address) or address in own else address


def fingerprints(items: Sequence[Identity], own: frozenset[str] = NO_ADDRESSES) -> list[str]:
    """Return the fingerprint of each item of one document, in its order.

    A guid that stands on items with different addresses is the publisher's mistake and identifies
    nothing by itself; there the address is taken with it. What identifies items with different
    words is shared by them, as the address of a ticker is; there the words are taken with it.

    Args:
        items: of one document.
        own: the feed's `own_addresses`.
    """
    return split_by_words(items, shared_fingerprints(items, own))


def shared_fingerprints(items: Sequence[Identity], own: frozenset[str] = NO_ADDRESSES) -> list[str]:
    """Return the fingerprint that each item has before its words are looked at.

    Args:
        items: of one document.
        own: the feed's `own_addresses`.
    """
    shared = Counter(item.guid.strip() for item in items)
    addresses: dict[str, set[str]] = {}
    for item in items:
        repeated = shared[item.guid.strip()] > 1
        if repeated and (guid := identifying(item.guid, own)) and item.url.strip():
            addresses.setdefault(guid, set()).add(address_key(item.url))
    return [
        digest("guid+url", _secured(guid), address_key(item.url))
        if len(addresses.get(guid := item.guid.strip(), ())) > 1
        else fingerprint(*item, own)
        for item in items
    ]


def _secured(guid: str) -> str:
    """Return a guid that is an address as it is after its site has moved to TLS."""
    return f"https://{guid[7:]}" if guid.startswith("http://") else guid


def split_by_words(items: Sequence[Identity], shared: Sequence[str]) -> list[str]:
    """Return fingerprints that tell items apart which share one and say something else.

    Args:
        items: of one document.
        shared: their fingerprints as `shared_fingerprints` gives them.
    """
    counts = Counter(shared)
    groups: dict[str, dict[str, set[str]]] = {}
    for item, each in zip(items, shared, strict=True):
        if counts[each] > 1:
            texts = groups.setdefault(each, {}).setdefault(words_of(item.title), set())
            texts.add(letters_of(item.text))
    return [
        _split(item, each, groups[each]) if each in groups else each
        for item, each in zip(items, shared, strict=True)
    ]


def _split(item: Identity, shared: str, texts_of: dict[str, set[str]]) -> str:
    """Return the fingerprint of one of several items, by the titles and texts of all of them."""
    texts = set().union(*texts_of.values())
    if len(texts_of) > 1 and len(texts) == 1 and texts != {""}:
        return shared  # one text under two headlines: the headline was changed
    title = words_of(item.title)
    if len(texts_of[title]) > 1:
        return digest("words", shared, title, letters_of(item.text))
    return fingerprint_of_words(shared, item.title) if len(texts_of) > 1 else shared


def fingerprint_of_words(shared: str, title: str) -> str:
    """Return the fingerprint of an item that shares another one with items of other titles.

    Args:
        shared: the fingerprint that they share.
        title: of the item; markup, case and punctuation do not count.
    """
    return digest("words", shared, words_of(title))


def fingerprint_beside_others(guid: str, url: str) -> str:
    """Return the fingerprint of an item where others of its document carry its guid.

    Args:
        guid: RSS guid or Atom id.
        url: absolute address of the article.

    Returns:
        32 hex digits, or an empty string where there is no address or the guid identifies nothing.
    """
    if not (url.strip() and identifying(guid)):
        return ""
    return digest("guid+url", _secured(guid.strip()), address_key(url))


def words_of(markup: str) -> str:
    """Return the letters and digits of a text, without markup, spaces, punctuation and case."""
    text = unescape(_MARKUP.sub(" ", unescape(markup) if "&lt;" in markup else markup))
    return _NO_WORD.sub("", text).casefold()


def letters_of(markup: str) -> str:
    """Return a text without markup and spaces: what two copies of one text have in common."""
    return "".join(_MARKUP.sub("", markup).split())


def digest(kind: str, *values: str) -> str:
    """Return 32 hex digits of values; the kind keeps a guid from being taken for an address."""
    text = "\0".join((kind, *values))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
