"""Secrets: from a setting or a file, never empty, never repeated in an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from config.secrets import read_secret
from nabaa.errors import ConfigError

NAME = "NABAA_SERVE_TOKEN"


def test_a_secret_comes_from_its_setting() -> None:
    assert read_secret(NAME, SecretStr("geheim"), None) == "geheim"


def test_a_secret_comes_from_its_file_without_the_line_end(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("geheim\n")
    assert read_secret(NAME, None, tmp_path / "token") == "geheim"


def test_nothing_set_is_no_secret() -> None:
    assert read_secret(NAME, None, None) is None


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_an_empty_setting_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="NABAA_SERVE_TOKEN is empty"):
        read_secret(NAME, SecretStr(text), None)


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "token").write_text(text)
    with pytest.raises(ConfigError, match=r"NABAA_SERVE_TOKEN_FILE: .*token is empty"):
        read_secret(NAME, None, tmp_path / "token")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="token cannot be read: No such file"):
        read_secret(NAME, None, tmp_path / "token")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="token is not UTF-8 text"):
        read_secret(NAME, None, tmp_path / "token")


def test_a_setting_and_a_file_contradict_each_other(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="keep one"):
        read_secret(NAME, SecretStr("geheim"), tmp_path / "token")
