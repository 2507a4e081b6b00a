"""Which open stories have a term: the inverted index by which stories are found."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

_NONE = np.array([], np.uint64)


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

    def newest(self, term: int, most: int) -> npt.NDArray[np.uint64]:
        """Return the numbers of the newest stories that have a term, ascending.

        Args:
            term: any term.
            most: stories at most.
        """
        numbers = self._lists.get(term)
        return np.frombuffer(numbers[-most:], np.uint64) if numbers else _NONE
