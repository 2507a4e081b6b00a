"""Who sent this: only who knows the secret."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given, settings, strategies as st

from ingest.websub.signature import is_signed


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(["sha1", "sha256", "sha384", "sha512"]), st.binary(), st.text(min_size=1))
def test_what_was_signed_with_the_secret_is_signed(method: str, body: bytes, secret: str) -> None:
    key = secret.encode("utf-8", "surrogatepass") if secret.isascii() else b"key"
    signature = hmac.new(key, body, getattr(hashlib, method)).hexdigest()
    assert is_signed(f"{method}={signature}", body, key.decode())
    assert is_signed(f" {method.upper()}={signature.upper()} ", body, key.decode())
    assert not is_signed(f"{method}={signature}", body + b"x", key.decode())
    assert not is_signed(f"{method}={signature}", body, key.decode() + "x")


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=100))
def test_no_other_header_is_a_signature(header: str) -> None:
    assert not is_signed(header, b"body", "secret")


@pytest.mark.parametrize("method", ["md5", "sha224", "", "none"])
def test_other_methods_sign_nothing(method: str) -> None:
    digest = hmac.new(b"k", b"body", "md5" if method == "md5" else "sha224").hexdigest()
    assert not is_signed(f"{method}={digest}", b"body", "k")
