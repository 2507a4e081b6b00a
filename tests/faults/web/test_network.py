"""A bad network between the daemons and Redis: slow, reset at random, cut in the middle of scripts.

What a script did before its connection was cut nobody is told; it is sent again, and must not count
twice.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.faults.loaded_wire import EACH_ONCE, loaded_wire
from tests.support.faults.proxy import Trouble, proxy_before

pytestmark = pytest.mark.load

ARTICLES = 200
SLOW = Trouble(delay_seconds=0.1, resets=0.01)
CUT = Trouble(cut=0.3)


@pytest.mark.parametrize("trouble", [SLOW, CUT], ids=["slow, 1 % resets", "cut mid-script"])
@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
def test_each_article_comes_once_through_a_bad_network(
    server_url: str, tmp_path: Path, trouble: Trouble
) -> None:
    socket = Path(server_url.removeprefix("unix://"))
    with (
        proxy_before(socket, trouble) as proxied,
        loaded_wire(
            server_url, tmp_path, ARTICLES, daemons_url=proxied, lease_seconds="10"
        ) as wire,
    ):
        wire.until_all()
        assert wire.outcome() == EACH_ONCE
    assert trouble.cuts > 0
