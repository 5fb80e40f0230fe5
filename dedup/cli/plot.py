"""``dedup plot``: a result's plots as SVG or PNG files."""

from pathlib import Path
from typing import Annotated

import typer

from dedup.errors import ArgumentError

__all__ = ["plot"]


def plot(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT", help="coverage, resemblance, sources, days, flow, lag, or all."
        ),
    ],
    result: Annotated[
        str, typer.Argument(metavar="RESULT", help="What dedup batch --result FILE wrote.")
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="FILE.svg or FILE.png; - is SVG on stdout; for all a folder/.",
        ),
    ] = "-",
    title: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Instead of the plot's own title.")
    ] = None,
) -> None:
    """Draw a result's plots as SVG or PNG, for papers and dashboards.

    \b
    dedup batch feeds/ --result result.dedup
    dedup plot flow result.dedup -o flow.svg
    dedup plot days result.dedup -o days.png
    dedup plot all result.dedup -o plots/
    """  # noqa: D301 - click's mark for lines to be left alone
    from dedup.output import open_output
    from dedup.reports.plots import PLOTS, plot_png, plot_svg
    from dedup.reports.stored_result import StoredResult

    if what not in (*PLOTS, "all"):
        raise ArgumentError(f"{what}: no plot; name one of {', '.join(PLOTS)}, or all")
    stored = StoredResult(result)
    names = list(PLOTS) if what == "all" else [what]
    if what == "all":
        if not output.endswith("/"):
            raise ArgumentError(f"-o {output}: name a folder, as plots/, for all plots")
        Path(output).mkdir(parents=True, exist_ok=True)
    for name in names:
        target = f"{output}{name}.svg" if what == "all" else output
        if target != "-" and not target.endswith((".svg", ".png")):
            raise ArgumentError(f"-o {target}: name a file that ends with .svg or .png")
        drawn = plot_svg(name, stored.figures, title=title)
        content = plot_png(drawn) if target.endswith(".png") else f"{drawn}\n".encode()
        with open_output(target) as stream:
            stream.write(content)
    stored.close()
