"""A desk on loopback, and a browser's part of it without a browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from redis.asyncio import Redis

from workers.desk.access.hosts import known_names
from workers.desk.access.rights import AccessRules
from workers.desk.build import build_desk
from workers.desk.settings import DeskSettings
from workers.outputs.http_server import run_server

NO_LIST = Path("there is no feed list")


@asynccontextmanager
async def serving(
    client: Redis,
    rules: AccessRules | None = None,
    feeds_file: Path = NO_LIST,
    names: tuple[str, ...] = (),
    archive_url: str = "",
) -> AsyncIterator[httpx.AsyncClient]:
    """Serve a desk and yield a client of it, which keeps cookies."""
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "desk.sqlite3"
        settings = DeskSettings(
            "127.0.0.1", 0, rules or AccessRules(), known_names(names), archive, 1000, archive_url
        )
        async with (
            run_server(build_desk(settings, client, 1, feeds_file), "127.0.0.1", 0) as port,
            httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port}", timeout=30, verify=False
            ) as http,
        ):
            yield http


async def form_token(http: httpx.AsyncClient, path: str = "/wire") -> str:
    """Return the token that the forms of a page carry."""
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', (await http.get(path)).text)
    assert found is not None
    return found[1]


async def send_form(http: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    """Send a form as a page of the desk does."""
    fields["form_token"] = await form_token(http)
    return await http.post(path, data=fields)
