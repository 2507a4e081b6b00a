"""Hosts are named as in DNS."""

from __future__ import annotations

import pytest

from ingest.fetch.hosts.names import host_of_address, is_own_machine


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("127.example", False),
        ("1.example", False),
        ("", False),
    ],
)
def test_the_own_machine_is_loopback(host: str, own: bool) -> None:
    assert is_own_machine(host) is own


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://User:pw@Sabah.Example.:8443/rss", "sabah.example"),
        ("https://موقع.مثال/rss", "xn--4gbrim.xn--mgbh0fb"),
        ("http://[::1]:80/", "::1"),
    ],
)
def test_a_host_is_named_as_in_dns(url: str, host: str) -> None:
    assert host_of_address(url) == host
