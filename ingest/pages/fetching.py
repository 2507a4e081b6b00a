"""One request for a page: robots.txt, the copy that is there, the answer and what it means."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import msgspec

from ingest.fetch.fetcher import Enter
from ingest.fetch.robots import RobotsGuard
from ingest.model import Fetched
from ingest.pages.answer import PageTrouble, judge_answer
from ingest.streams.pages import PageJob
from ingest.streams.stored_page import StoredPage, decode_page, encode_page
from nabaa.errors import FetchError
from nabaa.streams.keys import host_of


class PageFetcher:
    """Fetches pages; each is asked for conditionally where a copy of it is there.

    Args:
        robots: open; asked before each request, also those of redirects.
        most_bytes: of a page that are read, after decompression.
    """

    def __init__(self, robots: RobotsGuard, most_bytes: int) -> None:
        self._robots = robots
        self._most_bytes = most_bytes

    async def fetch(
        self, job: PageJob, copy: StoredPage | None, enter: Enter
    ) -> bytes | PageTrouble:
        """Ask for a page once.

        Args:
            job: page that is asked for.
            copy: page as it was fetched last, or None.
            enter: lets each request in to its host.

        Returns:
            The page as `encode_page` gives it, or why there is none.

        Raises:
            HostBusyError: a host has no place now.
        """
        feed = job.entries[0].feed
        try:
            fetched = await self._robots.fetch_page(
                feed.id,
                job.url,
                enter,
                copy.etag if copy else None,
                copy.last_modified if copy else None,
                self._most_bytes,
                feed.insecure_tls and host_of(job.url) == host_of(feed.url),
            )
        except FetchError as error:
            wait = self._robots.unreachable_seconds(error.url) if error.kind == "robots" else 0.0
            return PageTrouble(error.kind, error.reason, wait)
        if copy is not None and fetched.status == HTTPStatus.NOT_MODIFIED:
            page = msgspec.structs.replace(copy, fetched_at=fetched.fetched_at)
        elif (trouble := judge_answer(fetched, self._most_bytes)) is not None:
            return trouble
        else:
            page = _page_of(fetched)
        return await asyncio.to_thread(encode_page, page)


def read_copy(data: bytes) -> StoredPage | None:
    """Return a copy that is kept, or None where there is none that can be read."""
    try:
        return decode_page(data) if data else None
    except msgspec.MsgspecError:
        return None


def is_fresh(copy: StoredPage, job: PageJob) -> bool:
    """Tell whether a copy is as new as the entries that want it.

    Args:
        copy: page as it was fetched last.
        job: page with its entries; one that says something else than before wants a newer page.
    """
    return all(not each.is_revision or copy.fetched_at >= each.fetched_at for each in job.entries)


def _page_of(fetched: Fetched) -> StoredPage:
    headers = fetched.headers
    return StoredPage(
        fetched.final_url,
        headers.get("content-type", ""),
        fetched.body,
        fetched.fetched_at,
        headers.get("etag", ""),
        headers.get("last-modified", ""),
        fetched.url,
        fetched.status,
    )
