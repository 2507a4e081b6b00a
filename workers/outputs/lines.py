"""What subscribe, extract and tag write, as bytes: lines of articles, an article, tagged tokens."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from nabaa.errors import NabaaError

if TYPE_CHECKING:
    from nabaa.subscriber.group import GroupReader
    from workers.entities.recognise import Recogniser

# Each command needs only a part of this: what is slow to import is imported there.
# ruff: noqa: PLC0415

_GRACE_SECONDS = 1.0


async def write_articles(subscriber: GroupReader, out: IO[bytes], stop: asyncio.Event) -> None:
    """Write each article as a line of JSON; it is acknowledged after its line was flushed.

    Args:
        subscriber: whose articles.
        out: gets one line of UTF-8 an article.
        stop: ends it; a line that cannot be written then is left unacknowledged.

    Raises:
        BrokenPipeError: nobody reads the lines any more.
        NabaaError: they cannot be written for another reason.
    """

    def write(line: bytes) -> None:
        with _writing():
            out.write(line)
            out.flush()

    stopped = asyncio.create_task(stop.wait())
    try:
        async for received in subscriber.read(stop):
            # Line ends stand only between the parts of JSON; others may have published it.
            line = received.data.replace(b"\n", b" ").replace(b"\r", b" ") + b"\n"
            # In a thread: who reads slowly must not keep a signal from ending this.
            if not await _is_done(asyncio.to_thread(write, line), stopped):
                return
            await _is_done(subscriber.acknowledge(received), stopped)
    finally:
        # What was read ahead goes to the other readers of the group at once.
        await _is_done(subscriber.hand_back(), stopped)
        stopped.cancel()


async def _is_done(work: Coroutine[None, None, None], stopped: asyncio.Task[Any]) -> bool:
    """Return True when the work is done, and False when it was not, a moment after a stop."""
    task = asyncio.ensure_future(work)
    await asyncio.wait([task, stopped], return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait([task], timeout=_GRACE_SECONDS)
    if task.done():
        task.result()
    return task.done()


def article_json(data: bytes, recogniser: Recogniser) -> bytes:
    """Make an article of a text or an HTML page.

    Args:
        data: in any encoding of Arabic; the first line is the title, or the page's own.
        recogniser: finds the names.

    Returns:
        The article as indented JSON, UTF-8.
    """
    import msgspec

    from ingest.parse.charset import decode_feed
    from nabaa.message import encode_article
    from workers.pipeline import ArticleMaker
    from workers.text.html import html_to_text, looks_like_page, page_to_text

    text, _ = decode_feed(data, None)
    title, body = "", text
    if looks_like_page(text):
        title, body = page_to_text(text, None)
    elif text.lstrip().startswith("<"):
        body = html_to_text(text)
    if not title:
        title, _, body = body.strip().partition("\n")
    article = ArticleMaker(recogniser).make_plain(title, body, datetime.now(UTC))
    return msgspec.json.format(encode_article(article), indent=2)


def write_tags(source: IO[bytes], recogniser: Recogniser, out: IO[bytes]) -> None:
    """Tag tokens, one a line, with blank lines between sentences.

    Args:
        source: UTF-8, with or without a byte order mark; bytes that are none come out as they were.
        recogniser: finds the names.
        out: gets one line for each line: `token TAB tag`, or blank.
    """
    from workers.entities.recognise.iob import tag_lines

    # Only a line feed ends a line: whatever else ends one for Python may stand in a token.
    lines = io.TextIOWrapper(source, "utf-8-sig", errors="surrogateescape", newline="\n")
    for line in tag_lines(lines, recogniser):
        with _writing():
            out.write(f"{line}\n".encode("utf-8", "surrogateescape"))
    lines.detach()  # else it would close what the caller opened
    with _writing():
        out.flush()


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise  # the reader went away, which is no mistake
    except OSError as error:
        raise NabaaError(f"standard output cannot be written: {error.strerror}") from error
