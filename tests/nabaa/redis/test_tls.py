"""TLS to the server: it must have a certificate that follows from ours, and asks for one of us."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from redis.exceptions import ConnectionError as RedisConnectionError

from config.settings import Settings
from ingest.runtime.session import wire_url
from nabaa.errors import ConfigError
from nabaa.redis.connection import connect
from tests.support.daemons import Daemon
from tests.support.machines import HOST, Node, free_port

CLIENT = "ingest@news.example"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates: of an authority, a server, a client, and an authority that nobody trusts."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    trustme.CA().cert_pem.write_to_path(str(folder / "other-ca.pem"))
    for name, identity in (("server", HOST), ("client", CLIENT)):
        issued = authority.issue_cert(identity)
        issued.cert_chain_pems[0].write_to_path(str(folder / f"{name}.pem"))
        issued.private_key_pem.write_to_path(str(folder / f"{name}.key"))
    return folder


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("redis-server is not installed")
    port = free_port()
    with Node(
        folder / "server",
        f"tls-port {port}",
        f"tls-cert-file {folder}/server.pem",
        f"tls-key-file {folder}/server.key",
        f"tls-ca-cert-file {folder}/ca.pem",
        "tls-auth-clients yes",
        'save ""',
        binary=Path(binary),
    ):
        yield port


def settings_of(port: int, folder: Path, **other: Path | None) -> Settings:
    files = {
        "redis_ca_file": folder / "ca.pem",
        "redis_cert_file": folder / "client.pem",
        "redis_key_file": folder / "client.key",
    }
    return Settings.model_validate({"redis_url": f"rediss://{HOST}:{port}/0", **files, **other})


def ping(settings: Settings) -> bool:
    async def ask() -> bool:
        async with connect(wire_url(settings, waits=True)) as client:
            return bool(await client.ping())

    return asyncio.run(ask())


def test_who_has_certificates_is_let_in(port: int, folder: Path) -> None:
    assert ping(settings_of(port, folder))


def test_a_server_of_another_authority_is_refused(port: int, folder: Path) -> None:
    with pytest.raises(RedisConnectionError, match="certificate verify failed"):
        ping(settings_of(port, folder, redis_ca_file=folder / "other-ca.pem"))


def test_who_has_no_certificate_is_refused_by_the_server(port: int, folder: Path) -> None:
    with pytest.raises(RedisConnectionError):
        ping(settings_of(port, folder, redis_cert_file=None, redis_key_file=None))


def test_a_command_speaks_tls_by_its_settings(port: int, folder: Path, tmp_path: Path) -> None:
    settings = {
        "NABAA_REDIS_URL": f"rediss://{HOST}:{port}/0",
        "NABAA_REDIS_CA_FILE": str(folder / "ca.pem"),
        "NABAA_REDIS_CERT_FILE": str(folder / "client.pem"),
        "NABAA_REDIS_KEY_FILE": str(folder / "client.key"),
    }
    with Daemon("status", "--json", settings=settings, log=tmp_path / "log") as status:
        assert status.process.wait(60) == 1, status.printed()  # no feeds are registered
    assert '"feeds": 0' in status.printed()


def test_certificates_without_tls_are_a_mistake(folder: Path) -> None:
    settings = Settings(redis_url="redis://localhost", redis_ca_file=folder / "ca.pem")
    with pytest.raises(ConfigError, match="NABAA_REDIS_CA_FILE needs an address with rediss://"):
        wire_url(settings, waits=True)


def test_a_certificate_that_is_not_there_is_told(tmp_path: Path) -> None:
    settings = Settings(redis_url="rediss://localhost", redis_ca_file=tmp_path / "ca.pem")
    with pytest.raises(ConfigError, match=r"NABAA_REDIS_CA_FILE: .*ca\.pem is no file"):
        wire_url(settings, waits=True)
