"""Runs other extractors over pages, in an environment of their own: see `bench.fulltext`.

Standard input has a JSON object a line, `{"url": …, "markup": …}`; for each, standard output has
one with the text and the CPU seconds of each extractor that is installed. Imports nothing of nabaa.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

Extract = Callable[[str, str], str]


def trafilatura_precise(markup: str, url: str) -> str:
    """Extract with trafilatura, `favor_precision`."""
    import trafilatura  # noqa: PLC0415

    found = trafilatura.extract(markup, url=url, favor_precision=True, include_comments=False)
    return found or ""


def trafilatura_default(markup: str, url: str) -> str:
    """Extract with trafilatura as it comes."""
    import trafilatura  # noqa: PLC0415

    return trafilatura.extract(markup, url=url, include_comments=False) or ""


def readability(markup: str, url: str) -> str:
    """Extract with readability-lxml; its HTML as text."""
    from lxml import html  # noqa: PLC0415
    from readability import Document  # noqa: PLC0415

    tree = html.fromstring(Document(markup, url=url).summary())
    for element in tree.iter("p", "div", "br", "li", "h2", "h3", "h4"):
        element.tail = "\n" + (element.tail or "")
    return "".join(str(piece) for piece in tree.itertext())


def newspaper4k(markup: str, url: str) -> str:
    """Extract with newspaper4k, told that the page is Arabic where it is."""
    import newspaper  # noqa: PLC0415

    language = "ar" if sum("\u0620" <= sign <= "\u064a" for sign in markup) > 200 else "en"
    article = newspaper.Article(url, language=language, fetch_images=False)
    article.download(input_html=markup)
    article.parse()
    return article.text or ""


def goose3(markup: str, url: str) -> str:
    """Extract with goose3, told likewise."""
    from goose3 import Goose  # noqa: PLC0415
    from goose3.text import StopWordsArabic  # noqa: PLC0415

    is_arabic = sum("\u0620" <= sign <= "\u064a" for sign in markup) > 200
    options: dict[str, Any] = {"enable_image_fetching": False}
    if is_arabic:
        options["stopwords_class"] = StopWordsArabic
    with Goose(options) as goose:
        return goose.extract(raw_html=markup, url=url).cleaned_text or ""


EXTRACTORS: Mapping[str, tuple[str, Extract]] = {
    "trafilatura": ("trafilatura", trafilatura_default),
    "trafilatura, favor_precision": ("trafilatura", trafilatura_precise),
    "newspaper4k": ("newspaper4k", newspaper4k),
    "readability-lxml": ("readability-lxml", readability),
    "goose3": ("goose3", goose3),
}
"""Name of a row → the package, and what extracts."""


def main() -> None:
    """Answer each line of standard input."""
    logging.disable(logging.CRITICAL)
    installed = {}
    for name, (package, extract) in EXTRACTORS.items():
        try:
            installed[f"{name} {version(package)}"] = extract
        except PackageNotFoundError:
            continue
    for number, line in enumerate(sys.stdin):
        page = json.loads(line)
        answer = {}
        for name, extract in installed.items():
            if number == 0:
                _text(extract, page)  # imports and tables
            began = time.process_time()
            text = _text(extract, page)
            answer[name] = [text, time.process_time() - began]
        print(json.dumps(answer), flush=True)


def _text(extract: Extract, page: Mapping[str, str]) -> str:
    try:
        return extract(page["markup"], page["url"])
    except Exception as error:
        print(f"{extract.__name__}: {error!r}"[:200], file=sys.stderr)
        return ""


if __name__ == "__main__":
    main()
