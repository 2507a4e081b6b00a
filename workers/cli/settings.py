"""The command that prints the settings."""

from __future__ import annotations

from typing import Annotated

import typer

# What is slow to import is imported by the command that needs it.
# ruff: noqa: D301, PLC0415


def settings(
    as_json: Annotated[
        bool, typer.Option("--json", help="For programs: a list of objects.")
    ] = False,
) -> None:
    """Print every setting: its value and the place that set it.

    A setting comes from the environment under the name shown, else from its section of nabaa.toml
    in the working folder, or of the file that NABAA_CONFIG names. Secrets are not shown.

    \b
    Example:
        nabaa settings
        nabaa settings --json | jq '.[] | select(.source != "default")'

    Exit status: 0; 2 when a setting is wrong, or two contradict each other.
    """
    from config.loading import load_with_sources
    from config.settings_table import settings_in_force
    from ingest.runtime.settings_view import print_settings, settings_json

    rows = settings_in_force(load_with_sources())
    if as_json:
        typer.echo(settings_json(rows))
    else:
        print_settings(rows)
