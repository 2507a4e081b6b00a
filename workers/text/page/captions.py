"""Captions in the text: what stands in one box with a picture, or centred below it."""

from __future__ import annotations

import re

from workers.text.page.boxes import outermost_around
from workers.text.page.document import Element, drop, is_longer, text_of

_LONGEST_CAPTION = 200
_SENTENCE_ENDS = (".", "؟", "?", "!", ":", "»", '"', "”", "…")
_PICTURE_CLASS = re.compile(r"image|img|photo|pic|thumb|media|figure|caption", re.IGNORECASE)
_PICTURE_BOXES = frozenset(("div", "figure", "td", "p", "center", "span", "section", "a"))


def drop_captions(below: Element) -> None:
    """Remove the short text that stands in one box with a picture, or centred below it."""
    for image in list(below.iter("img", "amp-img", "picture")):
        box = outermost_around(image)
        if box is not image and not is_longer(box, _LONGEST_CAPTION):
            drop(box)
            continue
        outer = box
        while (parent := outer.getparent()) is not None and parent.tag not in ("body", "html"):
            if text_of(parent):
                break
            outer = parent
        if parent is None or outer.getparent() is None:
            continue
        if parent.tag in _PICTURE_BOXES and not is_longer(parent, _LONGEST_CAPTION):
            marks = f"{parent.get('class') or ''} {parent.get('id') or ''}"
            if _PICTURE_CLASS.search(marks) or not text_of(parent).endswith(_SENTENCE_ENDS):
                drop(parent)
            continue
        following = outer.getnext()
        if following is not None and not (outer.tail or "").strip() and _is_centred(following):
            drop(following)


def _is_centred(element: Element) -> bool:
    """Say whether a short text is set like a caption."""
    if is_longer(element, _LONGEST_CAPTION) or text_of(element).endswith(_SENTENCE_ENDS):
        return False
    style = f"{element.get('align') or ''} {element.get('style') or ''}"
    inner = next(iter(element), None)
    is_small = inner is not None and inner.tag in ("small", "em", "i", "font")
    return "center" in style or is_small or "title" in (element.get("class") or "")
