"""HTML to plain text: the fragments that feeds carry, and whole pages.

Paragraphs are kept; what no reader sees (scripts, forms, pictures) is left out. Cleaning the
characters of the text is left to `workers.text.normalise`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from lxml import etree
from lxml.html import defs

MAX_MARKUP = 2_000_000
"""Code points of markup that are read, pictures inside it not counted; the rest is not."""

_PAGE = re.compile(
    r"[\s\ufeff]*(?:<\?xml[^<>]*>\s*)?(?:<!--(?:(?!-->).){0,4000}-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAX_ROUNDS = 3  # how often markup may have been escaped before it was put into the feed

# libxml2 walks the stack of open elements for each end tag that closes none of them. A depth that
# could cost more steps than this (about 0.2 s) is taken for an attack.
_MAX_STEPS = 100_000_000
_PIECE = 65_536  # bytes fed to the parser at a time

# fmt: off
_HIDDEN = frozenset((
    "applet", "audio", "button", "canvas", "datalist", "dialog", "iframe", "label", "legend", "map",
    "meter", "noframes", "noscript", "object", "progress", "script", "select", "style", "svg",
    "template", "textarea", "title", "video",
))
_PARAGRAPHS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "details", "div",
    "dl", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "ul",
))
_LINES = frozenset(("br", "dd", "dt", "li", "tr"))
_CELLS = frozenset(("td", "th"))
_PREFORMATTED = frozenset(("listing", "plaintext", "pre", "xmp"))
_ELEMENTS = defs.tags | frozenset((
    "bdi", "data", "dialog", "frame", "listing", "main", "nobr", "noframes", "picture",
    "plaintext", "rb", "rtc", "search", "slot", "template", "xmp",
))
# fmt: on

_HIDING_STYLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all)\b",
    re.IGNORECASE,
)
_START_TAG = re.compile(r"<([a-zA-Z][^\s<>/]*)")
_WELL_FORMED_TAG = re.compile(
    r"<[a-zA-Z][\w:-]*(?:\s+[\w:.@-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))*\s*/?>"
)
_ANY_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)([a-zA-Z][^\s<>/]*)[^<>]*>?|<[!?][^>]*>?", re.DOTALL)
# A `<` that nothing closes is the start of a tag that was cut off only if it reads like one.
_NO_CUT_TAG = re.compile(
    r"<(?=[a-zA-Z/])(?!/?[a-zA-Z][\w:-]*(?:\s+[\w:-]+\s*=[^<]*|\s*/?)?\Z)",
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_SURE_TAG = re.compile(r"</([a-zA-Z][a-zA-Z0-9]*)\s*>|<([a-zA-Z][a-zA-Z0-9]*)\s[^<>=]*=[^<>]*>")
_LONE_TAG = re.compile(r"<(?:br|div|hr|p)\s*/?>|<!--|<!\[CDATA\[", re.IGNORECASE)
_INLINE_DATA = re.compile(r"(?<=;base64,)[A-Za-z0-9+/=]+")
_HTML_SPACE = re.compile(r"[\t\n\f\r]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def html_to_text(markup: str) -> str:
    """Turn the title, summary or content of an entry into plain text.

    The markup may be a fragment, broken, cut off, escaped once too often, or no markup at all. A
    `<` begins a tag where a browser sees one, but not where the name is none of HTML's and what
    follows does not read like attributes (`<info@example.org>`, `x<y and z>3`). Line ends of the
    source are kept where the markup itself has no blocks and no `<br>`.

    Args:
        markup: what the feed says; at most `MAX_MARKUP` code points of it are read.

    Returns:
        Text whose paragraphs are parted by one empty line; each list item, table row and `<br>`
        begins a line, the cells of a row are parted by ` | `. Time and memory grow linearly with
        the markup, whatever it holds.
    """
    text = bound_markup(markup)
    if "<" not in text and "&" not in text:
        return _tidy(text.replace("\t", " "))
    for _ in range(_MAX_ROUNDS):
        text = _tidy(_flatten(text))
        if not _is_escaped(text):
            break
        text = bound_markup(text)
    return text


def bound_markup(markup: str) -> str:
    """Return markup bounded: pictures inside it emptied, null bytes and CDATA marks dropped.

    Args:
        markup: HTML; at most `MAX_MARKUP` code points of it are returned.
    """
    if ";base64," in markup:
        markup = _INLINE_DATA.sub("", markup)
    markup = markup[:MAX_MARKUP].replace("\0", "")
    return markup.replace("<![CDATA[", "").replace("]]>", "")


def looks_like_page(text: str) -> bool:
    """Say whether a text is a whole HTML page rather than a fragment or plain text.

    Args:
        text: the beginning is enough.

    Returns:
        True if it opens with a doctype, `<html>`, `<head>` or `<body>`, white space, an XML
        declaration and comments aside.
    """
    return _PAGE.match(text) is not None


class _TooDeepError(Exception):
    """The markup is nested so deeply that parsing it would take minutes."""


class _Flattener:
    r"""Receives the events of a parser and writes text with `\n` and `\t` (cells) as breaks."""

    def __init__(self, keep_lines: bool, max_depth: int) -> None:
        self._written: list[str] = []
        self._keep_lines = keep_lines
        self._max_depth = max_depth
        self._depth = 0
        self._hidden = 0
        self._hidden_depth = 0  # of the outermost element that its attributes hide; 0 for none
        self._preformatted = 0

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > self._max_depth:
            raise _TooDeepError
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _PARAGRAPHS:
            self._written.append("\n\n")
        elif tag in _LINES:
            self._written.append("\n")
        elif tag in _CELLS:
            self._written.append("\t")
        elif tag == "q":
            self.data("«")
        if tag in _PREFORMATTED:
            self._preformatted += 1
        if attrib and not self._hidden_depth and _is_hidden(tag, attrib):
            self._hidden_depth = self._depth

    def end(self, tag: str) -> None:
        self._depth -= 1
        if self._depth < self._hidden_depth:
            self._hidden_depth = 0
        if tag in _HIDDEN:
            self._hidden -= self._hidden > 0
        elif tag in _PARAGRAPHS:
            self._written.append("\n\n")
        elif tag == "q":
            self.data("»")
        if tag in _PREFORMATTED:
            self._preformatted -= self._preformatted > 0

    def data(self, data: str) -> None:
        if self._hidden or self._hidden_depth:
            return
        if self._keep_lines or self._preformatted:
            self._written.append(data.replace("\t", " "))
        else:
            self._written.append(_HTML_SPACE.sub(" ", data))

    def close(self) -> str:
        return "".join(self._written)


def _is_hidden(tag: str, attrib: Mapping[str, str]) -> bool:
    """Say whether the attributes of an element keep it from the reader.

    Not the whole page: a script shows it when it is loaded.
    """
    if tag in ("body", "html"):
        return False
    return "hidden" in attrib or bool(_HIDING_STYLE.search(attrib.get("style") or ""))


def _flatten(markup: str) -> str:
    r"""Parse markup once; text in hidden elements is dropped, breaks are `\n` and `\t`."""
    names = {name.lower() for name in set(_START_TAG.findall(markup))}
    markup = _escape_non_tags(markup, names - _ELEMENTS)
    keep_lines = not names & (_PARAGRAPHS | _LINES)
    target = _Flattener(keep_lines, max_depth=_MAX_STEPS // (markup.count("</") + 1))
    # Events, not a tree: a tree would be limited in depth, and the text below it lost.
    parser = etree.HTMLParser(
        target=target,  # type: ignore[arg-type]  # str where the stubs allow bytes as well
        encoding="utf-8",
        huge_tree=True,
    )
    source = markup.encode("utf-8", "ignore")
    try:
        # In pieces, because an exception from the target is raised only when a piece is through.
        for start in range(0, len(source), _PIECE):
            parser.feed(source[start : start + _PIECE])
        parser.close()
    except _TooDeepError:
        return _flatten_flat(markup, keep_lines)
    return target.close()


def _flatten_flat(markup: str, keep_lines: bool) -> str:
    """Do what `_flatten` does without a stack of open elements, for markup that abuses it."""
    target = _Flattener(keep_lines, max_depth=len(markup))
    position = 0
    for tag in _ANY_TAG.finditer(markup):
        target.data(unescape(markup[position : tag.start()]))
        position = tag.end()
        if tag[2] and tag[1]:
            target.end(tag[2].lower())
        elif tag[2]:
            target.start(tag[2].lower(), {})
    target.data(unescape(markup[position:]))
    return target.close()


def _escape_non_tags(markup: str, unknown: set[str]) -> str:
    """Escape each `<` that begins no tag although a parser would take it for one."""

    def escape(tag: re.Match[str]) -> str:
        if tag[1].lower() not in unknown or _WELL_FORMED_TAG.match(markup, tag.start()):
            return tag[0]
        return f"&lt;{tag[1]}"

    if unknown:
        markup = _START_TAG.sub(escape, markup)
    last = markup.rfind(">") + 1
    if "<" in markup[last:]:
        markup = markup[:last] + _NO_CUT_TAG.sub("&lt;", markup[last:])
    return markup


def _is_escaped(text: str) -> bool:
    """Say whether text that came out of a parser still holds entities or markup."""
    if "&" in text and _ENTITY.search(text):
        return True
    if "<" not in text:
        return False
    names = (name for pair in _SURE_TAG.findall(text) for name in pair if name)
    return bool(_LONE_TAG.search(text)) or any(name.lower() in _ELEMENTS for name in names)


def _tidy(text: str) -> str:
    """Trim lines and cells, drop empty cells, leave at most one empty line in a row."""
    lines = (
        " | ".join(filter(None, (" ".join(cell.split()) for cell in line.split("\t"))))
        for line in text.splitlines()
    )
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
