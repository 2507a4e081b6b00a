"""A server and a web of feeds of one test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.farm.server import Farm
from tests.support.faults.small_wire import a_farm, a_server
from tests.support.servers import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with a_server(tmp_path / "valkey") as server:
        yield server


@pytest.fixture
def farm() -> Iterator[Farm]:
    with a_farm() as farm:
        yield farm
