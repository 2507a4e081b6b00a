"""What the rule of an outlet selects in a page: its text, date and authors."""

from __future__ import annotations

import logging
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

from config.page_rules import PageRule, Selector
from workers.text.page.document import MAX_LINE, Element, drop, one_line

logger = logging.getLogger(__name__)

_MAX_SELECTED = 2_000
_MAX_AUTHORS = 5


@dataclass(frozen=True, slots=True)
class Selected:
    """What a rule selects in one page.

    Attributes:
        body: element that holds what is selected as the text; None where nothing is.
        date: as the page writes it, or an empty string.
        authors: as the page writes them.
    """

    body: Element | None = None
    date: str = ""
    authors: tuple[str, ...] = ()


def apply_rule(root: Element, rule: PageRule | None) -> Selected:
    """Take out of a page what a rule strips, and select the rest.

    Args:
        root: of the page; is changed.
        rule: of its outlet, or None.

    Returns:
        Copies of the elements that hold the text, and the texts of the date and authors.
    """
    if rule is None:
        return Selected()
    for selector in rule.strip:
        for found in _select(root, selector):
            if isinstance(found, etree._Element) and found.tag not in ("html", "body"):
                drop(found)
    authors = tuple(filter(None, (_text_of(each) for each in _select(root, rule.author))))
    dates = [text for each in _select(root, rule.date) if (text := _date_of(each))]
    return Selected(_body(root, rule.body), next(iter(dates), ""), authors[:_MAX_AUTHORS])


def _select(root: Element, selector: Selector | None) -> list[Any]:
    try:
        found = selector.xpath(root) if selector is not None else []
    except etree.XPathError as error:  # a function that there is not
        logger.warning(
            'the selector "%s" of a rule for pages fails: %s', selector and selector.text, error
        )
        return []
    return found[:_MAX_SELECTED] if isinstance(found, list) else [found]


def _body(root: Element, selector: Selector | None) -> Element | None:
    found = [each for each in _select(root, selector) if isinstance(each, etree._Element)]
    chosen = set(found)
    body = etree.Element("article")
    body.extend(deepcopy(each) for each in found if chosen.isdisjoint(each.iterancestors()))
    return body if len(body) else None


def _text_of(found: Any) -> str:
    if isinstance(found, etree._Element):
        return one_line(" ".join(_pieces(found)))
    return one_line(str(found))[:MAX_LINE]


def _pieces(element: Element) -> list[str]:
    return [str(piece).strip() for piece in element.itertext()]


def _date_of(found: Any) -> str:
    if isinstance(found, etree._Element):
        for name in ("datetime", "content", "title"):
            if value := one_line(found.get(name)):
                return value
    return _text_of(found)
