"""Looks for links of the built site that lead nowhere; `make site` calls it.

Sphinx looks at the sources; this looks at what a browser is given. Other sites are not asked.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html


def find_broken_links(site: Path) -> Iterator[str]:
    """Yield each link of a page to a file or a heading that is not there: `page: link`.

    Args:
        site: folder of the built site.
    """
    pages = {path: html.parse(path).getroot() for path in sorted(site.resolve().rglob("*.html"))}
    anchors = {path: set(page.xpath("//@id | //a/@name")) for path, page in pages.items()}
    for path, page in pages.items():
        for link in page.xpath("//@href | //@src"):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = anchors.get(target)
            lacks_heading = (
                known is not None and parts.fragment and (unquote(parts.fragment) not in known)
            )
            if not target.exists() or lacks_heading:
                yield f"{path.relative_to(site.resolve())}: {link}"


if __name__ == "__main__":
    broken = list(find_broken_links(Path(sys.argv[1])))
    sys.exit("\n".join(broken) or 0)
