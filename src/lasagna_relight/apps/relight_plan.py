"""What a command line of `lasagna relight` asks for, checked before PyTorch is loaded."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lasagna_relight.apps.checks import layer_formats, mask_choice
from lasagna_relight.apps.destinations import PhotoTask, find_photos, plan_destinations
from lasagna_relight.apps.large_prior import LargePriorOptions, any_prior
from lasagna_relight.compositing.layer_paths import LayerFormat
from lasagna_relight.errors import ImageError, InputError, RecipeError
from lasagna_relight.image_io import READABLE_SUFFIXES
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.relighting.prompts import Prompts

EXAMPLE = 'lasagna relight photo.jpg "light from the left"'
STRONGEST = 2.0


@dataclass(frozen=True, kw_only=True)
class MixWords:
    """Several lights as the user gave them, not read yet."""

    lights: tuple[str, ...]
    fill: float
    environment: Path | None


@dataclass(frozen=True, kw_only=True)
class RelightJob:
    """A command line of `lasagna relight`, in order as far as can be told without PyTorch.

    ``light`` is the words as the user gave them, the direction of the angles, or words about
    several lights.
    """

    light: str | LightDirection | MixWords
    mask: Path | Literal["auto", "none"]
    layers: tuple[LayerFormat, ...]
    strength: float
    recipe: str | None
    seed: int
    steps: int | None
    device: str
    prior: Path | Literal["embedded"] | StableDiffusionFiles
    prompts: Prompts
    force: bool
    tasks: list[PhotoTask]


def plan(
    photos_and_words: Sequence[str],
    *,
    output: Path | None,
    azimuth_deg: float | None,
    elevation_deg: float | None,
    lights: Sequence[str],
    fill: float,
    environment: Path | None,
    mask: str,
    layers: str,
    strength: float,
    recipe: str | None,
    seed: int,
    steps: int | None,
    device: str,
    prior: str,
    large: LargePriorOptions,
    force: bool,
) -> RelightJob:
    """The job that a command line asks for; loads no PyTorch, so words and device wait for theirs.

    Raises:
        InputError: something is missing or out of its range; see the classes of `errors`.
    """
    by_angles = azimuth_deg is not None or elevation_deg is not None
    if lights or fill or environment is not None:
        if by_angles:
            raise InputError("--azimuth and --elevation stand alone: write --light instead")
        photos = list(photos_and_words)
        _refuse_words_beside_options(photos)
        light = MixWords(lights=tuple(lights), fill=fill, environment=environment)
    elif not by_angles:
        photos, light = split_words(photos_and_words)
    else:
        photos = list(photos_and_words)
        light = LightDirection(azimuth_deg=azimuth_deg or 0.0, elevation_deg=elevation_deg or 0.0)
        _refuse_words_beside_options(photos)
    if not 0 <= strength <= STRONGEST:
        raise RecipeError(f"--strength {strength:g} is outside 0..{STRONGEST:g}: 1 is as solved")
    return RelightJob(
        light=light,
        mask=mask_choice(mask),
        layers=layer_formats(layers),
        strength=strength,
        recipe=recipe,
        seed=seed,
        steps=steps,
        device=device,
        prior=any_prior(prior, large),
        prompts=large.prompts,
        force=force,
        tasks=plan_destinations(find_photos(photos), output),
    )


def split_words(
    arguments: Sequence[str],
    *,
    about: str = "the light",
    command: str = "relight",
    example: str = EXAMPLE,
    instead: str = ", or give --azimuth",
) -> tuple[list[str], str]:
    """The photos and the words of a command line, words last.

    Args:
        arguments: as they came.
        about: what the words are for.
        command: that takes them.
        example: of the command.
        instead: what else would do.

    Raises:
        InputError: there are no words, no photos, or words without quotes.
    """
    *photos, words = arguments
    # unlike pathlib's, these take words that are longer than a file name may be
    is_photo = os.path.isfile(words) or Path(words).suffix.lower() in READABLE_SUFFIXES  # noqa: PTH113
    if is_photo or (not photos and os.path.exists(words)):  # noqa: PTH110
        raise InputError(f"words for {about} are missing after {words}: {example}{instead}")
    if not photos:
        raise ImageError(f'no photo is named before "{words}": {example}')
    _refuse_words_without_quotes(photos, words, command)
    return photos, words


def _refuse_words_without_quotes(photos: Sequence[str], last: str, command: str) -> None:
    """Raise where ``photos`` end in words: a missing photo has a suffix, or is the only one."""
    words = list(itertools.takewhile(_is_word, reversed(photos)))[::-1]
    if not words or len(photos) == 1:
        return
    photo = photos[0] if len(words) < len(photos) else "photo.jpg"
    raise InputError(
        f'the words need quotes: lasagna {command} {photo} "{" ".join([*words, last])}"'
    )


def _is_word(argument: str) -> bool:
    is_path = os.sep in argument or bool(Path(argument).suffix)
    return not is_path and not os.path.exists(argument)  # noqa: PTH110


def _refuse_words_beside_options(photos: Sequence[str]) -> None:
    last = photos[-1]
    said = " " in last and not Path(last).suffix and not os.path.exists(last)  # noqa: PTH110
    if said or (len(photos) > 1 and _is_word(last)):
        raise InputError(
            f'the light is given twice, as "{last}" and by options: leave one of them out'
        )
