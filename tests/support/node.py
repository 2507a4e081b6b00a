"""A folder with the packages that programs in Node need."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

_EXAMPLE = Path(__file__).parents[2] / "examples" / "node"


def install_node_packages(folder: Path) -> None:
    """Put the packages of the Node example, and the example, into a folder.

    Skips the test where there is no Node, or where its packages cannot be had.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node is not installed")
    for name in ("package.json", "package-lock.json", ".npmrc", "subscribe.mjs"):
        shutil.copy(_EXAMPLE / name, folder)
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if done.returncode:
        pytest.skip(f"the packages of the Node example cannot be had: {done.stderr[-200:]}")
