"""JSON-LD of a page: the one object that describes its article.

Taken are NewsArticle and its kin at the top, in a list or in `@graph`, with references by `@id`
resolved. Scripts that are no JSON for one raw line break, a trailing comma, CDATA marks or a
comment around them are read all the same; others are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from workers.text.page.document import Element, find_elements, folded, one_line

MAX_SCRIPT = 200_000
"""Code points of a script of JSON-LD that are read; a longer one is not."""

MAX_OBJECTS = 2_000
"""Objects of a page's JSON-LD that are looked at."""

_MAX_SCRIPTS = 30
_MAX_NESTING = 40
_MAX_WRAPPINGS = 3
# fmt: off
ARTICLE_TYPES = frozenset((
    "newsarticle", "article", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle",
    "backgroundnewsarticle", "reviewnewsarticle", "blogposting", "liveblogposting",
    "socialmediaposting", "report", "techarticle", "scholarlyarticle", "asknewsarticle",
    "satiricalarticle", "advertisercontentarticle", "discussionforumposting",
))
# fmt: on
_PAGE_TYPES = frozenset(("webpage", "itempage", "videoobject", "imagegallery"))
_WRAPPINGS = ("<!--", "-->", "<![CDATA[", "]]>", "//", "/*", "*/", ";")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_CONTROL = re.compile(r"[\x00-\x1f]+")
_OBJECT_JOINT = re.compile(r"\}\s*\{")
_FIELD = re.compile(
    r'"(datePublished|dateModified|headline|articleSection|description)"\s*:\s*"((?:[^"\\\n]|\\.){1,600})"'
)

Object = Mapping[str, Any]


class StructuredArticle:
    """A StructuredArticle answers for the fields of one JSON-LD object.

    Args:
        fields: of the article; empty where the page has none.
        others: all objects of the page by their `@id`.
        breadcrumbs: names of the page's BreadcrumbList, in order.
        is_article: whether the object is one, and not only of the page that the article is on.
    """

    def __init__(
        self,
        fields: Object,
        others: Mapping[str, Object],
        breadcrumbs: tuple[str, ...] = (),
        *,
        is_article: bool = True,
    ) -> None:
        self.fields = fields
        self.is_article = is_article and bool(fields)
        self.breadcrumbs = breadcrumbs
        self._others = others

    def text(self, name: str) -> str:
        """Return the first text of a field as one line, or an empty string."""
        return next(iter(self.texts(name)), "")

    def texts(self, name: str) -> list[str]:
        """Return the texts of a field, each as one line."""
        return [
            one_line(unescape(str(value)))
            for value in self.values(name)
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip()
        ]

    def values(self, name: str) -> list[Any]:
        """Return the values of a field, objects resolved by their `@id`; at most 50."""
        value = self.fields.get(name)
        values = value[:50] if isinstance(value, list) else [] if value is None else [value]
        return [self._resolved(each) for each in values]

    @property
    def is_free(self) -> bool:
        """Whether anybody may read the article, as far as it says."""
        return str(self.fields.get("isAccessibleForFree", "true")).strip().lower() not in (
            "false",
            "no",
            "0",
        )

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, dict) and len(value) <= 2 and isinstance(value.get("@id"), str):
            return self._others.get(value["@id"], value)
        return value


def read_structured(root: Element, title: str) -> StructuredArticle:
    """Find the article among all that the JSON-LD of a page describes.

    Args:
        root: of the page.
        title: what the page calls itself; decides between several articles.

    Returns:
        The article's fields, empty where none is described.
    """
    objects: list[Object] = []
    broken: list[str] = []
    scripts = find_elements(
        root, "//script[contains(translate(@type, 'LDJSON', 'ldjson'), 'ld+json')]"
    )
    for script in scripts[:_MAX_SCRIPTS]:
        source = script.text or ""
        if len(source) > MAX_SCRIPT:
            continue
        try:
            read = _read_json(source)
        except (ValueError, RecursionError):
            broken.append(source)
            continue
        for each in _objects(read):
            if len(objects) >= MAX_OBJECTS:
                break
            objects.append(each)
    by_id = {each["@id"]: each for each in objects if isinstance(each.get("@id"), str)}
    articles = [each for each in objects if types_of(each) & ARTICLE_TYPES]
    crumbs = next(
        (_breadcrumbs(each) for each in objects if "breadcrumblist" in types_of(each)), ()
    )
    if not articles and (fields := _salvaged(broken)):
        return StructuredArticle(fields, by_id, crumbs)
    if not articles:
        return StructuredArticle(_of_page(objects, title), by_id, crumbs, is_article=False)
    return StructuredArticle(_best(articles, title), by_id, crumbs)


def types_of(value: Object) -> set[str]:
    """Return the types of an object in lower case, without the name of their vocabulary."""
    types = value.get("@type")
    names = types[:10] if isinstance(types, list) else [types]
    return {str(name).rpartition("/")[2].rpartition(":")[2].lower() for name in names if name}


def _read_json(source: str) -> Any:
    """Read a script that may be wrapped, escaped as HTML or slightly broken.

    Raises:
        ValueError: it is no JSON even so.
    """
    bare = source.strip()
    for _ in range(_MAX_WRAPPINGS):
        for mark in _WRAPPINGS:
            bare = bare.removeprefix(mark).removesuffix(mark).strip()
    try:
        return json.loads(bare, strict=False)
    except ValueError:
        pass
    mended = _TRAILING_COMMA.sub("", _CONTROL.sub(" ", bare))
    if "&quot;" in mended:
        mended = unescape(mended)
    try:
        return json.loads(mended, strict=False)
    except ValueError:
        return json.loads(f"[{_OBJECT_JOINT.sub('},{', mended)}]", strict=False)


def _objects(read: Any) -> Iterator[Object]:
    """Yield the objects at the top, in lists, in `@graph` and as what a page is about."""
    waiting: list[tuple[Any, int]] = [(read, 0)]
    seen = 0
    while waiting and seen < 2 * MAX_OBJECTS:
        value, depth = waiting.pop()
        seen += 1
        if depth > _MAX_NESTING:
            continue
        if isinstance(value, list):
            waiting.extend((each, depth + 1) for each in reversed(value[:MAX_OBJECTS]))
        elif isinstance(value, dict):
            yield value
            inner = [value.get(name) for name in ("@graph", "mainEntity", "mainEntityOfPage")]
            waiting.extend((each, depth + 1) for each in inner if isinstance(each, list | dict))


def _best(articles: list[Object], title: str) -> Object:
    """Return the article whose headline is that of the page, else the first with a date.

    Fields that it lacks are taken from another description under the same headline.
    """
    wanted = set(folded(title).split())

    def likeness(each: Object) -> tuple[float, bool, bool]:
        words = set(folded(str(each.get("headline") or each.get("name") or "")).split())
        shared = len(words & wanted) / max(len(words), 1)
        return round(shared, 1), "datePublished" in each, "newsarticle" in types_of(each)

    ranked = sorted(articles[:100], key=likeness, reverse=True)
    best = dict(ranked[0])
    for other in ranked[1:]:
        if likeness(other)[0] == likeness(best)[0]:
            best = {**other, **best}
    return best


def _of_page(objects: list[Object], title: str) -> Object:
    """Return the dates of the object that describes the page or its film under its title."""
    wanted = set(folded(title).split())
    for each in objects[:100]:
        name = each.get("headline") or each.get("name")
        date = each.get("datePublished") or each.get("uploadDate")
        if not types_of(each) & _PAGE_TYPES or not isinstance(name, str) or not date:
            continue
        words = set(folded(unescape(name)).split())
        if len(words & wanted) >= 0.7 * max(len(words), 1):
            return {"datePublished": date, "dateModified": each.get("dateModified")}
    return {}


def _breadcrumbs(value: Object) -> tuple[str, ...]:
    items = value.get("itemListElement")
    names = []
    for each in items[:20] if isinstance(items, list) else ():
        if isinstance(each, dict):
            item = each.get("item")
            name = each.get("name") or (item.get("name") if isinstance(item, dict) else None)
            names.append(one_line(unescape(str(name or ""))))
    return tuple(name for name in names if name)


def _salvaged(broken: list[str]) -> Object:
    """Return single fields out of scripts that are no JSON, where an article is described."""
    for source in broken:
        if any(name in source.lower() for name in ('article"', 'blogposting"')):
            return dict(reversed(_FIELD.findall(source)))
    return {}
