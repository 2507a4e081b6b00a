"""Settings that contradict each other: each pair in one sentence, before anything is started."""

from __future__ import annotations

from config.settings import Settings


def find_contradictions(settings: Settings) -> list[str]:
    """Return a sentence for each contradiction between settings; none where all fit together."""
    rules = (
        _lease_and_deadline(settings),
        _retries(settings),
        _hubs(settings),
        _server(settings),
    )
    return [sentence for sentence in rules if sentence]


def _lease_and_deadline(settings: Settings) -> str:
    lease, deadline = settings.lease_seconds, settings.fetch_timeout_seconds
    if lease > deadline:
        return ""
    return (
        f"NABAA_LEASE_SECONDS ({lease:g}) must be greater than NABAA_FETCH_TIMEOUT_SECONDS "
        f"({deadline:g}): another process would take a feed whose fetch still runs"
    )


def _retries(settings: Settings) -> str:
    base, longest = settings.retry_base_seconds, settings.retry_max_seconds
    if base <= longest:
        return ""
    return (
        f"NABAA_RETRY_BASE_SECONDS ({base:g}) must not be greater than NABAA_RETRY_MAX_SECONDS "
        f"({longest:g}): the first wait after a failure cannot exceed the longest"
    )


def _hubs(settings: Settings) -> str:
    if not settings.websub_listen or settings.websub_callback_url:
        return ""
    return (
        "NABAA_WEBSUB_LISTEN is set but NABAA_WEBSUB_CALLBACK_URL is not: hubs need to be told the "
        "public address that leads there"
    )


def _server(settings: Settings) -> str:
    """Look for settings of a server without the address of one."""
    if settings.redis_url:
        return ""
    of_server = (
        "redis_password",
        "redis_password_file",
        "redis_ca_file",
        "redis_cert_file",
        "redis_key_file",
        "redis_wait_replicas",
        "redis_wait_fsync",
    )
    given = [f"NABAA_{name.upper()}" for name in of_server if getattr(settings, name)]
    if not given:
        return ""
    return f"{', '.join(given)} needs NABAA_REDIS_URL: the embedded server has no use for it"
