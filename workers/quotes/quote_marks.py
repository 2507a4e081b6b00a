"""Pairs quotation marks: which one opens, which one closes, which two belong together.

Marks may nest, be typed the wrong way round (”…“), be straight, mixed («…"), or never close; a
quotation that runs over several paragraphs opens anew in each and closes in the last. One pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

_FAMILIES = (
    ("«", "»"),
    ("“", "”", "„"),
    ('"',),
    ("‹", "›"),
    ("‘", "’"),
    ("'",),
    ("''",),
    ("<<", ">>"),
    ("((", "))"),
)
_OPENERS = frozenset(("«", "“", "„", "‹", "‘", "<<", "(("))
_CLOSERS = frozenset(("»", "”", "›", "’", ">>", "))"))
_FAMILY = {mark: family[0] for family in _FAMILIES for mark in family}
MARKS = frozenset(_FAMILY)
NEWLINES = frozenset("\n\r\x0b\x0c\x85\u2028\u2029")
_NEXT = MARKS | NEWLINES
# One of these right before a mark belongs to the word that the mark opens: ب"الكارثة", و"الرياض".
_PROCLITICS = frozenset({"و", "ف", "ب", "ل", "ك", "وب", "ول", "لل", "بال", "ال", "فب"})
_BEFORE_OPENING = frozenset("([{:،,-–—/")
_AFTER_CLOSING = frozenset(".,،؛;:!?؟…)]}-–—/")


def pair_marks(
    text: str,
    words: Sequence[str],
    starts: Sequence[int],
    ends: Sequence[int],
    special: Sequence[int],
) -> tuple[dict[int, int], frozenset[int]]:
    """Pair the quotation marks of a text.

    Args:
        text: the text.
        words: its words and marks.
        starts: code points where each begins.
        ends: code points where each ends.
        special: indices of all marks and line breaks among them, ascending; others may be there.

    Returns:
        Index of each opening mark to the index of its closing mark; and the opening marks that
        nothing closes.
    """
    pairs: dict[int, int] = {}
    stack: list[tuple[int, str]] = []
    depth: Counter[str] = Counter()
    unclosed: set[int] = set()
    broken = False  # a paragraph ended while the marks on the stack were open
    for i in special:
        word = words[i]
        if word in NEWLINES:
            broken = bool(stack)
            following = words[i + 1] if i + 1 < len(words) else ""
            if broken and stack[-1][1] == '"' and following not in _NEXT:
                # Nothing opens the next paragraph anew: a straight mark was simply left open.
                _drop(stack, depth, unclosed)
                broken = False
            continue
        family = _FAMILY.get(word)
        if family is None:
            continue
        if _opens(text, words, starts, ends, i, depth[family]):
            if broken:
                if words[i - 1] in NEWLINES and stack[-1][1] == family:
                    continue  # the next paragraph of the same quotation
                _drop(stack, depth, unclosed)
                broken = False
            stack.append((i, family))
            depth[family] += 1
        elif depth[family]:
            while True:
                start, its_family = stack.pop()
                depth[its_family] -= 1
                if its_family == family:
                    pairs[start] = i
                    break
                unclosed.add(start)
            broken = broken and bool(stack)
        elif stack and not broken and _only_closes(text, starts, ends, i):
            # «…": whatever the last one was opened with.
            start, its_family = stack.pop()
            depth[its_family] -= 1
            pairs[start] = i
    _drop(stack, depth, unclosed)
    return pairs, frozenset(unclosed)


def _only_closes(text: str, starts: Sequence[int], ends: Sequence[int], i: int) -> bool:
    """Tell whether a mark stands right after a word and before a space, a stop or a comma."""
    before = text[starts[i] - 1] if starts[i] else " "
    after = text[ends[i]] if ends[i] < len(text) else " "
    return not before.isspace() and (after.isspace() or after in _AFTER_CLOSING)


def _drop(stack: list[tuple[int, str]], depth: Counter[str], unclosed: set[int]) -> None:
    unclosed.update(i for i, _ in stack)
    stack.clear()
    depth.clear()


def _opens(
    text: str,
    words: Sequence[str],
    starts: Sequence[int],
    ends: Sequence[int],
    i: int,
    depth: int,
) -> bool:
    mark = words[i]
    before = text[starts[i] - 1] if starts[i] else " "
    after = text[ends[i]] if ends[i] < len(text) else " "
    free_before = (
        before.isspace()
        or before in _BEFORE_OPENING
        or before in _OPENERS
        or (i > 0 and words[i - 1] in _PROCLITICS)
    )
    free_after = after.isspace() or after in _AFTER_CLOSING or after in _CLOSERS
    by_context = free_before and not free_after
    if mark in _OPENERS:
        # «“» closes what «”» opened where a text is typed the wrong way round.
        return not (depth and free_after and not free_before)
    if mark in _CLOSERS:
        return not depth and by_context
    if free_before == free_after:
        return not depth
    return by_context
