"""What SIGHUP means: read the feed list again; and the end, where a terminal was closed.

The kernel sends the same signal for both. A process that had a terminal and has none any more was
hung up on, and must not stay behind unseen.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_STANDARD_STREAMS = (0, 1, 2)


@contextmanager
def handle_hangup(reload: Callable[[], None], stop: asyncio.Event) -> Iterator[None]:
    """Act on SIGHUP while the block runs, in the loop that it runs in.

    Args:
        reload: called when somebody sent the signal.
        stop: set when the terminal was closed.
    """
    loop = asyncio.get_running_loop()
    had_terminal = _has_terminal()

    def on_signal() -> None:
        if had_terminal and not _has_terminal():
            stop.set()
        else:
            reload()

    try:
        loop.add_signal_handler(signal.SIGHUP, on_signal)
    except (AttributeError, NotImplementedError, RuntimeError):
        # No such signal on this system, or a loop that is not in the main thread.
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)


def _has_terminal() -> bool:
    # Of a terminal that was closed, isatty says no.
    return any(os.isatty(stream) for stream in _STANDARD_STREAMS)
