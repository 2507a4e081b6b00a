"""What makes an entry the same entry at the next poll: its fingerprint.

Fingerprints are stored for months, so nothing here may ever change what it returns for the same
input; the tests pin golden values. Whether a fingerprint is known is the streams' business.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote

from ingest.identity.addresses import split_address

_DEFAULT_PORTS = {"http": "80", "https": "443"}

# Parameters that tell where a reader came from and never which article is meant.
_TRACKING_PREFIXES = ("utm_", "at_", "ns_", "mtm_", "pk_", "hsa_", "__hs")
# fmt: off
_TRACKING_NAMES = frozenset((
    "_ga", "_gl", "_hsenc", "_hsmi", "dclid", "fbclid", "gad_source", "gbraid", "gclid",
    "gclsrc", "igsh", "igshid", "mc_cid", "mc_eid", "mkt_tok", "msclkid", "ocid", "ref_src",
    "s_cid", "srsltid", "traffic_source", "ttclid", "twclid", "wbraid", "wt_mc", "xtor", "yclid",
))
# fmt: on

_ADDRESS = re.compile(r"(\[[^\[\]]+\]|[^:\[\]]+)(?::([0-9]*))?")
# A percent triplet, or a character that RFC 3986 does not allow to stand in a path or query.
_TO_NORMALISE = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# C0 controls, as browsers strip them (WHATWG URL, section 4.4), and every space of Unicode.
_EDGE = "".join(chr(code) for code in range(0x3001) if code < 0x21 or chr(code).isspace())


class Identity(NamedTuple):
    """What an item says that can identify it.

    Attributes:
        guid: RSS guid or Atom id, or an empty string.
        url: absolute address of the article, or an empty string.
        title: title, or the text where there is none.
        date_text: its date as the feed writes it.
    """

    guid: str
    url: str
    title: str
    date_text: str


def canonical_url(url: str) -> str:
    """Return the form of an address that all spellings of it share (RFC 3986, section 6.2).

    Scheme and host in lower case, no default port, no fragment, no tracking parameter,
    percent-encoding in one form; the order of the other parameters is kept. Idempotent.

    Args:
        url: an address; one that is not http or https comes back trimmed, else unchanged.
    """
    trimmed = url.strip(_EDGE)
    try:
        parts = split_address(trimmed)
    except ValueError:
        return trimmed
    scheme = parts.scheme
    if scheme not in _DEFAULT_PORTS or not parts.netloc:
        return trimmed
    user, at, address = parts.netloc.rpartition("@")
    found = _ADDRESS.fullmatch(address.lower())
    if not found:
        return trimmed
    host, port = found[1], found[2]
    if port and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    path = _normalise(parts.path) or "/"
    query = "&".join(
        parameter for parameter in _normalise(parts.query).split("&") if _identifies(parameter)
    )
    return f"{scheme}://{user}{at}{host}{path}" + (f"?{query}" if query else "")


def fingerprint(guid: str, url: str, title: str, date_text: str) -> str:
    """Return 32 hex digits that identify an entry within its feed.

    The guid decides; without one the canonical address; without one the title and the date. The
    site's front page is neither: a ticker puts it on all of its items.

    Args:
        guid: RSS guid or Atom id, or an empty string.
        url: absolute address of the article, or an empty string.
        title: title, or the text where there is none.
        date_text: its date as the feed writes it.
    """
    if guid := identifying(guid):
        return _digest("guid", guid)
    if address := identifying_url(url):
        return _digest("url", address)
    return _digest("title", " ".join(title.split()), " ".join(date_text.split()))


def identifying(guid: str) -> str:
    """Return a guid trimmed, or an empty string where it is only the address of the front page."""
    guid = guid.strip()
    # Two slashes in a path make it longer than that of a front page: the common case, and cheap.
    if "#" in guid or guid.partition("?")[0].count("/") > 3:
        return guid
    return "" if _is_front_page(canonical_url(guid)) else guid


def identifying_url(url: str) -> str:
    """Return the canonical form of an address, or an empty string where it is a front page's."""
    address = canonical_url(url)
    return "" if _is_front_page(address) else address


def fingerprints(items: Sequence[Identity]) -> list[str]:
    """Return the fingerprint of each item of one document, in its order.

    A guid that stands on items with different addresses is the publisher's mistake and
    identifies nothing by itself; there the address is taken with it. Two items with one guid and
    one address are the same entry, whatever their titles: the headline was changed.

    Args:
        items: of one document.
    """
    shared = Counter(item.guid.strip() for item in items)
    addresses: dict[str, set[str]] = {}
    for item in items:
        repeated = shared[item.guid.strip()] > 1
        if repeated and (guid := identifying(item.guid)) and item.url.strip():
            addresses.setdefault(guid, set()).add(canonical_url(item.url))
    return [
        _digest("guid+url", guid, canonical_url(item.url))
        if len(addresses.get(guid := item.guid.strip(), ())) > 1
        else fingerprint(*item)
        for item in items
    ]


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
    return _digest("guid+url", guid.strip(), canonical_url(url))


def _digest(kind: str, *values: str) -> str:
    # The kind stands first, so that a guid never collides with an address of the same text.
    text = "\0".join((kind, *values))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _is_front_page(address: str) -> bool:
    """Tell whether a canonical address is a host alone, with neither path nor query."""
    is_web = address.startswith(("http://", "https://"))
    return is_web and address.endswith("/") and address.count("/") == 3


def _identifies(parameter: str) -> bool:
    name = unquote(parameter.partition("=")[0]).lower()
    return bool(parameter) and not (name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES))


def _normalise(part: str) -> str:
    return _TO_NORMALISE.sub(_normal_form, part)


def _normal_form(match: re.Match[str]) -> str:
    found = match[0]
    if len(found) == 3:
        code = int(found[1:], 16)
        return chr(code) if code in _UNRESERVED else found.upper()
    return "".join(f"%{byte:02X}" for byte in found.encode("utf-8", "surrogatepass"))
