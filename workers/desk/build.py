"""Puts the parts of a desk together."""

from __future__ import annotations

from pathlib import Path

from redis.asyncio import Redis

from workers.desk.access.visitor import Gate
from workers.desk.archive.asking import ArchiveQuestions
from workers.desk.archive.feeding import ArchiveFeeder, open_own_archive
from workers.desk.live.broadcast import TICK_SECONDS, Broadcast
from workers.desk.live.newest import Newest
from workers.desk.live.stories import Stories
from workers.desk.server.app import DeskServer
from workers.desk.server.assets import Assets
from workers.desk.server.parts import Parts
from workers.desk.server.templates import Templates
from workers.desk.settings import DeskSettings
from workers.index.database import open_archive


def build_desk(
    desk: DeskSettings,
    client: Redis,
    shards: int,
    feeds_file: Path,
    tick_seconds: float = TICK_SECONDS,
) -> DeskServer:
    """Return a desk that is ready to listen.

    Args:
        desk: who may come, and under which names.
        client: answers in bytes.
        shards: how many shards the wire has.
        feeds_file: the feed list.
        tick_seconds: time between two events of an open page.

    Raises:
        ConfigError: the address of the archive is none.
        OutputError: the archive cannot be used.
    """
    assets = Assets()
    if desk.archive_url:
        archive, feeder = open_archive(desk.archive_url, create=False), None
    else:
        archive = open_own_archive(desk.own_archive)
        feeder = ArchiveFeeder(archive, desk.most_articles)
    parts = Parts(
        client=client,
        shards=shards,
        feeds_file=feeds_file,
        gate=Gate(desk.rules, desk.names),
        templates=Templates(assets),
        newest=Newest(),
        stories=Stories(),
        broadcast=Broadcast(tick_seconds),
        archive=ArchiveQuestions(archive),
    )
    return DeskServer(parts, assets, feeder)
