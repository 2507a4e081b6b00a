"""Every setting of nabaa: one name, one type, one default and one line of help.

Read from the environment (`NABAA_…`), then from a TOML file (`NABAA_CONFIG`, by default
`nabaa.toml` in the working folder). The table in the README is generated from this class.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from nabaa.errors import ConfigError
from nabaa.types import Compression

PREFIX = "NABAA_"
DEFAULT_FEEDS_FILE = Path(__file__).with_name("feeds.yaml")

Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(gt=0)]


class Settings(BaseSettings):
    """All that can be set; frozen once read.

    Raises:
        pydantic.ValidationError: a value is of the wrong type or out of range; `load_settings`
            turns it into a `ConfigError`.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    redis_url: str | None = Field(
        default=None,
        description="Redis or Valkey: a server, Sentinels or a cluster; unset: an embedded Valkey",
    )
    redis_password: SecretStr | None = Field(
        default=None, description="its password, where the address holds none"
    )
    redis_password_file: Path | None = Field(
        default=None, description="file that holds the password"
    )
    redis_ca_file: Path | None = Field(
        default=None, description="certificates that its own must follow from (rediss://)"
    )
    redis_cert_file: Path | None = Field(
        default=None, description="certificate of this process, where the server asks for one"
    )
    redis_key_file: Path | None = Field(default=None, description="key of that certificate")
    redis_wait_replicas: int = Field(
        default=0, ge=0, description="replicas that must have a poll or article before it counts"
    )
    redis_wait_fsync: bool = Field(
        default=False, description="they and the server must have it on disk (from version 7.2 on)"
    )
    redis_wait_milliseconds: Count = Field(
        default=1000, description="longest wait for replicas and disks"
    )
    data_dir: Path = Field(default=Path("data"), description="folder of the embedded Valkey")
    feeds_file: Path = Field(default=DEFAULT_FEEDS_FILE, description="the feed list, YAML")
    shards: Count = Field(default=1, description="shards that feeds are spread over by host")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="lowest level that is logged"
    )
    heartbeat_file: Path | None = Field(
        default=None, description="file that a healthy daemon touches every few seconds"
    )

    tick_seconds: Seconds = Field(
        default=1.0, description="seconds between two looks at what is due"
    )
    lease_seconds: Seconds = Field(
        default=120.0, description="a feed taken by a process that died is due again after this"
    )
    fetch_concurrency: Count = Field(
        default=64, description="fetches in flight in one ingest process"
    )
    fetch_timeout_seconds: Seconds = Field(default=30.0, description="deadline of one fetch in all")
    max_body_bytes: Count = Field(
        default=10 * 1024 * 1024,
        description="largest body read, on the wire and after decompression",
    )
    max_redirects: int = Field(default=5, ge=0, description="redirects followed in one fetch")
    allow_private_addresses: bool = Field(
        default=False, description="let feeds be on loopback and private networks"
    )
    fetch_ports: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(),
        description="ports that may be asked, such as `80,443`; unset: all where the web may be",
    )
    contact: str = Field(
        default="", description="address or page put in the User-Agent for publishers"
    )
    poll_interval_seconds: Seconds = Field(
        default=900.0,
        description="seconds between polls of a feed that sets none and brings an article an hour",
    )
    poll_shortest_seconds: Seconds = Field(
        default=120.0, description="least seconds between polls of a feed that brings much"
    )
    poll_longest_seconds: Seconds = Field(
        default=6 * 3600.0, description="most seconds between polls of a feed that brings little"
    )
    publisher_floor_seconds: float = Field(
        default=86400.0,
        ge=0,
        description="what publishers ask for (max-age, ttl, …) counts up to this many seconds",
    )
    retry_base_seconds: Seconds = Field(
        default=30.0, description="wait after the first failed poll; doubles with each further one"
    )
    retry_max_seconds: Seconds = Field(
        default=6 * 3600.0, description="longest wait after failed polls"
    )
    missing_max_seconds: Seconds = Field(
        default=7 * 86400.0,
        description="longest wait after HTTP status 404 or a name unknown to DNS",
    )
    host_concurrency: Count = Field(
        default=2, description="requests in flight at one host, over all ingest processes"
    )
    host_gap_seconds: float = Field(
        default=1.0, ge=0, description="least seconds between two requests to one host"
    )
    host_down_after: Count = Field(
        default=5, description="different feeds failing in a row that mark their host as down"
    )
    host_down_max_seconds: Seconds = Field(
        default=3600.0, description="longest wait between two tries of a host that is down"
    )
    robots_for_feeds: bool = Field(
        default=False, description="ask robots.txt before polling feeds too, not only for pages"
    )
    websub_callback_url: str | None = Field(
        default=None,
        description="public address that hubs call back; unset: feeds are polled only",
    )
    websub_listen: str | None = Field(
        default=None, description="host:port where this process answers hubs"
    )
    websub_safety_seconds: Seconds = Field(
        default=6 * 3600.0, description="seconds between polls of a feed whose hub sends its news"
    )
    backlog_limit: Count = Field(
        default=10_000, description="entries waiting at which polling stops until they have halved"
    )
    seen_retention_seconds: Seconds = Field(
        default=30 * 86400.0, description="an entry that left its feed is remembered this long"
    )

    recogniser: Literal["crf", "camel"] = Field(default="crf", description="who finds the names")
    languages: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="languages to publish, such as `ar,fa`; unset: all, each with its label",
    )
    batch_size: Count = Field(default=32, description="entries that a worker takes at once")
    reclaim_idle_seconds: Seconds = Field(
        default=60.0,
        description="an entry held this long without a result is given to another worker",
    )
    max_attempts: Count = Field(
        default=5, description="failures after which an entry goes to `dead`"
    )
    article_memory_seconds: Seconds = Field(
        default=7 * 86400.0,
        description="changes of an article, and other feeds with it, are told for this long",
    )
    articles_max_age_seconds: Seconds = Field(
        default=7 * 86400.0, description="articles older than this are trimmed from the stream"
    )
    articles_max_length: Count = Field(
        default=1_000_000, description="articles kept on the stream of one shard"
    )
    articles_compression: Compression = Field(
        default="none",
        description="`zstd`: articles take a third of the memory in Redis, and readers in other "
        "languages have to unpack `data`",
    )
    subscriptions_max_age_seconds: Seconds = Field(
        default=7 * 86400.0, description="the same for the streams of subscriptions"
    )
    subscriptions_max_length: Count = Field(
        default=10_000, description="articles kept for one subscription on one shard"
    )

    webhook_secret: SecretStr | None = Field(
        default=None, description="secret that signs what `nabaa webhook` posts: `whsec_…`"
    )
    webhook_secret_file: Path | None = Field(
        default=None, description="file that holds that secret"
    )
    serve_token: SecretStr | None = Field(
        default=None, description="token that clients of `nabaa serve` have to show"
    )
    serve_token_file: Path | None = Field(default=None, description="file that holds that token")
    serve_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="web sites whose pages may read `nabaa serve`, such as "
        "`https://desk.example`, or `*`; unset: none but its own",
    )

    @field_validator("languages", "fetch_ports", "serve_origins", mode="before")
    @classmethod
    def _split_words(cls, value: object) -> object:
        """Take `ar,fa` from the environment as well as a list from the file."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("websub_callback_url")
    @classmethod
    def _check_callback_url(cls, value: str | None) -> str | None:
        if value is None or re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
            return value
        raise PydanticCustomError(
            "callback_url", "should be an address such as https://news.example.org/websub"
        )

    @field_validator("websub_listen")
    @classmethod
    def _check_listen(cls, value: str | None) -> str | None:
        found = re.fullmatch(r"(?:[^\s:/]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})", value or "")
        if value is None or (found and int(found[1]) < 65536):
            return value
        raise PydanticCustomError("listen", "should be a host and a port such as 127.0.0.1:8090")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment beats what `load_settings` read from the file."""
        return env_settings, init_settings


def load_settings() -> Settings:
    """Read the settings of this process.

    Returns:
        The settings, checked and frozen.

    Raises:
        ConfigError: a value or a name is wrong, or the file cannot be read; names the variable
            or the file and key.
    """
    from_file = _read_file()
    _refuse_unknown_variables()
    try:
        return Settings(**from_file)
    except ValidationError as error:
        raise ConfigError("\n".join(_sentences(error, from_file))) from error


def settings_table() -> str:
    """Return the table of all settings in Markdown, as the README shows it."""
    lines = ["| variable | default | what it sets |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        lines.append(
            f"| `{PREFIX}{name.upper()}` | {_default(field.default)} | {field.description} |"
        )
    return "\n".join(lines)


def _default(value: Any) -> str:
    if value is None or value in ((), ""):
        return "unset"
    if value == DEFAULT_FEEDS_FILE:
        return "`config/feeds.yaml`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:.15g}`" if isinstance(value, float) else f"`{value}`"


def _config_file() -> Path:
    return Path(os.environ.get(f"{PREFIX}CONFIG", "nabaa.toml"))


def _read_file() -> dict[str, Any]:
    path = _config_file()
    if not path.exists():
        if f"{PREFIX}CONFIG" in os.environ:
            raise ConfigError(f"{path}: the settings file named by {PREFIX}CONFIG does not exist")
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a TOML file: {error}") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    return {key.lower(): value for key, value in values.items()}


def _refuse_unknown_variables() -> None:
    """A mistyped variable would otherwise be ignored without a word."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {f"{PREFIX}CONFIG"}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise ConfigError(f"unknown setting in the environment: {', '.join(unknown)}")


def _sentences(error: ValidationError, from_file: dict[str, Any]) -> list[str]:
    sentences = []
    for fault in error.errors():
        key = str(fault["loc"][0]) if fault["loc"] else "?"
        variable = f"{PREFIX}{key.upper()}"
        where = (
            f"{_config_file()}: key {key}"
            if key in from_file and variable not in os.environ
            else variable
        )
        message = fault["msg"][0].lower() + fault["msg"][1:]
        is_secret = key == "redis_url" or re.search("password|secret|token", key)
        given = "" if is_secret else f" (is {fault.get('input')!r})"
        sentences.append(f"{where}: {message}{given}")
    return sentences
