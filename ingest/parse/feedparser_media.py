"""What feedparser misses or mistakes in items: captions, pictures, and addresses with marks.

feedparser takes `media:description` for the description of the item, drops `media:text` and the
picture in an item's own `image`, leaves `xml:base` out for media, and resolves an address before
anybody has cleaned or measured it.
"""

from __future__ import annotations

from typing import Any

from feedparser import FeedParserDict
from feedparser.urls import _urljoin

from ingest.identity.addresses import (
    MAX_ADDRESS,
    PLACEHOLDERS,
    clean_address,
    is_measured,
    is_resolved,
)

Attributes = dict[str, str]


def resolve_as_feedparser(base: str, written: str) -> str:
    """Return an address resolved against a base, with feedparser's mending of slashes.

    Args:
        base: absolute, or empty.
        written: as the document has it.

    Returns:
        The address, or an empty string where one of the two is too long for one.
    """
    address = clean_address(written)
    if address.strip().lower() in PLACEHOLDERS:
        return ""
    if not (is_measured(address) and is_measured(base)):
        return ""
    return address if is_resolved(address) else str(_urljoin(base, address))


def is_base(value: str, outer: str) -> bool:
    """Tell whether the value of `xml:base` may be resolved: it is short enough, with those around.

    Args:
        value: as written.
        outer: the base around it.
    """
    return len(value) + len(outer) <= MAX_ADDRESS and is_measured(value)


class MediaHandlers:
    """Handlers of elements, above those of feedparser's parsers."""

    def resolve_uri(self, uri: str) -> str:
        """Return an address resolved against the base in force."""
        return resolve_as_feedparser(self.baseuri or "", uri)  # type: ignore[attr-defined]

    def _start_media_content(self, attrs_d: Attributes) -> None:
        self._resolve(attrs_d, "url")
        super()._start_media_content(attrs_d)  # type: ignore[misc]

    def _start_media_thumbnail(self, attrs_d: Attributes) -> None:
        self._resolve(attrs_d, "url")
        super()._start_media_thumbnail(attrs_d)  # type: ignore[misc]

    def _end_media_thumbnail(self) -> None:
        super()._end_media_thumbnail()  # type: ignore[misc]
        self._resolve(self._get_context()["media_thumbnail"][-1], "url")  # type: ignore[attr-defined]

    def _start_enclosure(self, attrs_d: Attributes) -> None:
        self._resolve(attrs_d, "url", "uri", "href")
        super()._start_enclosure(attrs_d)  # type: ignore[misc]

    def _start_media_description(self, attrs_d: Attributes) -> None:
        self.push_content("media_caption", attrs_d, "text/html", 1)  # type: ignore[attr-defined]

    def _end_media_description(self) -> None:
        self._keep_caption(self.pop_content("media_caption"))  # type: ignore[attr-defined]

    _start_media_text = _start_media_description
    _end_media_text = _end_media_description

    def _end_media_credit(self) -> None:
        super()._end_media_credit()  # type: ignore[misc]
        credit = self._get_context()["media_credit"][-1].get("content")  # type: ignore[attr-defined]
        self._keep_caption(credit, is_credit=True)

    def _keep_caption(self, text: str | None, *, is_credit: bool = False) -> None:
        """Keep a caption or a credit with the file that it stands in or behind, or for the item."""
        context = self._get_context()  # type: ignore[attr-defined]
        text = (text or "").strip()
        if not text:
            return
        media = context.get("media_content") or context.get("media_thumbnail")
        target, key = (media[-1], "caption") if media else (context, "loose_caption")
        if caption := target.get(key):
            if is_credit and text not in caption:
                target[key] = f"{caption} ({text})"
        else:
            target[key] = text

    def _start_image(self, attrs_d: Attributes) -> None:
        super()._start_image(attrs_d)  # type: ignore[misc]
        if self._is_in_item():
            self._resolve(attrs_d, "url", "href")
            self._keep_picture(attrs_d.get("url") or attrs_d.get("href"))

    def _end_image(self) -> None:
        if not self._is_in_item():
            super()._end_image()  # type: ignore[misc]
            return
        self._keep_picture(self.pop("image"))  # type: ignore[attr-defined]
        self.inimage = 0

    def _end_url(self) -> None:
        if self._is_in_item() and self.inimage and not self._is_of_person():
            self._keep_picture(self.pop("href"))  # type: ignore[attr-defined]
        else:
            super()._end_url()  # type: ignore[misc]

    def _start_itunes_image(self, attrs_d: Attributes) -> None:
        super()._start_itunes_image(attrs_d)  # type: ignore[misc]
        if self._is_in_item():
            self._keep_picture(attrs_d.get("href") or attrs_d.get("url"))

    def _is_in_item(self) -> bool:
        return bool(self.inentry and not self.insource)  # type: ignore[attr-defined]

    def _is_of_person(self) -> bool:
        return bool(self.inauthor or self.incontributor)  # type: ignore[attr-defined]

    def _keep_picture(self, address: str | None) -> None:
        if address and address.strip():
            pictures = self.entries[-1].setdefault("item_pictures", [])  # type: ignore[attr-defined]
            pictures.append(FeedParserDict({"url": self.resolve_uri(address)}))

    def _resolve(self, attributes: Any, *names: str) -> None:
        for name in names:
            if written := attributes.get(name):
                attributes[name] = self.resolve_uri(written)
