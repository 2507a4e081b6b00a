"""The words of the pages, read from a file for each language."""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec

from workers.desk.map.countries import Language


class Words:
    """The words of one language.

    Args:
        words: key → text, in which `{name}` stands for a value.
    """

    def __init__(self, words: dict[str, str]) -> None:
        self._words = words

    def __call__(self, key: str, **values: object) -> str:
        """Return a text.

        Args:
            key: its key.
            values: what is put in.

        Raises:
            KeyError: there is no such text, or a value is missing.
        """
        text = self._words[key]
        return text.format(**values) if values else text

    def topic(self, topic: str) -> str:
        """Return the word for a topic of feeds; one that has none as it is.

        Args:
            topic: as the feed list has it.
        """
        return self._words.get(f"topic_{topic}", topic)


@cache
def words_of(language: Language) -> Words:
    """Return the words of a language."""
    data = resources.files("workers.desk.wording").joinpath(f"{language}.json").read_bytes()
    return Words(msgspec.json.decode(data, type=dict[str, str]))
