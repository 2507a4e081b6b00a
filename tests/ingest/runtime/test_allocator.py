"""Memory that threads take: how much of it a process keeps."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import ctypes, sys, tempfile, threading
from ingest.runtime.allocator import share_one_arena
if sys.argv[1] == "shared":
    share_one_arena()
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
barrier = threading.Barrier(4)
def take():
    barrier.wait()
    library.malloc(1000)
    barrier.wait()
threads = [threading.Thread(target=take) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
with tempfile.NamedTemporaryFile() as file:
    library.fopen.restype = ctypes.c_void_p
    stream = ctypes.c_void_p(library.fopen(file.name.encode(), b"w"))
    library.malloc_info(0, stream)
    library.fclose(stream)
    print(file.read().decode().count("<heap nr"))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="arenas are glibc's")
def test_threads_have_no_arenas_of_their_own() -> None:
    shared, own = (
        int(subprocess.check_output([sys.executable, "-c", PROGRAM, kind]))
        for kind in ("shared", "own")
    )

    assert shared == 1 < own
