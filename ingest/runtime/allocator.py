"""The memory allocator of the C library, as all processes have it."""

from __future__ import annotations

import ctypes

_ARENA_MAX = -8  # M_ARENA_MAX of mallopt(3)


def share_one_arena() -> None:
    """Let all threads of this process take memory from one arena.

    glibc gives each thread an arena of its own, which keeps what its largest work once took: 25 MB
    for each thread in which a worker has made articles. Threads that wait for the interpreter's
    lock in any case gain nothing by it. Other C libraries are left as they are.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)
