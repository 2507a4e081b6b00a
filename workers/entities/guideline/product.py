"""A recogniser that delivers names as docs/entities.md defines them, whatever its model was taught.

The corpora leave out ministries, armies and courts; what a recogniser marks is completed here, on
tokens alone. Which entity a name stands for is left to `groups` and `link`.
"""

from __future__ import annotations

from collections.abc import Sequence

from workers.entities.guideline.institutions import find_institutions
from workers.entities.link.catalogue import Catalogue
from workers.entities.link.demonyms import Demonyms
from workers.entities.recognise import Recogniser
from workers.model import Span


class ProductRecogniser:
    """A ProductRecogniser marks names by the product's guideline.

    Args:
        recogniser: marks names by the guideline of its corpus.
        catalogue: the listed names.
    """

    def __init__(self, recogniser: Recogniser, catalogue: Catalogue) -> None:
        self.name = recogniser.name
        self._recogniser = recogniser
        self._demonyms = Demonyms(catalogue)

    def recognise(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        """Find the names of each sentence; see `Recogniser.recognise`."""
        found = self._recogniser.recognise(sentences)
        return [
            self._corrected(words, spans) for words, spans in zip(sentences, found, strict=True)
        ]

    def _corrected(self, words: Sequence[str], spans: list[Span]) -> list[Span]:
        places = frozenset(
            i for span in spans if span.type == "LOC" for i in range(span.start, span.end)
        )
        institutions = find_institutions(words, places, self._is_national)
        return merge_spans([Span(*bounds, "ORG") for bounds in institutions], spans)

    def _is_national(self, word: str) -> bool:
        return self._demonyms.country_of(word) is not None


def merge_spans(added: Sequence[Span], spans: Sequence[Span]) -> list[Span]:
    """Put names into a sentence in place of those that they touch.

    Args:
        added: in order, never overlapping.
        spans: those of the recogniser, in order, never overlapping. One that goes beyond an added
            name stays if it is a person's, and makes an added one of its own class longer.

    Returns:
        In order, never overlapping.
    """
    if not added:
        return list(spans)
    kept = list(spans)
    for new in added:
        start, end = new.start, new.end
        touched = [span for span in kept if span.start < end and start < span.end]
        beyond = [span for span in touched if span.start < start or span.end > end]
        if any(span.type == "PERS" for span in beyond):
            continue
        same = [span for span in beyond if span.type in (new.type, "MISC")]
        start = min([start, *(span.start for span in same)])
        end = max([end, *(span.end for span in same)])
        kept = [span for span in kept if span.end <= start or span.start >= end]
        kept.append(Span(start, end, new.type))
    return sorted(kept, key=lambda span: span.start)
