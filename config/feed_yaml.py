"""Reads the YAML text of a feed list into rows that know their lines, and writes a feed as YAML.

Knows YAML and line numbers, not what a feed is: `config.feed_rules` judges keys and values.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from config.model import Feed

Value = str | tuple[str, ...] | None

LIST_KEY: Final = "feeds"

# What the quick reader is sure of; every other text goes to the YAML library.
_ODD_CHARACTER = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_ENTRY = re.compile(r"(?P<indent> *)(?P<dash>- +)?(?P<key>[a-z_]{1,40}): +(?P<value>.*[^ ])")
_QUOTED = re.compile(r""""([^"\\]*)"|'([^']*)'""")
_MAX_WORDS = 1_000  # of a list
_WORD = r"[^\W_](?:[\w .-]*[\w.-])?"
_WORDS = re.compile(rf"\[(?:{_WORD}(?:, ?{_WORD})*)?\]")
_NULLS: Final = frozenset({"null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a feed: `value` is None where it is empty or nested."""

    key: str
    line: int
    value: Value


@dataclass(frozen=True, slots=True)
class Row:
    """One feed as the file states it.

    Attributes:
        line: of its dash, from 1.
        last_line: of its last value.
        fields: in the order of the file; a key may stand twice.
    """

    line: int
    last_line: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong on a line, without the file's name."""

    line: int
    text: str


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a mistyped one is likely to mean, or None."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1)), None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` (did you mean "x"?)` for the nearest known word, or an empty string."""
    near = nearest(word, known)
    return f' (did you mean "{near}"?)' if near else ""


def read_rows(text: str) -> tuple[list[Row], list[Mistake]]:
    """Read the rows of a feed list.

    A list as `write_feed` writes it is read line by line, some thirty times as fast as the YAML
    library, which is pure Python; at the first line that needs YAML's finer rules the library
    reads the whole text.

    Args:
        text: YAML without a byte order mark, lines ended by LF or CRLF.

    Returns:
        The rows in the order of the file, and what of the text is no row, with its lines.
    """
    text = text.replace("\r\n", "\n")
    quick = quick_rows(text)
    return (quick, []) if quick is not None else composed_rows(text)


def quick_rows(text: str) -> list[Row] | None:
    """Read a plain block list of one-line values.

    Args:
        text: YAML, lines ended by LF.

    Returns:
        What `composed_rows` would return, or None where that cannot be told from line to line.
    """
    if _ODD_CHARACTER.search(text):
        return None
    items: list[list[Field]] = []
    shared: dict[str, str] = {}  # a key, a zone or an outlet is kept once, not for each feed
    in_list = False
    dash_indent = key_indent = -1
    for number, line in enumerate(text.split("\n"), 1):
        content = line.lstrip(" ")
        if not content or content[0] == "#":
            continue
        if not in_list:
            if line != f"{LIST_KEY}:":
                return None
            in_list = True
            continue
        entry = _ENTRY.fullmatch(line)
        value = entry and _quick_value(entry["value"])
        if entry is None or value is None:
            return None
        indent = len(entry["indent"])
        if entry["dash"]:
            if items and indent != dash_indent:
                return None
            dash_indent, key_indent = indent, indent + len(entry["dash"])
            items.append([])
        elif not items or indent != key_indent:
            return None
        if isinstance(value, str):
            value = shared.setdefault(value, value)
        items[-1].append(Field(shared.setdefault(entry["key"], entry["key"]), number, value))
    rows = [Row(item[0].line, item[-1].line, tuple(item)) for item in items]
    return rows or None


def _quick_value(written: str) -> Value:
    if _is_plain(written):
        return written
    if quoted := _QUOTED.fullmatch(written):
        return quoted[1] if quoted[1] is not None else quoted[2]
    if _WORDS.fullmatch(written):
        words = tuple(word.strip(" ") for word in written[1:-1].split(",") if word)
        return None if _NULLS.intersection(words) else words
    return None


def _is_plain(text: str) -> bool:
    """Tell whether a one-line text needs no quotes behind a key."""
    return (
        text[:1].isalnum()
        and ": " not in text
        and " #" not in text
        and text[-1] not in ": "
        and text not in _NULLS
    )


def composed_rows(
    text: str, list_key: str = LIST_KEY, item: str = "feed"
) -> tuple[list[Row], list[Mistake]]:
    """Read a list in any YAML style through the YAML library; as `read_rows`, only slower.

    Args:
        text: as for `read_rows`.
        list_key: the one key of the file.
        item: what the list holds, for the sentences of mistakes.
    """
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, RecursionError, ValueError) as error:
        return [], [_syntax_mistake(error, text)]
    if not isinstance(root, MappingNode):
        return [], [Mistake(1, f'missing key "{list_key}": the file must begin with it')]
    rows: list[Row] = []
    mistakes: list[Mistake] = []
    found = False
    for key, value in root.value:
        name = key.value if isinstance(key, ScalarNode) else ""
        if name != list_key:
            hint = did_you_mean(str(name), [list_key])
            mistakes.append(Mistake(_line(key), f'unknown key "{name}"{hint}'))
        elif found:
            mistakes.append(Mistake(_line(key), f'the key "{list_key}" stands twice'))
        elif isinstance(value, SequenceNode):
            for each in value.value:
                _add_row(each, item, rows, mistakes)
        elif not _is_null(value):
            mistakes.append(Mistake(_line(key), f'"{list_key}" must be a list of {item}s'))
        found = found or name == list_key
    if not found:
        mistakes.append(Mistake(1, f'missing key "{list_key}"'))
    return rows, mistakes


def _add_row(node: Node, item: str, rows: list[Row], mistakes: list[Mistake]) -> None:
    if not isinstance(node, MappingNode):
        mistakes.append(Mistake(_line(node), f"a {item} must be a list item of keys and values"))
        return
    fields = tuple(
        Field(str(key.value) if isinstance(key, ScalarNode) else "?", _line(key), _value(value))
        for key, value in node.value
    )
    rows.append(Row(_line(node), _last_line(node), fields))


def _value(node: Node) -> Value:
    if isinstance(node, ScalarNode):
        return None if _is_null(node) else str(node.value)
    if isinstance(node, SequenceNode):
        # A nested list cannot be a word, and a list that aliases make long is none of words; one
        # bad word spoils the list.
        if len(node.value) > _MAX_WORDS:
            return None
        words = [_value(word) if isinstance(word, ScalarNode) else None for word in node.value]
        texts = tuple(word for word in words if isinstance(word, str))
        return texts if len(texts) == len(words) else None
    return None


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and str(node.tag).endswith(":null")


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _last_line(node: Node) -> int:
    """Return the line of a node's last character; a block's own end mark is behind it."""
    if isinstance(node, MappingNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1][1])
    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1])
    end = node.end_mark
    return int(end.line) + 1 if end.column else max(int(end.line), _line(node))


def _syntax_mistake(error: Exception, text: str) -> Mistake:
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or "it cannot be read"
        return Mistake(mark.line + 1 if mark else 1, f"not YAML: {reason}")
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Mistake(line, f"the character U+{ord(text[error.position]):04X} is not allowed")
    if isinstance(error, RecursionError):
        return Mistake(1, "not YAML: nested too deeply")
    return Mistake(1, f"not YAML: {error}")


def write_feed(feed: Feed, indent: str = "") -> str:
    """Write one feed as an item of the list.

    Args:
        feed: checked already: no control characters, no comma in a tag.
        indent: spaces before the dash.

    Returns:
        Lines that end in LF; keys that have their default value are left out.
    """
    lines = [
        f"- id: {_scalar(feed.id)}",
        f"  url: {_scalar(feed.url)}",
        f"  title: {_scalar(feed.title)}",
        f"  outlet: {_scalar(feed.outlet)}",
        f"  country: {_scalar(feed.country)}",
        f"  timezone: {_scalar(feed.timezone)}",
        f"  language: {_scalar(feed.language)}",
        f"  topic: {_scalar(feed.topic)}",
    ]
    if feed.tags:
        lines.append(f"  tags: [{', '.join(_word(tag) for tag in feed.tags)}]")
    if feed.interval_seconds is not None:
        lines.append(f"  interval_seconds: {feed.interval_seconds}")
    if feed.insecure_tls:
        lines.append("  insecure_tls: true")
    if feed.full_text:
        lines.append(f"  full_text: {feed.full_text}")
    if feed.checked:
        lines.append(f"  checked: {feed.checked}")
    if feed.note:
        lines.append(f"  note: {_scalar(feed.note)}")
    return "".join(f"{indent}{line}\n" for line in lines)


def _scalar(text: str) -> str:
    return text if _is_plain(text) else _quoted(text)


def _word(text: str) -> str:
    return text if re.fullmatch(_WORD, text) and text not in _NULLS else _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
