"""A server that takes every connection and never answers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(slots=True)
class SilentServer:
    """The server, as its clients see it.

    Attributes:
        port: where it listens on 127.0.0.1.
        connections: those that it has taken, open until the end.
    """

    port: int
    connections: list[socket.socket] = field(default_factory=list)


@contextmanager
def silent_server() -> Iterator[SilentServer]:
    """Take connections in a thread while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = SilentServer(listener.getsockname()[1])

        def accept() -> None:
            with suppress(OSError):  # closed in the end
                while True:
                    server.connections.append(listener.accept()[0])

        thread = threading.Thread(target=accept, name="silent server", daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in server.connections:
                connection.close()
