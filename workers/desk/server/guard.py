"""What stands around every request: Host, rights, forms, errors, the headers of the answer."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web
from aiohttp.typedefs import Handler
from redis.exceptions import RedisError

from ingest.runtime.terminal import printable
from nabaa.errors import NabaaError, NotFoundError, OutputError
from workers.desk.access.hosts import is_foreign_use
from workers.desk.access.rights import Rights
from workers.desk.access.visitor import FORM_FIELD, FORM_HEADER
from workers.desk.server.parts import VISITOR, Parts

logger = logging.getLogger(__name__)

MOST_FORM_BYTES = 64 * 1024
PAGE_SECONDS = 10.0
"""A page that takes longer, as where Redis stands still, is given up."""

_FREE = ("/login", "/static/", "/preferences", "/logout", "/favicon.ico")
"""Where no rights are needed."""

_HEADERS = {
    # Nothing but what the desk itself serves: no script or style within a page, no other site.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Lets requests through to their views, or not.

    Args:
        parts: of the desk.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def stand_before(self, app: web.Application) -> None:
        """Put itself before every view of an application."""

        @web.middleware
        async def let_through(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._let_through(request, handler)

        app.middlewares.append(let_through)
        app.on_response_prepare.append(self._add_headers)

    async def _let_through(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        gate = self._parts.gate
        if not gate.is_known_host(request):
            return _plain(421, "the desk has no such name: NABAA_DESK_HOSTS lists its names")
        if is_foreign_use(request.headers):
            return _plain(403, "pages of other sites may not use the desk")
        visitor = gate.visitor(request)
        request[VISITOR] = visitor
        response = await self._refuse(request) or await self._answer(request, handler)
        if visitor.is_new and not response.prepared and not request.path.startswith("/static/"):
            gate.remember(request, response, visitor.session)
        return response

    async def _refuse(self, request: web.Request) -> web.StreamResponse | None:
        """Return the answer to a request that is not let through, or None."""
        visitor = request[VISITOR]
        is_free = request.path.startswith(_FREE)
        if not is_free and not visitor.may_read:
            if request.method != "GET" or "HX-Request" in request.headers:
                return _plain(401, "sign in first", {"WWW-Authenticate": "Bearer"})
            return self._parts.page(request, "login.html", status=401, wrong=False)
        if request.method in ("GET", "HEAD"):
            return None
        if not is_free and visitor.rights < Rights.ADMINISTER:
            return _plain(403, "only an administrator may do that")
        shown = request.headers.get(FORM_HEADER) or str((await request.post()).get(FORM_FIELD, ""))
        if not self._parts.gate.is_own_form(request, visitor, shown):
            return _plain(
                403, "this form is not of the desk, or of before its restart: load it anew"
            )
        return None

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        # A live page goes on until it is left.
        seconds = None if request.path.startswith("/live/") else PAGE_SECONDS
        try:
            async with asyncio.timeout(seconds):
                return await handler(request)
        except web.HTTPNotFound:
            return self._problem(request, 404, "")
        except web.HTTPException as error:
            return error
        except NotFoundError as error:
            return self._problem(request, 404, str(error))
        except (RedisError, OSError, OutputError) as error:
            reason = str(error) or f"no answer came within {PAGE_SECONDS:g} seconds"
            logger.warning("a page cannot be shown: %s", reason)
            return self._problem(request, 503, reason)
        except NabaaError as error:
            return self._problem(request, 400, str(error))

    def _problem(self, request: web.Request, status: int, reason: str) -> web.Response:
        if not request[VISITOR].may_read:
            return _plain(status, reason or "not found")
        return self._parts.page(
            request, "problem.html", status=status, code=status, reason=printable(reason)
        )

    async def _add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Server"] = "nabaa"  # and not which libraries of which versions
        for name, value in _HEADERS.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")


def _plain(status: int, text: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, text=f"{text}\n", headers=headers)
