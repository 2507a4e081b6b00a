"""How Sphinx makes a site of these pages: `make site` (https://www.sphinx-doc.org)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.reference_pages import write_reference_pages

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "نبأ · nabaa"
author = "the nabaa authors"
language = "en"
extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["attrs_block", "colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = project
html_static_path = ["site"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_show_copyright = False
html_favicon = "../workers/desk/static/desk.svg"
html_copy_source = False

# Pages that lie elsewhere in the repository, and where the site has them.
ELSEWHERE = {"../README.md": "reference/readme.md", "../bench/README.md": "reference/figures.md"}


def setup(app: Sphinx) -> None:
    """Write the reference first, and lead links to pages outside of this folder into the site."""
    write_reference_pages(Path(__file__).parent / "reference")
    lexers["redis"] = TextLexer()
    app.connect("source-read", _with_links_into_the_site)
    app.connect("html-page-context", _in_the_language_of_its_folder)


def _in_the_language_of_its_folder(
    _app: Sphinx, name: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Name the language of a page to screen readers: that of its folder, where it has one."""
    if name.startswith("ar/"):
        context["language"] = "ar"


def _with_links_into_the_site(_app: Sphinx, name: str, content: list[str]) -> None:
    up = "../" * name.count("/")
    for outside, inside in ELSEWHERE.items():
        content[0] = content[0].replace(f"]({up}{outside}", f"]({up}{inside}")
