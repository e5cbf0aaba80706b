"""The photos of `lasagna relight`, relit one by one, with what that takes: PyTorch and networks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from lasagna_relight.apps.checks import available_device
from lasagna_relight.apps.destinations import PhotoTask
from lasagna_relight.apps.failure import report_failure, report_warning
from lasagna_relight.apps.progress import ProgressBars, progress_bars
from lasagna_relight.apps.read_ahead import Subject, SubjectReader
from lasagna_relight.apps.relight_plan import RelightJob
from lasagna_relight.errors import LasagnaError
from lasagna_relight.language.reader import read_light
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.relighting.api import Relighter


def relight_photos(
    job: RelightJob, tasks: Sequence[PhotoTask], reader: SubjectReader, *, quiet: bool
) -> dict[Path, int]:
    """Relight the photos of ``tasks`` and return the exit code of each.

    Raises:
        InputError: the words name no direction, the device cannot be used, or the recipe or the
            prior cannot be loaded: then no photo can be relit.
    """
    if not isinstance(job.prior, StableDiffusionFiles):
        torch.set_num_threads(1)  # the networks are small: more threads only wait
    if isinstance(job.light, str):
        read_light(job.light)
    available_device(job.device)
    codes = {task.photo: 0 for task in tasks}
    relighter = None
    with progress_bars(len(tasks), quiet=quiet) as bars:
        for task in tasks:
            bars.start(task.photo.name)
            subject = reader.take(task.photo)
            try:
                subject.picture.result()
            except LasagnaError as error:
                codes[task.photo] = report_failure(error)
                bars.finish()
                continue
            if relighter is None:  # not before there is something to relight; fails for all photos
                relighter = Relighter.load(
                    prior=job.prior, recipe=job.recipe, device=job.device, prompts=job.prompts
                )
            try:
                _relight(subject, relighter, job, task, bars)
            except LasagnaError as error:
                codes[task.photo] = report_failure(error)
            else:
                if not quiet:
                    for path in task.files(job.layers):
                        bars.say(str(path))
            bars.finish()
    return codes


def _relight(
    subject: Subject, relighter: Relighter, job: RelightJob, task: PhotoTask, bars: ProgressBars
) -> None:
    result = relighter.relight(
        subject.picture.result(),
        light=job.light,
        mask=subject.mask.result(),
        strength=job.strength,
        seed=job.seed,
        steps=job.steps,
        on_step=bars.on_step,
    )
    if result.mask.warning is not None:
        report_warning(result.mask.warning)
    result.save(task.destination, layers=job.layers, force=job.force)
