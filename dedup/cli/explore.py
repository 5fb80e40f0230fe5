"""``dedup explore``: look at a large result in the browser, a page at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

__all__ = ["explore"]


def explore(
    result: Annotated[
        str,
        typer.Argument(
            metavar="RESULT|INDEX",
            show_default=False,
            help="What dedup batch --result FILE wrote, or the index of dedup filter.",
        ),
    ],
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes a free one.")
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser at once.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress and no notes on stderr.")
    ] = False,
) -> None:
    """Look at a large result in the browser: every cluster, every pair.

    \b
    dedup batch feeds/ --result result.dedup
    dedup explore result.dedup --open
    dedup explore seen.db --port 8400

    Serves this machine only, until interrupted; nothing is sent anywhere. The
    same page as `dedup batch --report`, but nothing is left out: clusters and
    diffs are made when they are looked at. The articles of an index are judged
    together first, as `dedup batch` would.
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.cli.explore_server import serve
    from dedup.cli.terminal import say
    from dedup.reports.stored_result import StoredResult

    with _result_file(result, quiet=quiet) as path:
        stored = StoredResult(path)
        server = serve(stored, port)
        address = f"http://127.0.0.1:{server.server_port}/"
        print(address, flush=True)
        if not quiet:
            say("Serving until interrupted (Ctrl-C)")
        if browser:
            import webbrowser

            webbrowser.open(address)
        try:
            server.serve_forever()
        finally:
            server.server_close()
            stored.close()


@contextmanager
def _result_file(name: str, *, quiet: bool) -> Iterator[str]:
    """Yield the result file that is meant; that of an index is made for the while."""
    from dedup.reports.stored_result import is_result_file

    if is_result_file(name):
        yield name
        return
    from dedup.cli.explore_index import write_index_result
    from dedup.cli.progress import ProgressLine

    with TemporaryDirectory(prefix="dedup-explore-") as folder:
        path = str(Path(folder, "result.dedup"))
        progress = ProgressLine(quiet=quiet)
        write_index_result(name, path, progress)
        progress.close()
        yield path
