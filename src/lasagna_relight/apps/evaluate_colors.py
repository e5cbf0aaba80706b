"""`lasagna evaluate colors`: colorization measured on drawings whose colors are known."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import torch

from lasagna_relight.apps.checks import available_device, prior_choice
from lasagna_relight.colorization.api import Colorizer
from lasagna_relight.colorization.recipes import recipe_named
from lasagna_relight.errors import DatasetError
from lasagna_relight.evaluation.color_cases import ColorCase, color_cases
from lasagna_relight.evaluation.colors import (
    ColorMethod,
    TermResult,
    TruthResult,
    flat_fill,
    guess_alone,
    identity,
    plain_sample,
    score_terms,
    score_truth,
    solved,
    term_table,
    truth_table,
)
from lasagna_relight.image_io import atomic_path
from lasagna_relight.training.color_pictures import (
    Cutout,
    drawn_cutouts,
    emoji_cutouts,
    folder_cutouts,
    openclipart_cutouts,
)

UNSEEN_SEED = 5_000_000
"""Of procedural drawings that no training draws."""


def run(
    *,
    openclipart: Path | None,
    emoji: Path | None,
    cutouts: Path | None,
    drawings: int,
    limit: int,
    recipes: list[str],
    prior: str,
    device: str,
    output: Path | None,
) -> int:
    """Prints two tables, progress on stderr, and returns the exit code.

    Raises:
        InputError: a folder holds no drawing, or a recipe or the prior cannot be had.
    """
    for name in recipes:
        recipe_named(name)
    torch.set_num_threads(1)
    cases = held_out_cases(openclipart, emoji, cutouts, drawings, limit=limit)
    colorizer = Colorizer.load(prior=prior_choice(prior), device=available_device(device))
    methods: dict[str, ColorMethod] = {"identity": identity, "flat fill": flat_fill}
    methods["first guess"] = guess_alone(colorizer)
    methods["plain sample"] = plain_sample(colorizer)
    methods |= {name: solved(colorizer, name) for name in recipes}
    terms: list[TermResult] = []
    truths: list[TruthResult] = []
    for name, method in methods.items():
        terms += score_terms(name, method, cases)
        truths += score_truth(name, method, cases)
        print(f"{name}: {len(cases)} drawings", file=sys.stderr, flush=True)
    print(term_table(terms), truth_table(truths), sep="\n\n")
    if output is not None:
        with atomic_path(output, force=True) as beside:
            rows = [json.dumps(asdict(result)) for result in [*terms, *truths]]
            beside.write_text("\n".join(rows) + "\n")
    return 0


def held_out_cases(
    openclipart: Path | None, emoji: Path | None, cutouts: Path | None, drawings: int, *, limit: int
) -> list[ColorCase]:
    """The first ``limit`` drawings of each source that the training did not see.

    Raises:
        DatasetError: a folder is missing, or there is no drawing at all.
    """
    cases: list[ColorCase] = []
    for source in _sources(openclipart, emoji, cutouts, drawings):
        cases += color_cases(source, limit=limit)
    if not cases:
        raise DatasetError(
            "no drawing to evaluate on: give --openclipart, --emoji, --cutouts or --drawings"
        )
    return cases


def _sources(
    openclipart: Path | None, emoji: Path | None, cutouts: Path | None, drawings: int
) -> Iterator[Iterator[Cutout]]:
    for folder in (openclipart, emoji, cutouts):
        if folder is not None and not folder.is_dir():
            raise DatasetError(f"{folder} is no folder: give one of cut-out pictures")
    if openclipart is not None:
        yield openclipart_cutouts(openclipart, held_out=True)
    if emoji is not None:
        yield emoji_cutouts(emoji, held_out=True)
    if cutouts is not None:
        yield folder_cutouts(cutouts)
    if drawings:
        yield drawn_cutouts(drawings, seed=UNSEEN_SEED)
