"""`lasagna train RECIPE`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from lasagna_relight.apps.options import Device

TRAININGS = "tiny|instant|instant_gpu|embedded_cpu|embedded_gpu|denoiser|color_cpu|sd15_controlnet"
"""The keys of `training.recipes.RECIPES`, which loads PyTorch; a test compares them."""


def train(
    recipe: Annotated[
        str, typer.Argument(help="What to train.", metavar=TRAININGS, show_default=False)
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="Folder of the run; resumed if there.", metavar="DIR"),
    ],
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", help="A folder of shards; may be repeated.", metavar="DIR"),
    ] = None,
    weights: Annotated[
        str, typer.Option(help="How often each folder is drawn from, by commas.", metavar="W,...")
    ] = "1",
    organic: Annotated[
        float,
        typer.Option(
            help="Share of procedural objects, rendered afresh while training.", min=0, max=1
        ),
    ] = 0.0,
    views: Annotated[
        int | None,
        typer.Option(help="Only the first so many views of each folder.", min=1, metavar="N"),
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="What is trained, such as head=harmonics or channels=64,128; may be repeated.",
            metavar="NAME=VALUE",
        ),
    ] = None,
    steps: Annotated[int | None, typer.Option(help="Optimizer steps.", min=1, metavar="N")] = None,
    parts: Annotated[
        int | None,
        typer.Option(
            help="Batches accumulated in each step, and shared by processes.", min=1, metavar="N"
        ),
    ] = None,
    learning_rate: Annotated[
        float | None, typer.Option(help="Peak of the schedule.", metavar="RATE")
    ] = None,
    precision: Annotated[
        Literal["no", "bf16", "fp16"] | None, typer.Option(help="Of forward and backward.")
    ] = None,
    compiled: Annotated[
        bool | None, typer.Option("--compile/--no-compile", help="Use torch.compile.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that prepare batches.", min=0, metavar="N")
    ] = None,
    log_every: Annotated[
        int | None, typer.Option(help="Steps between lines.", min=1, metavar="N")
    ] = None,
    checkpoint_every: Annotated[
        int | None, typer.Option(help="Steps between checkpoints.", min=1, metavar="N")
    ] = None,
    validate_every: Annotated[
        int | None,
        typer.Option(help="Steps between validations; 0 at the end alone.", min=0, metavar="N"),
    ] = None,
    validation: Annotated[
        Path | None,
        typer.Option(
            help="Held-out shards that checkpoints are chosen by; procedural objects by default.",
            metavar="DIR",
        ),
    ] = None,
    validation_views: Annotated[
        int, typer.Option(help="How many pictures of them; 0 keeps the last weights.", min=0)
    ] = 48,
    photographs: Annotated[
        Path | None,
        typer.Option(help="Photographs with a pairs.json to measure the result on.", metavar="DIR"),
    ] = None,
    tracker: Annotated[
        Literal["tensorboard", "wandb"] | None,
        typer.Option(help="Where curves and sheets go beside the log."),
    ] = None,
    device: Device = "cpu",
    seed: Annotated[
        int | None, typer.Option(help="Decides weights and draws.", min=0, metavar="N")
    ] = None,
) -> None:
    """Train a predictor, a prior or a ControlNet; a killed run goes on where it was."""
    from lasagna_relight.apps import training_run

    code = training_run.run(
        recipe,
        output,
        data=data or [],
        weights=weights,
        organic=organic,
        views=views,
        options=option or [],
        settings={
            "steps": steps,
            "parts": parts,
            "learning_rate": learning_rate,
            "precision": precision,
            "compiled": compiled,
            "workers": workers,
            "log_every": log_every,
            "checkpoint_every": checkpoint_every,
            "validate_every": validate_every,
            "tracker": tracker,
            "seed": seed,
        },
        device=device,
        validation=validation,
        validation_views=validation_views,
        photographs=photographs,
    )
    raise typer.Exit(code)
