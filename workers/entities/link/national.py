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
from workers.entities.mentions.name_words import word_set
from workers.entities.mentions.roles import cached_key

_OF_EVERY_STATE = word_set(
    """
    وزاره مجلس هيئه محكمه مديريه ديوان نيابه مفوضيه جهاز مصلحه سلطه الهيئه المجلس المديريه المحكمه
    المفوضيه الديوان
    """
)
"""Heads of institutions that many states have by the same name: «وزارة الصحة»."""


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


def may_be_of_another_state(names: Sequence[str], country: str, demonyms: Demonyms) -> bool:
    """Tell whether an institution may be of another state than the listed one that has its name.

    Args:
        names: those of one group, bare of particles.
        country: ISO 3166-1 alpha-2 of the listed institution.
        demonyms: knows the adjectives of countries.

    Returns:
        False where the name itself says the country, or is not of the kind that every state has.
    """
    if not any(cached_key(name.split()[0]) in _OF_EVERY_STATE for name in names):
        return False
    institution = national_institution(names, demonyms)
    return institution is None or institution.country != country
