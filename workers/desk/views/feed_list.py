"""The feed list as the desk reads it: again when its file has changed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from config.feed_list import load_feeds
from config.model import Feed

_Stamp = tuple[int, int]


class FeedList:
    """The feeds of the list.

    Args:
        path: the file; it may be missing, where the desk runs on another machine than ingest.

    Attributes:
        path: the same.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: _Stamp | None = None
        self._feeds: dict[str, Feed] = {}

    async def read(self) -> dict[str, Feed]:
        """Return the feeds by id; none where there is no file.

        Raises:
            ConfigError: the file has mistakes.
        """
        stamp = await asyncio.to_thread(_stamp_of, self.path)
        if stamp != self._stamp:
            feeds = await asyncio.to_thread(load_feeds, self.path) if stamp else []
            self._feeds, self._stamp = {feed.id: feed for feed in feeds}, stamp
        return self._feeds


def _stamp_of(path: Path) -> _Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
