"""Every setting of nabaa: one name, one type, one default and one line of help.

`config.loading` reads them from the environment and a file, `config.settings_table` shows them,
`config.contradictions` compares them with each other.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError

from config.model import FullText
from nabaa.types import Compression

PREFIX = "NABAA_"
DEFAULT_FEEDS_FILE = Path(__file__).with_name("feeds.yaml")

Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(gt=0)]


class Settings(BaseModel):
    """All that can be set; frozen once read.

    Raises:
        pydantic.ValidationError: a value is of the wrong type or out of range;
            `config.loading` turns it into a `ConfigError`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

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
    data_dir: Path = Field(
        default=Path("data"), description="folder of the embedded Valkey and of the archive"
    )
    feeds_file: Path = Field(default=DEFAULT_FEEDS_FILE, description="the feed list, YAML")
    page_rules_file: Path | None = Field(
        default=None,
        description="rules for the pages of outlets; unset: page_rules.yaml beside the feed list",
    )
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
    allow_private_addresses: bool = Field(
        default=False, description="let feeds be on loopback and private networks"
    )
    fetch_ports: tuple[int, ...] = Field(
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
    poll_longest_seconds: Seconds = Field(
        default=6 * 3600.0,
        description="most seconds between polls of a feed that brings little, or that a hub pushes",
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
    host_concurrency: Count = Field(
        default=2, description="requests in flight at one host, over all ingest processes"
    )
    host_gap_seconds: float = Field(
        default=1.0, ge=0, description="least seconds between two requests to one host"
    )
    host_down_after: Count = Field(
        default=5, description="different feeds failing in a row that mark their host as down"
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
    full_text: FullText = Field(
        default="auto",
        description="when the page of an article is fetched: `auto` where the feed's text is "
        "short, `always`, `never`; a feed of the list may say otherwise",
    )
    full_text_below: Count = Field(
        default=1000, description="characters of a feed's text below which `auto` fetches the page"
    )
    page_wait_seconds: Seconds = Field(
        default=60.0,
        description="an article waits so long for its page, from the turn of this at its host and "
        "up to five times that; a page that comes later is an update",
    )
    page_attempts: Count = Field(
        default=8, description="times that a page is asked for before it is given up"
    )
    page_concurrency: Count = Field(
        default=32, description="pages in flight in one ingest process, beside the feeds"
    )
    page_max_bytes: Count = Field(
        default=2 * 1024 * 1024, description="of a page so much is read, after decompression"
    )
    page_archive_length: int = Field(
        default=0,
        ge=0,
        description="fetched pages kept on the stream of one shard for `nabaa archive --pages`; "
        "0: none",
    )
    page_memory_seconds: Seconds = Field(
        default=600.0, description="a page that was fetched is kept so long for other feeds"
    )
    backlog_limit: Count = Field(
        default=10_000, description="entries waiting at which polling stops until they have halved"
    )
    feed_entries_per_day: Count = Field(
        default=5000,
        description="new entries that one feed may bring in a day (UTC), counted once for each "
        "32 KB of one; a twentieth of that at once",
    )
    stream_max_bytes: Count = Field(
        default=1024**3,
        description="memory of a stream in Redis at which polling pauses (entries) or the oldest "
        "articles are trimmed",
    )
    seen_retention_seconds: Seconds = Field(
        default=30 * 86400.0, description="an entry that left its feed is remembered this long"
    )

    recogniser: Literal["crf", "accurate", "camel"] = Field(
        default="crf",
        description="who finds the names; `accurate` needs onnxruntime, `camel` needs torch",
    )
    languages: tuple[str, ...] = Field(
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
        default=7 * 86400.0,
        description="articles and events of stories older than this are trimmed from the streams, "
        "of subscriptions too",
    )
    articles_max_length: Count = Field(
        default=1_000_000, description="articles kept on the stream of one shard"
    )
    articles_compression: Compression = Field(
        default="none",
        description="`zstd`: articles take a third of the memory in Redis, and readers in other "
        "languages have to unpack `data`",
    )
    articles_reprints: bool = Field(
        default=True,
        description="look before an article is published whether it is a reprint; takes 8 MB in "
        "Redis",
    )
    subscriptions_max_length: Count = Field(
        default=10_000, description="articles kept for one subscription on one shard"
    )

    stories: bool = Field(
        default=True, description="whether `nabaa run` groups articles into stories, too"
    )
    story_articles_listed: Count = Field(
        default=50, description="articles that an event of a story lists at most, the newest"
    )
    story_breaking_outlets: int = Field(
        default=5, ge=2, description="outlets that make a story breaking news"
    )
    story_breaking_seconds: Seconds = Field(
        default=3600.0, description="time within which so many outlets must have begun to report it"
    )
    story_events_max_length: Count = Field(
        default=200_000, description="events kept on the stream of stories"
    )

    archive_url: str | None = Field(
        default=None,
        description="database of `nabaa index`: postgresql://user@host/name, or a file; unset: "
        "archive.sqlite3 in the data folder",
    )
    archive_max_age_seconds: Seconds | None = Field(
        default=None,
        description="articles published longer ago go out of the archive; unset: none do",
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
    serve_origins: tuple[str, ...] = Field(
        default=(),
        description="web sites whose pages may read `nabaa serve`, such as "
        "`https://desk.example`, or `*`; unset: none but its own",
    )

    desk_listen: str = Field(
        default="127.0.0.1:8090",
        description="host:port where `nabaa run` and `nabaa desk` show the desk; `off`: nowhere",
    )
    desk_token: SecretStr | None = Field(
        default=None, description="token that lets other machines read the desk"
    )
    desk_token_file: Path | None = Field(default=None, description="file that holds that token")
    desk_admin_token: SecretStr | None = Field(
        default=None, description="token that lets other machines change things on the desk"
    )
    desk_admin_token_file: Path | None = Field(
        default=None, description="file that holds that token"
    )
    desk_user_header: str = Field(
        default="",
        description="header field in which your reverse proxy names the user of the desk",
    )
    desk_admins: tuple[str, ...] = Field(
        default=(), description="users of that header who may change things"
    )
    desk_proxies: tuple[str, ...] = Field(
        default=("127.0.0.0/8", "::1"),
        description="networks of reverse proxies whose header fields are believed",
    )
    desk_hosts: tuple[str, ...] = Field(
        default=(),
        description="names under which browsers find the desk, beside this machine's own",
    )

    desk_articles: Count = Field(
        default=100_000,
        description="articles that the desk keeps in desk.sqlite3 of the data folder, where "
        "`archive_url` is not set",
    )

    @field_validator(
        "languages", "fetch_ports", "serve_origins", "desk_admins", "desk_proxies", "desk_hosts",
        mode="before",
    )  # fmt: skip
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

    @property
    def page_rules_path(self) -> Path:
        """Path of the rules for pages; the file may be missing."""
        return self.page_rules_file or self.feeds_file.with_name("page_rules.yaml")

    @property
    def missing_max_seconds(self) -> float:
        """Longest wait after HTTP status 404 or a name unknown to DNS: a week by default."""
        return 28 * self.retry_max_seconds

    @property
    def host_down_max_seconds(self) -> float:
        """Longest wait between two tries of a host that is down: an hour by default."""
        return self.retry_max_seconds / 6
