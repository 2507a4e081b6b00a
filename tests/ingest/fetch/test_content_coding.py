"""Content codings: what comes out is what went in, and never more than the limit."""

from __future__ import annotations

import gzip
import zlib
from random import Random

import brotli
import pytest
import zstandard
from hypothesis import given, strategies as st

from ingest.fetch.content_coding import DecompressError, decompress


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
        decompress(CODINGS[coding](bytes(5_000_000)), coding, LIMIT)


@pytest.mark.parametrize("coding", CODINGS)
@given(body=st.binary(min_size=100, max_size=2000), share=st.floats(0, 1))
def test_of_a_compressed_body_that_was_cut_the_beginning_is_kept(
    coding: str, body: bytes, share: float
) -> None:
    packed = CODINGS[coding](body)
    assert body.startswith(decompress(packed[: int(len(packed) * share)], coding, LIMIT))


@pytest.mark.parametrize("coding", CODINGS)
def test_most_of_a_body_that_was_cut_in_its_last_tenth_is_kept(coding: str) -> None:
    body = Random(1).randbytes(50_000)
    packed = CODINGS[coding](body)
    kept = decompress(packed[: len(packed) * 9 // 10], coding, LIMIT)
    assert len(kept) > 40_000


def test_a_gzip_body_of_several_members_is_read_to_its_end() -> None:
    body = gzip.compress(b"<rss>") + gzip.compress("خبر".encode()) + gzip.compress(b"</rss>")
    assert decompress(body, "gzip", LIMIT) == "<rss>خبر</rss>".encode()


def test_what_stands_behind_a_gzip_member_is_passed_over() -> None:
    assert decompress(gzip.compress(b"<rss/>") + bytes(100), "gzip", LIMIT) == b"<rss/>"


def test_a_bomb_of_many_members_is_refused() -> None:
    body = gzip.compress(bytes(20_000)) * 10
    with pytest.raises(DecompressError, match="larger than 100,000 bytes"):
        decompress(body, "gzip", LIMIT)


def test_gzip_data_whose_checksum_is_wrong_are_refused() -> None:
    body = bytearray(gzip.compress(b"<rss/>"))
    body[-8] ^= 1
    with pytest.raises(DecompressError, match="not valid gzip"):
        decompress(bytes(body), "gzip", LIMIT)


def test_a_body_that_is_only_declared_compressed_is_taken_as_it_is() -> None:
    assert decompress(b"<?xml version='1.0'?><rss/>", "gzip", LIMIT).startswith(b"<?xml")


def test_a_body_that_is_not_what_it_says_is_refused() -> None:
    with pytest.raises(DecompressError, match="not valid gzip"):
        decompress(b"\x89PNG", "gzip", LIMIT)


def test_an_unknown_coding_is_refused() -> None:
    with pytest.raises(DecompressError, match="unknown content coding 'rot13'"):
        decompress(b"", "rot13", LIMIT)
