"""Which answers of Redis mean "not now": wait and try again. All others are faults of ours."""

from __future__ import annotations

import re

from redis._parsers import _AsyncRESP2Parser
from redis.exceptions import (
    AskError,
    AuthenticationError,
    BusyLoadingError,
    ClusterDownError,
    ConnectionError as RedisConnectionError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TimeoutError as RedisTimeoutError,
    TryAgainError,
)


class ServerStateError(ResponseError):
    """The server refuses writes for now: its disk is full, its replicas are away, a script runs."""


class StoredDataError(ServerStateError):
    """A key of the wire holds what it should not, or takes no entry: a person must mend it."""


# A state of the server that passes: wait, say so, resume. Anything else is a fault of ours.
TRANSIENT_ERRORS = (
    RedisConnectionError,  # LOADING among them
    RedisTimeoutError,
    AskError,  # a slot is on its way to another node; MOVED among them
    BusyLoadingError,
    ClusterDownError,  # MASTERDOWN among them
    NoScriptError,  # restarted between the loading of a script and its use
    OutOfMemoryError,
    ReadOnlyError,
    ServerStateError,
    TryAgainError,
    OSError,
)


def is_authentication_error(error: BaseException) -> bool:
    """Return whether a server did not accept the user or the password.

    redis-py counts that among the errors of connections, and wraps it in one while it connects.
    """
    return isinstance(error, AuthenticationError) or isinstance(
        error.__cause__, AuthenticationError
    )


class Parser(_AsyncRESP2Parser):
    """Tells apart the states of a server that redis-py takes for faults of the caller."""

    EXCEPTION_CLASSES = {  # noqa: RUF012 - redis-py declares it without ClassVar
        **_AsyncRESP2Parser.EXCEPTION_CLASSES,
        "MISCONF": ServerStateError,
        "WRONGTYPE": StoredDataError,
        "UNWRITABLE": StoredDataError,  # of our scripts
        "NOREPLICAS": ServerStateError,
        "BUSY": ServerStateError,
        "UNBLOCKED": ServerStateError,  # became a replica while a read was waiting
    }
    # Redis 6.2 wraps the error of a command in a script; from 7.0 on it comes as it is.
    _IN_SCRIPT = re.compile(r"ERR Error running script .*?: -(?=[A-Z]+ )", re.DOTALL)

    @classmethod
    def parse_error(cls, response: str) -> ResponseError:
        """Return the exception for the text of an error reply."""
        reply = cls._IN_SCRIPT.sub("", response, count=1)
        error: ResponseError = super().parse_error(reply)  # type: ignore[no-untyped-call]
        return error
