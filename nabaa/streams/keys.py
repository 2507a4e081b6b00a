"""Names of the Redis keys.

Every key of a shard carries its hash tag, so that a script touches one cluster slot
(https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from urllib.parse import urlsplit

WORKERS_GROUP = "workers"
SHARDS = "nabaa:shards"
"""Hash: `count` shards; `read`, the number that readers look at, where it once was higher; `to`,
the number to come while a reshard is under way."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one shard have its hash tag.

    Attributes:
        shard: number of the shard, from 0.
    """

    shard: int

    @property
    def due(self) -> str:
        """Sorted set: feed id → Unix seconds at which it is next due."""
        return f"nabaa:{{{self.shard}}}:due"

    @property
    def entries(self) -> str:
        """Stream: entries that wait for a worker, group `workers`."""
        return f"nabaa:{{{self.shard}}}:entries"

    @property
    def pages(self) -> str:
        """Sorted set: name of a page that is to be fetched → when it is asked for, Unix seconds."""
        return f"nabaa:{{{self.shard}}}:pages"

    @property
    def page_waits(self) -> str:
        """Sorted set: name of a page → until when entries wait for it, Unix seconds."""
        return f"nabaa:{{{self.shard}}}:page-waits"

    def page(self, name: str) -> str:
        """Hash: the entries that a page is fetched for, by number, and how it stands."""
        return f"nabaa:{{{self.shard}}}:page:{name}"

    def page_sent(self, name: str) -> str:
        """String, which expires: a page went to the workers with an entry of this shard."""
        return f"nabaa:{{{self.shard}}}:page-sent:{name}"

    def page_copy(self, name: str) -> str:
        """String, which expires: a page as it was fetched, on the shard of its host."""
        return f"nabaa:{{{self.shard}}}:page-copy:{name}"

    def page_claim(self, name: str) -> str:
        """String, which expires: the shard that a page is fetched for, on that of its host."""
        return f"nabaa:{{{self.shard}}}:page-claim:{name}"

    @property
    def page_troubles(self) -> str:
        """Hash: feed id → why the last pages of its articles brought no text, JSON."""
        return f"nabaa:{{{self.shard}}}:page-troubles"

    @property
    def raw_pages(self) -> str:
        """Stream: pages as they were fetched, for the archive; empty where none is to be kept."""
        return f"nabaa:{{{self.shard}}}:raw-pages"

    @property
    def raw_pages_lost(self) -> str:
        """Hash: group → what it lost to the trimming of the raw pages, JSON."""
        return f"nabaa:{{{self.shard}}}:raw-pages-lost"

    @property
    def articles(self) -> str:
        """Stream: the product."""
        return f"nabaa:{{{self.shard}}}:articles"

    @property
    def dead(self) -> str:
        """Stream: what could not be processed."""
        return f"nabaa:{{{self.shard}}}:dead"

    @property
    def subscriptions(self) -> str:
        """Hash: name of a subscription → its filter, JSON; shard 0 has it for all shards."""
        return f"nabaa:{{{self.shard}}}:subscriptions"

    def subscription(self, name: str) -> str:
        """Stream: the articles of this shard that match a subscription."""
        return f"nabaa:{{{self.shard}}}:sub:{name}"

    def article(self, name: str) -> str:
        """String: what is known of an article (`publish.versions`), a blank, its last message."""
        return f"nabaa:{{{self.shard}}}:article:{name}"

    @property
    def moved(self) -> str:
        """Set: `SHARD STREAM ID` of what a reshard has put here; gone when it has ended."""
        return f"nabaa:{{{self.shard}}}:moved"

    @property
    def lost(self) -> str:
        """Hash: group → what it lost to the trimming of the articles, JSON."""
        return f"nabaa:{{{self.shard}}}:lost"

    def lost_of(self, subscription: str) -> str:
        """Hash: group → what it lost to the trimming of the stream of a subscription, JSON."""
        return f"{self.lost}:{subscription}"

    @property
    def trimmed(self) -> str:
        """String, which expires: one of the workers has trimmed this shard a moment ago."""
        return f"nabaa:{{{self.shard}}}:trimmed"

    def dead_of(self, group: str) -> str:
        """Stream: articles that a subscriber's group could not deal with."""
        return f"nabaa:{{{self.shard}}}:dead:{group}"

    @property
    def rates(self) -> str:
        """Hash: `polls|entries|articles|updates|dead:MINUTE` → how many in that Unix minute."""
        return f"nabaa:{{{self.shard}}}:rates"

    @property
    def clocks(self) -> str:
        """Hash: `due` or `pushes` → what the clock said when something was last taken from it."""
        return f"nabaa:{{{self.shard}}}:clocks"

    @property
    def held_hosts(self) -> str:
        """Sorted set: origin that is down or asked to be left alone → until when, Unix seconds."""
        return f"nabaa:{{{self.shard}}}:held"

    def host(self, host: str) -> str:
        """Hash: who is at a host and from when on the next may come; see enter_host.lua.

        Whether it is down or busy stands under the name of the origin, which is the host itself
        for the ports of http and https, else `host:port`.
        """
        return f"nabaa:{{{self.shard}}}:host:{host}"

    @property
    def stories(self) -> str:
        """Stream: events of stories; shard 0 has it, as all keys of stories, for all shards."""
        return f"nabaa:{{{self.shard}}}:stories"

    @property
    def stories_lost(self) -> str:
        """Hash: group → what it lost to the trimming of the stories, JSON."""
        return f"{self.stories}:lost"

    @property
    def stories_lease(self) -> str:
        """String, which expires: the token of the stage that places articles now."""
        return f"{self.stories}:lease"

    @property
    def stories_stage(self) -> str:
        """Hash: how far the stage of stories is; see hold_lease.lua and commit_stories.lua."""
        return f"{self.stories}:stage"

    @property
    def stories_index(self) -> str:
        """Hash: open story → what the index knows of it (`StoryIndex.dump`)."""
        return f"{self.stories}:index"

    @property
    def stories_open(self) -> str:
        """Hash: open story → what its subscribers were told, MessagePack."""
        return f"{self.stories}:open"

    @property
    def stories_texts(self) -> str:
        """String: table of the texts that were published last (`workers.stories.known_texts`)."""
        return f"{self.stories}:texts"

    def story_of(self, article: str) -> str:
        """String, which expires: the story that an article was placed in, or that it became."""
        return f"{self.stories}:of:{article}"

    def feed(self, feed_id: str) -> str:
        """Hash: the FeedState of one feed."""
        return f"nabaa:{{{self.shard}}}:feed:{feed_id}"

    def seen(self, feed_id: str) -> str:
        """Sorted set: fingerprint → Unix seconds at which it was last seen in the feed."""
        return f"nabaa:{{{self.shard}}}:seen:{feed_id}"

    @property
    def pushes(self) -> str:
        """Sorted set: feed id → Unix seconds at which something is due with its hub."""
        return f"nabaa:{{{self.shard}}}:pushes"

    def push(self, feed_id: str) -> str:
        """String: the WebSub subscription of one feed, JSON."""
        return f"nabaa:{{{self.shard}}}:push:{feed_id}"


STORIES = Keys(0)
"""The shard that has the stories of all shards."""


def all_shards(shards: int) -> tuple[Keys, ...]:
    """Return the keys of every shard, by number."""
    return tuple(Keys(shard) for shard in range(shards))


def shard_of(url: str, shards: int) -> int:
    """Return the shard of a feed: it follows from the host, so one site stays on one shard.

    Args:
        url: address of the feed.
        shards: how many there are.
    """
    return shard_of_host(host_of(url), shards)


def shard_of_host(host: str, shards: int) -> int:
    """Return the shard that a host's key is on: that of the feeds listed there.

    Args:
        host: as `host_of` gives it.
        shards: how many there are.
    """
    return zlib.crc32(host.encode()) % shards


def host_of_origin(origin: str) -> str:
    """Return the host of an origin's name: `host`, `host:port` or `[address]:port`."""
    if origin.startswith("["):
        return origin[1:].partition("]")[0]
    host, colon, _ = origin.rpartition(":")
    return host if colon and ":" not in host else origin


def host_of(url: str) -> str:
    """Return the host of an address in lower case, without its port and a dot at its end."""
    return (urlsplit(url).hostname or "").rstrip(".").lower()
