"""A machine without a network is told from hosts that do not answer."""

from __future__ import annotations

import logging

import pytest

from ingest.connectivity import HELD_SECONDS, OFFLINE_SECONDS, Connectivity


class Machine:
    """A machine that polls one feed of each of its hosts, and its clock."""

    def __init__(self, hosts: int, feeds: int = 121) -> None:
        self.now = 0.0
        self.connectivity = Connectivity(lambda: self.now)
        self.connectivity.hosts, self.connectivity.feeds = hosts, feeds

    def silent(self, *hosts: str, kind: str = "dns") -> None:
        for host in hosts:
            self.connectivity.report_silence(host, "dns" if kind == "dns" else "down")
            self.connectivity.hold(f"feed-{host}", host, f"{host} does not answer")

    def later(self, seconds: float) -> None:
        self.now += seconds
        self.connectivity.check()


HOSTS = [f"site{number}.example" for number in range(40)]


@pytest.fixture(autouse=True)
def _log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "ingest.connectivity")


def test_no_answer_from_any_host_is_one_sentence(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine(len(HOSTS))
    machine.silent(*HOSTS)
    machine.later(OFFLINE_SECONDS)
    machine.silent(*HOSTS)
    machine.later(3600)
    assert caplog.messages == [
        "none of the 121 feeds can be reached: this machine seems to be offline "
        "(no host name can be looked up); trying again every 60 s"
    ]


def test_a_network_that_goes_in_the_middle_is_found_after_ten_hosts(
    caplog: pytest.LogCaptureFixture,
) -> None:
    machine = Machine(len(HOSTS))
    machine.connectivity.report_answer(HOSTS[0])
    for host in HOSTS[:10]:
        machine.silent(host, kind="down")
        machine.later(6)
    assert caplog.messages == [
        "no feed can be reached: this machine seems to be offline; trying again every 60 s"
    ]


def test_the_end_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine(len(HOSTS))
    machine.silent(*HOSTS)
    machine.later(OFFLINE_SECONDS)
    machine.later(600)
    for host in HOSTS:
        machine.connectivity.report_answer(host)
        assert not machine.connectivity.was_logged(f"feed-{host}")
    assert caplog.messages[1:] == ["the web can be reached again after 605 s: feeds are polled"]
    assert not machine.connectivity.is_offline


def test_hosts_that_do_not_answer_are_named_once_another_has_answered(
    caplog: pytest.LogCaptureFixture,
) -> None:
    machine = Machine(len(HOSTS))
    machine.silent(*HOSTS[:5])
    assert caplog.messages == []
    machine.connectivity.report_answer(HOSTS[9])
    assert caplog.messages == [f"{host} does not answer" for host in HOSTS[:5]]


def test_a_host_that_does_not_answer_is_named_where_nothing_else_is_polled(
    caplog: pytest.LogCaptureFixture,
) -> None:
    machine = Machine(1)
    machine.silent(HOSTS[0])
    machine.later(HELD_SECONDS)
    assert caplog.messages == [f"{HOSTS[0]} does not answer"]


def test_dead_hosts_that_fail_before_others_can_answer_are_no_missing_network() -> None:
    machine = Machine(len(HOSTS))
    machine.silent(*HOSTS[:30])
    machine.later(OFFLINE_SECONDS / 2)
    machine.connectivity.report_answer(HOSTS[31])
    machine.later(OFFLINE_SECONDS)
    assert not machine.connectivity.is_offline


def test_feeds_on_the_machine_itself_need_no_network(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine(0)
    machine.silent("localhost", "127.0.0.1", "a.localhost", "127.0.0.2")
    machine.later(OFFLINE_SECONDS)
    assert not machine.connectivity.is_offline
    assert len(caplog.messages) == 4
