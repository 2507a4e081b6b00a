"""JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/) to entries.

Here is decided which key says what, and what of a wrong type is left out; addresses, dates and
fingerprints are `ingest.parse.item`'s part, as for every format.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from config.model import Feed
from ingest.identity.addresses import web_address
from ingest.model import Fetched, ParsedFeed
from ingest.parse.charset import decode_feed, describe_encodings
from ingest.parse.feedparser_limits import MAX_TAGS, TooComplexError
from ingest.parse.item import Item, author_names, entries_of
from ingest.parse.newest import MAX_ITEMS, ItemSpans, cut_to_newest, describe_omitted
from ingest.parse.not_a_feed import NotAFeedError
from ingest.parse.pictures import is_tracker
from nabaa.errors import ParseError
from nabaa.types import Media

MAX_VALUES = 200_000
"""Values of a document; each costs some 60 bytes of memory, however short it is written."""

MEDIA_TYPE = "application/feed+json"


class _Number(str):
    """A number as it is written: an id of `1.0` is another one than `1`, and none is too long."""

    __slots__ = ()


_DECODER = json.JSONDecoder(
    strict=False, parse_int=_Number, parse_float=_Number, parse_constant=_Number
)
# A string, ended or cut off by the end of the text, or a mark of structure. Nothing in it is ever
# tried twice, so that searching is linear.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+\\?+(?:"|\Z)|(?P<mark>[\[\]{},])', re.DOTALL)
_ITEMS = re.compile(r'"items"\s*:\s*\[')
# What may stand escaped in a JSON string and cannot go on: XML and UTF-8 have no place for it.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


def read_json_feed(fetched: Fetched, feed: Feed, now: datetime) -> ParsedFeed:
    """Read the entries of a JSON Feed.

    Args:
        fetched: the answer that holds the document.
        feed: the feed it belongs to; dates without a zone are in its timezone.
        now: aware UTC; dates after it are nonsense.

    Returns:
        Its entries in document order, the first of each fingerprint; what of an item is of the
        wrong type is left out, and an item that says nothing is counted. Of a document that was
        cut off, the items that stand whole in it.

    Raises:
        ParseError: the body is no JSON Feed, or one made to cost too much.
    """
    content_type = fetched.headers.get("content-type", "")
    text, encoding = decode_feed(fetched.body, content_type)
    try:
        document, cut, omitted = _decode(text)
        _refuse_foreign(document, content_type)
        records = document["items"]
        items = [_item(record, document, fetched.final_url) for record in records]
        found = entries_of(items, feed, fetched, now)
    except (NotAFeedError, TooComplexError) as error:
        raise ParseError(feed.id, str(error)) from error
    return ParsedFeed(
        title=_text(document, "title"),
        format="json1" if _text(document, "version").rstrip("/").endswith("/1") else "json11",
        encoding=encoding,
        entries=found.entries,
        keys=found.keys,
        skipped=found.skipped,
        notices=(*describe_encodings(encoding), *describe_omitted(omitted), *found.notices),
        cut=cut,
        language=_text(document, "language"),
        hubs=_websub_hubs(document),
        self_url=_text(document, "feed_url"),
    )


def _websub_hubs(document: dict[str, Any]) -> tuple[str, ...]:
    """Return the addresses of those of the `hubs` that speak WebSub."""
    listed = document.get("hubs")
    hubs = (hub for hub in listed if isinstance(hub, dict)) if isinstance(listed, list) else ()
    found = (_text(hub, "url") for hub in hubs if _text(hub, "type").lower() == "websub")
    return tuple(filter(None, found))


def _decode(text: str) -> tuple[Any, bool, int]:
    """Return the value that a text holds, whether it was cut off, and how many items were left out.

    Raises:
        TooComplexError: it has too many values or is nested too deeply.
        NotAFeedError: it is not JSON.
    """
    text = text.lstrip("\ufeff \t\r\n")
    text, omitted = _within_limits(text)
    try:
        try:
            return _DECODER.decode(text), False, omitted
        except json.JSONDecodeError as error:
            whole = _before_cut(text)
            if whole is None:
                where = f"line {error.lineno}, column {error.colno}"
                raise NotAFeedError(f"the body is broken JSON ({error.msg}: {where})") from error
            return _DECODER.decode(whole), True, omitted
    except json.JSONDecodeError as error:
        raise NotAFeedError("the body is broken JSON, and cut off") from error
    except RecursionError as error:
        raise TooComplexError("the document is nested too deeply") from error


def _within_limits(text: str) -> tuple[str, int]:
    """Return the document with its newest items, and how many were left out.

    Raises:
        TooComplexError: it has too many values beside its items, or too many in one item.
    """
    # A comma in a text counts too where it is cheap: it is looked at closely only if need be.
    if text.count("{") <= MAX_ITEMS and sum(map(text.count, "[{,")) <= MAX_VALUES:
        return text, 0
    opened = _ITEMS.search(text)
    ends: list[int] = []
    depth = values = values_in_items = 0
    in_items = False
    for found in _TOKEN.finditer(text):
        mark = found["mark"] or ""
        values += mark in ("[", "{", ",")
        if mark in ("[", "{"):
            depth += 1
            in_items |= opened is not None and depth == 2 and found.end() == opened.end()
        elif mark in ("]", "}"):
            depth -= 1
            if in_items and depth == 2:
                ends.append(found.end())
                values_in_items = values
            in_items &= depth >= 2
    if len(ends) <= MAX_ITEMS and values <= MAX_VALUES:
        return text, 0
    if opened is None or len(ends) < 2 or values - values_in_items > MAX_VALUES // 2:
        raise TooComplexError(f"the document has over {MAX_VALUES:,} values")
    limit = max(1, min(MAX_ITEMS, len(ends) * MAX_VALUES * 9 // (10 * values)))
    shorter, omitted = cut_to_newest(text, ItemSpans(opened.end(), ends, ","), limit)
    if sum(map(shorter.count, "[{")) > MAX_VALUES:
        raise TooComplexError(f"the document has over {MAX_VALUES:,} values")
    return shorter, omitted


def _before_cut(text: str) -> str | None:
    """Return the document with the items that stand whole in one that was cut off.

    Returns:
        JSON that ends behind the last whole item, or None where nothing was cut off.

    Raises:
        NotAFeedError: it is cut off before the end of its first item.
    """
    depth = end = 0
    for found in _TOKEN.finditer(text):
        match found["mark"]:
            case "{" | "[":
                depth += 1
            case "}" | "]":
                depth -= 1
                # An item is an object in an array in the document.
                if depth == 2 and found["mark"] == "}":
                    end = found.end()
    if depth <= 0:
        return None
    if not end:
        raise NotAFeedError("the body is cut off before the end of its first item")
    return f"{text[:end]}]}}"


def _refuse_foreign(document: Any, content_type: str) -> None:
    """Refuse JSON that is no JSON Feed.

    Raises:
        NotAFeedError: it says why.
    """
    if not isinstance(document, dict):
        raise NotAFeedError("the body is JSON, but no JSON Feed: it is not one object")
    says_so = "jsonfeed.org/version/" in _text(document, "version").lower()
    if not (says_so or content_type.lower().startswith(MEDIA_TYPE)):
        raise NotAFeedError('the body is JSON, but no JSON Feed: its "version" names none')
    if not isinstance(document.get("items"), list):
        raise NotAFeedError('the body is a JSON Feed without the list "items"')


def _item(record: Any, document: dict[str, Any], base_url: str) -> Item:
    """Return what a record says; one that is no object says nothing."""
    if not isinstance(record, dict):
        return Item()
    guid = _written(record, "id")
    links = (web_address(_text(record, key), base_url) for key in ("url", "external_url"))
    return Item(
        guid=guid,
        url=next(filter(None, links), "") or web_address(guid),
        title=html.escape(_text(record, "title"), quote=False),
        summary_html=_markup(_text(record, "summary")),
        content_html=_text(record, "content_html") or _markup(_text(record, "content_text")),
        author=author_names(_authors(record) or _authors(document)),
        published=tuple(filter(None, (_written(record, "date_published"),))),
        updated=_written(record, "date_modified"),
        categories=tuple(dict.fromkeys(islice(_texts(record.get("tags")), MAX_TAGS))),
        media=tuple({media.url: media for media in _media(record, base_url)}.values()),
        base_url=base_url,
    )


def _authors(record: dict[str, Any]) -> list[str]:
    """Return the names of a record's `authors`, or of its `author` as in version 1."""
    listed = record.get("authors")
    people = listed if isinstance(listed, list) else [record.get("author")]
    names = (_text(person, "name") for person in people if isinstance(person, dict))
    return list(filter(None, names))


def _media(record: dict[str, Any], base_url: str) -> Iterator[Media]:
    """Yield the pictures of an item, then its attachments."""
    for key in ("image", "banner_image"):
        url = web_address(_text(record, key), base_url)
        if url and not is_tracker(url):
            yield Media(url)
    attachments = record.get("attachments")
    for each in attachments if isinstance(attachments, list) else ():
        url = web_address(_text(each, "url"), base_url) if isinstance(each, dict) else ""
        if url and not is_tracker(url):
            size = _written(each, "size_in_bytes")
            length = int(size) or None if size.isdecimal() and len(size) < 16 else None
            yield Media(url, _text(each, "mime_type").lower(), length, _text(each, "title"))


def _markup(text: str) -> str:
    """Return plain text as markup: blank lines part paragraphs, other line ends stay line ends."""
    escaped = html.escape(text.replace("\r\n", "\n").replace("\r", "\n"), quote=False)
    if "\n" not in escaped:
        return escaped
    paragraphs = (part.strip().replace("\n", "<br>") for part in _BLANK_LINES.split(escaped))
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _texts(value: Any) -> Iterable[str]:
    if not isinstance(value, list):
        return ()
    cleaned = (_NO_TEXT.sub("", text).strip() for text in value if _is_text(text))
    return filter(None, cleaned)


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return _written(record, key) if _is_text(value) else ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, _Number)


def _written(record: dict[str, Any], key: str) -> str:
    """Return a text, or a number as it is written."""
    value = record.get(key)
    return _NO_TEXT.sub("", value).strip() if isinstance(value, str) else ""
