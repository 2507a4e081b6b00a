"""Content codings: what comes out is what went in, and never more than the limit."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given, strategies as st

from ingest.decompress import DecompressError, decompress


def _raw_deflate(body: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(body) + deflater.flush()


CODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}
LIMIT = 100_000


@pytest.mark.parametrize("coding", CODINGS)
@given(body=st.binary(max_size=2000))
def test_every_coding_is_undone(coding: str, body: bytes) -> None:
    assert decompress(CODINGS[coding](body), coding, LIMIT) == body


def test_raw_deflate_is_taken_for_deflate() -> None:
    assert decompress(_raw_deflate("خبر".encode()), "deflate", LIMIT) == "خبر".encode()


def test_codings_are_undone_in_reverse_order() -> None:
    body = brotli.compress(gzip.compress(b"<rss/>"))
    assert decompress(body, "gzip, br", LIMIT) == b"<rss/>"


@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_is_refused(coding: str) -> None:
    with pytest.raises(DecompressError, match="larger than 100,000 bytes"):
        decompress(CODINGS[coding](bytes(50_000_000)), coding, LIMIT)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_compressed_body_that_was_cut_is_refused(coding: str) -> None:
    body = CODINGS[coding](bytes(range(256)) * 20)
    with pytest.raises(DecompressError, match="cut short"):
        decompress(body[: len(body) // 2], coding, LIMIT)


def test_a_body_that_is_only_declared_compressed_is_taken_as_it_is() -> None:
    assert decompress(b"<?xml version='1.0'?><rss/>", "gzip", LIMIT).startswith(b"<?xml")


def test_a_body_that_is_not_what_it_says_is_refused() -> None:
    with pytest.raises(DecompressError, match="not valid gzip"):
        decompress(b"\x89PNG", "gzip", LIMIT)


def test_an_unknown_coding_is_refused() -> None:
    with pytest.raises(DecompressError, match="unknown content coding 'rot13'"):
        decompress(b"", "rot13", LIMIT)
