"""The trainings by name: what each trains, on which settings, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from lasagna_relight.errors import RecipeError
from lasagna_relight.training.color_task import ColorOptions, color_task
from lasagna_relight.training.config import TrainingConfig
from lasagna_relight.training.controlnet import ControlNetOptions, controlnet_task
from lasagna_relight.training.data import TrainingData
from lasagna_relight.training.options import (
    DenoiserOptions,
    Options,
    PredictorOptions,
    PriorOptions,
)
from lasagna_relight.training.task import Task
from lasagna_relight.training.tasks import denoiser_task, predictor_task, prior_task


@dataclass(frozen=True, kw_only=True)
class TrainingRecipe:
    """A training by name.

    Attributes:
        name: what `lasagna train` takes.
        summary: one line for its help.
        options: what is trained; its fields may be set one by one.
        config: how.
        build: makes the task.
        solves_with: the recipe of `lasagna relight` that its result is measured with.
        resident: its views are small enough to be kept and mixed on a GPU.
        learns_light: it reads views, and its estimates of light can be validated.
    """

    name: str
    summary: str
    options: Options
    config: TrainingConfig
    build: Callable[[Any, TrainingData, TrainingConfig], Task[Any]]
    solves_with: str | None = None
    resident: bool = True
    learns_light: bool = True

    def with_options(self, given: Mapping[str, str]) -> TrainingRecipe:
        """The recipe with some options set, as text.

        Raises:
            RecipeError: there is no such option, or its value will not do.
        """
        kind = type(self.options)
        parsed = {name: kind.parsed(name, text) for name, text in given.items()}
        try:
            options = kind.model_validate({**self.options.model_dump(), **parsed})
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"]) or self.name
            known = ", ".join(kind.model_fields)
            raise RecipeError(
                f"--set {name}: {first['msg'].lower()}: {self.name} has {known}"
            ) from error
        return replace(self, options=options)

    def task(self, data: TrainingData, config: TrainingConfig) -> Task[Any]:
        """The training over some data.

        Raises:
            DatasetError: there are no data, or they cannot be used.
            PriorError: a folder lacks the networks that the training builds upon.
        """
        return self.build(self.options, data, config)


def tiny() -> TrainingRecipe:
    """Some seconds on a processor: for tests, and to see that a machine is set up."""
    return TrainingRecipe(
        name="tiny",
        summary="a predictor of a few thousand weights, to try things with",
        options=PredictorOptions(resolution=16, channels=(16, 32), layers=1, batch_size=4),
        config=TrainingConfig(steps=20, warmup_steps=4, checkpoint_every=10, log_every=5),
        build=predictor_task,
        solves_with="instant",
    )


def instant() -> TrainingRecipe:
    """The predictor that ships, on a processor; `--precision bf16` where it multiplies that."""
    return TrainingRecipe(
        name="instant",
        summary="the feed-forward predictor, on a processor",
        options=PredictorOptions(resolution=96, head="lambert"),
        config=TrainingConfig(steps=3600, learning_rate=5e-4, workers=1, validate_every=400),
        build=predictor_task,
        solves_with="instant",
    )


def instant_gpu() -> TrainingRecipe:
    """The predictor that ships, on far more examples; all on the GPU."""
    return TrainingRecipe(
        name="instant_gpu",
        summary="the feed-forward predictor, for some minutes of a GPU",
        options=PredictorOptions(resolution=96, head="lambert", batch_size=512),
        config=TrainingConfig(
            steps=4000, learning_rate=8e-4, warmup_steps=200, ema_decay=0.998,
            precision="bf16", checkpoint_every=500, validate_every=500,
        ),
        build=predictor_task,
        solves_with="instant",
    )  # fmt: skip


def embedded_cpu() -> TrainingRecipe:
    """The prior that ships, over the previews of a trained predictor."""
    return TrainingRecipe(
        name="embedded_cpu",
        summary="the embedded prior over a predictor's previews, on a processor",
        options=PriorOptions(resolution=96),
        config=TrainingConfig(
            steps=2400, learning_rate=6e-4, ema_decay=0.998, workers=1, validate_every=400
        ),
        build=prior_task,
        solves_with="target",
    )


def embedded_gpu() -> TrainingRecipe:
    """The embedded prior on far more examples; all on the GPU."""
    return TrainingRecipe(
        name="embedded_gpu",
        summary="the embedded prior on far more examples, for some minutes of a GPU",
        options=PriorOptions(resolution=96, prediction="sample", batch_size=512),
        config=TrainingConfig(
            steps=4000, learning_rate=8e-4, warmup_steps=200, ema_decay=0.998,
            precision="bf16", checkpoint_every=500, validate_every=500,
        ),
        build=prior_task,
        solves_with="target",
    )  # fmt: skip


def denoiser() -> TrainingRecipe:
    """Priors to compare: what is denoised, by which network, predicting what."""
    return TrainingRecipe(
        name="denoiser",
        summary="a prior to compare with others: see --set edit, network, prediction",
        options=DenoiserOptions(),
        config=TrainingConfig(steps=3600, learning_rate=5e-4, workers=1, validate_every=400),
        build=denoiser_task,
    )


def sd15_controlnet() -> TrainingRecipe:
    """The paper's: Stable Diffusion 1.5 frozen, a ControlNet begun as a copy of its encoder."""
    return TrainingRecipe(
        name="sd15_controlnet",
        summary="a ControlNet for Stable Diffusion: --set base=FOLDER",
        options=ControlNetOptions(),
        config=TrainingConfig(
            steps=20000, parts=4, learning_rate=1e-5, warmup_steps=500, final_share=1.0,
            precision="fp16", workers=4, checkpoint_every=500, validate_every=1000,
        ),
        build=controlnet_task,
        resident=False,
    )  # fmt: skip


def color_cpu() -> TrainingRecipe:
    """The color prior that ships: some 40 minutes on one processor core."""
    return TrainingRecipe(
        name="color_cpu",
        summary="the embedded prior of colorization: --set pictures=FILE.npz",
        options=ColorOptions(),
        config=TrainingConfig(
            steps=1600, learning_rate=2e-3, warmup_steps=60, ema_decay=0.995, checkpoint_every=50
        ),
        build=color_task,
        learns_light=False,
    )


RECIPES = {
    recipe.name: recipe
    for recipe in (
        tiny(),
        instant(),
        instant_gpu(),
        embedded_cpu(),
        embedded_gpu(),
        denoiser(),
        color_cpu(),
        sd15_controlnet(),
    )
}


def training_named(name: str) -> TrainingRecipe:
    """The training of this name.

    Raises:
        RecipeError: there is none.
    """
    if name not in RECIPES:
        raise RecipeError(f"no training recipe {name!r}: there are {', '.join(RECIPES)}")
    return RECIPES[name]
