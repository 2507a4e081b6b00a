"""The page of an article as it travels from the stage that fetches it to the workers."""

from __future__ import annotations

from datetime import datetime

import msgspec
import zstandard

_LEVEL = 3
_LARGEST_BYTES = 64 * 1024 * 1024  # of a page, unpacked


class StoredPage(msgspec.Struct, frozen=True, array_like=True):
    """A page as it was fetched; encoded as an array, compressed.

    Attributes:
        final_url: address that answered, behind all redirects.
        content_type: header `Content-Type`, or an empty string.
        body: bytes as the server sent them, decompressed.
        fetched_at: time of the answer, aware UTC.
        etag: header `ETag`, or an empty string.
        last_modified: header `Last-Modified`, or an empty string.
        url: address that was asked.
        status: HTTP status.
    """

    final_url: str
    content_type: str
    body: bytes
    fetched_at: datetime
    etag: str = ""
    last_modified: str = ""
    url: str = ""
    status: int = 200


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(StoredPage)


def encode_page(page: StoredPage) -> bytes:
    """Return a page as MessagePack, packed with zstd; CPU work, some milliseconds."""
    return zstandard.compress(_encoder.encode(page), _LEVEL)


def decode_page(data: bytes) -> StoredPage:
    """Read a page back.

    Raises:
        msgspec.MsgspecError: it is no page of this version, or damaged.
    """
    try:
        plain = zstandard.decompress(data, max_output_size=_LARGEST_BYTES)
    except zstandard.ZstdError as error:
        raise msgspec.DecodeError(f"the page cannot be unpacked: {error}") from error
    return _decoder.decode(plain)
