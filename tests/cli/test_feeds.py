"""`nabaa feeds`: the list is seen, changed, tried and carried both ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.feed_list import load_feeds, save_feeds
from config.model import Feed
from tests.cli.conftest import Nabaa
from tests.support.farm.behaviour import Behaviour, Refuse, Spell, WebPage
from tests.support.farm.content.articles import read_articles
from tests.support.farm.content.pages import Reply, serve_pages
from tests.support.farm.server import Farm
from tests.support.farm.thread import run_farm_in_thread

SABAH = Feed(
    "sabah",
    "https://sabah.example/rss",
    "صباح الخير",
    "الصباح",
    "JO",
    "Asia/Amman",
    tags=("daily",),
)
MASAA = Feed(
    *("masaa", "https://masaa.example/rss", "مساء الخير", "المساء", "XX", "UTC"),
    interval_seconds=300,
)


@pytest.fixture
def feeds_file(tmp_path: Path) -> Path:
    save_feeds(tmp_path / "feeds.yaml", [SABAH, MASAA])
    return tmp_path / "feeds.yaml"


def test_the_list_is_shown_a_feed_a_line_when_it_goes_into_a_pipe(
    nabaa: Nabaa, feeds_file: Path
) -> None:
    done = nabaa("feeds", "list", feeds_file=feeds_file)
    lines = [line.split() for line in done.out.splitlines()]
    address = "https://sabah.example/rss"
    assert lines[1] == ["sabah", "الصباح", "JO", "ar", "news", address, "unverified"]
    assert lines[-1] == ["2", "feeds,", "2", "countries"]


def test_the_shipped_list_is_shown(nabaa: Nabaa) -> None:
    assert nabaa("feeds", "list").status == 0


def test_a_feed_is_added_with_all_that_was_said_of_it(nabaa: Nabaa, feeds_file: Path) -> None:
    done = nabaa(
        *("feeds", "add", "https://new.example/rss", "--outlet", "الجديد", "--country", "EG"),
        *("--timezone", "Africa/Cairo", "--topic", "sport", "--tag", "a", "--tag", "b"),
        *("--interval", "600", "--id", "new", "--title", "رياضة"),
        feeds_file=feeds_file,
    )
    assert (done.status, done.out) == (0, f"added new to {feeds_file}\n")
    assert load_feeds(feeds_file)[-1] == Feed(
        *("new", "https://new.example/rss", "رياضة", "الجديد", "EG", "Africa/Cairo", "ar", "sport"),
        *(("a", "b"), 600),
    )


def test_adding_leaves_the_comments_of_the_list_alone(nabaa: Nabaa, feeds_file: Path) -> None:
    feeds_file.write_text(f"# mine\n{feeds_file.read_text('utf-8')}", "utf-8")
    nabaa("feeds", "add", "https://new.example/rss", feeds_file=feeds_file)
    assert feeds_file.read_text("utf-8").startswith("# mine\n")


def test_a_list_that_does_not_exist_is_made_by_the_first_feed(nabaa: Nabaa, tmp_path: Path) -> None:
    nabaa("feeds", "add", "https://new.example/rss", feeds_file=tmp_path / "mine.yaml")
    assert [feed.url for feed in load_feeds(tmp_path / "mine.yaml")] == ["https://new.example/rss"]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["https://sabah.example/rss"], 'url "https://sabah.example/rss" is already in the list'),
        (["https://x.example/", "--id", "sabah"], 'id "sabah" is already in the list'),
        (["not-a-url"], 'url "not-a-url" must be an absolute http or https address'),
        (["https://x.example/", "--country", "Jordan"], 'country "Jordan" must be an ISO 3166-1'),
    ],
)
def test_a_feed_that_is_not_fit_is_refused_and_the_list_stays(
    nabaa: Nabaa, feeds_file: Path, arguments: list[str], fault: str
) -> None:
    before = feeds_file.read_bytes()
    done = nabaa("feeds", "add", *arguments, feeds_file=feeds_file)
    assert (done.status, done.out) == (2, "")
    assert fault in done.err
    assert feeds_file.read_bytes() == before


def test_a_feed_is_removed(nabaa: Nabaa, feeds_file: Path) -> None:
    done = nabaa("feeds", "remove", "sabah", feeds_file=feeds_file)
    assert (done.status, load_feeds(feeds_file)) == (0, [MASAA])


def test_a_feed_that_is_not_there_cannot_be_removed(nabaa: Nabaa, feeds_file: Path) -> None:
    done = nabaa("feeds", "remove", "sabbah", feeds_file=feeds_file)
    assert done.status == 2
    assert 'no feed has the id "sabbah" (did you mean "sabah"?)' in done.err


@pytest.mark.parametrize("name", ["feeds.opml", "feeds.xml", "copy.yaml"])
def test_what_is_exported_comes_back_as_it_was(
    nabaa: Nabaa, feeds_file: Path, tmp_path: Path, name: str
) -> None:
    assert nabaa("feeds", "export", name, feeds_file=feeds_file).status == 0
    done = nabaa("feeds", "import", name, feeds_file=tmp_path / "new.yaml")
    assert done.out == f"2 feeds added to {tmp_path / 'new.yaml'}, 0 were in it already\n"
    assert load_feeds(tmp_path / "new.yaml") == [SABAH, MASAA]


@pytest.mark.parametrize("name", ["out/feeds.opml", "out/feeds.yaml"])
def test_a_file_that_cannot_be_written_is_named(nabaa: Nabaa, feeds_file: Path, name: str) -> None:
    done = nabaa("feeds", "export", name, feeds_file=feeds_file)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"nabaa: {name}: ")
    assert done.err.endswith("cannot be written: No such file or directory\n")


def test_the_opml_of_another_reader_is_imported(
    nabaa: Nabaa, feeds_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "reader.opml").write_text(
        '<opml version="1.0"><body><outline text="رياضة">'
        '<outline text="الملعب" xmlUrl="https://sport.example/rss"/>'
        '<outline text="الصباح" xmlUrl="http://sabah.example/rss/"/>'
        "</outline></body></opml>",
        "utf-8",
    )
    done = nabaa("feeds", "import", "reader.opml", feeds_file=feeds_file)
    assert done.out == f"1 feeds added to {feeds_file}, 1 were in it already\n"
    assert [feed.title for feed in load_feeds(feeds_file)][2:] == ["الملعب"]


def test_an_id_that_another_feed_has_is_refused_before_anything_is_added(
    nabaa: Nabaa, feeds_file: Path, tmp_path: Path
) -> None:
    clash = Feed("sabah", "https://other.example/", "غيره", "غيره", "XX", "UTC")
    first = Feed("first", "https://first.example/", "الأول", "الأول", "XX", "UTC")
    save_feeds(tmp_path / "more.yaml", [first, clash])
    done = nabaa("feeds", "import", "more.yaml", feeds_file=feeds_file)
    assert done.status == 2
    assert 'more.yaml: feed "sabah" has the address https://other.example/' in done.err
    assert load_feeds(feeds_file) == [SABAH, MASAA]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        (
            "typo.yaml",
            "feeds:\n  - url: https://a.example/\n    tittle: x\n",
            'line 3: unknown key "tittle"',
        ),
        ("none.yaml", None, "none.yaml: the feed list does not exist"),
        ("none.opml", None, "none.opml: cannot be read: No such file or directory"),
        ("page.opml", "<html/>", "page.opml, line 1: not OPML"),
    ],
)
def test_a_file_with_a_mistake_is_refused_with_its_place(
    nabaa: Nabaa, feeds_file: Path, tmp_path: Path, name: str, text: str | None, fault: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    done = nabaa("feeds", "import", name, feeds_file=feeds_file)
    assert (done.status, done.out) == (2, "")
    assert fault in done.err
    assert "Traceback" not in done.err


@pytest.fixture
def farm_file(tmp_path: Path) -> Path:
    return tmp_path / "farm.yaml"


def test_checking_says_of_every_feed_what_came(nabaa: Nabaa, farm_file: Path) -> None:
    behaviours = [
        Behaviour(),
        Behaviour(spells=(Spell(Refuse(410)),)),
        Behaviour(spells=(Spell(WebPage()),)),
        Behaviour(redirects=(301,)),
    ]
    with run_farm_in_thread(Farm(read_articles(limit=8), 4, behaviours=behaviours)) as farm:
        listed = [*farm.feeds(), Feed("gone", "http://127.0.0.1:2/", "غائب", "غائب", "XX", "UTC")]
        save_feeds(farm_file, [_slow(feed) for feed in listed])
        done = nabaa("feeds", "check", feeds_file=farm_file, allow_private_addresses=True)
    works, refused, page, moved, away, count, noted, *reasons = done.out.splitlines()[1:]
    assert works.split()[:5] == ["farm-0001", "works", "rss20", "utf-8", "2"]
    assert "HTTP status 410" in refused
    assert "not a feed" in page
    assert "works, moved to http://127.0.0.1" in moved
    assert away.startswith("gone")
    assert "Connection refused" in away
    assert (count, noted.split()) == ("2 of 5 feeds work", ["1", "of", "them", "with", "a", "note"])
    assert [reason.split()[0] for reason in reasons] == ["1", "1", "1"]
    assert done.status == 1


def test_checking_some_feeds_asks_no_other(nabaa: Nabaa, farm_file: Path) -> None:
    with run_farm_in_thread(Farm(read_articles(limit=4), 2)) as farm:
        save_feeds(farm_file, [_slow(feed) for feed in farm.feeds()])
        done = nabaa(
            "feeds", "check", "farm-0002", feeds_file=farm_file, allow_private_addresses=True
        )
        assert (done.status, farm.counters("farm-0001").requests) == (0, 0)


def test_checking_a_feed_that_is_not_in_the_list_is_a_mistake(
    nabaa: Nabaa, feeds_file: Path
) -> None:
    done = nabaa("feeds", "check", "nobody", feeds_file=feeds_file)
    assert (done.status, done.err) == (2, f"nabaa: {feeds_file}: no feed has the id nobody\n")


def _slow(feed: Feed) -> Feed:
    """A feed as the list allows it: the farm's own interval is shorter."""
    return Feed(feed.id, feed.url, feed.title, feed.outlet, feed.country, feed.timezone)


RSS = Reply(
    "<rss version='2.0'><channel><title>صباح الخير</title><item><title>خبر من عمّان</title>"
    "<link>{base}/1</link></item></channel></rss>",
    "application/rss+xml",
)
SITE_ON_LOOPBACK: dict[str, object] = {"allow_private_addresses": True, "host_gap_seconds": 0}
FRONT = Reply('<html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml">')


def test_discovered_feeds_are_printed_as_a_list_takes_them(nabaa: Nabaa, tmp_path: Path) -> None:
    with serve_pages({"/": FRONT, "/rss.xml": RSS}) as site:
        done = nabaa("feeds", "discover", site.base, **SITE_ON_LOOPBACK)
    (tmp_path / "new.yaml").write_text(f"feeds:\n{done.out}", "utf-8")
    [feed] = load_feeds(tmp_path / "new.yaml")
    assert (feed.url, feed.title, feed.language) == (f"{site.base}/rss.xml", "صباح الخير", "ar")
    assert done.status == 0


def test_a_discovered_feed_of_the_list_is_named(nabaa: Nabaa, tmp_path: Path) -> None:
    with serve_pages({"/": FRONT, "/rss.xml": RSS}) as site:
        listed = Feed("mine", f"{site.base}/rss.xml", "م", "م", "XX", "UTC")
        save_feeds(tmp_path / "mine.yaml", [listed])
        done = nabaa(
            *("feeds", "discover", site.base),
            feeds_file=tmp_path / "mine.yaml",
            **SITE_ON_LOOPBACK,
        )
    assert f"# in the list already, as mine: {listed.url}\n" in done.out


def test_a_site_without_feeds_is_told_in_a_sentence(nabaa: Nabaa) -> None:
    with serve_pages({"/": Reply("<p>مرحبا</p>")}) as site:
        done = nabaa("feeds", "discover", site.base, log_level="ERROR", **SITE_ON_LOOPBACK)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(f"no feed found at {site.base}: addresses asked")


def test_a_site_inside_the_own_network_is_not_asked(nabaa: Nabaa) -> None:
    with serve_pages({"/": FRONT}) as site:
        done = nabaa("feeds", "discover", site.base, log_level="ERROR")
    assert (done.status, done.out, site.asked) == (2, "", [])
    assert "127.0.0.1 is not a public address" in done.err
    assert done.err.count("\n") == 1


def test_checking_reads_every_format(nabaa: Nabaa, tmp_path: Path) -> None:
    json_feed = '{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1"}]}'
    sitemap = "<urlset><url><news:news><news:title>خبر</news:title></news:news></url></urlset>"
    with serve_pages({"/j": Reply(json_feed), "/s": Reply(sitemap)}) as site:
        feeds = [Feed(name, f"{site.base}/{name}", "م", "م", "XX", "UTC") for name in "js"]
        save_feeds(tmp_path / "mine.yaml", feeds)
        done = nabaa(
            "feeds", "check", feeds_file=tmp_path / "mine.yaml", allow_private_addresses=True
        )
    assert [line.split()[:3] for line in done.out.splitlines()[1:3]] == [
        ["j", "works", "json11"],
        ["s", "works", "news-sitemap"],
    ]
