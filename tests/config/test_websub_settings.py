"""The two addresses of push: a mistake is told before anything listens."""

from __future__ import annotations

import pytest

from config.loading import load_settings
from nabaa.errors import ConfigError


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CALLBACK_URL", "news.example.org/websub", "should be an address such as https://"),
        ("CALLBACK_URL", "ftp://news.example.org/", "should be an address such as https://"),
        ("CALLBACK_URL", "https://u:p@news.example.org/", "should be an address such as https://"),
        ("CALLBACK_URL", "https://news.example.org/?a=b", "should be an address such as https://"),
        ("LISTEN", "8090", "should be a host and a port such as 127.0.0.1:8090"),
        ("LISTEN", "127.0.0.1:99999", "should be a host and a port such as 127.0.0.1:8090"),
        ("LISTEN", "::1:8090", "should be a host and a port such as 127.0.0.1:8090"),
    ],
)
def test_a_mistake_in_an_address_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(f"NABAA_WEBSUB_{name}", value)
    with pytest.raises(ConfigError) as error:
        load_settings()
    assert str(error.value).startswith(f"NABAA_WEBSUB_{name}: {told}")


def test_both_may_have_a_path_and_an_address_of_ipv6(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NABAA_WEBSUB_CALLBACK_URL", "https://news.example.org:8443/a/b")
    monkeypatch.setenv("NABAA_WEBSUB_LISTEN", "[::1]:8090")
    settings = load_settings()
    assert settings.websub_callback_url == "https://news.example.org:8443/a/b"
    assert settings.websub_listen == "[::1]:8090"
