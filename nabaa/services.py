"""The composition root: builds the parts of a daemon and runs them until a signal comes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from random import Random
from typing import TYPE_CHECKING, Any

from config.model import Feed
from config.settings import Settings
from ingest.runtime.daemon import log_progress, run_together, write_heartbeat
from ingest.runtime.session import run_with_redis
from nabaa.errors import NabaaError

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from ingest.service import IngestService
    from workers.desk.settings import DeskSettings
    from workers.pipeline import ArticleMaker
    from workers.stories.stage.service import StoriesService

# What is slow to import (HTTP, Redis, language models) is imported by the part that needs it.
# ruff: noqa: PLC0415

logger = logging.getLogger(__name__)

Progress = list[Callable[[], str]]
"""Functions that describe how far each part of the process is; each part adds its own."""


def run_services(
    settings: Settings,
    url: str,
    feeds: Sequence[Feed] | None = None,
    work: bool = False,
    stories: bool = False,
    print_articles: bool = False,
    desk: DeskSettings | None = None,
) -> None:
    """Run the services of this process until a signal comes.

    Args:
        settings: all of them.
        url: address of Redis, with its secrets.
        feeds: feeds to poll, or None for a process that polls none.
        work: whether articles are made of the entries on the queue.
        stories: whether articles are grouped into stories, where no other process does.
        print_articles: whether new articles are printed on standard output.
        desk: where the wire is shown to browsers; None: nowhere.

    Raises:
        NabaaError: a setting is wrong, or Redis or the recogniser cannot be used.
    """

    async def body(client: Redis, stop: asyncio.Event) -> None:
        from nabaa.redis.server_check import check_server

        await check_server(client, stop)
        progress: Progress = []
        running: list[Coroutine[Any, Any, None]] = [log_progress(progress, stop)]
        if feeds is not None:
            running.append(_ingest(settings, client, url, feeds, progress, stop))
        if work:
            running.append(_work(settings, client, url, progress, stop))
        if stories:
            running.append(_group_stories(settings, client, url, progress, stop))
        if print_articles:
            running.append(_print_articles(settings, client, stop))
        if desk is not None:
            running.append(_show_desk(settings, desk, client, stop))
        if settings.heartbeat_file:
            running.append(write_heartbeat(settings.heartbeat_file, stop))
        await run_together(running, stop)

    run_with_redis(url, body)


async def _ingest(
    settings: Settings,
    client: Redis,
    url: str,
    feeds: Sequence[Feed],
    progress: Progress,
    stop: asyncio.Event,
) -> None:
    from ingest.parse.feedparser_limits import describe_old_expat
    from ingest.service import IngestService

    if warning := describe_old_expat():
        logger.warning("%s", warning)
    service = IngestService(settings, client, feeds, url, Random())
    progress.append(lambda: _describe_ingest(service, len(feeds)))
    await service.run(stop)


def _describe_ingest(service: IngestService, feeds: int) -> str:
    progress = service.progress
    paused = ", paused until the workers catch up" if progress.paused else ""
    hubs = ""
    if (push := service.push_progress) and (push.pushes or push.forged or push.too_large):
        hubs = (
            f"; hubs: {push.pushes} deliveries, {push.new_entries} new entries, "
            f"{push.forged} forged, {push.too_large} too large, {push.unreadable} unreadable"
        )
    if (page := service.page_progress) and (page.fetched or page.failed or page.released):
        hubs += (
            f"; pages: {page.fetched} fetched, {page.failed} tries failed, "
            f"{page.given_up} given up, {page.released} entries went before theirs"
        )
    return (
        f"feeds: {feeds} listed, {progress.polls} polls, {progress.failed} failed, "
        f"{progress.new_entries} new entries{paused}{hubs}"
    )


async def _work(
    settings: Settings, client: Redis, url: str, progress: Progress, stop: asyncio.Event
) -> None:
    # In a thread, so that polling begins meanwhile: it imports and loads language models.
    maker = await asyncio.to_thread(_build_article_maker, settings)
    from workers.service import WorkerService

    if settings.recogniser == "camel":
        # It takes seconds for an article, and a batch at hand is finished before a stop.
        settings = settings.model_copy(update={"batch_size": 1})
    service = WorkerService(settings, client, maker, url)
    done = service.progress
    progress.append(
        lambda: (
            f"workers: {done.published} articles published, "
            f"{done.failed} attempts failed, {done.buried} dead"
        )
    )
    await service.run(stop)


async def _group_stories(
    settings: Settings, client: Redis, url: str, progress: Progress, stop: asyncio.Event
) -> None:
    # In a thread: it loads the frequencies of words.
    service = await asyncio.to_thread(_build_stories_service, settings, client, url)
    done = service.progress

    def describe() -> str:
        if not done.is_at_work:
            return "stories: another process is at work"
        return (
            f"stories: {done.articles} articles placed, {done.events} events, "
            f"{done.open_stories} open"
        )

    progress.append(describe)
    await service.run(stop)


def _build_stories_service(settings: Settings, client: Redis, url: str) -> StoriesService:
    from workers.stories.stage.service import StoriesService

    return StoriesService(settings, client, url)


def _build_article_maker(settings: Settings) -> ArticleMaker:
    from config.page_rules import PageRulesFile
    from workers.entities.recognise.choice import load_recogniser
    from workers.pipeline import ArticleMaker

    rules = PageRulesFile(settings.page_rules_path)
    return ArticleMaker(load_recogniser(settings.recogniser), settings.languages, rules)


async def _show_desk(
    settings: Settings, desk: DeskSettings, client: Redis, stop: asyncio.Event
) -> None:
    from nabaa.streams.shards import shards_to_read
    from workers.desk.build import build_desk
    from workers.outputs.http_server import run_server

    shards = await shards_to_read(client, settings.shards, stop)
    try:
        server = await asyncio.to_thread(build_desk, desk, client, shards, settings.feeds_file)
        async with run_server(server, desk.host, desk.port):
            await stop.wait()
    except NabaaError as error:  # the wire goes on without: news is not lost for a page
        logger.warning("the desk is not shown: %s (NABAA_DESK_LISTEN=off: it is not wanted)", error)
        await stop.wait()


async def _print_articles(settings: Settings, client: Redis, stop: asyncio.Event) -> None:
    from ingest.runtime.terminal import open_console
    from workers.outputs.tail import tail

    await tail(client, settings.shards, 0, open_console(), stop)
