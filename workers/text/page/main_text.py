"""The paragraphs of a page, or of one element of it, as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from workers.text.html import html_to_text
from workers.text.page.document import Element

_LONG_LINE = 60
_LONG_VERSE = 100
_MANY = 50
_SIGN = re.compile(r"[^\w\s]|_")
_BREAKS = re.compile(r"\n\s*\n\s*")


def main_text(below: Element, url: str, *, precise: bool) -> list[str]:
    """Return the paragraphs that trafilatura takes for the text of a page.

    Args:
        below: root of it.
        url: of the page.
        precise: leave out rather than take too much.
    """
    import trafilatura  # noqa: PLC0415  0.2 s, and a feed does not need it

    found = trafilatura.bare_extraction(
        below, url=url, favor_precision=precise, include_comments=False, with_metadata=False
    )
    body = getattr(found, "body", None)
    return [] if body is None else list(_paragraphs(body))


def all_text(container: Element) -> list[str]:
    """Return all paragraphs that an element holds."""
    blocks = html_to_text(etree.tostring(container, encoding="unicode")).split("\n\n")
    return [line for block in blocks for line in _lines_of(block.split("\n"))]


def parted(paragraphs: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Return paragraphs, those that several lines of the page were run together to as these lines.

    trafilatura's last resort is the text of a whole page, or of each `article`, as one paragraph.

    Args:
        paragraphs: as `main_text` gives them; of more than 50 none is a whole page.
        lines: of the page (`all_text`), in their order.
    """
    if len(paragraphs) > _MANY:
        return list(paragraphs)
    keys = [f" {_words_of(line)} " for line in lines]
    known = set(keys)
    found: list[str] = []
    for paragraph in paragraphs:
        whole = f" {_words_of(paragraph)} "
        if whole in known:
            found.append(paragraph)
            continue
        parts = [
            (line, len(key) - 1)
            for line, key in zip(lines, keys, strict=True)
            if len(key) > 2 and key in whole
        ]
        length = sum(length for _, length in parts)
        is_whole = 0.9 * len(whole) <= length <= 1.1 * len(whole)
        found += [line for line, _ in parts] if is_whole else [paragraph]
    return found


def _words_of(text: str) -> str:
    """Return the words of a text without signs, some of which trafilatura leaves out."""
    return " ".join(_SIGN.sub("", text).split())


def _paragraphs(body: etree._Element) -> Iterator[str]:
    """Yield the paragraphs of trafilatura's tree: `p`, `head`, `quote`, lists, tables, `lb`."""
    written: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            if element.tag in ("p", "head", "quote", "list", "table", "row", "item", "code"):
                written.append("\n\n")
            elif element.tag == "cell":
                written.append("\t")
            elif element.tag == "lb":
                written.append("\n")
            written.append(" ".join((element.text or "").split("\n")))
            continue
        if element.tag in ("p", "head", "quote", "list", "table", "row", "item", "code"):
            written.append("\n\n")
        if element is not body:
            written.append(" ".join((element.tail or "").split("\n")))
    for block in _BREAKS.split("".join(written)):
        lines = [
            " | ".join(filter(None, (" ".join(cell.split()) for cell in line.split("\t"))))
            for line in block.split("\n")
        ]
        yield from _lines_of([line for line in lines if line])


def _lines_of(lines: list[str]) -> list[str]:
    """Return lines as paragraphs of their own; where they are as short as verses, as one."""
    if any(len(line) > _LONG_VERSE for line in lines) or sum(map(len, lines)) > _LONG_LINE * len(
        lines
    ):
        return lines
    return ["\n".join(lines)] if lines else []
