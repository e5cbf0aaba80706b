"""`lasagna colorize`: pictures are colored one by one; one that fails does not stop the others."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from lasagna_relight.apps.colorize_plan import ColorizeJob
from lasagna_relight.apps.destinations import PhotoTask
from lasagna_relight.apps.failure import report_remark
from lasagna_relight.apps.picture_run import (
    Codes,
    edit_pictures,
    refuse_unwritable_tasks,
    summarize,
)
from lasagna_relight.apps.progress import ProgressBars
from lasagna_relight.apps.read_ahead import Subject, SubjectReader


def run(job: ColorizeJob, *, quiet: bool) -> int:
    """Color every sketch of ``job`` and return the exit code.

    A sketch that fails gets its line on stderr and does not stop the others. Paths of colored
    pictures and of their layers go to stdout.
    """
    codes, ready = refuse_unwritable_tasks(job.tasks, job.layers, force=job.force)
    if ready:
        codes |= _color_all(job, ready, quiet=quiet)
    return summarize(codes, "pictures colored", quiet=quiet)


def _color_all(job: ColorizeJob, tasks: Sequence[PhotoTask], *, quiet: bool) -> Codes:
    from lasagna_relight.apps.checks import available_device
    from lasagna_relight.apps.remarks import color_remark, colored_picture_remark
    from lasagna_relight.colorization.api import Colorizer
    from lasagna_relight.colorization.paper import resolve_color_mask
    from lasagna_relight.colorization.result import ColorizedPicture
    from lasagna_relight.priors.prior_names import StableDiffusionFiles

    if not isinstance(job.prior, StableDiffusionFiles):
        import torch

        torch.set_num_threads(1)  # the networks are small: more threads only wait
        if job.words and not job.hints:
            report_remark(color_remark(job.words), quiet=quiet)
    available_device(job.device)

    def load() -> Colorizer:
        return Colorizer.load(
            prior=job.prior, recipe=job.recipe, device=job.device, prompt=_prompt(job)
        )

    def color(colorizer: Colorizer, subject: Subject, bars: ProgressBars) -> ColorizedPicture:
        picture = subject.picture.result()
        name = "the picture" if picture.path is None else picture.path.name
        report_remark(colored_picture_remark(name, picture.pixels), quiet=quiet)
        return colorizer.colorize(
            picture,
            job.words,
            hints=job.hints,
            mask=subject.mask.result(),
            mode=job.mode,
            seed=job.seed,
            steps=job.steps,
            on_step=bars.on_step,
        )

    with ThreadPoolExecutor(max_workers=1) as pool:
        reader = SubjectReader(pool, job.mask, resolve_color_mask)
        return edit_pictures(
            tasks, reader, load, color, layers=job.layers, force=job.force, quiet=quiet
        )


def _prompt(job: ColorizeJob):
    from lasagna_relight.priors.prior_names import StableDiffusionFiles

    if not isinstance(job.prior, StableDiffusionFiles):
        return None
    from lasagna_relight.colorization.large import ColorPrompt

    return ColorPrompt(template=job.prompt or "{words}", subject=job.subject)
