"""The fingerprints of entries as they were before an address had one name for all spellings.

They stand in `seen` for as long as its retention: an entry is looked up under its former
fingerprint too, so that no upgrade publishes again what is known. Nothing here may ever change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ingest.identity.canonical import canonical_url, is_front_page
from ingest.identity.fingerprint import Identity, digest


def former_fingerprints(items: Sequence[Identity]) -> list[str]:
    """Return the former fingerprint of each item of one document, in its order.

    The guid decided, also a placeholder; where it stood on items with different addresses, the
    address was taken with it; without one the address decided, and else the title and the date.

    Args:
        items: of one document.
    """
    shared = Counter(item.guid.strip() for item in items)
    addresses: dict[str, set[str]] = {}
    for item in items:
        repeated = shared[item.guid.strip()] > 1
        if repeated and (guid := _identifying(item.guid)) and item.url.strip():
            addresses.setdefault(guid, set()).add(canonical_url(item.url))
    return [
        digest("guid+url", guid, canonical_url(item.url))
        if len(addresses.get(guid := item.guid.strip(), ())) > 1
        else _former_fingerprint(item)
        for item in items
    ]


def _former_fingerprint(item: Identity) -> str:
    if guid := _identifying(item.guid):
        return digest("guid", guid)
    address = canonical_url(item.url)
    if address and not is_front_page(address):
        return digest("url", address)
    return digest("title", " ".join(item.title.split()), " ".join(item.date_text.split()))


def _identifying(guid: str) -> str:
    guid = guid.strip()
    if "#" in guid or guid.partition("?")[0].count("/") > 3:
        return guid
    return "" if is_front_page(canonical_url(guid)) else guid
