"""The files that pages need: fonts, styles, scripts. Their addresses change with their content."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from aiohttp import web

PREFIX = "/static"
_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}
_PACKED = frozenset({"css", "js", "svg"})


@dataclass(frozen=True, slots=True)
class _File:
    type: str
    data: bytes
    packed: bytes | None


class Assets:
    """Holds the files in memory, half a megabyte, packed once.

    Raises:
        KeyError: a file is of a kind that is not served.
    """

    def __init__(self) -> None:
        root = resources.files("workers.desk").joinpath("static")
        self._files = dict(sorted(_read(root, "")))
        # One digest for all, so that a style finds its fonts beside it.
        digest = hashlib.blake2b(digest_size=6)
        for name, file in self._files.items():
            digest.update(name.encode())
            digest.update(file.data)
        self._digest = digest.hexdigest()

    def address(self, name: str) -> str:
        """Return the address of a file.

        Args:
            name: such as `css/desk.css`.

        Raises:
            KeyError: there is no such file.
        """
        self._files[name]
        return f"{PREFIX}/{self._digest}/{name}"

    async def answer(self, request: web.Request) -> web.Response:
        """Answer `GET /static/DIGEST/NAME`; an old digest gets the file of today, not for keeps."""
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        is_current = request.match_info["digest"] == self._digest
        headers = {
            "Content-Type": file.type,
            "Cache-Control": _FOREVER if is_current else "no-cache",
            "Vary": "Accept-Encoding",
        }
        if file.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=file.packed, headers=headers | {"Content-Encoding": "gzip"})
        return web.Response(body=file.data, headers=headers)


def _read(folder: Traversable, prefix: str) -> list[tuple[str, _File]]:
    found = []
    for each in folder.iterdir():
        name = f"{prefix}{each.name}"
        if each.is_dir():
            found += _read(each, f"{name}/")
            continue
        ending = name.rpartition(".")[2]
        data = each.read_bytes()
        packed = gzip.compress(data, mtime=0) if ending in _PACKED else None
        found.append((name, _File(_TYPES[ending], data, packed)))
    return found
