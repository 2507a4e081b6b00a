"""Who may do what, by the address and the header fields of a request."""

from __future__ import annotations

import pytest
from multidict import CIMultiDict

from nabaa.errors import ConfigError, UsageError
from workers.desk.access.hosts import is_foreign_use, is_known_host, is_own_page, known_names
from workers.desk.access.login_limit import MOST_FAILURES, WITHIN_SECONDS, LoginLimit
from workers.desk.access.rights import (
    AccessRules,
    Rights,
    caller_address,
    check_reach,
    identify,
    read_networks,
)
from workers.desk.access.session import MAX_AGE_SECONDS, Sessions, cookie_name

RULES = AccessRules(token="lesen", admin_token="walten")
PROXIED = AccessRules(user_header="X-User", admins=frozenset({"huda"}))
LOOPBACK, ELSEWHERE = "127.0.0.1", "192.0.2.7"


def rights(rules: AccessRules, peer: str, **headers: str) -> Rights:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return identify(rules, peer, CIMultiDict(named)).rights


@pytest.mark.parametrize("peer", [LOOPBACK, "::1", "127.9.9.9"])
def test_loopback_needs_no_password(peer: str) -> None:
    assert rights(RULES, peer) == Rights.ADMINISTER


def test_another_address_may_nothing_by_itself() -> None:
    assert rights(RULES, ELSEWHERE) == Rights.NONE


@pytest.mark.parametrize(
    "header", ["X_Forwarded_For", "Forwarded", "X_Real_IP", "Via", "X_Forwarded_Host"]
)
def test_what_a_proxy_on_this_machine_passes_on_is_not_from_this_machine(header: str) -> None:
    assert rights(RULES, LOOPBACK, **{header: "192.0.2.7"}) == Rights.NONE


def test_a_token_lets_read_and_another_one_administer() -> None:
    assert rights(RULES, ELSEWHERE, Authorization="Bearer lesen") == Rights.READ
    assert rights(RULES, ELSEWHERE, Authorization="bearer walten") == Rights.ADMINISTER
    assert rights(RULES, ELSEWHERE, Authorization="Bearer raten") == Rights.NONE


def test_an_empty_token_lets_nobody_in() -> None:
    assert rights(AccessRules(), ELSEWHERE, Authorization="Bearer ") == Rights.NONE


def test_a_proxy_names_the_user() -> None:
    assert rights(PROXIED, LOOPBACK, X_User="karim") == Rights.READ
    assert rights(PROXIED, LOOPBACK, X_User="huda") == Rights.ADMINISTER


def test_a_user_is_believed_from_a_proxy_alone() -> None:
    assert rights(PROXIED, ELSEWHERE, X_User="huda") == Rights.NONE


def test_behind_a_proxy_loopback_needs_a_name_too() -> None:
    assert rights(PROXIED, LOOPBACK) == Rights.NONE


def test_behind_a_proxy_each_caller_has_an_address_of_its_own() -> None:
    forwarded = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    assert caller_address(RULES, LOOPBACK, forwarded) == "203.0.113.9"
    assert caller_address(RULES, ELSEWHERE, forwarded) == ELSEWHERE
    assert caller_address(RULES, LOOPBACK, {}) == LOOPBACK


@pytest.mark.parametrize(
    ("mode", "site", "is_foreign"),
    [
        ("navigate", "cross-site", False),  # a link
        ("cors", "cross-site", True),
        ("no-cors", "cross-site", True),
        ("cors", "same-origin", False),
    ],
)
def test_pages_elsewhere_may_link_here_and_no_more(mode: str, site: str, is_foreign: bool) -> None:
    assert is_foreign_use({"Sec-Fetch-Mode": mode, "Sec-Fetch-Site": site}) is is_foreign


def test_the_cookie_of_a_port_is_its_own() -> None:
    names = [cookie_name(host) for host in ("desk.example", "127.0.0.1:8090", "[::1]:8091")]
    assert names == ["nabaa_desk", "nabaa_desk_8090", "nabaa_desk_8091"]


def test_an_address_that_others_reach_needs_a_rule() -> None:
    with pytest.raises(UsageError, match="NABAA_DESK_TOKEN"):
        check_reach("0.0.0.0", AccessRules())
    for rules in (RULES, PROXIED):
        check_reach("0.0.0.0", rules)
    check_reach("127.0.0.1", AccessRules())


def test_networks_of_proxies_are_read_or_refused() -> None:
    [network] = read_networks(("10.0.0.0/24",))
    assert network.num_addresses == 256
    with pytest.raises(ConfigError, match="NABAA_DESK_PROXIES"):
        read_networks(("proxy",))


@pytest.mark.parametrize(
    ("host", "is_known"),
    [
        ("127.0.0.1:8090", True),
        ("[::1]:8090", True),
        ("localhost:8090", True),
        ("LOCALHOST", True),
        ("192.0.2.4:8090", True),  # an address in figures cannot be rebound
        ("desk.example", True),
        ("desk.example.", True),
        ("evil.example:8090", False),
        ("127.0.0.1.evil.example", False),
        ("", False),
    ],
)
def test_a_name_that_is_not_the_desks_is_refused(host: str, is_known: bool) -> None:
    assert is_known_host(host, known_names(("Desk.example",))) is is_known


@pytest.mark.parametrize(
    ("headers", "is_own"),
    [
        ({"Host": "desk.example"}, True),
        ({"Host": "desk.example", "Origin": "https://desk.example"}, True),
        ({"Host": "desk.example", "Origin": "https://evil.example"}, False),
        ({"Host": "desk.example", "Origin": "null"}, False),
        ({"Host": "desk.example", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Host": "desk.example", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Host": "desk.example", "Sec-Fetch-Site": "same-site"}, False),
    ],
)
def test_forms_come_from_pages_of_the_desk(headers: dict[str, str], is_own: bool) -> None:
    assert is_own_page(headers) is is_own


def test_a_session_is_read_back_until_it_is_over() -> None:
    sessions = Sessions(RULES)
    session = sessions.open(Rights.READ, 1000)
    cookie = sessions.cookie(session)
    assert sessions.read(cookie, 1000 + MAX_AGE_SECONDS) == session
    assert sessions.read(cookie, 1001 + MAX_AGE_SECONDS) is None


@pytest.mark.parametrize("changed", ["", "x", "....", "1.2.3.4"])
def test_a_cookie_that_is_none_of_ours_is_no_session(changed: str) -> None:
    assert Sessions(RULES).read(changed, 0) is None


def test_nobody_gives_itself_rights_in_a_cookie() -> None:
    sessions = Sessions(RULES)
    cookie = sessions.cookie(sessions.open(Rights.READ, 1000))
    assert sessions.read(cookie.replace(".1.", ".2.", 1), 1000) is None


def test_another_token_ends_every_session_and_a_restart_ends_none() -> None:
    cookie = Sessions(RULES).cookie(Sessions(RULES).open(Rights.READ, 1000))
    assert Sessions(RULES).read(cookie, 1000) is not None
    assert Sessions(AccessRules(token="neu", admin_token="walten")).read(cookie, 1000) is None


def test_the_token_of_a_form_is_of_its_session_alone() -> None:
    sessions = Sessions(RULES)
    mine, other = sessions.open(Rights.READ, 0), sessions.open(Rights.READ, 0)
    assert sessions.is_form_token(mine, sessions.form_token(mine))
    assert not sessions.is_form_token(mine, sessions.form_token(other))
    assert not sessions.is_form_token(mine, "é")


def test_who_tries_token_after_token_has_to_wait() -> None:
    limit = LoginLimit()
    for _ in range(MOST_FAILURES):
        assert not limit.is_held(ELSEWHERE, 0)
        limit.count_failure(ELSEWHERE, 0)
    assert limit.is_held(ELSEWHERE, 1)
    assert not limit.is_held(LOOPBACK, 1)
    assert not limit.is_held(ELSEWHERE, WITHIN_SECONDS)
