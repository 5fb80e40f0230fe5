"""``dedup explore``: look at a large result in the browser, a page at a time."""

from typing import Annotated

import typer

__all__ = ["explore"]


def explore(
    result: Annotated[
        str,
        typer.Argument(
            metavar="RESULT", show_default=False, help="What dedup batch --result FILE wrote."
        ),
    ],
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes a free one.")
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser at once.")
    ] = False,
) -> None:
    """Look at a large result in the browser: every cluster, every pair.

    \b
    dedup batch feeds/ --result result.dedup
    dedup explore result.dedup --open
    dedup explore result.dedup --port 8400

    Serves this machine only, until interrupted; nothing is sent anywhere. The
    same page as `dedup batch --report`, but nothing is left out: clusters and
    diffs are made when they are looked at.
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.cli.explore_server import serve
    from dedup.cli.terminal import say
    from dedup.reports.stored_result import StoredResult

    stored = StoredResult(result)
    server = serve(stored, port)
    address = f"http://127.0.0.1:{server.server_port}/"
    print(address, flush=True)
    say("Serving until interrupted (Ctrl-C)")
    if browser:
        import webbrowser

        webbrowser.open(address)
    try:
        server.serve_forever()
    finally:
        server.server_close()
        stored.close()
