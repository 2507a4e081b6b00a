"""The time for which a subscriber reads: a client, a reader of the group, and an orderly end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from nabaa.errors import QueueError
from nabaa.redis.connection import connect
from nabaa.streams.shards import shards_to_read
from nabaa.subscriber.group import GroupReader

OpenReader = Callable[[Redis, int], GroupReader]
"""Makes a reader from a client and the number of shards."""

_INSTEAD = "give the address of the server instead, such as redis://localhost:6379/0"


class ReaderSession:
    """Opens a reader for a block; what it holds in the end goes to the others of its group.

    Args:
        server: address of Redis, or an open client, which stays open.
        shards: how many the wire has at least.
        stop: ends the wait for a server that is away.
        open_reader: makes the reader.
    """

    # No generator with a decorator: one that the event loop closes at its end runs beside the
    # generator of who uses it, and closes nothing in order.

    def __init__(
        self, server: str | Redis, shards: int, stop: asyncio.Event, open_reader: OpenReader
    ) -> None:
        self._server = server
        self._shards = shards
        self._stop = stop
        self._open_reader = open_reader
        self._own: Redis | None = None
        self._reader: GroupReader | None = None

    async def __aenter__(self) -> GroupReader:
        """Open the reader.

        Raises:
            ConfigError: the address is none.
            QueueError: the server does not accept the user or the password, or refuses a command.
        """
        if isinstance(self._server, str):
            client: Redis = connect(self._server)
            self._own = client
        else:
            client = self._server
        try:
            shards = await shards_to_read(client, self._shards, self._stop)
        except BaseException as error:
            await self._close()
            if isinstance(error, ResponseError):
                raise QueueError(f"Redis refuses a command: {error}") from error
            raise
        self._reader = self._open_reader(client, shards)
        return self._reader

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if self._reader is not None:
                await self._reader.hand_back()
        finally:
            await self._close()

    async def _close(self) -> None:
        if self._own is not None:
            await self._own.aclose()


def check_server(server: object) -> None:
    """Refuse a client that cannot be read with.

    Args:
        server: address of Redis, or a client.

    Raises:
        QueueError: it is no client of redis.asyncio for one server, or answers in text
            (`decode_responses`); says what to do instead.
    """
    if isinstance(server, str):
        return
    if not isinstance(server, Redis):
        name = f"{type(server).__module__.partition('.')[0]}.{type(server).__name__}"
        raise QueueError(
            f"a client of the class {name} cannot be waited for beside other work: {_INSTEAD}, or "
            "a client of redis.asyncio"
        )
    if server.connection_pool.connection_kwargs.get("decode_responses"):
        raise QueueError(
            f"the client has decode_responses, but an article may be packed bytes: {_INSTEAD}, or "
            "a client without it"
        )
