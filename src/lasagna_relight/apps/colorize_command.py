"""`lasagna colorize`: pictures are colored one by one; one that fails does not stop the others."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lasagna_relight.apps.colorize_plan import ColorizeJob
from lasagna_relight.apps.destinations import PhotoTask
from lasagna_relight.apps.failure import EXIT_INPUT, report_failure, report_warning
from lasagna_relight.apps.progress import ProgressBars, progress_bars
from lasagna_relight.apps.read_ahead import Subject, SubjectReader
from lasagna_relight.errors import LasagnaError


def run(job: ColorizeJob, *, quiet: bool) -> int:
    """Color every sketch of ``job`` and return the exit code.

    A sketch that fails gets its line on stderr and does not stop the others. Paths of colored
    pictures and of their layers go to stdout.
    """
    codes = {task.photo: 0 for task in job.tasks}
    for task in job.tasks:
        try:
            task.refuse_unwritable_files(job.layers, force=job.force)
        except LasagnaError as error:
            codes[task.photo] = report_failure(error)
    ready = [task for task in job.tasks if codes[task.photo] == 0]
    if ready:
        codes |= _color_all(job, ready, quiet=quiet)
    failures = [code for code in codes.values() if code]
    if len(codes) > 1 and (failures or not quiet):
        failed = f", {len(failures)} failed" if failures else ""
        done = len(codes) - len(failures)
        print(f"lasagna: {done} of {len(codes)} pictures colored{failed}", file=sys.stderr)
    return EXIT_INPUT if EXIT_INPUT in failures else max(failures, default=0)


def _color_all(job: ColorizeJob, tasks: Sequence[PhotoTask], *, quiet: bool) -> dict[Path, int]:
    from lasagna_relight.apps.checks import available_device
    from lasagna_relight.colorization.api import Colorizer
    from lasagna_relight.colorization.paper import resolve_color_mask
    from lasagna_relight.priors.prior_names import StableDiffusionFiles

    if not isinstance(job.prior, StableDiffusionFiles):
        import torch

        torch.set_num_threads(1)  # the networks are small: more threads only wait
    available_device(job.device)
    codes: dict[Path, int] = {}
    colorizer = None
    with (
        ThreadPoolExecutor(max_workers=1) as pool,
        progress_bars(len(tasks), quiet=quiet) as bars,
    ):
        reader = SubjectReader(pool, job.mask, resolve_color_mask)
        for task in tasks:
            bars.start(task.photo.name)
            subject = reader.take(task.photo)
            try:
                subject.picture.result()
            except LasagnaError as error:
                codes[task.photo] = report_failure(error)
                bars.finish()
                continue
            if colorizer is None:  # not before there is something to color; fails for all
                colorizer = Colorizer.load(
                    prior=job.prior, recipe=job.recipe, device=job.device, prompt=_prompt(job)
                )
            try:
                _color(subject, colorizer, job, task, bars)
            except LasagnaError as error:
                codes[task.photo] = report_failure(error)
            else:
                codes[task.photo] = 0
                if not quiet:
                    for path in task.files(job.layers):
                        bars.say(str(path))
            bars.finish()
    return codes


def _prompt(job: ColorizeJob):
    from lasagna_relight.priors.prior_names import StableDiffusionFiles

    if not isinstance(job.prior, StableDiffusionFiles):
        return None
    from lasagna_relight.colorization.large import ColorPrompt

    return ColorPrompt(template=job.prompt or "{words}", subject=job.subject)


def _color(
    subject: Subject, colorizer, job: ColorizeJob, task: PhotoTask, bars: ProgressBars
) -> None:
    result = colorizer.colorize(
        subject.picture.result(),
        job.words,
        hints=job.hints,
        mask=subject.mask.result(),
        mode=job.mode,
        seed=job.seed,
        steps=job.steps,
        on_step=bars.on_step,
    )
    if result.mask.warning is not None:
        report_warning(result.mask.warning)
    result.save(task.destination, layers=job.layers, force=job.force)
