"""A path for a feed list."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def feed_list(tmp_path: Path) -> Path:
    return tmp_path / "feeds.yaml"


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder, and no setting outside."""
    for name in list(os.environ):
        if name.startswith("NABAA_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
