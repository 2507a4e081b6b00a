"""Bodies that are no feed: what they look like, in words that a person reads."""

from __future__ import annotations


class NotAFeedError(ValueError):
    """The text is no feed: its message is one clause that says what it looks like."""


def describe_body(text: str, root: str | None) -> str:
    """Return one clause that says what a body looks like.

    Args:
        text: the body, decoded.
        root: name of the element that it begins with, or None.
    """
    if not text.strip():
        return "the body is empty"
    opening = text[:2000].lstrip("\ufeff \t\r\n").lower()
    if (root or "").lower() in ("html", "head", "body") or "<html" in opening:
        return "the body is an HTML page, not a feed"
    if opening.startswith("<!doctype html"):
        return "the body is an HTML page, not a feed"
    if root is None and opening.startswith(("<?xml", "<!doctype", "<!--", "<rss", "<rdf", "<feed")):
        return "the body is cut off before its root element"
    if root:
        return f"the body is XML or HTML that begins with <{root}>, not a feed"
    if opening[:1] in ("{", "["):
        return "the body looks like JSON, not a feed"
    unprintable = sum(not (letter.isprintable() or letter.isspace()) for letter in opening)
    if "\ufffd" in opening or unprintable * 10 > len(opening):
        return "the body is binary data, not a feed"
    return "the body is plain text, not a feed"
