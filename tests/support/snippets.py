"""The code that the documents show."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LANGUAGES = frozenset({"ini", "js", "json", "python", "redis", "sh", "text", "toml", "yaml"})
"""`text` is what nothing can run or read: what is printed, and pictures."""

_FENCED = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ASSIGNED = re.compile(r"[A-Z][A-Z0-9_]*=")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A fenced block of a document.

    Attributes:
        page: path of the document from the root of the repository.
        line: number of its first line.
        language: may be empty.
        text: without the fences.
    """

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    def commands(self) -> list[list[str]]:
        """Return the words of each command of a shell snippet."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [command for line in lines for command in commands_of(line)]


def commands_of(line: str) -> list[list[str]]:
    """Return the words of each command of a shell line: pipes parted, assignments left out."""
    lexer = shlex.shlex(line, posix=False, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    commands: list[list[str]] = [[]]
    for word in lexer:
        if set(word) <= set("|&;"):
            commands.append([])
        elif commands[-1] or not _ASSIGNED.match(word):
            commands[-1].append(word)
    return [_plain(words) for words in commands if words]


def _plain(words: list[str]) -> list[str]:
    """Return words without quotes, and without what they are redirected to."""
    ends = [place for place, word in enumerate(words) if set(word) <= set("<>&")]
    return [shlex.split(word)[0] for word in words[: min(ends, default=len(words))]]


def pages() -> list[Path]:
    """Return the documents that somebody wrote; the reference of the site is generated."""
    folders = ("", "docs", "docs/ar", "docs/howto", "bench")
    return [path for folder in folders for path in sorted((ROOT / folder).glob("*.md"))]


def snippets(language: str | None = None) -> list[Snippet]:
    """Return the fenced blocks of all documents, or those of one language."""
    found = [each for page in pages() for each in _snippets_of(page)]
    return [each for each in found if language in (None, each.language)]


def _snippets_of(page: Path) -> Iterator[Snippet]:
    text = page.read_text(encoding="utf-8")
    for match in _FENCED.finditer(text):
        line = text.count("\n", 0, match.start(2)) + 1
        yield Snippet(str(page.relative_to(ROOT)), line, match[1], match[2])


def without_fenced(page: Path) -> str:
    """Return a document without its fenced blocks."""
    return _FENCED.sub("", page.read_text(encoding="utf-8"))
