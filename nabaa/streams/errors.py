"""What Redis answers where a stream is not there, is something else, or must not be touched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import ResponseError

from nabaa.errors import QueueError
from nabaa.redis.errors import TRANSIENT_ERRORS, StoredDataError


def is_missing(error: Exception) -> bool:
    """Return whether an answer says that a stream or its group does not exist."""
    text = str(error)
    return text.startswith("NOGROUP") or "no such key" in text or "requires the key" in text


def stream_error(stream: str, error: Exception) -> Exception:
    """Return the error to raise for an answer about a stream.

    Args:
        stream: key of the stream.
        error: answer of Redis.

    Returns:
        A state that passes where the key holds something else, since readers go on as soon as that
        is mended; the error itself where it passes or says that something is missing; otherwise a
        QueueError that names the stream.
    """
    if "wrong kind of value" in str(error):
        return StoredDataError(f"{stream} holds something that is no stream")
    if isinstance(error, TRANSIENT_ERRORS) or is_missing(error):
        return error
    return QueueError(f"{stream}: Redis refuses a command: {str(error).rstrip('.')}")


@contextmanager
def name_stream(stream: str) -> Iterator[None]:
    """Raise what Redis refuses in the block as `stream_error` has it."""
    try:
        yield
    except ResponseError as error:
        named = stream_error(stream, error)
        if named is error:
            raise
        raise named from error
