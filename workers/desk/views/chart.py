"""The charts of pages: counts as the script draws them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workers.index.model import Count


def chart_of(counts: Sequence[Count]) -> str:
    """Return counts as a chart's data, JSON: `at` in Unix seconds, and `counts`.

    Args:
        counts: in order.
    """
    data = {
        "at": [int(count.start.timestamp()) for count in counts],
        "counts": [count.articles for count in counts],
    }
    return msgspec.json.encode(data).decode()
