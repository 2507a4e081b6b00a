"""The feed list as OPML 2.0 (http://opml.org/spec2.opml), both ways.

Every feed reader can read what is written here; nabaa's own fields ride along as attributes of a
namespace, so that nothing is lost on the way back. What a feed may say is `config.feed_rules`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

from config.feed_rules import (
    PAN_ARAB,
    address_key,
    check_feed,
    config_error,
    duplicates,
    feed_from_row,
)
from config.feed_yaml import Field, Mistake, Row
from config.model import Feed
from nabaa.errors import ConfigError

NAMESPACE: Final = "urn:nabaa:opml"
_OWN_KEYS: Final = (
    *("id", "outlet", "country", "timezone", "language", "topic"),
    *("interval_seconds", "insecure_tls", "full_text", "checked", "note"),
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff]+")


def write_opml(feeds: Iterable[Feed]) -> bytes:
    """Write feeds as OPML 2.0.

    Args:
        feeds: in the order they shall stand.

    Returns:
        A UTF-8 document with its XML declaration; the same feeds always give the same bytes.

    Raises:
        ConfigError: a feed is not fit for a list.
    """
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"nabaa": NAMESPACE})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "nabaa"
    body = etree.SubElement(root, "body")
    for feed in feeds:
        check_feed(feed)
        outline = etree.SubElement(
            body,
            "outline",
            {"type": "rss", "text": feed.title, "title": feed.title, "xmlUrl": feed.url},
        )
        if feed.tags:
            outline.set("category", ",".join(feed.tags))
            outline.set(_own("tags"), ",".join(feed.tags))
        for key in _OWN_KEYS:
            value = getattr(feed, key)
            if value not in (None, False, ""):
                outline.set(_own(key), "true" if value is True else str(value))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def read_opml(data: bytes, source_name: str) -> list[Feed]:
    """Read the feeds of an OPML document, nabaa's own or any reader's.

    A foreign document says little of a feed: its outlet is its title, its country `XX`, its zone
    UTC. The folders it lies in become its tags, and the innermost one its topic where that is one
    word. A feed that lies in several folders comes once, with the tags of all.

    Args:
        data: the document, from anywhere: entities, DTD and network are off.
        source_name: what to call it in an error.

    Returns:
        The feeds in document order.

    Raises:
        ConfigError: it is not OPML, or an outline is no usable feed; one line each, with line.
    """
    mistakes: list[Mistake] = []
    listed: list[tuple[int, Feed]] = []
    places: dict[str, int] = {}
    tags: dict[int, dict[str, None]] = {}
    for outline, folders in _feed_outlines(_body(data, source_name)):
        feed = feed_from_row(_row(outline, folders), mistakes)
        if feed is None:
            continue
        place = places.setdefault(address_key(feed.url), len(listed))
        if place == len(listed):
            listed.append((_line(outline), feed))
        else:
            tags.setdefault(place, dict.fromkeys(listed[place][1].tags)).update(
                dict.fromkeys(feed.tags)
            )
    for place, united in tags.items():
        line, first = listed[place]
        listed[place] = line, replace(first, tags=tuple(united))
    mistakes += duplicates(listed)
    if mistakes:
        raise config_error(source_name, mistakes)
    return [feed for _, feed in listed]


def _body(data: bytes, source_name: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    if b"<!DOCTYPE" in data.replace(b"\0", b""):  # before expat or libxml2 reads what it declares
        raise ConfigError(f"{source_name}: an OPML document must not have a DOCTYPE")
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        reason = str(getattr(error, "msg", None) or error).split(", line ")[0]
        raise config_error(source_name, [Mistake(line, f"not XML: {reason}")]) from error
    body = root.find("body")
    if root.tag != "opml" or body is None:
        raise config_error(
            source_name, [Mistake(_line(root), "not OPML: there is no <opml> with a <body>")]
        )
    return body


def _feed_outlines(body: etree._Element) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    """Walk the outlines that are feeds, each with the folders around it, outermost first."""
    pending: list[tuple[etree._Element, tuple[str, ...]]] = [
        (outline, ()) for outline in reversed(body.findall("outline"))
    ]
    while pending:
        outline, folders = pending.pop()
        if _attribute(outline, "xmlUrl"):
            yield outline, folders
        name = _clean(_attribute(outline, "text") or _attribute(outline, "title"))
        inside = (*folders, name) if name else folders
        pending.extend((child, inside) for child in reversed(outline.findall("outline")))


def _row(outline: etree._Element, folders: tuple[str, ...]) -> Row:
    """Say what an outline says in the keys of the feed list."""
    line = _line(outline)
    own = {key: outline.get(_own(key)) for key in (*_OWN_KEYS, "tags")}
    url = _attribute(outline, "xmlUrl")
    title = _attribute(outline, "title") or _attribute(outline, "text")
    stated: dict[str, str | tuple[str, ...] | None] = {"url": url, "title": title}
    if own["id"] is None:
        stated |= _foreign(outline, url.strip(), _clean(title), folders)
    stated |= {key: own[key] for key in _OWN_KEYS if own[key] is not None}
    if own["tags"] is not None:
        stated["tags"] = tuple(own["tags"].split(","))
    fields = tuple(Field(key, line, value) for key, value in stated.items())
    return Row(line, line, fields)


def _foreign(
    outline: etree._Element, url: str, title: str, folders: tuple[str, ...]
) -> dict[str, str | tuple[str, ...] | None]:
    """Fill what another reader's document leaves open."""
    title = title or _host(url) or url
    language = re.match(r"[a-z]{2,3}(?![a-z])", _attribute(outline, "language").lower())
    topic = folders[-1].lower() if folders and len(folders[-1].split()) == 1 else "news"
    categories = re.split(r"[,/]", _attribute(outline, "category"))
    return {
        "url": url,
        "title": title,
        "outlet": title,
        "country": PAN_ARAB,
        "timezone": "UTC",
        "language": language[0] if language else "ar",
        "topic": topic,
        "tags": _united(
            tuple(_clean(name.replace(",", " ")) for name in folders),
            tuple(_clean(category) for category in categories),
        ),
    }


def _own(key: str) -> str:
    return f"{{{NAMESPACE}}}{key}"


def _attribute(outline: etree._Element, name: str) -> str:
    """Return an attribute in whatever case the writer spelled its name, or an empty string."""
    for key, value in outline.attrib.items():
        if str(key).lower() == name.lower():
            return str(value)
    return ""


def _clean(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _united(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for tag in (*first, *second) if tag))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _line(element: etree._Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 1
