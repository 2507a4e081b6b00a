"""The ways in and out, and the look of the pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from workers.desk.server.look import COOKIE, choose_look, look_of
from workers.desk.server.parts import Parts

_YEAR_SECONDS = 365 * 86400


class EntranceView:
    """Answers `/login`, `/logout` and `/preferences`.

    Args:
        parts: of the desk.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/login", self._show)
        app.router.add_post("/login", self._sign_in)
        app.router.add_post("/logout", self._sign_out)
        app.router.add_post("/preferences", self._set_look)

    async def _show(self, request: web.Request) -> web.Response:
        return self._parts.page(request, "login.html", wrong=False)

    async def _sign_in(self, request: web.Request) -> web.Response:
        form = await request.post()
        session = self._parts.gate.sign_in(request, str(form.get("token", "")))
        if session is None:
            return self._parts.page(request, "login.html", status=401, wrong=True)
        response = _go(str(form.get("back", "/")))
        self._parts.gate.remember(request, response, session)
        return response

    async def _sign_out(self, request: web.Request) -> web.Response:
        response = _go("/login")
        self._parts.gate.forget(request, response)
        return response

    async def _set_look(self, request: web.Request) -> web.Response:
        form, look = await request.post(), look_of(request)
        look = choose_look(
            str(form.get("language", look.language)), str(form.get("theme", look.theme))
        )
        response = _go(str(form.get("back", "/")))
        response.set_cookie(
            COOKIE, look.cookie, max_age=_YEAR_SECONDS, httponly=True, samesite="Lax"
        )
        return response


def _go(back: str) -> web.Response:
    """Return an answer that leads to a page of the desk, whatever address the form held."""
    parts = urlsplit(back.replace("\\", "/"))
    path = "/" + parts.path.lstrip("/")
    place = f"{path}?{parts.query}" if parts.query else path
    is_page = not place.startswith(("/login", "/logout", "/preferences"))
    return web.Response(status=303, headers={"Location": place if is_page else "/"})
