"""Puts names into a sentence in place of the spans that they touch."""

from __future__ import annotations

from collections.abc import Sequence

from workers.model import Span


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
        if any(span.type == "PERS" or _is_longer_work(span, new) for span in beyond):
            continue
        same = [span for span in beyond if span.type in (new.type, "MISC")]
        start = min([start, *(span.start for span in same)])
        end = max([end, *(span.end for span in same)])
        kept = [span for span in kept if span.end <= start or span.start >= end]
        kept.append(Span(start, end, new.type))
    return sorted(kept, key=lambda span: span.start)


def _is_longer_work(span: Span, new: Span) -> bool:
    """Tell «كأس الاتحاد الإنجليزي» from an institution that a recogniser took for a work."""
    return span.type == "MISC" and span.start < new.start and span.end >= new.end


def with_listed(found: Sequence[Span], spans: Sequence[Span]) -> list[Span]:
    """Put the listed names of a sentence among those of the recogniser.

    Args:
        found: the listed names in a sentence, in order, never overlapping.
        spans: those of the recogniser, in order, never overlapping.

    Returns:
        In order, never overlapping. Inside a longer span of the recogniser a listed name stays
        unmarked («شارع الأمم المتحدة»); over what it covers it decides the class.
    """
    if not found:
        return list(spans)
    kept = list(spans)
    for new in found:
        touched = [span for span in kept if span.start < new.end and new.start < span.end]
        bounds = new.start, new.end
        if any(
            span.start <= new.start and new.end <= span.end and (span.start, span.end) != bounds
            for span in touched
        ):
            continue
        # «دولة» is listed with «الإمارات», the recogniser has «الإمارات العربية المتحدة».
        same = [span for span in touched if span.type == new.type]
        start = min([new.start, *(span.start for span in same)])
        end = max([new.end, *(span.end for span in same)])
        kept = [span for span in kept if span.end <= start or span.start >= end]
        kept.append(Span(start, end, new.type))
    return sorted(kept, key=lambda span: span.start)
