"""Server-sent events to one open page.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio

from aiohttp import web
from aiohttp_sse import sse_response

from workers.desk.live.broadcast import Listener

SEND_SECONDS = 30.0
"""A page that takes nothing for so long is let go."""


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
    async with sse_response(request, send_timeout=SEND_SECONDS) as response:
        try:
            if first:
                await response.write(first)
            while not listener.is_lost and response.is_connected():
                event = await listener.events.get()
                # Not `send`, which would write the same event anew for each page.
                async with asyncio.timeout(SEND_SECONDS):
                    await response.write(event)
        except (TimeoutError, ConnectionResetError):
            pass  # the page stands still or went
    return response
