"""The event on the articles stream: flat CloudEvents 1.0 attributes and the article as JSON.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from workers.types import Article

CREATED = "nabaa.article.created"
UPDATED = "nabaa.article.updated"

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Article)


def encode_article(article: Article) -> bytes:
    """Return the article as JSON, UTF-8; instants as RFC 3339 in UTC."""
    return _encoder.encode(article)


def decode_article(data: bytes) -> Article:
    """Read an article back; fields of a later version are passed over.

    Raises:
        msgspec.ValidationError: it is not an article.
        msgspec.DecodeError: it is not JSON.
    """
    return _decoder.decode(data)


def event_attributes(article: Article, time: datetime) -> list[tuple[str, str]]:
    """Return the attributes of the event that carries an article, in order.

    Args:
        article: what is published.
        time: when it is published, aware UTC.
    """
    attributes = [
        ("specversion", "1.0"),
        ("id", f"{article.uri.rpartition(':')[2]}-{article.version}"),
        ("source", f"/feeds/{article.outlet.feed}"),
        ("type", CREATED if article.version == 1 else UPDATED),
        ("time", time.isoformat(timespec="milliseconds").replace("+00:00", "Z")),
    ]
    return attributes + ([("subject", article.url)] if article.url else [])


def event_fields(article: Article, time: datetime) -> list[str | bytes]:
    """Return field, value, … of the stream entry that carries an article.

    Args:
        article: what is published.
        time: when it is published, aware UTC.
    """
    attributes = [*event_attributes(article, time), ("datacontenttype", "application/json")]
    return [*(part for pair in attributes for part in pair), "data", encode_article(article)]


def packed_event(article: Article, time: datetime) -> bytes:
    """Return `event_fields` as one MessagePack array: the client takes its time over each argument.

    All are strings, the JSON as well: the server's reader knows no binary.
    """
    fields = event_fields(article, time)
    return msgspec.msgpack.encode(
        [field.decode() if isinstance(field, bytes) else field for field in fields]
    )


def article_of(fields: Mapping[bytes, bytes]) -> Article:
    """Read the article out of the fields of a stream entry.

    Raises:
        KeyError: it has no `data`.
        msgspec.MsgspecError: `data` is not an article.
    """
    return decode_article(fields[b"data"])
