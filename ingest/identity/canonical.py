"""The one form of an address that all its spellings share, by which an article is known.

Two forms: `canonical_url` is what RFC 3986 calls the same address, and stays one that can be asked
for; `address_key` is what news sites use for the same article, a name only.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import SplitResult, quote, unquote, unquote_to_bytes

import idna

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
_PLAIN = re.compile(r"[A-Za-z0-9\-._~!$&'()*,;=:@/?]*")
_SAFE = "-._~!$&'()*,;=:@/?"
# A percent triplet, or a character that RFC 3986 does not allow to stand in a path or query.
_TO_NORMALISE = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# C0 controls, as browsers strip them (WHATWG URL, section 4.4), and every space of Unicode.
_EDGE = "".join(chr(code) for code in range(0x3001) if code < 0x21 or chr(code).isspace())


# fmt: off
SESSION_NAMES = frozenset((
    "phpsessid", "jsessionid", "aspsessionid", "sessionid", "session_id", "session", "sessid",
    "cfid", "cftoken", "oscsid", "zenid", "viewstate", "csrf", "csrf_token", "xtoken",
))
"""Parameters that name a visit and never an article; also in the path, behind a semicolon."""

VISIT_NAMES = frozenset(("sid", "s", "token", "key", "hash", "ssid", "tk", "uid", "visitor"))
"""Parameters that name a visit where their value looks drawn by lot, and else may name an article:
`sid=123` is an article of PHP-Nuke."""

CACHE_NAMES = frozenset((
    "_", "_t", "ts", "timestamp", "rnd", "rand", "random", "nocache", "no_cache", "cachebuster",
    "cb", "_nc", "cache", "t",
))
"""Parameters that keep a cache from answering: a time or a number drawn by lot."""

WAY_NAMES = frozenset(("from", "ref", "referer", "referrer", "source", "src", "via", "partner"))
_WAYS = frozenset((
    "rss", "feed", "feeds", "rss2", "atom", "twitter", "facebook", "telegram", "whatsapp",
    "newsletter", "social", "share", "app", "google", "googlenews", "home", "homepage",
))
# fmt: on
"""Parameters that tell where a reader came from where their value is such a place."""

_DRAWN = re.compile(r"(?=.{0,200}[0-9])(?=.{0,200}[A-Za-z])[0-9A-Za-z_-]{12,}|[0-9a-fA-F-]{16,}")
_TIME = re.compile(r"[0-9]{9,}|0?\.[0-9]{6,}|[0-9a-f]{16,}")
_PATH_PARAMETER = re.compile(r";[^/;=]{1,40}=[^/;]*")
_SLASHES = re.compile("/{2,}")
_PARAMETER = re.compile(
    r"(?:p|id|nid|aid|newsid|news_id|articleid|article_id|article|story|storyid|post)=[0-9]{1,12}",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?P<before>.*/)?(?P<number>[0-9]{5,12})(?P<slug>/[^/]*[^/0-9.][^/]*|[-_][^/]+)?$"
)


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


def address_key(url: str) -> str:
    """Return the name of the article at an address, one for all spellings that sites use.

    What is left out, with the reason of each, is in the table of docs/updates.md: the scheme,
    `www.`, the user, a slash at the end, the fragment, and parameters that name a visit, a way or
    a time; the order of the others, `+` for a space, the form of Unicode and of the host in DNS
    make no difference.

    Args:
        url: an address; one that is not http or https comes back trimmed.
    """
    trimmed = url.strip(_EDGE)
    try:
        parts = split_address(trimmed)
        host = _host_key(parts)
    except ValueError:
        return trimmed
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return trimmed
    path = parts.path
    if ";" in path:
        path = _PATH_PARAMETER.sub("", path)
    path = _SLASHES.sub("/", _unified(path)).rstrip("/") or "/"
    query = parts.query
    if query:
        # A semicolon parts parameters on old servers, and stands as `&amp;` was cut.
        named = {
            _unified(parameter)
            for parameter in query.replace(";", "&").split("&")
            if _names_article(parameter)
        }
        query = "&".join(sorted(named))
    return f"https://{host}{path}" + (f"?{query}" if query else "")


def number_key(key: str) -> str:
    """Return the name that an article's number gives it, without its slug, or an empty string.

    Args:
        key: as `address_key` gives it; its path ends in a number of at least five digits, or in
            such a number and a slug: `/news/12345`, `/news/12345/slug`, `/12345-slug`; or a
            parameter that names articles is a number: `?p=12345`.
    """
    address, _, query = key.partition("?")
    place = address.partition("//")[2]
    if query:
        numbered = (found[0] for each in query.split("&") if (found := _PARAMETER.fullmatch(each)))
        parameter = next(numbered, "")
        return f"{place.partition('/')[0]}?{parameter.lower()}" if parameter else ""
    found = _NUMBERED.fullmatch(place)
    if not found:
        return ""
    return f"{found['before'] or ''}{found['number']}"


def is_front_page(address: str) -> bool:
    """Tell whether a canonical address is a host alone, with neither path nor query."""
    is_web = address.startswith(("http://", "https://"))
    return is_web and address.endswith("/") and address.count("/") == 3


def _host_key(parts: SplitResult) -> str:
    """Return host and port, without `www.` and as DNS writes the host (RFC 5891).

    Raises:
        ValueError: there is no such host.
    """
    address = parts.netloc.rpartition("@")[2].lower()
    if not address.isascii():
        host, colon, port = address.partition(":")
        address = idna.encode(host, uts46=True).decode("ascii") + colon + port
    found = _ADDRESS.fullmatch(address)
    if not found:
        return ""
    host, port = found[1].rstrip(".").removeprefix("www."), found[2]
    return f"{host}:{port}" if port and port not in ("80", "443") else host


def _names_article(parameter: str) -> bool:
    """Tell whether a parameter may name an article, and not a visit, a way or a time."""
    written, _, value = parameter.partition("=")
    name = unquote(written).lower()
    if not name and not value:
        return False
    if name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES):
        return False
    if name in SESSION_NAMES or name.startswith("aspsessionid"):
        return False
    if name in VISIT_NAMES:
        return not _DRAWN.fullmatch(value)
    if name in CACHE_NAMES:
        return not _TIME.fullmatch(value)
    return not (name in WAY_NAMES and value.lower() in _WAYS)


def _unified(part: str) -> str:
    """Return a path or a parameter with one spelling for each character."""
    if _PLAIN.fullmatch(part):
        return part
    octets = unquote_to_bytes(part.replace("+", "%20"))
    try:
        text = unicodedata.normalize("NFC", octets.decode("utf-8"))
    except UnicodeDecodeError:  # an address in windows-1256
        return _normalise(part.replace("+", "%20"))
    # A slash that is written as %2F parts nothing.
    pieces = re.split("(%2[Ff])", part) if "%2" in part else ()
    if len(pieces) > 1:
        return "%2F".join(_unified(piece) for piece in pieces[::2])
    return quote(text, safe=_SAFE)


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
