"""What a command line of `lasagna colorize` asks for, checked before PyTorch is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from lasagna_relight.apps.checks import layer_formats, mask_choice
from lasagna_relight.apps.destinations import (
    COLORED,
    PhotoTask,
    find_photos,
    plan_destinations,
)
from lasagna_relight.apps.large_prior import LargePriorOptions, any_prior
from lasagna_relight.apps.options import COLOR_RECIPE_NAMES
from lasagna_relight.apps.relight_plan import split_words
from lasagna_relight.compositing.layer_paths import COLOR_ENDINGS, LayerFormat
from lasagna_relight.errors import InputError, RecipeError
from lasagna_relight.priors.prior_names import StableDiffusionFiles

EXAMPLE = 'lasagna colorize sketch.png "a red shoe with a white sole"'
Mode = Literal["color", "chroma"]
"""`compositing.color_layer.PaintMode`, which loads PyTorch."""


@dataclass(frozen=True, kw_only=True)
class ColorizeJob:
    """A command line of `lasagna colorize`, in order as far as can be told without PyTorch.

    ``prompt`` is the template for a large prior, or None.
    """

    words: str
    hints: Path | None
    mode: Mode
    mask: Path | Literal["auto", "none"]
    layers: tuple[LayerFormat, ...]
    recipe: str | None
    seed: int
    steps: int | None
    device: str
    prior: Path | Literal["embedded"] | StableDiffusionFiles
    prompt: str | None
    subject: str
    force: bool
    tasks: list[PhotoTask]


def plan(
    sketches_and_words: Sequence[str],
    *,
    output: Path | None,
    hints: Path | None,
    mode: str,
    mask: str,
    layers: str,
    recipe: str | None,
    seed: int,
    steps: int | None,
    device: str,
    prior: str,
    large: LargePriorOptions,
    force: bool,
) -> ColorizeJob:
    """The job that a command line asks for; loads no PyTorch.

    Raises:
        InputError: something is missing or out of its range; see the classes of `errors`.
    """
    sketches, words = split_words(
        sketches_and_words, about="the colors", command="colorize", example=EXAMPLE, instead=""
    )
    if not words.strip():
        raise InputError(f"the words are empty: say a color, as in {EXAMPLE}")
    if recipe is not None and recipe not in COLOR_RECIPE_NAMES.split("|"):
        known = COLOR_RECIPE_NAMES.replace("|", ", ")
        raise RecipeError(f"recipe {recipe!r} is unknown for colors: choose one of {known}")
    if hints is not None and not hints.is_file():
        raise InputError(f"the hints {hints} are no file: give a transparent picture with dots")
    found = find_photos(sketches)
    return ColorizeJob(
        words=words,
        hints=hints,
        mode=_mode(mode),
        mask=mask_choice(mask),
        layers=layer_formats(layers),
        recipe=recipe,
        seed=seed,
        steps=steps,
        device=device,
        prior=any_prior(prior, large),
        prompt=large.prompt,
        subject=large.subject,
        force=force,
        tasks=plan_destinations(found, output, marker=COLORED, endings=COLOR_ENDINGS),
    )


def _mode(value: str) -> Mode:
    for known in get_args(Mode):
        if value == known:
            return known
    raise RecipeError(f"--mode {value!r} is unknown: color, or chroma")
