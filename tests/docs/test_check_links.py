"""The link check of the built site finds what leads nowhere."""

from __future__ import annotations

from pathlib import Path

from docs.check_links import find_broken_links


def test_links_to_missing_pages_headings_and_pictures_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<h1 id="one">1</h1><a href="b.html#two"></a><a href="#one"></a><img src="none.png">'
        '<a href="https://example.org/none"></a><a href="none.html"></a>',
        "utf-8",
    )
    (tmp_path / "b.html").write_text('<h1 id="three">3</h1><a href="a.html#one"></a>', "utf-8")
    assert sorted(find_broken_links(tmp_path)) == [
        "a.html: b.html#two",
        "a.html: none.html",
        "a.html: none.png",
    ]
