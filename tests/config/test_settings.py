"""Settings: one name each, read from the environment and a file, mistakes named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.settings import Settings, load_settings, settings_table
from docs.generate import ROOT, readme_with_settings
from nabaa.errors import ConfigError


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("NABAA_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_anything_set_the_defaults_hold() -> None:
    assert load_settings() == Settings()


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NABAA_BATCH_SIZE", "7")
    assert load_settings().batch_size == 7


def test_the_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "nabaa.toml").write_text('languages = ["ar", "fa"]\n')
    assert load_settings().languages == ("ar", "fa")


def test_the_environment_beats_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "nabaa.toml").write_text("batch_size = 7\n")
    monkeypatch.setenv("NABAA_BATCH_SIZE", "8")
    assert load_settings().batch_size == 8


def test_languages_are_parted_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NABAA_LANGUAGES", "ar, fa")
    assert load_settings().languages == ("ar", "fa")


def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NABAA_SHARDS", "many")
    with pytest.raises(ConfigError, match="NABAA_SHARDS: input should be a valid integer"):
        load_settings()


def test_a_wrong_value_in_the_file_names_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "nabaa.toml").write_text("shards = -1\n")
    with pytest.raises(ConfigError, match=r"nabaa\.toml: key shards"):
        load_settings()


def test_an_unknown_key_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "nabaa.toml").write_text("shard = 1\n")
    with pytest.raises(ConfigError, match=r"nabaa\.toml: key shard"):
        load_settings()


def test_an_unknown_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NABAA_REDIS_URI", "redis://localhost")
    with pytest.raises(ConfigError, match="NABAA_REDIS_URI"):
        load_settings()


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "nabaa.toml").write_text("shards: 1\n")
    with pytest.raises(ConfigError, match=r"nabaa\.toml: not a TOML file"):
        load_settings()


def test_a_file_that_was_named_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NABAA_CONFIG", "gone.toml")
    with pytest.raises(ConfigError, match=r"gone\.toml"):
        load_settings()


def test_the_table_has_a_row_for_every_setting() -> None:
    assert len(settings_table().splitlines()) == len(Settings.model_fields) + 2


def test_the_readme_shows_the_settings_of_today() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert readme == readme_with_settings(readme), "run `make docs`"


def test_a_secret_is_not_repeated_in_the_error_about_it(tmp_path: Path) -> None:
    (tmp_path / "nabaa.toml").write_text('webhook_secret = ["whsec_geheim"]\n')
    with pytest.raises(ConfigError, match="webhook_secret") as caught:
        load_settings()
    assert "geheim" not in str(caught.value)
