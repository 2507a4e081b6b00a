"""`nabaa settings`: the values in force, where they come from, and no secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nabaa.main import app


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("nabaa.toml").write_text('[fetch]\nconcurrency = 8\n[serve]\ntoken = "geheim"\n')
    monkeypatch.setenv("NABAA_REDIS_URL", "redis://desk:geheim@news.example:6379/0")


def test_every_value_is_shown_with_the_place_that_set_it() -> None:
    printed = CliRunner().invoke(app, ["settings"]).stdout.splitlines()
    [concurrency] = [line for line in printed if line.startswith("[fetch] concurrency ")]
    assert concurrency.split()[2:6] == ["8", "nabaa.toml:", "[fetch]", "concurrency"]
    [url] = [line for line in printed if line.startswith("[redis] url ")]
    assert url.split()[2:4] == ["redis://news.example:6379/0", "NABAA_REDIS_URL"]


def test_json_has_an_object_a_setting() -> None:
    rows = json.loads(CliRunner().invoke(app, ["settings", "--json"]).stdout)
    by_name = {row["variable"]: row for row in rows}
    shards = by_name["NABAA_SHARDS"]
    assert (shards["value"], shards["source"], shards["default"]) == (1, "default", 1)


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_no_secret_is_shown(options: list[str]) -> None:
    printed = CliRunner().invoke(app, ["settings", *options]).stdout
    assert "not shown" in printed
    assert "geheim" not in printed
