"""Server-sent events to one open page.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio

from aiohttp import web

from workers.desk.live.broadcast import Listener

KEEP_ALIVE_SECONDS = 20.0
SEND_SECONDS = 30.0
"""A page that takes nothing for so long is let go."""

_STILL_HERE = b": \n\n"


def encode_event(html: str, event_id: str = "") -> bytes:
    """Return an event that htmx swaps into the page.

    Args:
        html: what is swapped in; line ends in it become blanks.
        event_id: what the browser shows when it comes back; empty: none.
    """
    line = " ".join(html.splitlines())
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}data: {line}\n\n".encode()


async def send_events(
    request: web.Request, listener: Listener, first: bytes = b""
) -> web.StreamResponse:
    """Send events to a page until it goes.

    Args:
        request: of the page.
        listener: what it gets.
        first: what it gets at once.
    """
    headers = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
    response = web.StreamResponse(headers=headers)
    try:
        await response.prepare(request)
        await response.write(first or _STILL_HERE)
        while not listener.is_lost:
            event = await _next(listener)
            async with asyncio.timeout(SEND_SECONDS):
                await response.write(event)
    except (TimeoutError, ConnectionResetError):
        pass  # the page stands still or went
    return response


async def _next(listener: Listener) -> bytes:
    try:
        async with asyncio.timeout(KEEP_ALIVE_SECONDS):
            return await listener.events.get()
    except TimeoutError:
        return _STILL_HERE
