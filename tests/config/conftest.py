"""A path for a feed list."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def feed_list(tmp_path: Path) -> Path:
    return tmp_path / "feeds.yaml"
