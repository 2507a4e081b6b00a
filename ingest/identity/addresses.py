"""Addresses as feeds write them: cleaned, measured before they are parsed, and made absolute.

Python normalises a host to NFKC when it parses an address, in time that grows with the square of a
host of combining marks. So nothing is parsed that is longer than an address can be.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urljoin, urlsplit

MAX_ADDRESS = 4_000
"""Code points of an address; a longer text is none."""

# fmt: off
PLACEHOLDERS = frozenset((
    "", "0", "-1", "-", "--", "n/a", "na", "none", "null", "nil", "undefined", "false", "true",
    "nan", "guid", "id", "#", "?", "[object object]", "about:blank", "http://", "https://",
))
# fmt: on
"""What stands in the place of a guid or a link where the publisher has none."""

_MAX_AUTHORITY = 400  # a name in DNS has 253 octets (RFC 1035, 2.3.4); user, password and port
_AUTHORITY = re.compile(r"[^/?#\\]*//([^/?#\\]*)")
# Controls, line breaks, marks of writing direction and zero width that were pasted along, and tag
# characters: none is part of an address, and some command a terminal.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# What RFC 3986 allows nowhere, and what ends or opens an attribute or a quotation where an address
# is pasted; an apostrophe too, in `deliverable`.
_TO_ENCODE = re.compile(r"""[\s"<>\\^`{|}]""")


# An absolute address of which resolving changes nothing, as most are.
_RESOLVED = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]*/[A-Za-z0-9/_.%~+-]*(?:\?[A-Za-z0-9/_.%~+=&-]+)?"
)


def is_resolved(text: str) -> bool:
    """Tell whether a text is an absolute address, written so plainly that no base changes it."""
    return bool(_RESOLVED.fullmatch(text))


def split_address(text: str) -> SplitResult:
    """Parse an address in bounded time.

    Args:
        text: of any length.

    Raises:
        ValueError: it is no address, or too long for one.
    """
    if not is_measured(text):
        raise ValueError("the text is too long for an address")
    return urlsplit(text)


def clean_address(text: str) -> str:
    """Return a text without what cannot be seen in it and without spaces at its ends."""
    return text if text.isascii() and text.isprintable() else _INVISIBLE.sub("", text).strip()


def is_measured(text: str) -> bool:
    """Tell whether a text is short enough to be parsed as an address."""
    if len(text) <= _MAX_AUTHORITY:
        return True
    authority = _AUTHORITY.match(text) if len(text) <= MAX_ADDRESS else None
    return len(text) <= MAX_ADDRESS and not (authority and len(authority[1]) > _MAX_AUTHORITY)


def resolve_address(base: str, text: str) -> str:
    """Return an address resolved against a base (RFC 3986, section 5).

    Args:
        base: absolute, or empty.
        text: relative or absolute, with spaces and marks as written.

    Returns:
        The address, or an empty string where one of the two is none.
    """
    address = clean_address(text).strip()
    if address.lower() in PLACEHOLDERS or not (is_measured(address) and is_measured(base)):
        return ""
    if is_resolved(address):
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def web_address(text: str, base_url: str = "") -> str:
    """Return an absolute http or https address as it can be delivered and asked for.

    Args:
        text: as written; up to `MAX_ADDRESS` code points.
        base_url: absolute; a relative address is resolved against it.

    Returns:
        The address without invisible characters, user and password, with spaces and quotation
        marks encoded; an empty string where the text is no such address.
    """
    absolute = resolve_address(base_url, text)
    if not absolute:
        return ""
    try:
        parts = split_address(absolute)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
    except ValueError:
        return ""
    if "@" in parts.netloc:
        host = parts.netloc.rpartition("@")[2]
        absolute = absolute.replace(parts.netloc, host, 1)
    return _TO_ENCODE.sub(_encoded, absolute)


def deliverable(url: str) -> str:
    """Return an address of `web_address` without any mark that could end a quotation."""
    return url.replace("'", "%27")


def _encoded(found: re.Match[str]) -> str:
    return quote(found[0], safe="")
