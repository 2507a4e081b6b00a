"""Now: the stories that grow fastest, and the page of one story."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from aiohttp import web

from nabaa.errors import NotFoundError
from nabaa.story_message import STORY_URN
from workers.desk.live.events import send_events
from workers.desk.live.snapshot import Snapshot
from workers.desk.map.countries import Language
from workers.desk.server.look import look_of
from workers.desk.server.parts import Parts
from workers.index.model import QuotationQuestion
from workers.index.quotations import find_quotations
from workers.index.trends import read_trends
from workers.operations.news import GrowingStory

STORIES_SHOWN = 24
NAMES_SHOWN = 12
QUOTATIONS_SHOWN = 4


class NowView:
    """Answers `/`, its live events at `/live/now`, and `/story/NAME`.

    Args:
        parts: of the desk.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/", self._show)
        app.router.add_get("/live/now", self._listen)
        app.router.add_get("/story/{name:[0-9a-f]{32}}", self._show_story)

    async def _show(self, request: web.Request) -> web.Response:
        now, ask = datetime.now(UTC), self._parts.archive.ask
        return self._parts.page(
            request,
            "now.html",
            stories=self._stories(),
            rising=await ask(read_trends, timedelta(days=1), now, limit=NAMES_SHOWN),
            quotations=await ask(find_quotations, QuotationQuestion(limit=QUOTATIONS_SHOWN)),
        )

    async def _show_story(self, request: web.Request) -> web.Response:
        story = self._parts.stories.find(STORY_URN + request.match_info["name"])
        if story is None:
            raise NotFoundError("there is no such story, or it is over")
        earlier = self._parts.stories.find(story.continues) if story.continues else None
        return self._parts.page(request, "story.html", story=story, earlier=earlier)

    async def _listen(self, request: web.Request) -> web.StreamResponse:
        language = look_of(request).language
        stories = Snapshot(self._writer(language), self._change_test())
        with self._parts.broadcast.listen(("now", language), stories) as (listener, _):
            return await send_events(request, listener)

    def _writer(self, language: Language) -> Callable[[], Awaitable[str]]:
        async def write() -> str:
            return self._parts.templates.write(
                "now_stories.html", language, stories=self._stories()
            )

        return write

    def _change_test(self) -> Callable[[], bool]:
        seen = -1

        def is_changed() -> bool:
            nonlocal seen
            before, seen = seen, self._parts.stories.revision
            return before != seen

        return is_changed

    def _stories(self) -> list[GrowingStory]:
        return self._parts.stories.growing(datetime.now(UTC), STORIES_SHOWN)
