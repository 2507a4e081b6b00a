"""A mistake that a person can mend is one sentence and exit status 2; the help tells what is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.runtime.embedded import EmbeddedServer
from tests.cli.conftest import Nabaa

COMMANDS = [
    *("run", "ingest", "work", "tail", "subscribe", "status", "extract", "tag", "settings"),
    *(
        f"feeds {name}"
        for name in ("list", "add", "remove", "check", "discover", "import", "export")
    ),
]
TYPO = "feeds:\n  - url: https://a.example/rss\n    titel: x\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_names_its_exit_statuses(nabaa: Nabaa, command: str) -> None:
    done = nabaa(*command.split(), "--help")
    assert done.status == 0
    assert "Exit status: 0" in done.out
    if command != "settings":
        assert f"nabaa {command}" in done.out.partition("Example:")[2]


def test_the_help_lists_every_command(nabaa: Nabaa) -> None:
    listed = nabaa("--help").out
    assert all(re.search(rf"^  {name.split()[0]} +[A-Z].*\.$", listed, re.M) for name in COMMANDS)


@pytest.mark.parametrize("command", ["run", "ingest", "feeds list"])
def test_a_feed_list_with_a_typo_is_told_with_its_line_and_key(
    nabaa: Nabaa, tmp_path: Path, command: str
) -> None:
    (tmp_path / "feeds.yaml").write_text(TYPO, "utf-8")
    done = nabaa(*command.split(), feeds_file="feeds.yaml")
    assert (done.status, done.out) == (2, "")
    assert 'feeds.yaml, line 3: unknown key "titel" (did you mean "title"?)' in done.err


def test_a_run_that_cannot_begin_leaves_no_server_behind(nabaa: Nabaa, tmp_path: Path) -> None:
    nabaa("run", feeds_file="none.yaml", data_dir="data")
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_another_run_uses_is_told(nabaa: Nabaa, tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path / "data"):
        done = nabaa("run", data_dir="data")
    assert done.status == 2
    assert done.err == (
        "nabaa: data folder data is in use by another nabaa: stop it, or set NABAA_DATA_DIR or "
        "NABAA_REDIS_URL\n"
    )


@pytest.mark.parametrize("command", ["work", "tail", "status", "subscribe -g desk"])
@pytest.mark.parametrize("url", ["localhost:6379", "http://localhost/", "redis://host:port/0"])
def test_an_address_that_is_none_of_redis_is_told(nabaa: Nabaa, command: str, url: str) -> None:
    done = nabaa(*command.split(), redis_url=url)
    assert (done.status, done.out) == (2, "")
    told = f"nabaa: {url} is no address of a Redis server, such as redis://localhost:6379/0: "
    assert done.err.startswith(told)
    assert done.err.count("\n") == 1


def test_a_password_is_never_shown(nabaa: Nabaa) -> None:
    done = nabaa("status", redis_url="redis://me:s3cret@127.0.0.1:1/0?password=s3cret")
    assert done.status == 2
    assert "redis://127.0.0.1:1/0 cannot be used" in done.err
    assert "s3cret" not in done.err


def test_status_says_what_to_start_where_nothing_runs(nabaa: Nabaa) -> None:
    done = nabaa("status", data_dir="data")
    assert (done.status, done.err) == (
        2,
        "nabaa: no nabaa runs in the data folder data: start `nabaa run` there, or set "
        "NABAA_DATA_DIR or NABAA_REDIS_URL\n",
    )


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["tale"], "No such command 'tale'"),
        (["tail", "-n", "many"], "Invalid value for '-n' / '--limit'"),
        (["subscribe"], "Missing option '-g' / '--group'"),
        (["subscribe", "-g", "desk", "--from", "tomorrow"], "Invalid value for '--from'"),
        (["tag"], "Missing argument 'FILE|-'"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_refused(
    nabaa: Nabaa, arguments: list[str], fault: str
) -> None:
    done = nabaa(*arguments)
    assert (done.status, done.out) == (2, "")
    assert fault in done.err


def test_an_unknown_setting_is_refused(nabaa: Nabaa) -> None:
    done = nabaa("feeds", "list", feed_file="mine.yaml")
    assert (done.status, done.err) == (
        2,
        "nabaa: unknown setting in the environment: NABAA_FEED_FILE "
        '(did you mean "NABAA_FEEDS_FILE"?)\n',
    )


def test_a_mistake_quoted_from_a_file_cannot_command_the_terminal(
    nabaa: Nabaa, tmp_path: Path
) -> None:
    (tmp_path / "evil.opml").write_text(
        '<opml version="2.0"><body><outline text="x" xmlUrl="ftp://&#x9b;31m\u202e/"/></body></opml>',
        "utf-8",
    )
    done = nabaa("feeds", "import", "evil.opml", feeds_file="feeds.yaml")
    assert done.status == 2
    assert not re.search("[\x1b\x80-\x9f\u202e]", done.err)
