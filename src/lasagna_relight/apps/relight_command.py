"""`lasagna relight`: photos are relit one by one, and one that fails does not stop the others."""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from lasagna_relight.apps.destinations import PhotoTask
from lasagna_relight.apps.failure import EXIT_INPUT, report_failure, report_warning
from lasagna_relight.apps.progress import ProgressBars, progress_bars
from lasagna_relight.apps.relight_plan import RelightJob
from lasagna_relight.errors import LasagnaError
from lasagna_relight.image_io import Picture, read_picture
from lasagna_relight.relighting.api import Relighter


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
                if job.prior == "embedded" or isinstance(job.prior, Path):
                    torch.set_num_threads(1)  # the networks are small: more threads only wait
                relighter = Relighter.load(
                    prior=job.prior, recipe=job.recipe, device=job.device, prompts=job.prompts
                )
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
