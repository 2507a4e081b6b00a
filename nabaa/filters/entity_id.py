"""The form of an entity's id."""

from __future__ import annotations

import re

ENTITY_ID = re.compile(r"Q[1-9]\d{0,11}|local:[0-9a-f]{16}")
"""An id of Wikidata, or one of nabaa's own for who is not there."""


def is_entity_id(text: str) -> bool:
    """Tell whether a text has the form of an entity's id: `Q142` or `local:…`.

    Args:
        text: what a person gave; a name is none.
    """
    return ENTITY_ID.fullmatch(text) is not None
