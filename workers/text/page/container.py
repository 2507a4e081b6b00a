"""The element of a page that holds its article, told by where the text of paragraphs is."""

from __future__ import annotations

import re

from lxml import etree

from workers.text.page.document import BLOCKS, Element

_PARAGRAPH = 56  # code points of text without links from which on a block is a paragraph
_TEXT_NAME = re.compile(r"article|post|entry|content|story|main|text|body", re.IGNORECASE)
_ENOUGH = 0.75  # share of the paragraphs' text that the container of the article holds


def find_container(below: Element) -> Element | None:
    """Find the element that holds an article.

    Args:
        below: root of a page that begins at its headline.

    Returns:
        The innermost element with most of the text, or None where that is the whole body.
    """
    weights = weigh(below)
    body = next(below.iter("body"), below)
    total = weights.get(body, 0)
    if not total:
        return None
    container = body
    while True:
        heavy = next(
            (each for each in container if each in weights and weights[each] >= _ENOUGH * total),
            None,
        )
        if heavy is None or heavy.tag == "p":
            break
        container = heavy
    return None if container is body else container


def cut_behind(container: Element) -> None:
    """Remove all that stands behind an element in its page."""
    child = container
    while (parent := child.getparent()) is not None and parent.tag != "html":
        for sibling in list(child.itersiblings()):
            parent.remove(sibling)
        child.tail = None
        child = parent


def name_container(container: Element) -> None:
    """Name an element as trafilatura expects it of a text, where nothing around it is named so.

    Otherwise it takes paragraphs alone: no headings, no lists.
    """
    for element in (container, *container.iterancestors()):
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in ("article", "main") or _TEXT_NAME.search(marks):
            return
    container.set("class", "post-content")


def weigh(below: Element) -> dict[Element, int]:
    """Count the text of each element of a page.

    Args:
        below: root of it.

    Returns:
        For each element the code points of its paragraphs, rows and items, without links and white
        space.
    """
    weights: dict[Element, int] = {}
    own: list[int] = []  # text of each open block that is not in a link
    open_links = 0

    def add(text: str | None) -> None:
        if text and own and not open_links:
            own[-1] += len("".join(text.split()))

    for event, element in etree.iterwalk(below, events=("start", "end")):
        if event == "start":
            weights[element] = 0
            open_links += element.tag == "a"
            if element.tag in BLOCKS:
                own.append(0)
            add(element.text)
            continue
        if element.tag in BLOCKS:
            length = own.pop()
            # Rows and items are text however short, where they do not link away.
            if length >= _PARAGRAPH or element.tag in ("td", "li"):
                weights[element] += length
        open_links -= element.tag == "a"
        parent = element.getparent()
        if parent is not None and parent in weights and element is not below:
            weights[parent] += weights[element]
            add(element.tail)
    return weights
