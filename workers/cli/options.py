"""The options that several commands share: one name, one meaning and one sentence of help each.

Those of the commands that read for a consumer group are in `workers.cli.group`.
"""

from __future__ import annotations

from typing import Annotated

import typer

Since = Annotated[str, typer.Option(metavar="SPAN", help="How far back to look: 90m, 24h, 7d, 2w.")]
Limit = Annotated[int, typer.Option("-n", "--limit", min=1, help="Show at most this many.")]
AsLines = Annotated[bool, typer.Option("--json", help="For programs: a line of JSON for each row.")]
AsDocument = Annotated[bool, typer.Option("--json", help="For programs: one JSON document.")]
