"""The lead of an article where it stands outside of the block that holds the text."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from workers.text.page.document import Block, Element, folded, is_unseen

_LEAST_LEAD = 40
_NAMED_LEAD = 60
_LEAD_NAME = re.compile(
    r"(?:^|[\s_-])(?:summary|lead|lede|intro|intro-text|standfirst|chapo|subhead|sub-?title|excerpt|sapo"
    r"|announce|brief|article-desc)(?:$|[\s_-])",
    re.IGNORECASE,
)
_PICTURE_NAME = re.compile(r"caption|media|image|photo|figure|card|related|share", re.IGNORECASE)
_ARABIC = re.compile("[\u0620-\u064a]")


@dataclass(frozen=True, slots=True)
class Lead:
    """A Lead is a block that may be the beginning of an article.

    Attributes:
        text: of it.
        place: number of the block.
        is_described: whether it says what the page gives as its description.
    """

    text: str
    place: int
    is_described: bool


def find_leads(blocks: Sequence[Block], description: str, refused: Collection[str]) -> list[Lead]:
    """Find the blocks that say what the description says, and those that are named a lead.

    Args:
        blocks: of text in the page.
        description: what the metadata say of the article.
        refused: title and captions, each as `folded` gives it.
    """
    wanted = folded(re.sub(r"(?:\.{2,}|…|\[…\])\s*$", "", description))
    is_described = len(wanted) >= _LEAST_LEAD and bool(_ARABIC.search(wanted))
    found = []
    for place, (element, text) in enumerate(blocks):
        is_named = len(text) >= _NAMED_LEAD and _is_named_lead(element) and _ARABIC.search(text)
        if not (is_described or is_named):
            continue
        key = folded(text)
        is_said = is_described and key.startswith(wanted) and len(key) < 2 * len(wanted)
        if (is_said or is_named) and key not in refused and not is_unseen(element):
            found.append(Lead(text, place, is_said))
    return found


def _is_named_lead(element: Element) -> bool:
    names = [each.get("class") or "" for each in (element, *islice(element.iterancestors(), 2))]
    return bool(_LEAD_NAME.search(names[0]) or _LEAD_NAME.search(" ".join(names[1:]))) and not any(
        _PICTURE_NAME.search(name) for name in names
    )


def missing_lead(
    leads: Collection[Lead], paragraphs: Sequence[str], blocks: Sequence[Block]
) -> str:
    """Return a lead that is not in the text; one that is only named so must stand above it.

    Args:
        leads: see `find_leads`.
        paragraphs: of the text, at least one.
        blocks: of text in the page.
    """
    text = _folded_text(paragraphs)
    opening = folded(paragraphs[0])[:_LEAST_LEAD]
    first = next((n for n, (_, each) in enumerate(blocks) if folded(each).startswith(opening)), 0)
    missing = (lead for lead in leads if folded(lead.text) not in text)
    return next((lead.text for lead in missing if lead.is_described or lead.place < first), "")


def _folded_text(paragraphs: Collection[str]) -> str:
    """Return the first paragraphs as one text for comparison."""
    return " ".join(folded(each) for each in list(paragraphs)[:12])
