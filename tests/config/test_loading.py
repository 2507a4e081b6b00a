"""Settings are read from the environment and a file; mistakes are named with their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.loading import REMOVED, load_settings, load_with_sources
from config.settings import Settings
from nabaa.errors import ConfigError

pytestmark = pytest.mark.usefixtures("bare_environment")


def write(text: str) -> None:
    Path("nabaa.toml").write_text(text, "utf-8")


def test_without_anything_set_the_defaults_hold() -> None:
    assert load_settings() == Settings()


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NABAA_BATCH_SIZE", "7")
    assert load_settings().batch_size == 7


def test_a_section_of_the_file_is_read() -> None:
    write('[redis]\nurl = "redis://news"\n[workers]\nlanguages = ["ar", "fa"]\n')
    settings = load_settings()
    assert (settings.redis_url, settings.languages) == ("redis://news", ("ar", "fa"))


def test_a_setting_may_stand_above_the_sections_under_its_whole_name() -> None:
    write('redis_url = "redis://news"\n')
    assert load_settings().redis_url == "redis://news"


def test_a_setting_that_stands_twice_in_the_file_is_refused() -> None:
    write("fetch_concurrency = 8\n[fetch]\nconcurrency = 9\n")
    with pytest.raises(ConfigError, match=r"\[fetch\] concurrency: is also set as .* key fetch_"):
        load_settings()


def test_the_environment_beats_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write("batch_size = 7\n")
    monkeypatch.setenv("NABAA_BATCH_SIZE", "8")
    assert load_settings().batch_size == 8


def test_the_place_that_set_a_value_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    write("[polling]\ninterval_seconds = 60\nlease_seconds = 90\n")
    monkeypatch.setenv("NABAA_LEASE_SECONDS", "100")
    assert load_with_sources().sources == {
        "poll_interval_seconds": "nabaa.toml: [polling] interval_seconds",
        "lease_seconds": "NABAA_LEASE_SECONDS",
    }


def test_languages_are_parted_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NABAA_LANGUAGES", "ar, fa")
    assert load_settings().languages == ("ar", "fa")


def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NABAA_SHARDS", "many")
    with pytest.raises(ConfigError, match="NABAA_SHARDS: input should be a valid integer"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("shards = -1\n", r"^nabaa\.toml: key shards: input should be greater than 0"),
        ("[fetch]\nconcurrency = 0\n", r"^nabaa\.toml: \[fetch\] concurrency: input should be"),
        ("shard = 1\n", r"^nabaa\.toml: key shard: is no setting \(did you mean \"shards\"\?\)"),
        ("[fetch]\ntimeout = 1\n", r"^nabaa\.toml: \[fetch\] timeout: is no setting"),
        ("[feching]\na = 1\n", r"^nabaa\.toml: there is no section \[feching\]"),
        ("shards: 1\n", r"^nabaa\.toml: not a TOML file"),
    ],
)
def test_a_mistake_in_the_file_names_file_section_and_key(text: str, told: str) -> None:
    write(text)
    with pytest.raises(ConfigError, match=told):
        load_settings()


def test_an_unknown_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NABAA_REDIS_URI", "redis://localhost")
    with pytest.raises(ConfigError, match=r'NABAA_REDIS_URI \(did you mean "NABAA_REDIS_URL"\?\)'):
        load_settings()


@pytest.mark.parametrize("name", REMOVED)
def test_a_setting_that_is_gone_is_refused_and_says_what_to_do(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"NABAA_{name.upper()}", "1")
    with pytest.raises(ConfigError) as refused:
        load_settings()
    sentence = f"NABAA_{name.upper()}: this setting is gone: {REMOVED[name]}"
    assert str(refused.value) == sentence


def test_a_setting_that_is_gone_is_refused_in_the_file_too() -> None:
    write("max_redirects = 3\n")
    with pytest.raises(ConfigError, match=r"nabaa\.toml: key max_redirects: this setting is gone"):
        load_settings()


def test_a_file_that_was_named_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NABAA_CONFIG", "gone.toml")
    with pytest.raises(ConfigError, match=r"gone\.toml"):
        load_settings()


def test_a_secret_is_not_repeated_in_the_error_about_it() -> None:
    write('webhook_secret = ["whsec_geheim"]\n')
    with pytest.raises(ConfigError, match="webhook_secret") as caught:
        load_settings()
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"LEASE_SECONDS": "30", "FETCH_TIMEOUT_SECONDS": "60"},
            "NABAA_LEASE_SECONDS (30) must be greater than NABAA_FETCH_TIMEOUT_SECONDS (60)",
        ),
        (
            {"RETRY_BASE_SECONDS": "90", "RETRY_MAX_SECONDS": "60"},
            "NABAA_RETRY_BASE_SECONDS (90) must not be greater than NABAA_RETRY_MAX_SECONDS (60)",
        ),
        (
            {"WEBSUB_LISTEN": "127.0.0.1:8090"},
            "NABAA_WEBSUB_LISTEN is set but NABAA_WEBSUB_CALLBACK_URL is not",
        ),
        ({"REDIS_PASSWORD": "x"}, "NABAA_REDIS_PASSWORD needs NABAA_REDIS_URL"),
        ({"REDIS_WAIT_REPLICAS": "1"}, "NABAA_REDIS_WAIT_REPLICAS needs NABAA_REDIS_URL"),
    ],
)
def test_settings_that_contradict_each_other_are_refused_in_one_sentence(
    variables: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"NABAA_{name}", value)
    with pytest.raises(ConfigError) as refused:
        load_settings()
    [line] = str(refused.value).splitlines()
    assert line.startswith(sentence)
