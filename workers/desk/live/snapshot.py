"""A piece of a page that is written anew now and then, and sent where it has changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from workers.desk.live.events import encode_event


class Snapshot:
    """Makes the events of all pages that show the same piece.

    Args:
        write: writes the piece, HTML.
        is_changed: cheaply tells whether it may be another one by now.
    """

    def __init__(
        self, write: Callable[[], Awaitable[str]], is_changed: Callable[[], bool] = lambda: True
    ) -> None:
        self._write = write
        self._is_changed = is_changed
        self._last = ""

    async def next_event(self) -> bytes:
        """Return the piece where it has changed since it was last asked for."""
        if not self._is_changed():
            return b""
        html = await self._write()
        if html == self._last:
            return b""
        self._last = html
        return encode_event(html)
