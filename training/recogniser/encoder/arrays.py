"""Arrays in a file of their own, small enough to carry to another machine."""

from __future__ import annotations

import io
import lzma
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[np.generic]]


def lines(texts: Iterable[str]) -> npt.NDArray[np.uint8]:
    """Write texts as the bytes of an array, one a line."""
    return np.frombuffer("\n".join(texts).encode(errors="surrogatepass"), dtype=np.uint8)


def write(arrays: Arrays, path: Path) -> None:
    """Write arrays small: whole numbers of several bytes a byte at a time, then LZMA."""
    buffer = io.BytesIO()
    planes: Arrays = {}
    for name, array in arrays.items():
        if array.dtype.kind == "u" and array.dtype.itemsize > 1:
            split = np.ascontiguousarray(array).view(np.uint8).reshape(*array.shape, -1)
            planes[f"{array.dtype.str[1:]}|{name}"] = np.moveaxis(split, -1, 0).copy()
        else:
            planes[f"-|{name}"] = array
    np.savez(buffer, allow_pickle=False, **planes)
    path.write_bytes(lzma.compress(buffer.getvalue(), preset=4))


def load(path: Path) -> Arrays:
    """Read arrays that `write` wrote."""
    arrays: Arrays = {}
    with np.load(io.BytesIO(lzma.decompress(path.read_bytes())), allow_pickle=False) as file:
        for key in file.files:
            kind, name = key.split("|", 1)
            array = file[key]
            if kind != "-":
                whole = np.ascontiguousarray(np.moveaxis(array, 0, -1))
                array = whole.view(np.dtype(kind)).reshape(whole.shape[:-1])
            arrays[name] = array
    return arrays


def texts(array: npt.NDArray[np.generic]) -> list[str]:
    """Read the texts that `lines` wrote."""
    text = array.tobytes().decode(errors="surrogatepass")
    return text.split("\n") if text else []
