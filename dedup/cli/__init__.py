"""The ``dedup`` command: one file per verb, each with one function.

A verb parses its options, calls one library function and prints the result.
Heavy imports happen inside the verbs. Exit status: 0 done, 1 only where a verb
documents it, 2 trouble, 130 interrupted, 141 the reader of the output went away.
"""

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from dedup import __version__
from dedup.cli.batch import batch
from dedup.cli.diff import diff
from dedup.cli.evaluate import evaluate
from dedup.cli.explain import explain
from dedup.cli.explore import explore
from dedup.cli.filter import filter_lines
from dedup.cli.index import index_app
from dedup.cli.plot import plot
from dedup.cli.warm import warm
from dedup.errors import DedupError

__all__ = ["app", "main"]

_TROUBLE = 2
_CLOSED_PIPE = 141  # what a shell shows for a program that SIGPIPE ended


class _Verbs(TyperGroup):
    """Turn what a verb raises into a message and an exit status."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer keeps the type to itself
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # Python flushes stdout once more at exit; let that go nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(_CLOSED_PIPE) from None
        except (DedupError, OSError) as error:
            from dedup.cli.terminal import printable

            what = str(error)
            if isinstance(error, OSError) and error.filename is not None:
                what = f"{error.filename}: {error.strerror}"
            print(f"dedup: {printable(what)}", file=sys.stderr)
            raise typer.Exit(_TROUBLE) from error
        return result


app = typer.Typer(
    name="dedup",
    cls=_Verbs,
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.command(short_help="Find the copies in feeds: who copied whom.")(batch)
app.command()(explain)
app.command()(diff)
app.command("filter", short_help="Let pass what was not seen before.")(filter_lines)
app.command(short_help="Look at a result or an index in the browser.")(explore)
app.command(short_help="Draw a result's plots as SVG or PNG.")(plot)
app.command()(evaluate)
app.command(short_help="Compile the loops now, not during the first run.")(warm)
app.add_typer(index_app)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"dedup {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Find copies among news articles and show what each copy changed."""


def main() -> None:
    """Run the command line; the entry point of the ``dedup`` script."""
    # numpy would start a thread for each core to multiply matrices: there are none here,
    # and starting them costs a tenth of a second.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    app(prog_name="dedup")
