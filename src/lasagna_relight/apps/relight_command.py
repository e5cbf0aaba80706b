"""`lasagna relight`: all is checked first, then the weights are loaded, then photos relit."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lasagna_relight.apps.checks import (
    available_device,
    layer_formats,
    mask_choice,
    prior_choice,
)
from lasagna_relight.apps.destinations import PhotoTask, find_photos, plan_destinations
from lasagna_relight.apps.failure import EXIT_INPUT, report_failure, report_warning
from lasagna_relight.apps.progress import ProgressBars, progress_bars
from lasagna_relight.compositing.layer_files import LayerFormat
from lasagna_relight.errors import ImageError, InputError, LasagnaError, RecipeError
from lasagna_relight.image_io import READABLE_SUFFIXES, Picture, read_picture
from lasagna_relight.language.reader import read_light
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.relighting.api import Relighter

EXAMPLE = 'lasagna relight photo.jpg "light from the left"'
STRONGEST = 2.0


@dataclass(frozen=True, kw_only=True)
class RelightJob:
    """A command line of `lasagna relight` whose every option is known to be in order.

    ``light`` is the words as the user gave them, or the direction of the angles.
    """

    tasks: list[PhotoTask]
    light: str | LightDirection
    mask: Path | Literal["auto", "none"]
    layers: tuple[LayerFormat, ...]
    strength: float
    recipe: str | None
    seed: int
    steps: int | None
    device: str
    prior: Path | Literal["embedded"]
    force: bool


def plan(
    photos_and_words: Sequence[str],
    *,
    output: Path | None,
    azimuth_deg: float | None,
    elevation_deg: float | None,
    mask: str,
    layers: str,
    strength: float,
    recipe: str | None,
    seed: int,
    steps: int | None,
    device: str,
    prior: str,
    force: bool,
) -> RelightJob:
    """The job that a command line asks for; loads nothing but the small network that reads words.

    Raises:
        InputError: something is missing or out of its range; see the classes of `errors`.
    """
    if azimuth_deg is None and elevation_deg is None:
        photos, light = _split_words(photos_and_words)
        read_light(light)
    else:
        photos = list(photos_and_words)
        light = LightDirection(azimuth_deg=azimuth_deg or 0.0, elevation_deg=elevation_deg or 0.0)
        _refuse_words_beside_angles(photos)
    if not 0 <= strength <= STRONGEST:
        raise RecipeError(f"--strength {strength:g} is outside 0..{STRONGEST:g}: 1 is as solved")
    return RelightJob(
        tasks=plan_destinations(find_photos(photos), output),
        light=light,
        mask=mask_choice(mask),
        layers=layer_formats(layers),
        strength=strength,
        recipe=recipe,
        seed=seed,
        steps=steps,
        device=available_device(device),
        prior=prior_choice(prior),
        force=force,
    )


def run(job: RelightJob, *, quiet: bool) -> int:
    """Relight every photo of ``job`` and return the exit code.

    A photo that fails gets its line on stderr and does not stop the others. Paths of relit
    pictures go to stdout.
    """
    codes = {task.photo: 0 for task in job.tasks}
    for task in job.tasks:
        try:
            task.refuse_unwritable_files(job.layers, force=job.force)
        except LasagnaError as error:
            codes[task.photo] = report_failure(error)
    ready = [task for task in job.tasks if codes[task.photo] == 0]
    relighter = None
    with progress_bars(len(ready), quiet=quiet) as bars:
        for task in ready:
            bars.start(task.photo.name)
            try:
                picture = read_picture(task.photo)
            except LasagnaError as error:
                codes[task.photo] = report_failure(error)
                bars.finish()
                continue
            if relighter is None:  # not before there is something to relight; fails for all photos
                relighter = Relighter.load(prior=job.prior, recipe=job.recipe, device=job.device)
            try:
                _relight(picture, relighter, job, task, bars)
            except LasagnaError as error:
                codes[task.photo] = report_failure(error)
            else:
                if not quiet:
                    bars.say(str(task.destination))
            bars.finish()
    return _summarize(codes, quiet=quiet)


def _relight(
    picture: Picture, relighter: Relighter, job: RelightJob, task: PhotoTask, bars: ProgressBars
) -> None:
    result = relighter.relight(
        picture,
        light=job.light,
        mask=job.mask,
        strength=job.strength,
        seed=job.seed,
        steps=job.steps,
        on_step=bars.on_step,
    )
    if result.mask.warning is not None:
        report_warning(result.mask.warning)
    result.save(task.destination, layers=job.layers, force=job.force)


def _summarize(codes: dict[Path, int], *, quiet: bool) -> int:
    failures = [code for code in codes.values() if code]
    if len(codes) > 1 and (failures or not quiet):
        done = len(codes) - len(failures)
        failed = f", {len(failures)} failed" if failures else ""
        print(f"lasagna: {done} of {len(codes)} photos relit{failed}", file=sys.stderr)
    return EXIT_INPUT if EXIT_INPUT in failures else max(failures, default=0)


def _split_words(arguments: Sequence[str]) -> tuple[list[str], str]:
    *photos, words = arguments
    # unlike pathlib's, these take words that are longer than a file name may be
    is_photo = os.path.isfile(words) or Path(words).suffix.lower() in READABLE_SUFFIXES  # noqa: PTH113
    if is_photo or (not photos and os.path.exists(words)):  # noqa: PTH110
        raise InputError(
            f"words for the light are missing after {words}: {EXAMPLE}, or give --azimuth"
        )
    if not photos:
        raise ImageError(f'no photo is named before "{words}": {EXAMPLE}')
    return photos, words


def _refuse_words_beside_angles(photos: Sequence[str]) -> None:
    last = Path(photos[-1])
    if " " in photos[-1] and not last.suffix and not last.exists():
        raise InputError(
            f'the light is given twice, as "{last}" and by angles: leave one of them out'
        )
