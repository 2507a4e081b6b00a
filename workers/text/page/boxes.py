"""Boxes of a page: the containers around an element that hold little else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from workers.text.page.document import Element, is_longer, text_of

BOX_TAGS = frozenset(("div", "section", "aside", "ul", "ol", "table", "td", "li", "figure"))
"""Elements that can be a box."""

LITTLE = 60
"""Code points of a container that nothing but its label is left in."""

_MAX_OUTER = 10  # containers around a label, picture or link


def containers_of(element: Element) -> Iterator[Element]:
    """Yield the containers of an element from the inside, as far out as a box can reach."""
    return islice(element.iterancestors(), _MAX_OUTER)


def outermost_around(element: Element) -> Element:
    """Return the outermost container in which there is little but an element."""
    outer = element
    length = len(text_of(element))
    for each in containers_of(element):
        if each.tag not in BOX_TAGS or is_longer(each, length + LITTLE):
            break
        outer = each
    return outer
