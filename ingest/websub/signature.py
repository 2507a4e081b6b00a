"""Who sent this: the signature of what a hub sends (WebSub, section 7.1)."""

from __future__ import annotations

import hashlib
import hmac

_METHODS = {
    "sha1": hashlib.sha1,  # what most hubs send; HMAC does not need collision resistance
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}


def is_signed(header: str, body: bytes, secret: str) -> bool:
    """Tell whether a body was signed with a secret; the comparison takes constant time.

    Args:
        header: `X-Hub-Signature` as it came: a method, `=`, and the HMAC in hex digits.
        body: as it came over the wire.
        secret: that the hub was given.
    """
    method, _, signature = header.strip().partition("=")
    digest = _METHODS.get(method.strip().lower())
    if digest is None:
        return False
    expected = hmac.new(secret.encode(), body, digest).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.strip().lower().encode())
