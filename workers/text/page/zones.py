"""The time zone of the dates of a page that name none, as far as the page tells it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from workers.text.page.addresses import site_of
from workers.text.page.document import Element
from workers.text.page.structured import StructuredArticle

_ZONES = {
    "eg": "Africa/Cairo", "sa": "Asia/Riyadh", "ae": "Asia/Dubai", "qa": "Asia/Qatar",
    "kw": "Asia/Kuwait", "bh": "Asia/Bahrain", "om": "Asia/Muscat", "ye": "Asia/Aden",
    "iq": "Asia/Baghdad", "sy": "Asia/Damascus", "lb": "Asia/Beirut", "jo": "Asia/Amman",
    "ps": "Asia/Hebron", "sd": "Africa/Khartoum", "ly": "Africa/Tripoli", "tn": "Africa/Tunis",
    "dz": "Africa/Algiers", "ma": "Africa/Casablanca", "mr": "Africa/Nouakchott",
}  # fmt: skip
# Outlets whose address names no country, and which the feed list may lack.
_OUTLETS = {
    "eg": "akhbarelyom.com elwatannews.com dostor.org albawabhnews.com elfagr.org alwafd.news"
    " cairo24.com mobtada.com yallakora.com rosaelyoussef.com soutalomma.com"
    " tahrirnews.com almalnews.com masrawy.com youm7.com almasryalyoum.com shorouknews.com"
    " vetogate.com elbalad.news filgoal.com madamasr.com hapijournal.com alborsaanews.com"
    " cairoportal.com dotmsr.com elaosboa.com gomhuriaonline.com",
    "sa": "alriyadh.com sabq.org argaam.com okaz.com.sa almowaten.net al-jazirah.com al-"
    " madina.com alyaum.com makkahnewspaper.com aawsat.com alarabiya.net hihi2.com"
    " akhbaar24.com slaati.com",
    "ae": "emaratalyoum.com al-ain.com eremnews.com skynewsarabia.com cnbcarabia.com",
    "qa": "aljazeera.net al-sharq.com raya.com lusailnews.net khaleejonline.net",
    "kw": "alqabas.com aljarida.com alraimedia.com",
    "bh": "alayam.com akhbar-alkhaleej.com albiladpress.com alwasatnews.com",
    "ye": "almasdaronline.com adengad.net marebpress.net yemenmonitor.com sahafah24.net",
    "iq": "rudaw.net rudawarabia.net shafaq.com alsumaria.tv ninanews.com baghdadtoday.news"
    " mawazin.net almadapaper.net kurdistan24.net almirbad.com",
    "sy": "enabbaladi.net syria.tv zamanalwsl.net syriahr.com",
    "lb": "annahar.com elnashra.com almayadeen.net al-akhbar.com imlebanon.org"
    " lebanondebate.com almodon.com lebanon24.com lebanonfiles.com almarkazia.com"
    " lbcgroup.tv aljadeed.tv",
    "jo": "alghad.com ammonnews.net khaberni.com addustour.com alrai.com sarayanews.com"
    " royanews.tv jo24.net",
    "ps": "maannews.net alquds.com qudsn.co arab48.com palinfo.com shehabnews.com",
    "sd": "sudanile.com alrakoba.net sudanakhbar.com sudantribune.net darfur24.com",
    "ly": "alwasat.ly afrigatenews.net eanlibya.com almarsad.co",
    "tn": "mosaiquefm.net jawharafm.net babnet.net alchourouk.com nawaat.org radioexpressfm.com",
    "dz": "echoroukonline.com ennaharonline.com elkhabar.com elbilad.net elmoudjahid.com"
    " djazairess.com",
    "ma": "hespress.com alyaoum24.com febrayer.com al3omk.com lakome2.com hesport.com"
    " medi1news.com",
    "mr": "saharamedias.net alakhbar.info",
}  # fmt: skip
_REGION = re.compile(r"ar[-_]([a-z]{2})(?![a-z])", re.IGNORECASE)
_OFFSET = re.compile(r"T\d\d:\d\d(?::\d\d(?:\.\d+)?)?([+-])(0\d|1[0-4]):?00$")
_DATES = (
    "article:published_time", "article:modified_time", "og:updated_time", "datepublished",
    "datemodified", "pubdate", "lastmod",
)  # fmt: skip


def zone_of_page(
    url: str,
    root: Element,
    structured: StructuredArticle,
    metas: Mapping[str, Sequence[str]],
) -> ZoneInfo:
    """Return the time zone that a page is written in.

    Args:
        url: of the page.
        root: of it.
        structured: JSON-LD of the article.
        metas: see `meta_values`.

    Returns:
        That of the outlet's country, where it is known, or that the address ends with, else
        that its language names, else the offset that a date in the page has, else UTC.
    """
    site = site_of(url)
    known = [country for country, sites in _OUTLETS.items() if site and site in sites.split()]
    countries = [*known, site.rpartition(".")[2], *_regions(root, structured, metas)]
    for country in countries:
        if zone := _ZONES.get(country.lower()):
            return ZoneInfo(zone)
    dates = [*structured.texts("datePublished"), *structured.texts("dateModified")]
    dates += [text for key in _DATES for text in metas.get(key, ())]
    for date in dates:
        if (found := _OFFSET.search(date)) and int(found[2]):
            # POSIX counts to the west.
            return ZoneInfo(f"Etc/GMT{'-' if found[1] == '+' else '+'}{int(found[2])}")
    return ZoneInfo("UTC")


def _regions(
    root: Element, structured: StructuredArticle, metas: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Yield the countries of languages such as `ar-EG`, and those named as such."""
    tags = [root.get("lang") or "", *metas.get("og:locale", ()), *structured.texts("inLanguage")]
    for tag in tags:
        if found := _REGION.match(tag):
            yield found[1]
    for key in ("geo.region", "geo.country"):
        yield from (value.partition("-")[0] for value in metas.get(key, ()))
