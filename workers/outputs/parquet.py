"""An hour of the archive as a folder of Parquet files, for DuckDB, pandas, Spark and their like.

Each batch is a file of its own, written beside its place and renamed, so that it is there whole or
not at all.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from nabaa.subscriber.received import Received
from nabaa.types import Article
from workers.outputs.disk.folder import sync_folder

logger = logging.getLogger(__name__)

DAMAGED_SUFFIX = ".damaged"
"""Ends the name of a file that cannot be read; `_` begins it, which readers of a folder skip."""

_TIME = pa.timestamp("ms", tz="UTC")
_TEXTS = pa.list_(pa.string())
_ENTITY = pa.struct(
    {
        "id": pa.string(),
        "type": pa.string(),
        "name": pa.string(),
        "name_en": pa.string(),
        "country": pa.string(),
        "confidence": pa.float32(),
        "mentions": pa.int32(),
        "geo": pa.struct({"latitude": pa.float64(), "longitude": pa.float64()}),
    }
)
_MEDIUM = pa.struct(
    {"url": pa.string(), "type": pa.string(), "length": pa.int64(), "title": pa.string()}
)
_PAGE = pa.struct(
    {
        "canonical": pa.string(),
        "section": pa.string(),
        "picture": pa.struct({"url": pa.string(), "caption": pa.string()}),
        "extracted_at": _TIME,
        "problem": pa.string(),
    }
)
_QUOTE = pa.struct({"speaker": pa.string(), "text": pa.string(), "kind": pa.string()})
SCHEMA = pa.schema(
    {
        "message_id": pa.string(),
        "uri": pa.string(),
        "version": pa.int32(),
        "url": pa.string(),
        "title": pa.string(),
        "summary": pa.string(),
        "body_text": pa.string(),
        "language": pa.string(),
        "published": _TIME,
        "updated": _TIME,
        "first_seen": _TIME,
        "by": pa.string(),
        "outlet": pa.string(),
        "country": pa.string(),
        "feed": pa.string(),
        "topic": pa.string(),
        "tags": _TEXTS,
        "categories": _TEXTS,
        "feeds": _TEXTS,
        "changed": _TEXTS,
        "entities": pa.list_(_ENTITY),
        "quotes": pa.list_(_QUOTE),
        "media": pa.list_(_MEDIUM),
        "content_hash": pa.string(),
        "body_source": pa.string(),
        "page": _PAGE,
        "duplicate_of": pa.string(),
        "story": pa.string(),
        "data": pa.string(),
    }
)
"""A message that is no article of this version has only its id and `data`."""

_PLAIN = ("uri", "version", "url", "title", "summary", "body_text", "language", "published",
          "updated", "first_seen", "by", "topic", "tags", "categories", "feeds",
          "changed", "content_hash", "body_source", "duplicate_of", "story")  # fmt: skip


class ParquetHour:
    """A folder of an hour.

    Args:
        path: of the folder.

    Raises:
        OSError: it cannot be made or read.
    """

    def __init__(self, path: Path) -> None:
        path.mkdir(exist_ok=True)
        self._path = path
        sync_folder(path.parent)
        for torn in path.glob(".*"):
            torn.unlink()
        self._known: set[str] = set()
        for part in path.glob("*.parquet"):
            self._known.update(_message_ids(part))

    def add(self, messages: Sequence[Received]) -> int:
        """Write those that are not there yet as one file; return how many.

        Raises:
            OSError: none of them was written.
        """
        new = {
            key: received
            for received in messages
            if (key := f"{received.stream}/{received.message_id}") not in self._known
        }
        if not new:
            return 0
        rows = [_row(key, received) for key, received in new.items()]
        name = f"{messages[0].message_id}-{secrets.token_hex(4)}.parquet"
        hidden = self._path / f".{name}"
        with hidden.open("wb") as file:
            pq.write_table(_table(rows), file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        hidden.rename(self._path / name)
        sync_folder(self._path)
        self._known.update(new)
        return len(new)


def _message_ids(part: Path) -> list[str]:
    """Return the ids that a file holds; one that is damaged is set aside and holds none."""
    try:
        ids: list[str] = pq.read_table(part, columns=["message_id"])["message_id"].to_pylist()
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of the disk, not of what the file says
        aside = part.rename(part.with_name(f"_{part.name}{DAMAGED_SUFFIX}"))
        sync_folder(part.parent)
        logger.warning("%s is damaged (%s): it was set aside as %s", part, error, aside.name)
        return []
    return ids


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    """Return rows as a table; of one whose values the columns cannot hold, its id and `data`."""
    try:
        return pa.Table.from_pylist(rows, schema=SCHEMA)
    except pa.ArrowException:
        if len(rows) == 1:
            plain = {name: rows[0][name] for name in ("message_id", "data")}
            return pa.Table.from_pylist([plain], schema=SCHEMA)
        return pa.concat_tables([_table([row]) for row in rows])


def _row(key: str, received: Received) -> dict[str, Any]:
    row: dict[str, Any] = {"message_id": key, "data": received.data.decode("utf-8", "replace")}
    try:
        article = received.article
    except msgspec.MsgspecError:
        return row
    return row | _columns(article)


def _columns(article: Article) -> dict[str, Any]:
    return {
        **{name: getattr(article, name) for name in _PLAIN},
        "outlet": article.outlet.name,
        "country": article.outlet.country,
        "feed": article.outlet.feed,
        "entities": [
            {**asdict(entity), "mentions": len(entity.mentions)} for entity in article.entities
        ],
        "quotes": [
            {"speaker": quote.speaker, "text": quote.text, "kind": quote.kind}
            for quote in article.quotes
        ],
        "media": [asdict(medium) for medium in article.media],
        "page": asdict(article.page) if article.page else None,
    }
