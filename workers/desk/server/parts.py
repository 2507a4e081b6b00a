"""The parts that the views share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from redis.asyncio import Redis

from workers.desk.access.visitor import Gate, Visitor
from workers.desk.archive.asking import ArchiveQuestions
from workers.desk.live.broadcast import Broadcast
from workers.desk.live.newest import Newest
from workers.desk.live.stories import Stories
from workers.desk.server.look import look_of
from workers.desk.server.templates import Templates

VISITOR: web.RequestKey[Visitor] = web.RequestKey("visitor", Visitor)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a desk.

    Attributes:
        client: answers in bytes.
        shards: number of shards of the wire.
        feeds_file: the feed list.
        gate: tells who comes.
        templates: writes pages.
        newest: the newest articles.
        stories: stories that the news is about.
        broadcast: sends what happens to open pages.
        archive: answers questions about the past.
    """

    client: Redis
    shards: int
    feeds_file: Path
    gate: Gate
    templates: Templates
    newest: Newest
    stories: Stories
    broadcast: Broadcast
    archive: ArchiveQuestions

    def page(
        self, request: web.Request, template: str, status: int = 200, **values: Any
    ) -> web.Response:
        """Answer a request with a page.

        Args:
            request: the request.
            template: name of the page's template.
            status: status of the answer.
            values: what the template shows.
        """
        look = look_of(request)
        html = self.templates.write(
            template,
            look.language,
            look=look,
            visitor=request[VISITOR],
            path=request.path_qs,
            view=template.removesuffix(".html"),
            **values,
        )
        response = web.Response(text=html, content_type="text/html", status=status)
        response.enable_compression()
        return response

    def piece(self, request: web.Request, template: str, **values: Any) -> web.Response:
        """Answer a request with a piece of a page, which htmx puts into it."""
        html = self.templates.write(
            template, look_of(request).language, visitor=request[VISITOR], **values
        )
        response = web.Response(text=html, content_type="text/html")
        response.enable_compression()
        return response
