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
    for option in ("--group", "--subscription", "--from", "--since"):
        assert option in help_text


@pytest.mark.parametrize("command", GROUP_COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--group", ""), "--group must not be empty"),
        (("--from", "now", "--since", "2h"), "keep one"),
        (("--since", "yesterday"), "'yesterday' is not a span of time"),
    ],
)
def test_options_of_a_group_that_make_no_sense_are_told(
    nabaa: Nabaa, command: tuple[str, ...], options: tuple[str, ...], told: str
) -> None:
    done = nabaa(*command, *options, redis_url="redis://127.0.0.1:1/0")
    assert done.status == 2
    assert told in done.err
