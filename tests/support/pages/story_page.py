"""The page of one of our stories, whatever stands around it."""

from __future__ import annotations

from tests.support.pages.furniture import metas
from tests.support.pages.stories import Story
from tests.support.pages.templates import SITE, Template, page


def story_page(
    story: Story,
    head: str,
    body: str,
    *,
    by: str = "",
    text: str = "",
    url: str = "https://www.marfaa.example.eg/news/8",
) -> Template:
    """Return a page whose head names the story and the site.

    Args:
        story: what it tells.
        head: further elements of the head.
        body: elements of the body.
        by: the author line that must be read from it.
        text: the text that must be read from it; default: that of the story.
        url: where it came from.
    """
    named = metas(og__title=story.title, og__site_name=SITE)
    return Template(
        page(named + head, body, title=f"{story.title} - {SITE}"),
        url,
        by,
        title=story.title,
        body=text or story.text,
    )


def social_head(story: Story, **properties: str) -> str:
    """Return the elements of a head by which social networks show a story."""
    return metas(og__title=story.title, og__site_name=SITE, og__type="article", **properties)


def titled_page(story: Story, head: str, body: str, site: str = f" | {SITE}", **rest: str) -> str:
    """Return a page whose title is the story's, with the name of the site behind it."""
    return page(head, body, title=f"{story.title}{site}", **rest)
