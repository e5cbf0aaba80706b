"""What `lasagna train RECIPE` does: predictors, priors and ControlNets."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from lasagna_relight.apps.checks import available_device
from lasagna_relight.errors import DatasetError, RecipeError
from lasagna_relight.evaluation import photometric
from lasagna_relight.evaluation.cases import read_cases
from lasagna_relight.evaluation.validation import held_out, validator
from lasagna_relight.image_io import atomic_path
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relit.dataset import ShardFolder
from lasagna_relight.training.config import TrainingConfig
from lasagna_relight.training.data import TrainingData
from lasagna_relight.training.loop import train
from lasagna_relight.training.processes import make_accelerator
from lasagna_relight.training.recipes import TrainingRecipe, training_named
from lasagna_relight.training.task import Validate

VALIDATION_SEED = 1
PHOTOGRAPHS_NAME = "photographs.md"
PLACES = ("cpu", "cuda", "mps")


def run(
    recipe_name: str,
    output: Path,
    *,
    data: list[Path],
    weights: str,
    organic: float,
    views: int | None,
    options: list[str],
    settings: dict[str, Any],
    device: str,
    validation: Path | None,
    validation_views: int,
    photographs: Path | None,
) -> int:
    """Trains, prints a line now and then, and returns the exit code.

    Args:
        recipe_name: of `training.recipes.RECIPES`.
        output: folder of the run; resumed if there.
        data: folders of shards.
        weights: of the folders, by commas.
        organic: share of procedural objects rendered while training.
        views: only the first so many of each folder.
        options: NAME=VALUE, what is trained.
        settings: fields of `TrainingConfig` that were asked for; None keeps the recipe's.
        device: where PyTorch computes.
        validation: held-out shards; procedural objects of their own if absent.
        validation_views: how many pictures checkpoints are chosen by; 0 for none.
        photographs: under known lights, to measure the result on.

    Raises:
        InputError: something asked for cannot be done.
        DivergenceError: the loss is not finite.
    """
    recipe = training_named(recipe_name).with_options(dict(map(_pair, options)))
    config = replace(recipe.config, **{k: v for k, v in settings.items() if v is not None})
    if config.steps < 1:
        raise RecipeError(f"--steps {config.steps}: at least one")
    place = available_device(device)
    if place not in PLACES:
        raise RecipeError(f"--device {device}: one of {', '.join(PLACES)}; CUDA_VISIBLE_DEVICES "
                          "chooses among several")  # fmt: skip
    if place != "cpu" and recipe.resident:
        config = replace(config, workers=0)
    cases = None if photographs is None else read_cases(photographs)
    if cases is not None and recipe.solves_with is None:
        raise RecipeError(f"--photographs: {recipe.name} makes nothing that relights by itself")
    shares = _shares(data, weights)
    accelerator = make_accelerator(config, output, place)
    source = TrainingData(
        folders=data,
        weights=shares,
        organic=organic,
        views=views,
        device=str(accelerator.device),
        resident=recipe.resident,
    )
    task = recipe.task(source, config)
    validate = None
    if validation_views and recipe.learns_light and accelerator.is_main_process:
        validate = _validate(recipe, validation, validation_views, task.estimate)
    started_from = None
    for report in train(task, config, output, accelerator, validate):
        if accelerator.is_main_process:
            started_from = report.step
            print(_line(report.record, config), flush=True)
    if not accelerator.is_main_process:
        return 0
    if started_from is None:
        print(f"{output} is at step {config.steps} already: give more --steps to go on")
    if cases is not None:
        relighter = Relighter.load(prior=output, recipe=recipe.solves_with, device=place)
        scores = list(photometric.score_pairs(cases, [relighter], seed=config.seed))
        table = photometric.format_table(photometric.summarize(scores))
        with atomic_path(output / PHOTOGRAPHS_NAME, force=True) as beside:
            beside.write_text(table + "\n")
        print(table)
    return 0


def _validate(recipe: TrainingRecipe, folder: Path | None, views: int, estimate: Any) -> Validate:
    """The scoring of held-out pictures, at the recipe's resolution."""
    size = recipe.options.resolution
    data = (
        ShardFolder(folder, size=size)
        if folder is not None
        else TrainingData(organic=1.0).source(
            resolution=size, batch_size=min(24, views), seed=2**31 + VALIDATION_SEED
        )
    )
    batches = held_out(data, views=views, batch_size=min(24, views), seed=VALIDATION_SEED)
    return validator(batches, estimate)


def _line(record: dict[str, Any], config: TrainingConfig) -> str:
    parts = [f"step {record['step']} of {config.steps}", f"loss {record['loss']:.5f}"]
    if record["seconds"] > 0:
        parts.append(f"{len(record['losses']) / record['seconds']:.2f} steps/s")
        parts.append(f"waited {record['waited'] / record['seconds']:.0%}")
    if "score" in record:
        parts.append(f"covered {record['score']:.1%}" + (", best" if record["best"] else ""))
    return "  ".join(parts)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise RecipeError(f"--set {text!r}: write NAME=VALUE, such as head=harmonics")
    return name, value


def _shares(folders: list[Path], weights: str) -> list[float]:
    try:
        shares = [float(weight) for weight in weights.split(",")]
    except ValueError as error:
        raise DatasetError(f"--weights {weights} is no list of numbers: such as 0.8,0.2") from error
    if len(shares) == 1:
        shares *= len(folders)
    valid = all(math.isfinite(share) and share >= 0 for share in shares)
    if len(shares) != len(folders) or not valid or (folders and sum(shares) == 0):
        raise DatasetError(f"--weights {weights}: give one for each of the {len(folders)} folders")
    return shares
