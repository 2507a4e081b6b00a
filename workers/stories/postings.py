"""Which open stories have a term: the inverted index by which stories are found."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

_NONE = array("Q")


class Postings:
    """Postings list the stories of each term by their numbers, which rise with their age."""

    def __init__(self) -> None:
        self._lists: dict[int, array[int]] = {}

    def add(self, terms: Iterable[int], number: int) -> None:
        """Put a story on the lists of terms, on which it is not yet."""
        for term in terms:
            numbers = self._lists.get(term)
            if numbers is None:
                self._lists[term] = array("Q", (number,))
            elif number > numbers[-1]:
                numbers.append(number)
            else:
                numbers.insert(bisect_left(numbers, number), number)

    def remove(self, terms: Iterable[int], number: int) -> None:
        """Take a story off the lists of terms, on all of which it is."""
        for term in terms:
            numbers = self._lists[term]
            if len(numbers) == 1:
                del self._lists[term]
            else:
                del numbers[bisect_left(numbers, number)]

    def newest(self, terms: Iterable[int], most: int) -> tuple[npt.NDArray[np.uint64], list[int]]:
        """Return the numbers of the newest stories that have each of some terms.

        Args:
            terms: any terms.
            most: stories of a term at most.

        Returns:
            The numbers, ascending for each term, and how many there are for each.
        """
        lists, found = self._lists, array("Q")
        counts = []
        for term in terms:
            numbers = lists.get(term, _NONE)[-most:]
            found += numbers
            counts.append(len(numbers))
        return np.frombuffer(found, np.uint64), counts
