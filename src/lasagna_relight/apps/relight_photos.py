"""The photos of `lasagna relight`, relit one by one, with what that takes: PyTorch and networks."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from lasagna_relight.apps.checks import available_device
from lasagna_relight.apps.destinations import PhotoTask
from lasagna_relight.apps.failure import report_remark
from lasagna_relight.apps.picture_run import Codes, Edited, edit_pictures
from lasagna_relight.apps.progress import ProgressBars
from lasagna_relight.apps.read_ahead import Subject, SubjectReader
from lasagna_relight.apps.relight_plan import MixWords, RelightJob
from lasagna_relight.apps.remarks import light_remark, reading_remark
from lasagna_relight.language.reader import read_light
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relighting.environment import read_environment
from lasagna_relight.relighting.light_words import light_from_words
from lasagna_relight.relighting.lights import LightRig
from lasagna_relight.relighting.lit import Finish, light_picture
from lasagna_relight.relighting.recipes import DEFAULT_LARGE_RECIPE
from lasagna_relight.relighting.scene import scene_of


def relight_photos(
    job: RelightJob, tasks: Sequence[PhotoTask], reader: SubjectReader, *, quiet: bool
) -> Codes:
    """Relight the photos of ``tasks`` and return the exit code of each.

    Raises:
        InputError: the words name no direction, the device cannot be used, or the recipe or the
            prior cannot be loaded: then no photo can be relit.
    """
    if not isinstance(job.prior, StableDiffusionFiles):
        torch.set_num_threads(1)  # the networks are small: more threads only wait
    if isinstance(job.light, str):
        reading = read_light(job.light)
        report_remark(light_remark(job.light), quiet=quiet)
        report_remark(reading_remark(job.light, reading), quiet=quiet)
    rig = _rig(job.light) if isinstance(job.light, MixWords) else None
    available_device(job.device)
    return edit_pictures(
        tasks,
        reader,
        lambda: _relighter(job),
        lambda relighter, subject, bars: _relight(subject, relighter, job, rig, bars),
        layers=job.layers,
        force=job.force,
        quiet=quiet,
    )


def _relighter(job: RelightJob) -> Relighter:
    if isinstance(job.prior, StableDiffusionFiles):
        from lasagna_relight.apps.memory_report import warn_in_advance  # brings diffusers

        warn_in_advance(job.prior, job.recipe or DEFAULT_LARGE_RECIPE, job.device)
    return Relighter.load(
        prior=job.prior, recipe=job.recipe, device=job.device, prompts=job.prompts
    )


def _rig(words: MixWords) -> LightRig:
    around = None if words.environment is None else read_environment(words.environment)
    lights = tuple(light_from_words(said) for said in words.lights)
    return LightRig(lights=lights, fill=words.fill, environment=around)


def _relight(
    subject: Subject,
    relighter: Relighter,
    job: RelightJob,
    rig: LightRig | None,
    bars: ProgressBars,
) -> Edited:
    picture, mask = subject.picture.result(), subject.mask.result()
    if rig is not None:
        finish = Finish(strength=job.strength)
        return light_picture(
            relighter,
            picture,
            rig,
            mask=mask,
            finish=finish,
            seed=job.seed,
            steps=job.steps,
            recipe_text=scene_of(rig, finish).model_dump_json(),
            on_step=bars.on_step,
        )
    assert not isinstance(job.light, MixWords)
    return relighter.relight(
        picture,
        light=job.light,
        mask=mask,
        strength=job.strength,
        seed=job.seed,
        steps=job.steps,
        on_step=bars.on_step,
    )
