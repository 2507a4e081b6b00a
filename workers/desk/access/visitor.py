"""The visitor of one request: its rights, its session, the token that its forms carry."""

from __future__ import annotations

import time
from dataclasses import dataclass

from aiohttp import web

from workers.desk.access.hosts import is_known_host, is_own_page
from workers.desk.access.login_limit import LoginLimit
from workers.desk.access.rights import (
    AccessRules,
    Rights,
    caller_address,
    comes_from_proxy,
    identify,
    rights_of_token,
)
from workers.desk.access.session import MAX_AGE_SECONDS, Session, Sessions, cookie_name

FORM_FIELD = "form_token"
FORM_HEADER = "X-Form-Token"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor is who stands behind one request.

    Attributes:
        rights: what it may do.
        session: its browser.
        form_token: what the forms of its pages carry.
        user: name that a reverse proxy gives, or an empty string.
        is_new: whether its browser does not know the session yet.
        has_signed_in: whether its rights come from a token that it has shown, so that it can leave.
    """

    rights: Rights
    session: Session
    form_token: str
    user: str = ""
    is_new: bool = False
    has_signed_in: bool = False

    @property
    def may_read(self) -> bool:
        """Whether it may look at the pages."""
        return self.rights >= Rights.READ

    @property
    def may_administer(self) -> bool:
        """Whether it may change things."""
        return self.rights >= Rights.ADMINISTER


class Gate:
    """Tells who comes, and refuses requests that no page of the desk has sent.

    Args:
        rules: who may come.
        names: names under which the desk answers, in small letters.
    """

    def __init__(self, rules: AccessRules, names: frozenset[str]) -> None:
        self._rules = rules
        self._names = names
        self._sessions = Sessions(rules)
        self._limit = LoginLimit()

    @property
    def has_tokens(self) -> bool:
        """Whether somebody can sign in with a token."""
        return bool(self._rules.token or self._rules.admin_token)

    def is_known_host(self, request: web.Request) -> bool:
        """Return whether a request names the desk by a name that it has."""
        return is_known_host(request.headers.get("Host", ""), self._names)

    def visitor(self, request: web.Request) -> Visitor:
        """Tell who stands behind a request."""
        caller = identify(self._rules, request.remote or "", request.headers)
        now = time.time()
        session = self._sessions.read(request.cookies.get(_cookie_of(request), ""), now)
        is_new = session is None
        session = session or self._sessions.open(Rights.NONE, now)
        return Visitor(
            rights=max(caller.rights, session.rights),
            session=session,
            form_token=self._sessions.form_token(session),
            user=caller.user,
            is_new=is_new,
            has_signed_in=session.rights > Rights.NONE,
        )

    def is_own_form(self, request: web.Request, visitor: Visitor, shown: str) -> bool:
        """Return whether a request that changes something comes from a page of the desk.

        Args:
            request: the request.
            visitor: who stands behind it.
            shown: the token that came with it.
        """
        return is_own_page(request.headers) and self._sessions.is_form_token(visitor.session, shown)

    def sign_in(self, request: web.Request, token: str) -> Session | None:
        """Open a session for a token.

        Args:
            request: that brought it.
            token: as it was typed.

        Returns:
            The session; None where the token is wrong.

        Raises:
            aiohttp.web.HTTPTooManyRequests: too many wrong ones came from that address.
        """
        peer = caller_address(self._rules, request.remote or "", request.headers)
        now = time.monotonic()
        if self._limit.is_held(peer, now):
            raise web.HTTPTooManyRequests(headers={"Retry-After": "60"})
        rights = rights_of_token(self._rules, token.strip())
        if not rights:
            self._limit.count_failure(peer, now)
            return None
        return self._sessions.open(rights, time.time())

    def remember(
        self, request: web.Request, response: web.StreamResponse, session: Session
    ) -> None:
        """Have a browser keep its session."""
        response.set_cookie(
            _cookie_of(request),
            self._sessions.cookie(session),
            max_age=MAX_AGE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=self._is_https(request),
        )

    def forget(self, request: web.Request, response: web.StreamResponse) -> None:
        """Have a browser forget its session."""
        response.del_cookie(_cookie_of(request))

    def _is_https(self, request: web.Request) -> bool:
        return request.secure or (
            request.headers.get("X-Forwarded-Proto") == "https"
            and comes_from_proxy(self._rules, request.remote or "")
        )


def _cookie_of(request: web.Request) -> str:
    return cookie_name(request.headers.get("Host", ""))
