"""The code in the documents, as it is printed there."""

from __future__ import annotations

import re
from pathlib import Path

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def snippets_of(document: Path, language: str) -> list[str]:
    """Return the fenced blocks of a document that are in a language, in order."""
    found = _BLOCK.findall(document.read_text("utf-8"))
    return [code for of_language, code in found if of_language == language]
