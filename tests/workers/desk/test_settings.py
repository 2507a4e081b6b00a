"""What the settings say of the desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from config.settings import Settings
from nabaa.errors import ConfigError, UsageError
from workers.desk.settings import read_desk_settings


def test_the_desk_is_on_loopback_unless_something_else_is_said() -> None:
    desk = read_desk_settings(Settings())
    assert desk is not None
    assert (desk.host, desk.port) == ("127.0.0.1", 8090)
    assert desk.own_archive == Path("data/desk.sqlite3")


def test_there_is_none_where_it_is_off() -> None:
    assert read_desk_settings(Settings(desk_listen="off")) is None


@pytest.mark.parametrize(
    ("listen", "place"),
    [("[::1]:8091", ("::1", 8091)), ("localhost:0", ("localhost", 0))],
)
def test_an_option_goes_before_the_setting(listen: str, place: tuple[str, int]) -> None:
    desk = read_desk_settings(Settings(desk_listen="off"), listen)
    assert desk is not None
    assert (desk.host, desk.port) == place


@pytest.mark.parametrize("listen", ["8090", "127.0.0.1", "127.0.0.1:http", "127.0.0.1:99999"])
def test_what_is_no_place_to_listen_at_is_told(listen: str) -> None:
    with pytest.raises(UsageError, match="NABAA_DESK_LISTEN"):
        read_desk_settings(Settings(desk_listen=listen))


def test_other_machines_need_a_token_or_a_proxy() -> None:
    with pytest.raises(UsageError, match="NABAA_DESK_TOKEN"):
        read_desk_settings(Settings(desk_listen="0.0.0.0:8090"))
    for settings in (
        Settings(desk_listen="0.0.0.0:8090", desk_token=SecretStr("lesen")),
        Settings(desk_listen="0.0.0.0:8090", desk_user_header="X-User"),
    ):
        assert read_desk_settings(settings) is not None


def test_a_token_is_read_from_a_file_and_never_empty(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(" walten\n")
    desk = read_desk_settings(Settings(desk_admin_token_file=file))
    assert desk is not None
    assert desk.rules.admin_token == "walten"
    file.write_text("\n")
    with pytest.raises(ConfigError, match="NABAA_DESK_ADMIN_TOKEN"):
        read_desk_settings(Settings(desk_admin_token_file=file))
