"""The feed list on disk: read, written and edited in place.

What YAML allows is `config.feed_yaml`'s part, what a feed may say is `config.feed_rules`'s.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from config.feed_rules import (
    address_key,
    check_feed,
    config_error,
    duplicates,
    feed_from_row,
    feed_id_from_url,
)
from config.feed_yaml import LIST_KEY, Mistake, Row, did_you_mean, read_rows, write_feed
from config.model import Feed
from nabaa.errors import ConfigError, without_credentials

__all__ = ["add_feed", "add_feeds", "feed_id_from_url", "load_feeds", "remove_feed", "save_feeds"]

_BOM = "\ufeff"
_ODD_BREAK = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_EMPTY_LIST = re.compile(rf"{LIST_KEY}:[ ]*(\[ *\])?[ ]*(?P<comment>#.*)?")


def load_feeds(path: Path) -> list[Feed]:
    """Read the feed list.

    Args:
        path: a YAML file in UTF-8 with the key `feeds`; `docs/feeds.md` describes it.

    Returns:
        The feeds in the order of the file, which may be none.

    Raises:
        ConfigError: the file cannot be read or has mistakes; one line each with file, line and
            key, for the first 20.
    """
    return [feed for _, feed in _parse(_read(path), path)]


def save_feeds(path: Path, feeds: Iterable[Feed]) -> None:
    """Write a whole list, in place of what was there.

    Args:
        path: written anew by one rename, so a reader sees the old list or the new one.
        feeds: in the order they shall stand.

    Raises:
        ConfigError: a feed is not fit for the list, an id or address stands twice, or the file
            cannot be written.
    """
    listed = list(feeds)
    for feed in listed:
        check_feed(feed)
    if twice := duplicates(enumerate(listed, 1)):
        raise ConfigError("\n".join(f"{path}: feed {each.line}: {each.text}" for each in twice))
    body = "\n".join(write_feed(feed) for feed in listed)
    _write(path, f"{LIST_KEY}:\n{body}" if listed else f"{LIST_KEY}: []\n")


def add_feed(path: Path, feed: Feed) -> None:
    """Add one feed; see `add_feeds`."""
    add_feeds(path, [feed])


def add_feeds(path: Path, feeds: Sequence[Feed]) -> None:
    """Add feeds at the end of the list; everything else in the file stays byte for byte.

    Args:
        path: the feed list.
        feeds: their ids and their addresses must be new.

    Raises:
        ConfigError: the list has mistakes, a feed is not fit for it or already in it, or the
            file cannot be written; then nothing was added.
    """
    for feed in feeds:
        check_feed(feed)
    text = _read(path)
    listed = _parse(text, path)
    _refuse_listed(path, listed, feeds)
    if not feeds:
        return
    lines = _lines(text, path)
    newline = "\r\n" if "\r\n" in text else "\n"
    if listed:
        last = listed[-1][0]
        indent = re.sub("[^ ].*", "", lines[last.line - 1], flags=re.DOTALL)
        at = last.last_line
        if not lines[at - 1].endswith("\n"):
            lines[at - 1] += newline
        parted = len(listed) == 1 or not lines[last.line - 2].strip()
        written = "".join("\n" * parted + write_feed(feed, indent) for feed in feeds)
    else:
        at = _open_empty_list(lines)
        written = "\n".join(write_feed(feed) for feed in feeds)
    lines.insert(at, written.replace("\n", newline))
    _replace(path, "".join(lines), [*(other for _, other in listed), *feeds])


def remove_feed(path: Path, feed_id: str) -> None:
    """Take a feed out of the list; everything else in the file stays byte for byte.

    Args:
        path: the feed list.
        feed_id: as the list states it, or as it was derived from the address.

    Raises:
        ConfigError: the list has mistakes or no such feed, or the file cannot be written.
    """
    text = _read(path)
    listed = _parse(text, path)
    row = next((row for row, feed in listed if feed.id == feed_id), None)
    if row is None:
        hint = did_you_mean(feed_id, [feed.id for _, feed in listed])
        raise ConfigError(f'{path}: no feed has the id "{feed_id}"{hint}')
    lines = _lines(text, path)
    first, behind = row.line - 1, row.last_line
    if behind < len(lines) and not lines[behind].strip() and not lines[first - 1].strip():
        behind += 1
    elif behind == len(lines) and not lines[first - 1].strip():
        first -= 1
    del lines[first:behind]
    _replace(path, "".join(lines), [feed for _, feed in listed if feed.id != feed_id])


def _refuse_listed(path: Path, listed: list[tuple[Row, Feed]], feeds: Sequence[Feed]) -> None:
    """Refuse feeds whose id or address is in the list, or stands twice among them."""
    ids = {feed.id: row.line for row, feed in listed}
    addresses = {address_key(feed.url): (row.line, feed.id) for row, feed in listed}
    for feed in feeds:
        if feed.id in ids:
            line = ids[feed.id]
            raise ConfigError(f'{path}, line {line}: id "{feed.id}" is already in the list')
        if (key := address_key(feed.url)) in addresses:
            line, other = addresses[key]
            raise ConfigError(
                f'{path}, line {line}: url "{without_credentials(feed.url)}" is already '
                f'in the list as feed "{other}"'
            )
    if twice := duplicates(enumerate(feeds, 1)):
        raise ConfigError("\n".join(f"added feed {each.line}: {each.text}" for each in twice))


def _parse(text: str, path: Path) -> list[tuple[Row, Feed]]:
    rows, mistakes = read_rows(text.removeprefix(_BOM))
    listed = []
    for row in rows:
        feed = feed_from_row(row, mistakes)
        if feed is not None:
            listed.append((row, feed))
    mistakes += duplicates((row.line, feed) for row, feed in listed)
    if mistakes:
        raise config_error(str(path), mistakes)
    return listed


def _lines(text: str, path: Path) -> list[str]:
    if _ODD_BREAK.search(text):
        raise ConfigError(
            f"{path}: the list has line breaks other than LF and CRLF; edit it by hand"
        )
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _open_empty_list(lines: list[str]) -> int:
    """Make `feeds: []` ready to be followed by items; return the index of the next line."""
    for number, line in enumerate(lines):
        content = line.rstrip("\r\n")
        if empty := _EMPTY_LIST.fullmatch(content.removeprefix(_BOM)):
            comment = f"  {empty['comment']}" if empty["comment"] else ""
            start = _BOM if content.startswith(_BOM) else ""
            ending = line[len(content) :] or "\n"
            lines[number] = f"{start}{LIST_KEY}:{comment}{ending}"
            return number + 1
    return len(lines)


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: the feed list does not exist") from error
    except OSError as error:
        raise ConfigError(f"{path}: the feed list cannot be read: {error.strerror}") from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        text = f"byte 0x{data[error.start]:02x} is not UTF-8: save the file in that encoding"
        raise config_error(str(path), [Mistake(line, text)]) from error


def _replace(path: Path, text: str, expected: list[Feed]) -> None:
    """Write an edited list, unless cutting by lines made anything else of it than was meant."""
    try:
        same = [feed for _, feed in _parse(text, path)] == expected
    except ConfigError:
        same = False
    if not same:
        raise ConfigError(
            f"{path}: the list is not written as one feed after the other, each beginning on a "
            'line of its own with "- "; edit it by hand'
        )
    _write(path, text)


def _write(path: Path, text: str) -> None:
    """Write through a neighbour and a rename, so that no crash leaves half a list."""
    target = path.resolve()
    neighbour = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with neighbour.open("wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, neighbour)
        neighbour.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            neighbour.unlink(missing_ok=True)
        raise ConfigError(f"{path}: the feed list cannot be written: {error.strerror}") from error


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
