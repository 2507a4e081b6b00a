"""The command line: the list of nabaa's commands, and how the process ends."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

import typer

from ingest.cli import feeds_app
from ingest.runtime.allocator import share_one_arena
from ingest.runtime.session import wait_for_threads
from ingest.runtime.terminal import printable_lines
from nabaa import daemons
from nabaa.errors import NabaaError
from nabaa.feeds_page import feeds_page
from workers.cli import (
    cluster,
    desk,
    feeds,
    index,
    offline,
    operations,
    outputs,
    page,
    read,
    reshard,
    search,
    settings,
    stories,
)
from workers.cli.dead import dead_app
from workers.cli.subscriptions import subscriptions_app

THREAD_SECONDS = 0.2


class _Commands(typer.core.TyperGroup):
    """Tells what a person can mend in one sentence, and ends quietly where nobody reads."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except NabaaError as error:
            typer.echo(f"nabaa: {printable_lines(str(error))}", err=True)
            raise typer.Exit(2) from error
        except BrokenPipeError as error:
            # Nobody reads any more, which is no mistake. What is still buffered must not be tried
            # again when the interpreter ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from error


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback()
def nabaa() -> None:
    """نبأ — an Arabic news wire: feeds in, articles with entities out on a Redis stream.

    `nabaa run` is all that one machine needs; `ingest` and `work` are its two halves for several.
    `tail`, `subscribe` and `status` look at a wire that runs. Settings come from the environment
    (NABAA_...) or from nabaa.toml; `nabaa settings` lists them.

    Exit status of every command: 0 when all went well; 1 when something that was looked at is not
    in order; 2 when something is wrong that you can mend, which is told in a sentence.
    """
    # numpy's second thread makes the recogniser's small products slower, on a core of others.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    share_one_arena()


def main() -> None:
    """Run the command line and end with its exit status."""
    try:
        app()
    except SystemExit as end:
        if wait_for_threads(THREAD_SECONDS):
            raise
        # One is in the midst of a huge document, a name look-up or a write to a full pipe. Nothing
        # waits for what comes of it, and the interpreter must not either.
        logging.shutdown()
        os._exit(end.code if isinstance(end.code, int) else 1)


app.command()(daemons.run)
app.command()(daemons.demo)
app.command()(daemons.ingest)
app.command()(daemons.work)
app.command()(read.tail)
app.command()(read.subscribe)
feeds_app.command("page")(feeds_page)
feeds_app.command()(feeds.pause)
feeds_app.command()(feeds.resume)
app.add_typer(feeds_app, name="feeds")
app.add_typer(subscriptions_app, name="subscriptions")
app.add_typer(dead_app, name="dead")
app.command()(desk.desk)
app.command()(outputs.webhook)
app.command()(outputs.serve)
app.command()(outputs.archive)
app.command()(outputs.metrics)
app.command()(index.index)
app.command()(search.search)
app.command()(operations.status)
app.command()(operations.entities)
app.command()(stories.stories)
app.command()(offline.extract)
app.command()(offline.tag)
app.command()(cluster.cluster)
app.command()(page.page)
app.command()(settings.settings)
app.command()(reshard.reshard)
