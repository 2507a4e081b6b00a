"""The commands of the outputs: which mistakes they tell before anything is sent."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.cli.conftest import Nabaa

REDIS = "redis://127.0.0.1:1/0?wait_replicas=none"
"""An address that is refused once the secrets have been read."""

SECRET = f"whsec_{base64.b64encode(bytes(32)).decode()}"
WEBHOOK = ("webhook", "https://desk.example/nabaa", "--group", "desk")


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        (WEBHOOK, {"webhook_secret": SECRET}),
        (("serve",), {"serve_token": "geheim"}),
    ],
    ids=["webhook", "serve"],
)
def test_a_secret_may_stand_in_the_environment(
    nabaa: Nabaa, command: tuple[str, ...], settings: dict[str, str]
) -> None:
    done = nabaa(*command, redis_url=REDIS, **settings)
    assert "wait_replicas should be a whole number" in done.err


@pytest.mark.parametrize(
    ("command", "option", "setting"),
    [(WEBHOOK, "--secret-file", "webhook_secret"), (("serve",), "--token-file", "serve_token")],
    ids=["webhook", "serve"],
)
def test_an_empty_secret_is_refused_wherever_it_stands(
    nabaa: Nabaa, tmp_path: Path, command: tuple[str, ...], option: str, setting: str
) -> None:
    file = tmp_path / "empty"
    file.write_text("\n")
    assert nabaa(*command, redis_url=REDIS, **{setting: ""}).err == (
        f"nabaa: NABAA_{setting.upper()} is empty: put the secret there, or do not set it\n"
    )
    for done in (
        nabaa(*command, redis_url=REDIS, **{f"{setting}_file": file}),
        nabaa(*command, option, str(file), redis_url=REDIS),
    ):
        assert done.status == 2
        assert "empty is empty: put the secret there" in done.err


GROUP_COMMANDS = [WEBHOOK, ("archive", "files"), ("subscribe", "--group", "desk")]


@pytest.mark.parametrize("command", GROUP_COMMANDS, ids=lambda command: command[0])
def test_commands_of_a_group_take_the_same_options(nabaa: Nabaa, command: tuple[str, ...]) -> None:
    help_text = nabaa(command[0], "--help").out
    for option in ("--group", "--subscription", "--from", "--since", "--stories"):
        assert option in help_text


@pytest.mark.parametrize("command", GROUP_COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--group", ""), "--group must not be empty"),
        (("--from", "now", "--since", "2h"), "keep one"),
        (("--since", "yesterday"), "'yesterday' is not a span of time"),
        (("--stories", "--subscription", "desk"), "keep one"),
    ],
)
def test_options_of_a_group_that_make_no_sense_are_told(
    nabaa: Nabaa, command: tuple[str, ...], options: tuple[str, ...], told: str
) -> None:
    done = nabaa(*command, *options, redis_url="redis://127.0.0.1:1/0")
    assert done.status == 2
    assert told in done.err


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_other_machines_are_served_without_a_token_only_where_that_was_said(
    nabaa: Nabaa, host: str
) -> None:
    refused = nabaa("serve", "--host", host, redis_url=REDIS)
    assert (refused.status, refused.err.count("\n")) == (2, 1)
    assert "set a token (--token-file or NABAA_SERVE_TOKEN), or say --without-token" in refused.err
    for done in (
        nabaa("serve", "--host", host, "--without-token", redis_url=REDIS),
        nabaa("serve", "--host", host, redis_url=REDIS, serve_token="geheim"),
    ):
        assert "wait_replicas should be a whole number" in done.err


def test_a_web_site_that_is_none_is_told(nabaa: Nabaa) -> None:
    for done in (
        nabaa("serve", "--origin", "desk.example", redis_url=REDIS),
        nabaa("serve", redis_url=REDIS, serve_origins="desk.example"),
    ):
        assert done.status == 2
        assert "'desk.example' is no web site; write https://desk.example, or *" in done.err


@pytest.mark.parametrize("url", ["desk.example", "http://[::1", "https://user:geheim@/"])
def test_an_address_of_a_webhook_that_is_none_is_told_without_its_password(
    nabaa: Nabaa, url: str
) -> None:
    done = nabaa("webhook", url, "--group", "desk", redis_url=REDIS)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "the address of a webhook is https:// or http:// and a host" in done.err
    assert "geheim" not in done.err


def test_a_folder_that_cannot_be_written_is_told(nabaa: Nabaa, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = nabaa("archive", "file/folder", redis_url=REDIS)
    assert done.err == "nabaa: file/folder cannot be written: Not a directory\n"
