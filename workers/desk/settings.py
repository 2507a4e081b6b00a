"""What the settings say of the desk: where it listens, who may come, under which names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from config.secrets import read_secret
from config.settings import Settings
from nabaa.errors import UsageError
from workers.desk.access.hosts import known_names
from workers.desk.access.rights import AccessRules, check_reach, read_networks

OFF = "off"
OWN_ARCHIVE = "desk.sqlite3"


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """The settings of a desk.

    Attributes:
        host: address to listen at.
        port: port to listen on.
        rules: who may come.
        names: names under which it answers, in small letters.
        archive_url: address of the archive that `nabaa index` fills; empty: it has its own.
        own_archive: file of its own archive.
        most_articles: articles that it keeps there.
    """

    host: str
    port: int
    rules: AccessRules
    names: frozenset[str]
    own_archive: Path
    most_articles: int
    archive_url: str = ""


def read_desk_settings(settings: Settings, listen: str = "") -> DeskSettings | None:
    """Read what the settings say of the desk.

    Args:
        settings: all of them.
        listen: `host:port`, in place of the setting; empty: as set.

    Returns:
        The settings; None where there is to be no desk.

    Raises:
        ConfigError: a token's file cannot be read, or a network is none.
        UsageError: `listen` is no host and port, or other machines can come and nobody has said
            who may.
    """
    where = listen or settings.desk_listen
    if where == OFF:
        return None
    host, separator, port = where.rpartition(":")
    if not separator or not port.isdecimal() or int(port) > 65535:
        raise UsageError(
            f"NABAA_DESK_LISTEN, --listen: {where!r} is no host and port such as 127.0.0.1:8090"
        )
    host = host.strip("[]")
    rules = AccessRules(
        token=read_secret("NABAA_DESK_TOKEN", settings.desk_token, settings.desk_token_file) or "",
        admin_token=read_secret(
            "NABAA_DESK_ADMIN_TOKEN", settings.desk_admin_token, settings.desk_admin_token_file
        )
        or "",
        user_header=settings.desk_user_header,
        admins=frozenset(settings.desk_admins),
        proxies=read_networks(settings.desk_proxies),
    )
    check_reach(host, rules)
    return DeskSettings(
        host=host,
        port=int(port),
        rules=rules,
        names=known_names((*settings.desk_hosts, host)),
        own_archive=settings.data_dir / OWN_ARCHIVE,
        most_articles=settings.desk_articles,
        archive_url=settings.archive_url or "",
    )
