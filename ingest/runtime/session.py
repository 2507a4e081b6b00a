"""What commands have in common: settings, the log, and a client of Redis until a signal ends it."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.loading import load_settings
from config.secrets import read_secret
from config.settings import Settings
from ingest.runtime.daemon import STOP_SECONDS
from ingest.runtime.terminal import log_to_stderr
from nabaa.errors import ConfigError, QueueError

if TYPE_CHECKING:
    from nabaa.redis.client import Client

logger = logging.getLogger(__name__)

# As many name look-ups may wait for a slow server as fetches are in flight; the few threads of the
# default would all wait with them, and parsing and the making of articles behind them.
_THREADS = 96

# A command ends within five seconds of a signal: services end by themselves or are cancelled by
# `run_together`, and a moment later whatever is left is.
_STOP_SECONDS = STOP_SECONDS + 0.2
_CANCEL_ROUNDS = 6
_CANCEL_SECONDS = 0.05

Body = Callable[["Client", asyncio.Event], Coroutine[Any, Any, None]]


def load_settings_and_log() -> Settings:
    """Read the settings and send the log to standard error.

    Raises:
        ConfigError: a setting is wrong.
    """
    settings = load_settings()
    log_to_stderr(settings.log_level)
    return settings


def wire_url(settings: Settings, *, waits: bool) -> str:
    """Return the address of the wire's Redis: the one set, or the embedded one of the data folder.

    Args:
        settings: of this process.
        waits: whether the command waits for a server that is not there yet; it is told what to
            start then.

    Returns:
        An address with the secrets of the settings in it: `redacted` gives what may be told.

    Raises:
        ConfigError: a setting of the server is wrong.
        QueueError: no embedded server runs in the data folder, and the command does not wait; or
            the folder cannot be read.
    """
    from ingest.runtime.embedded import embedded_url  # noqa: PLC0415 - only who has no Redis

    if settings.redis_url:
        return _server_url(settings, settings.redis_url)
    url = embedded_url(settings.data_dir)
    if not Path(url.removeprefix("unix://")).exists():
        sentence = (
            f"no nabaa runs in the data folder {settings.data_dir}: start `nabaa run` there, or "
            "set NABAA_DATA_DIR or NABAA_REDIS_URL"
        )
        if not waits:
            raise QueueError(sentence)
        logger.warning("%s", sentence)
    return url


def _server_url(settings: Settings, url: str) -> str:
    """Put into an address what other settings say of the server, its password among it."""
    from nabaa.redis.url import with_options  # noqa: PLC0415 - imports redis

    password = read_secret(
        "NABAA_REDIS_PASSWORD", settings.redis_password, settings.redis_password_file
    )
    is_tls = url.startswith("rediss")
    files = {
        "ssl_ca_certs": settings.redis_ca_file,
        "ssl_certfile": settings.redis_cert_file,
        "ssl_keyfile": settings.redis_key_file,
    }
    for setting, path in zip(("CA", "CERT", "KEY"), files.values(), strict=True):
        if path and not is_tls:
            raise ConfigError(f"NABAA_REDIS_{setting}_FILE needs an address with rediss://")
        if path and not path.is_file():
            raise ConfigError(f"NABAA_REDIS_{setting}_FILE: {path} is no file")
    return with_options(
        url,
        password,
        {
            **{name: str(path) for name, path in files.items() if path},
            "wait_replicas": settings.redis_wait_replicas or None,
            "wait_fsync": "true" if settings.redis_wait_fsync else None,
        },
    )


def run_with_redis(url: str, body: Body) -> None:
    """Run a coroutine with a client of Redis; SIGINT and SIGTERM set its stop event.

    Args:
        url: of the server.
        body: takes the client and the event, and returns soon after the event is set.

    Raises:
        ConfigError: the address is none of a Redis server.
        QueueError: the server cannot be used or refused a command.
    """
    from redis.exceptions import RedisError  # noqa: PLC0415 - commands without Redis start faster

    from nabaa.redis.errors import is_authentication_error  # noqa: PLC0415
    from nabaa.redis.url import redacted  # noqa: PLC0415

    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_until_signal(url, body))
    except RedisError as error:
        reason = str(error).rstrip(".")
        refusal = (
            "does not accept the user or the password"
            if is_authentication_error(error)
            else "cannot be used"
        )
        raise QueueError(f"Redis at {redacted(url)} {refusal}: {reason}") from error


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the event loop; None for Python's own."""
    try:
        import uvloop  # noqa: PLC0415 - there is none for Windows
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _until_signal(url: str, body: Body) -> None:
    from nabaa.redis.connection import connect  # noqa: PLC0415

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="nabaa")
    loop.set_default_executor(threads)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _on_signal, loop, stop, number)
    try:
        async with aclosing(connect(url)) as client:
            await _end_in_time(asyncio.create_task(body(client, stop)), stop)
    finally:
        # A thread that still parses a huge document, or waits to write to a full pipe, must not
        # hold up the end: nothing of what it does has been committed.
        threads.shutdown(wait=False, cancel_futures=True)
        loop.set_default_executor(ThreadPoolExecutor())


async def _end_in_time(body: asyncio.Task[None], stop: asyncio.Event) -> None:
    """Wait for a body; some seconds after a stop cancel it, whatever it waits for.

    A server that stands still may hold a read for half a minute, and each read may be tried again:
    what was not acknowledged by then stays where it is and is given again.
    """
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((body, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not body.done():
        await asyncio.wait([body], timeout=_STOP_SECONDS)
    if not body.done():
        logger.warning("not everything ended within %g seconds: the rest is cut off", _STOP_SECONDS)
        await _cancel_all()
    if not body.cancelled():
        body.result()


async def _cancel_all() -> None:
    """Cancel every other task, and again what waits for something while it ends."""
    for _ in range(_CANCEL_ROUNDS):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        if not tasks:
            return
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=_CANCEL_SECONDS)


def _on_signal(loop: asyncio.AbstractEventLoop, stop: asyncio.Event, number: int) -> None:
    """Stop gently; a second signal of the kind ends the process the hard way."""
    stop.set()
    loop.remove_signal_handler(number)
    signal.signal(number, signal.SIG_DFL)


def wait_for_threads(seconds: float) -> bool:
    """Wait until all other threads have ended.

    Args:
        seconds: longest wait.

    Returns:
        Whether they have; threads that do not hold up the interpreter do not count.
    """
    deadline = time.monotonic() + seconds
    others = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
    for thread in others:
        if not thread.daemon:
            thread.join(max(0.0, deadline - time.monotonic()))
    return not any(thread.is_alive() and not thread.daemon for thread in others)
