"""`lasagna train`: the two trainings behind the weights that come with the package."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lasagna_relight.errors import DatasetError

if TYPE_CHECKING:
    from lasagna_relight.training.loop import TrainingStep
    from lasagna_relight.training.recipes import Data

training = typer.Typer(help="Train the predictor and the prior.", no_args_is_help=True)

LOG_NAME = "training.jsonl"
EVERY_STEPS = 50

Folders = Annotated[
    list[Path],
    typer.Option("--data", help="A folder of shards; may be repeated.", metavar="DIR"),
]
Weights = Annotated[
    str, typer.Option(help="How often each folder is drawn from, by commas.", metavar="W,...")
]
Run = Annotated[
    Path, typer.Option("--output", "-o", help="Folder of the run; resumed if there.", metavar="DIR")
]
StepCount = Annotated[int, typer.Option(help="Optimizer steps.", min=1, metavar="N")]
Seed = Annotated[int, typer.Option(help="Decides weights and draws.", min=0, metavar="N")]


@training.command()
def predictor(
    data: Folders, output: Run, weights: Weights = "1", steps: StepCount = 3600, seed: Seed = 0
) -> None:
    """Train the instant predictor."""
    from lasagna_relight.training.recipes import train_predictor

    _log(train_predictor(_data(data, weights), output, steps=steps, seed=seed), output)


@training.command()
def prior(
    data: Folders,
    output: Run,
    predictor: Annotated[
        Path, typer.Option(help="Folder of the trained predictor.", metavar="DIR")
    ],
    weights: Weights = "1",
    steps: StepCount = 2000,
    seed: Seed = 0,
) -> None:
    """Train the diffusion prior over the predictor's previews."""
    from lasagna_relight.training.recipes import train_prior

    _log(train_prior(_data(data, weights), output, predictor, steps=steps, seed=seed), output)


def _data(folders: list[Path], weights: str) -> Data:
    from lasagna_relight.training.recipes import Data

    try:
        shares = [float(weight) for weight in weights.split(",")]
    except ValueError as error:
        raise DatasetError(f"--weights {weights} is no list of numbers: such as 0.8,0.2") from error
    if len(shares) == 1:
        shares *= len(folders)
    if len(shares) != len(folders) or min(shares) < 0 or sum(shares) == 0:
        raise DatasetError(f"--weights {weights}: give one for each of the {len(folders)} folders")
    return Data(folders=folders, weights=shares)


def _log(steps: Iterator[TrainingStep], run: Path) -> None:
    """A line every so many steps, on stdout and in the run's log."""
    started, losses = time.monotonic(), []
    for step in steps:
        losses.append(step.loss)
        if (step.index + 1) % EVERY_STEPS == 0:
            record = {
                "step": step.index + 1,
                "loss": round(sum(losses) / len(losses), 5),
                "learning_rate": step.learning_rate,
                "seconds": round(time.monotonic() - started),
            }
            losses.clear()
            print(json.dumps(record), flush=True)
            with (run / LOG_NAME).open("a") as log:
                log.write(json.dumps(record) + "\n")
