"""Articles as lines of JSON, one a line, on standard output or in a file."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from nabaa.errors import OutputError

if TYPE_CHECKING:
    from nabaa.subscriber.group import GroupReader
    from nabaa.subscriber.received import Received

_GRACE_SECONDS = 1.0


def json_line(received: Received) -> bytes:
    """Return an article as one line of JSON with its line feed, UTF-8.

    Line ends stand only between the parts of JSON: whoever else published it may have set them.
    """
    return received.data.replace(b"\n", b" ").replace(b"\r", b" ") + b"\n"


async def write_articles(reader: GroupReader, out: IO[bytes], stop: asyncio.Event) -> None:
    """Write each article as a line of JSON; it is acknowledged after its line was flushed.

    Args:
        reader: of the group whose articles are written.
        out: gets one line of UTF-8 for each article.
        stop: ends the writing; a line that cannot be written then is left unacknowledged.

    Raises:
        BrokenPipeError: nobody reads the lines any more.
        OutputError: the lines cannot be written for another reason.
    """

    def write(line: bytes) -> None:
        with name_standard_output():
            out.write(line)
            out.flush()

    stopped = asyncio.create_task(stop.wait())
    try:
        async for received in reader.read(stop):
            # In a thread: a slow reader of the lines must not keep a signal from ending this.
            if not await _is_done(asyncio.to_thread(write, json_line(received)), stopped):
                return
            await _is_done(reader.acknowledge(received), stopped)
    finally:
        # What was read ahead goes to the other readers of the group at once.
        await _is_done(reader.hand_back(), stopped)
        stopped.cancel()


async def _is_done(work: Coroutine[None, None, None], stopped: asyncio.Task[Any]) -> bool:
    """Return True when the work is done, and False when it was not, a moment after a stop."""
    task = asyncio.ensure_future(work)
    await asyncio.wait([task, stopped], return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait([task], timeout=_GRACE_SECONDS)
    if task.done():
        task.result()
    return task.done()


@contextmanager
def name_standard_output() -> Iterator[None]:
    """Turn an error of the block's writing into a sentence.

    Raises:
        BrokenPipeError: the reader went away, which is no mistake.
        OutputError: standard output cannot be written for another reason.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"standard output cannot be written: {error.strerror}") from error
