"""How Sphinx makes a site of these pages: `make site` (https://www.sphinx-doc.org)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

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
html_copy_source = False

# Pages that lie elsewhere in the repository, and where the site has them.
ELSEWHERE = {"../README.md": "reference/readme.md", "../bench/README.md": "reference/figures.md"}


def setup(app: Sphinx) -> None:
    """Write the reference first, and lead links to pages outside of this folder into the site."""
    write_reference_pages(Path(__file__).parent / "reference")
    for name in ("mermaid", "redis"):
        lexers[name] = TextLexer()
    app.connect("source-read", _with_links_into_the_site)


def _with_links_into_the_site(_app: Sphinx, name: str, content: list[str]) -> None:
    up = "../" * name.count("/")
    for outside, inside in ELSEWHERE.items():
        content[0] = content[0].replace(f"]({up}{outside}", f"]({up}{inside}")
