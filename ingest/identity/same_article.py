"""The decision which entries of a feed are articles that it has not shown before.

One pure function, `choose_new`. An entry has several keys, each of which says under what condition
it is an article that is known; docs/updates.md has the table of the cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from ingest.identity.canonical import address_key, number_key
from ingest.identity.fingerprint import (
    NO_ADDRESSES,
    Identity,
    digest,
    fingerprints,
    identifying_url,
    letters_of,
    words_of,
)
from ingest.identity.former import former_fingerprints
from ingest.model import ArticleKeys

_KEY_LENGTH = 20  # hex digits: 80 bits, for there are twice as many of these as of fingerprints


class NewArticles(NamedTuple):
    """What of a document is new.

    Attributes:
        indexes: positions of the new entries, in document order.
        aliases: keys to remember beside the fingerprints of the new entries.
    """

    indexes: tuple[int, ...]
    aliases: tuple[str, ...]


def article_keys(
    items: Sequence[Identity],
    own: frozenset[str] = NO_ADDRESSES,
) -> list[ArticleKeys]:
    """Return the keys of each item of one document, in its order.

    Args:
        items: of one document.
        own: the feed's `own_addresses`.
    """
    current, former = fingerprints(items, own), former_fingerprints(items)
    times = Counter(former)
    return [
        _keys(item, fingerprint, old if times[old] == 1 else "", own)
        for item, fingerprint, old in zip(items, current, former, strict=True)
    ]


def choose_spoken(keys: Sequence[ArticleKeys], items: Sequence[Identity]) -> list[int]:
    """Choose of the items with one fingerprint the one that speaks for it, in any order the same.

    They differ in a headline at most: the longest one is taken.

    Args:
        keys: of the items.
        items: of one document.

    Returns:
        Positions, one for each fingerprint, in the order in which the fingerprints come first.
    """
    spoken: dict[str, int] = {}
    for index, each in enumerate(keys):
        other = spoken.setdefault(each.fingerprint, index)
        if _rank(items[index]) > _rank(items[other]):
            spoken[each.fingerprint] = index
    return list(spoken.values())


def _rank(item: Identity) -> tuple[int, Identity]:
    return len(item.title) + len(item.text), item


def choose_new(keys: Sequence[ArticleKeys], known: Collection[str]) -> NewArticles:
    """Choose the entries that are articles of their own and were never shown.

    The order of the entries makes no difference to which articles are chosen, nor does the order
    of documents, for every key of an entry that was chosen is known from then on.

    Args:
        keys: of the entries whose fingerprints are not known, in document order.
        known: those of their keys that the feed has shown before.
    """
    aliases: list[str] = []
    groups: dict[str, list[int]] = {}
    for index, each in enumerate(keys):
        if each.former in known:
            aliases += (each.fingerprint, *each.others)
        elif not (each.exact in known or each.weak in known or each.fingerprint in known):
            # Two entries of one document with one address and one text are one article.
            groups.setdefault(each.exact or each.fingerprint, []).append(index)
    chosen = [
        min(group, key=lambda index: (keys[index].fingerprint, index)) for group in groups.values()
    ]
    for group in groups.values():
        for index in group:
            aliases += (keys[index].fingerprint, *keys[index].others)
    mine = {keys[index].fingerprint for index in chosen}
    rest = dict.fromkeys(alias for alias in aliases if alias not in mine)
    return NewArticles(tuple(sorted(chosen)), tuple(rest))


def _keys(item: Identity, fingerprint: str, former: str, own: frozenset[str]) -> ArticleKeys:
    if former == fingerprint:
        former = ""
    if not identifying_url(item.url, own):
        return ArticleKeys(fingerprint, former)
    key = address_key(item.url)
    title, text = words_of(item.title), letters_of(item.text)
    exact = digest("exact", key, title, text)[:_KEY_LENGTH]
    place = number_key(key) or key.partition("?")[0]
    if (place == key and "?" not in key) or not title or not (text or item.date_text):
        return ArticleKeys(fingerprint, former, exact)
    date = " ".join(item.date_text.split())
    return ArticleKeys(
        fingerprint, former, exact, digest("weak", place, title, text, date)[:_KEY_LENGTH]
    )
