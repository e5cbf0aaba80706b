"""The tables of `lasagna evaluate photometric` and `rendered`, on stdout."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lasagna_relight.apps.checks import available_device, prior_choice
from lasagna_relight.apps.progress import progress_bars
from lasagna_relight.evaluation import photometric, rendered
from lasagna_relight.evaluation.photometric_folder import read_cases
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relighting.recipes import QUICK_RECIPES

SHARDS = "*.safetensors"


def run_photometric(
    folder: Path,
    *,
    recipe: str | None,
    prior: str,
    device: str,
    seed: int,
    as_json: bool,
) -> int:
    """Print how recipes do on the photographs of ``folder`` and return the exit code.

    Every recipe is measured unless ``recipe`` names one. A table of means on stdout; or, as JSON,
    the means and the figures of each pair.

    Raises:
        InputError: the folder, a picture in it, the recipe or the prior cannot be used.
    """
    cases = read_cases(folder)
    relighters = _load(recipe, prior, device)
    scores = []
    with progress_bars(len(cases), quiet=False) as bars:
        for case in cases:
            bars.start(f"{case.set_name}, {case.direction_name}")
            scores.extend(photometric.score_pairs([case], relighters, seed=seed))
            bars.finish()
    rows = photometric.summarize(scores)
    if as_json:
        _print_json(methods=rows, pairs=scores)
    else:
        print(photometric.format_table(rows))
    return 0


def run_rendered(
    shards: Path,
    *,
    recipe: str | None,
    prior: str,
    device: str,
    seed: int,
    views: int,
    as_json: bool,
) -> int:
    """Print how much of the way to the oracle recipes cover, and return the exit code.

    Args:
        shards: a folder of shards, or one shard.
        recipe: every one is measured if None.
        prior: "embedded", or a folder.
        device: where PyTorch computes.
        seed: of the mixed light, and of the recipes.
        views: at most so many, spread over the shards.
        as_json: the means and the figures of each picture, in place of a table of means.

    Raises:
        InputError: a shard, the recipe or the prior cannot be used.
    """
    folder, pattern = (shards.parent, shards.name) if shards.is_file() else (shards, SHARDS)
    relighters = _load(recipe, prior, device)
    cases = rendered.rendered_cases(
        folder, pattern=pattern, views=views, seed=seed, size=relighters[0].predictor.resolution
    )
    scores = []
    with progress_bars(len(cases), quiet=False) as bars:
        for case in cases:
            bars.start(case.title)
            scores.extend(rendered.score_views([case], relighters, seed=seed))
            bars.finish()
    rows = rendered.summarize(scores)
    if as_json:
        _print_json(methods=rows, lights=scores)
    else:
        print(rendered.format_table(rows))
    return 0


def _load(recipe: str | None, prior: str, device: str) -> list[Relighter]:
    folder, place = prior_choice(prior), available_device(device)
    names = list(QUICK_RECIPES) if recipe is None else [recipe]
    return [Relighter.load(prior=folder, recipe=name, device=place) for name in names]


def _print_json(**parts: Sequence[Any]) -> None:
    print(json.dumps({name: [dataclasses.asdict(p) for p in part] for name, part in parts.items()}))
