"""Sessions in signed cookies, and the token that tells a form of ours from a forged one.

Nothing is kept for a session: the cookie holds all of it, and its signature is made with a key that
follows from the tokens of the settings. Another token ends every session.
https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from workers.desk.access.rights import AccessRules, Rights

_COOKIE = "nabaa_desk"
MAX_AGE_SECONDS = 7 * 86400
_SALT = b"nabaa desk session v1"
_LONGEST_COOKIE = 200


@dataclass(frozen=True, slots=True)
class Session:
    """A session is one browser.

    Attributes:
        id: 32 hex digits.
        rights: what a token that was shown lets it do; NONE where none was.
        opened_at: Unix seconds.
    """

    id: str
    rights: Rights
    opened_at: int


def cookie_name(host: str) -> str:
    """Return the name of the cookie: browsers send those of one port of a host to all others.

    Args:
        host: header field `Host`.
    """
    port = host.rpartition("]")[2].partition(":")[2]
    return f"{_COOKIE}_{port}" if port.isdecimal() else _COOKIE


class Sessions:
    """Makes and reads the cookies.

    Args:
        rules: whose tokens the key follows from; without any the key is of this process.
    """

    def __init__(self, rules: AccessRules) -> None:
        known = f"{rules.token}\0{rules.admin_token}".encode()
        secret = known if rules.token or rules.admin_token else secrets.token_bytes(32)
        self._key = hashlib.blake2b(secret, digest_size=32, salt=b"", person=b"nabaa-desk").digest()

    def open(self, rights: Rights, now: float) -> Session:
        """Begin a session.

        Args:
            rights: what it may do.
            now: Unix seconds.
        """
        return Session(secrets.token_hex(16), rights, int(now))

    def cookie(self, session: Session) -> str:
        """Return what the browser keeps of a session."""
        text = f"{session.id}.{int(session.rights)}.{session.opened_at}"
        return f"{text}.{self._sign(text)}"

    def read(self, cookie: str, now: float) -> Session | None:
        """Read a cookie back.

        Args:
            cookie: what a browser sent.
            now: Unix seconds.

        Returns:
            The session; None where it is not one of ours, or over.
        """
        text, _, signature = cookie[:_LONGEST_COOKIE].rpartition(".")
        if not hmac.compare_digest(signature.encode(errors="replace"), self._sign(text).encode()):
            return None
        session_id, rights, opened_at = text.split(".")
        if now - int(opened_at) > MAX_AGE_SECONDS:
            return None
        return Session(session_id, Rights(int(rights)), int(opened_at))

    def form_token(self, session: Session) -> str:
        """Return what the forms of a session's pages carry."""
        return self._sign(f"form {session.id}")

    def is_form_token(self, session: Session, shown: str) -> bool:
        """Return whether a form carries the token of its session."""
        return hmac.compare_digest(
            shown.encode(errors="replace"), self.form_token(session).encode()
        )

    def _sign(self, text: str) -> str:
        data = _SALT + text.encode("utf-8", "replace")
        return hmac.new(self._key, data, hashlib.sha256).hexdigest()
