"""Folders and files that no other user of the machine can read or put there."""

from __future__ import annotations

import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nabaa.errors import QueueError

logger = logging.getLogger(__name__)

# sockaddr_un.sun_path holds 108 bytes on Linux and 104 on macOS.
_LONGEST_SOCKET_PATH = 100
_SOCKET = "valkey.sock"
_POINTER = "valkey.socket"
_OWN_FILES = frozenset(
    {_SOCKET, _POINTER, "nabaa.lock", "valkey.log", "valkey.conf", "dump.rdb", "appendonlydir"}
    | {f"archive.sqlite3{ending}" for ending in ("", "-wal", "-shm")}
)
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@contextmanager
def private_files() -> Iterator[None]:
    """Let what this process and its children create in the block be the user's own (umask 077)."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def make_private(folder: Path) -> None:
    """Make a data folder, or close one that is there to other users: the server's files in it.

    A folder that holds other things as well is left open: it may be somebody's home.

    Raises:
        OSError: it cannot be made, or belongs to another user.
    """
    with private_files():
        folder.mkdir(parents=True, exist_ok=True)
    inside = list(folder.iterdir())
    own = [path for path in inside if path.name in _OWN_FILES]
    below = [path for top in own if top.is_dir() and not top.is_symlink() for path in top.iterdir()]
    closed = [folder] if len(own) == len(inside) else []
    for path in (*closed, *own, *below):
        if not path.is_symlink() and (mode := path.lstat().st_mode) & _OTHERS:
            path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
            logger.info("%s: other users of this machine may not read it any more", path)
    if not closed and folder.stat().st_mode & _OTHERS:
        logger.warning(
            "data folder %s is open to other users of this machine, and left so because it holds "
            "other files too: give nabaa a folder of its own (NABAA_DATA_DIR)",
            folder,
        )


def choose_socket(data_dir: Path) -> Path:
    """Choose where the server of a data folder is to listen.

    Returns:
        A path in the folder; where that is too long for a socket, one in a private folder with a
        name that nobody can guess, which is noted in the data folder.
    """
    path = data_dir.resolve() / _SOCKET
    if len(bytes(path)) <= _LONGEST_SOCKET_PATH:
        return path
    noted = find_socket(data_dir)
    if noted.parent != path.parent and _is_private(noted.parent):
        return noted
    elsewhere = Path(tempfile.mkdtemp(prefix="nabaa-", dir=_runtime_folder())) / _SOCKET
    with private_files():
        (data_dir / _POINTER).write_text(str(elsewhere), "utf-8")
    return elsewhere


def find_socket(data_dir: Path) -> Path:
    """Return where the server of a data folder listens; there may be none.

    Raises:
        OSError: the folder cannot be read.
    """
    try:
        return Path((data_dir / _POINTER).read_text("utf-8").strip())
    except FileNotFoundError:
        return data_dir.resolve() / _SOCKET


def forget_socket(data_dir: Path) -> None:
    """Remove the private folder of a socket that stood outside the data folder."""
    socket = find_socket(data_dir)
    if socket.parent != data_dir.resolve() and _is_private(socket.parent):
        socket.unlink(missing_ok=True)
        socket.parent.rmdir()
        (data_dir / _POINTER).unlink(missing_ok=True)


def refuse_foreign_socket(socket: Path, data_dir: Path) -> None:
    """Refuse a socket that another user than the owner of the data folder has put there.

    Raises:
        QueueError: it belongs to somebody else, or is no socket.
        OSError: it cannot be looked at.
    """
    try:
        found = socket.lstat()
    except FileNotFoundError:
        return
    owner = data_dir.stat().st_uid
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
        raise QueueError(
            f"{socket} is not the socket of the server of {data_dir}: it belongs to another user "
            f"(uid {found.st_uid}) or is no socket; remove it"
        )


def _is_private(folder: Path) -> bool:
    """Return whether a folder is the user's own and closed to all others."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    is_own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return is_own and not found.st_mode & _OTHERS


def _runtime_folder() -> str | None:
    """Return the user's folder for sockets, which no cleaner of old files empties, or None."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = runtime and len(runtime) < _LONGEST_SOCKET_PATH // 2 and _is_private(Path(runtime))
    return runtime if usable else None
