"""The event on the articles stream: flat CloudEvents 1.0 attributes and the article as JSON.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

import msgspec
import zstandard

from nabaa.types import Article, Compression

CREATED = "nabaa.article.created"
UPDATED = "nabaa.article.updated"
ENCODING = "dataencoding"
_ZSTD_LEVEL = 3

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Article)


def encode_article(article: Article) -> bytes:
    """Return an article as JSON, UTF-8; instants as RFC 3339 in UTC."""
    return _encoder.encode(article)


def decode_article(data: bytes) -> Article:
    """Read an article back; fields of a later version are passed over.

    Args:
        data: JSON, UTF-8.

    Raises:
        msgspec.ValidationError: it is not an article.
        msgspec.DecodeError: it is not JSON.
    """
    return _decoder.decode(data)


def event_attributes(article: Article, time: datetime) -> list[tuple[str, str]]:
    """Return the attributes of the event that carries an article, in order.

    Args:
        article: article that is published.
        time: time of the publication, aware UTC.
    """
    attributes = [
        ("specversion", "1.0"),
        ("id", f"{article.uri.rpartition(':')[2]}-{article.version}"),
        ("source", f"/feeds/{article.outlet.feed}"),
        ("type", CREATED if article.version == 1 else UPDATED),
        ("time", time.isoformat(timespec="milliseconds").replace("+00:00", "Z")),
    ]
    return attributes + ([("subject", article.url)] if article.url else [])


def event_data(article: Article, compression: Compression) -> bytes:
    """Return `data` of the event that carries an article.

    Args:
        article: article that is published.
        compression: compression of its JSON.
    """
    data = encode_article(article)
    return zstandard.compress(data, _ZSTD_LEVEL) if compression == "zstd" else data


def event_fields(
    article: Article,
    time: datetime,
    compression: Compression = "none",
    data: bytes | None = None,
) -> list[str | bytes]:
    """Return field, value, … of the stream entry that carries an article; `data` comes last.

    Args:
        article: article that is published.
        time: time of the publication, aware UTC.
        compression: compression of `data`.
        data: the article's `event_data`, where it has been made before.
    """
    attributes = [*event_attributes(article, time), ("datacontenttype", "application/json")]
    if compression == "zstd":
        attributes.append((ENCODING, "zstd"))
    if data is None:
        data = event_data(article, compression)
    return [*(part for pair in attributes for part in pair), "data", data]


def packed_event(
    article: Article, time: datetime, compression: Compression, data: bytes | None
) -> tuple[bytes, bytes]:
    """Return `event_fields` for the script that adds them: all but the last, and the last.

    Args:
        article: article that is published.
        time: time of the publication, aware UTC.
        compression: compression of `data`.
        data: the article's `event_data`, where it has been made before.

    Returns:
        The strings as one MessagePack array, since the client takes its time over each argument;
        and the bytes of `data`, which the server's reader of MessagePack does not know.
    """
    *strings, last = event_fields(article, time, compression, data)
    return msgspec.msgpack.encode(strings), cast("bytes", last)


def data_of(fields: Mapping[bytes, bytes]) -> bytes:
    """Return the article in the fields of a stream entry, as JSON.

    Args:
        fields: names and values as Redis has them.

    Raises:
        KeyError: it has no `data`.
        msgspec.DecodeError: its encoding is not known, or it is damaged.
    """
    data = fields[b"data"]
    encoding = fields.get(ENCODING.encode())
    if encoding is None:
        return data
    if encoding != b"zstd":
        raise msgspec.DecodeError(f"`data` is encoded as {encoding.decode(errors='replace')}")
    try:
        return zstandard.decompress(data)
    except zstandard.ZstdError as error:
        raise msgspec.DecodeError(f"`data` cannot be unpacked: {error}") from error


def article_of(fields: Mapping[bytes, bytes]) -> Article:
    """Read the article out of the fields of a stream entry.

    Args:
        fields: names and values as Redis has them.

    Raises:
        KeyError: it has no `data`.
        msgspec.MsgspecError: `data` is not an article, or cannot be unpacked.
    """
    return decode_article(data_of(fields))
