"""What Redis answers where a stream is not there, or where its key holds something else."""

from __future__ import annotations

from nabaa.redis.errors import ServerStateError


def is_missing(error: Exception) -> bool:
    """Return whether an answer says that a stream or its group does not exist."""
    text = str(error)
    return text.startswith("NOGROUP") or "no such key" in text or "requires the key" in text


def is_wrong_type(error: Exception) -> bool:
    """Return whether an answer says that a key holds something that is no stream."""
    return "WRONGTYPE" in str(error) or "wrong kind of value" in str(error)


def stream_error(stream: str, error: Exception) -> Exception:
    """Return the error to raise for an answer about a stream.

    Args:
        stream: key of the stream.
        error: answer of Redis.

    Returns:
        A state that passes where the key holds something else, since somebody has to mend that and
        readers go on then; otherwise the error itself.
    """
    if is_wrong_type(error):
        return ServerStateError(f"{stream} holds something that is no stream")
    return error
