"""Articles of the archive: by id for what found them, by uri for who asks for one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, select

from nabaa.errors import NotFoundError
from nabaa.message import decode_article
from nabaa.types import Article
from workers.index.codec import codec_of
from workers.index.entity_rows import chunks
from workers.index.instants import instant_of_milliseconds
from workers.index.message import key_of, order_of, story_id
from workers.index.model import StoredArticle, StoredVersion
from workers.index.schema import article, telling, version

_IS_CURRENT = and_(version.c.article == article.c.id, version.c.digest == article.c.current)


def read_article(connection: Connection, uri: str) -> StoredArticle:
    """Return an article and every version of it.

    Args:
        connection: of `Archive.reading`.
        uri: uri of the article.

    Raises:
        NotFoundError: the archive has no such article.
    """
    rows = connection.execute(
        select(version, article.c.current)
        .join(article, version.c.article == article.c.id)
        .where(article.c.key == key_of(uri))
    ).all()
    if not rows:
        raise NotFoundError(f"the archive has no article {uri}")
    codec = codec_of(connection)
    in_order = sorted(rows, key=lambda row: order_of(row.number, row.arrived))
    versions = [
        StoredVersion(
            decode_article(codec.unpack(connection, bytes(row.data))),
            instant_of_milliseconds(row.arrived),
        )
        for row in in_order
    ]
    told = connection.execute(
        select(telling.c.story).where(telling.c.article == key_of(uri))
    ).scalar()
    place = next(n for n, row in enumerate(in_order) if bytes(row.digest) == bytes(row.current))
    return StoredArticle(
        versions[place].article, tuple(versions), None if told is None else story_id(bytes(told))
    )


def read_current(connection: Connection, ids: Sequence[int]) -> dict[int, Article]:
    """Return the current versions of articles, in the order of the ids.

    Args:
        connection: of `Archive.reading`.
        ids: ids of articles; one that is not there is left out.
    """
    return {
        article_id: decode_article(data) for article_id, data in read_data(connection, ids).items()
    }


def read_data(connection: Connection, ids: Sequence[int]) -> dict[int, bytes]:
    """Return the current versions as JSON; else as `read_current`."""
    found: dict[int, bytes] = {}
    codec = codec_of(connection)
    for some in chunks(ids):
        query = select(article.c.id, version.c.data).join(version, _IS_CURRENT)
        rows = connection.execute(query.where(article.c.id.in_(some)))
        found.update(
            (article_id, codec.unpack(connection, bytes(data))) for article_id, data in rows
        )
    return {article_id: found[article_id] for article_id in ids if article_id in found}
