"""A hub, a port for the callback, and a service that looks at its list and its hubs often."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.websub.hub import Hub
from tests.support.websub.subscriber import free_port


@pytest.fixture(autouse=True)
def _watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.service.RELOAD_SECONDS", 0.02)
    monkeypatch.setattr("ingest.service.PUSH_SECONDS", 0.02)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    async with Hub() as hub:
        yield hub
