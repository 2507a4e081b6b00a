"""The names in one document, as feedparser makes them of expat's.

feedparser remembers every namespace that a document declares, wherever it does, so that a
declaration in one item may give other names to elements in the next. Documents where it could are
told by `Names.check`.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest.parse.fast.elements import NAMESPACES, Kind, kind_of

_MAX_DECLARATIONS = 100
_VERSIONED = frozenset({"http://purl.org/rss/1.0/", "http://www.w3.org/2005/atom"})
_NETSCAPE = "http://my.netscape.com/rdf/simple/0.9/"
_USERLAND = "backend.userland.com/rss"
_ROOTS = {"rss": "rss", "rdf": "rdf_rdf", "feed": "feed"}
# Attributes that feedparser looks for under these names, whatever namespace they are in.
_SOUGHT = frozenset(
    ("base", "href", "ispermalink", "lastmod", "mode", "rel", "type", "uri", "url", "xmlns")
) | {"rdf:about", "xml:base"}
_STANDARD = frozenset(prefix.lower() for prefix in NAMESPACES.values())


class FastPathUnsupportedError(Exception):
    """The document is one of those that only feedparser may read."""


class Names:
    """What the names of one document mean; expat gives each as `uri local prefix`.

    Attributes:
        kinds: of the elements whose names were learnt.
        ordinary: attributes that were learnt and set no base.
    """

    def __init__(self) -> None:
        self.kinds: dict[str, Kind] = {}
        self.ordinary: set[str] = set()
        self._keys: dict[str, str] = {}
        self._declared: set[tuple[str | None, str]] = set()

    def declare(self, prefix: str | None, uri: str | None) -> None:
        """Take the declaration of a namespace; a prefix of None is the default namespace."""
        if uri:
            self._declared.add((prefix, uri))

    def learn(self, name: str) -> Kind:
        """Return what an element does, and remember it."""
        kind = self.kinds[name] = kind_of(_element(name))
        return kind

    def starts_feed(self, name: str) -> bool:
        """Tell whether the element, the first of the document, is the root of a feed.

        Only its namespaces say the version of RDF: one found later would change what follows.
        """
        local = name.split()[-2 if name.count(" ") == 2 else -1]
        prefix = name.split()[2] if name.count(" ") == 2 else ""
        if _ROOTS.get(local.lower()) != _element(name) or not prefix.isascii() or len(prefix) > 60:
            return False
        return local.lower() != "rdf" or any(
            uri.lower() in _VERSIONED or (prefix is None and uri.lower() == _NETSCAPE)
            for prefix, uri in self._declared
        )

    def attributes(self, attributes: Mapping[str, str]) -> dict[str, str]:
        """Return the attributes of an element under feedparser's names.

        Raises:
            FastPathUnsupportedError: one of another namespace would be taken for one that
                feedparser seeks.
        """
        keys = self._keys
        return {
            keys.get(name) or self._learn_attribute(name): value
            for name, value in attributes.items()
        }

    def check(self) -> None:
        """Make sure that no declaration changes what a name elsewhere in the document means.

        Raises:
            FastPathUnsupportedError: one may.
        """
        if len(self._declared) > _MAX_DECLARATIONS:
            raise FastPathUnsupportedError("very many namespaces")
        uri_of: dict[str, str] = {}
        prefix_of: dict[str, str | None] = {}
        known = {_standard(uri) for _, uri in self._declared}
        for prefix, uri in self._declared:
            standard = _standard(uri)
            if len(uri.split()) != 1:
                raise FastPathUnsupportedError("a namespace with spaces")
            if prefix is not None and uri_of.setdefault(prefix.lower(), uri) != uri:
                raise FastPathUnsupportedError("a prefix of two namespaces")
            if standard is None:
                if prefix_of.setdefault(uri, prefix) != prefix:
                    raise FastPathUnsupportedError("an unknown namespace of two prefixes")
                if prefix and prefix in known:
                    raise FastPathUnsupportedError("a namespace under the prefix of another")
            elif prefix and prefix.lower() in _STANDARD - {standard.lower()}:
                raise FastPathUnsupportedError("a namespace under the prefix of another")

    def _learn_attribute(self, name: str) -> str:
        parts = name.split()
        if len(parts) == 1:
            key = name.lower()
            if key == "xmlns":
                raise FastPathUnsupportedError("an attribute that looks like a namespace")
        elif len(parts) == 3:
            uri, local, prefix = parts
            standard = NAMESPACES.get(uri.lower(), "")
            key = f"{standard}:{local}".lower() if standard else local.lower()
            qualified = f"{prefix}:{local}".lower()
            if (not standard and key in _SOUGHT) or (qualified != key and qualified in _SOUGHT):
                raise FastPathUnsupportedError("an attribute that looks like another")
        else:
            raise FastPathUnsupportedError("an attribute with a name of spaces")
        self._keys[name] = key
        if key not in ("base", "xml:base"):
            self.ordinary.add(name)
        return key


def _element(name: str) -> str:
    """Return feedparser's name of an element: its handlers are called by it."""
    parts = name.split()
    if len(parts) == 1:
        return name.lower()
    standard = _standard(parts[0])
    prefix = standard if standard is not None else "".join(parts[2:])
    return (f"{prefix}_{parts[1]}" if prefix else parts[1]).lower()


def _standard(uri: str) -> str | None:
    """Return feedparser's prefix of a namespace, or None where it does not know it."""
    lower = uri.lower()
    return "" if _USERLAND in lower else NAMESPACES.get(lower)
