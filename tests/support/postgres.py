"""A real PostgreSQL in a folder of its own, for tests: Debian's, run by a user without rights."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.conditions import eventually

_USER = "postgres"  # made by Debian's package; the server refuses to run as root


def find_postgres() -> Path | None:
    """Return the folder of the newest server's programs, None where none is installed."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    if folders:
        return folders[-1]
    found = shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def postgres_server(
    programs: Path, folder: Path, shared_buffers: str = "32MB", *, durable: bool = False
) -> Iterator[str]:
    """Run a server while the block does, on a Unix socket alone.

    Args:
        programs: folder of initdb and postgres.
        folder: gets its data, or has them from before; its path is short.
        shared_buffers: memory of the server for pages.
        durable: whether a commit waits for the disk.

    Yields:
        The address of its first database.
    """
    is_new = not folder.exists()
    folder.mkdir(mode=0o700, exist_ok=True)
    run: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    if os.geteuid() == 0:
        account = pwd.getpwnam(_USER)
        os.chown(folder, account.pw_uid, account.pw_gid)
        run |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    if is_new:
        options = ["--auth=trust", "--username=nabaa", "--encoding=UTF8", "--no-locale"]
        initdb: list[str | Path] = [programs / "initdb", "--no-sync", *options, folder / "data"]
        subprocess.run(initdb, check=True, **run)
    arguments: list[str | Path] = [
        *("-D", folder / "data", "-k", folder, "-h", ""),
        *("-c", f"fsync={'on' if durable else 'off'}", "-c", f"shared_buffers={shared_buffers}"),
        *("-c", "max_connections=20"),
    ]
    with subprocess.Popen([programs / "postgres", *arguments], **run) as server:
        try:
            ready: list[str | Path] = [programs / "pg_isready", "-q", "-h", folder]
            eventually(lambda: subprocess.run(ready, check=False).returncode == 0)
            yield f"postgresql://nabaa@/postgres?host={folder}"
        finally:
            server.send_signal(2)  # it ends what its clients do, and itself
            server.wait(30)
