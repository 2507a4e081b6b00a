"""Tells institutions of one name apart by their country: «وزارة الخارجية» of which state.

An institution that no list has gets a local id of its name and its country, the same for
«وزارة الخارجية الأميركية», «وزارة الخارجية الأمريكية» and «الخارجية الأميركية».
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workers.entities.guideline.institution_words import SHORT_MINISTRIES
from workers.entities.guideline.institutions import head_of
from workers.entities.link.demonyms import Demonyms
from workers.entities.mentions.roles import cached_key


@dataclass(frozen=True, slots=True)
class NationalInstitution:
    """A NationalInstitution is the name of an institution without its country, and the country.

    Attributes:
        name: its name without the adjective: «وزارة الخارجية».
        country: ISO 3166-1 alpha-2.
    """

    name: str
    country: str


def national_institution(names: Sequence[str], demonyms: Demonyms) -> NationalInstitution | None:
    """Read the country off the name of an institution.

    Args:
        names: those of one group, bare of particles.
        demonyms: knows the adjectives of countries.

    Returns:
        None where no name begins like an institution's and has an adjective of a state.
    """
    for name in sorted(names, key=len, reverse=True):
        words = name.split()
        if not head_of(words[0]):
            continue
        for i, word in enumerate(words[1:], 1):
            country = demonyms.country_of(word)
            if country is not None and country.country and word.startswith("ال"):
                rest = words[:i] + words[i + 1 :]
                if cached_key(rest[0]) in SHORT_MINISTRIES:
                    rest.insert(0, "وزارة")
                return NationalInstitution(" ".join(rest), country.country)
    return None
