"""Feeds are fetched from the public Internet only."""

from __future__ import annotations

import pytest

from ingest.fetch import address_guard
from ingest.fetch.address_guard import (
    AddressRefusedError,
    PublicResolver,
    is_own_address,
    is_public,
    refuse_literal,
)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # metadata services of clouds
        "100.64.0.1",  # shared address space, RFC 6598
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
        "200::1",
        "4000::1",
        "fe00::1",
        "5f00::1",
        "3fff::1",
        "2001:db8::1",
        "::127.0.0.1",
        "::ffff:0:8.8.8.8",  # translated, RFC 2765
        "64:ff9b:1::1",
        "2606:4700::5efe:10.0.0.1",  # ISATAP
        "2606:4700::200:5efe:192.168.1.1",
        "192.88.99.1",
        "192.0.0.192",
        "168.63.129.16",
    ],
)
def test_an_address_inside_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "168.63.129.17"]
)
def test_a_public_address_is_allowed(address: str) -> None:
    assert is_public(address)


def test_the_addresses_of_this_machine_are_its_own() -> None:
    assert is_own_address("127.0.0.1")
    assert not is_own_address("192.0.2.1")


def test_a_public_address_of_this_machine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address_guard, "is_own_address", lambda address: address == "8.8.8.8")
    with pytest.raises(AddressRefusedError):
        refuse_literal("8.8.8.8")


def test_an_address_in_the_url_is_refused() -> None:
    with pytest.raises(AddressRefusedError, match="NABAA_ALLOW_PRIVATE_ADDRESSES"):
        refuse_literal("[::1]")


def test_a_name_in_the_url_is_left_to_the_resolver() -> None:
    refuse_literal("localhost")


@pytest.mark.anyio
@pytest.mark.parametrize("host", ["localhost", "2130706433", "0177.0.0.1"])
async def test_a_name_that_leads_inside_is_refused(host: str) -> None:
    resolver = PublicResolver()
    with pytest.raises(AddressRefusedError):
        await resolver.resolve(host, 80)
    await resolver.close()
