"""The training of the color prior, put together."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers.models.attention_processor import AttnProcessor
from pydantic import Field
from torch import Tensor, nn

from lasagna_relight.errors import DatasetError, PriorError
from lasagna_relight.priors.codecs import patches
from lasagna_relight.priors.color_codec import CELL, PATCH
from lasagna_relight.priors.color_prior import (
    ColorNetworks,
    load_color_networks,
    save_color_networks,
)
from lasagna_relight.training.color_batches import ColorBatch, ColorPictures
from lasagna_relight.training.config import TrainingConfig
from lasagna_relight.training.data import TrainingData
from lasagna_relight.training.options import Options, Widths
from lasagna_relight.training.task import Task

OUTSIDE = 0.1
"""Weight of paper beside 1 of the object."""


class ColorOptions(Options):
    """The color prior: see `priors.color_prior`."""

    batch_size: int = Field(default=16, ge=1)
    channels: Widths = (32, 64)
    layers: int = Field(default=1, ge=1)
    pictures: Path | None = None
    """A file of `training.color_pictures`."""
    no_words: float = Field(default=0.1, ge=0, le=1)
    """Share of examples without words, for classifier-free guidance."""
    start: Path | None = None
    """Folder of a trained color prior that this one goes on from, of the same widths."""


def color_task(
    options: ColorOptions, _data: TrainingData, config: TrainingConfig
) -> Task[ColorBatch]:
    """The embedded prior of colorization; its pictures are in a file of their own.

    Raises:
        DatasetError: no file is named, or it holds no pictures.
        PriorError: what it should go on from is another kind of prior, or of other widths.
    """
    if options.pictures is None:
        raise DatasetError(
            "color_cpu needs pictures: --set pictures=FILE.npz, made with "
            "python -m lasagna_relight.training.color_pictures"
        )
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        networks = ColorNetworks.fresh(
            resolution=options.resolution, channels=options.channels, layers=options.layers
        )

    if options.start is not None:
        trained = load_color_networks(options.start)
        try:
            networks.load_state_dict(trained.state_dict())
        except RuntimeError as error:
            raise PriorError(
                f"{options.start}: a prior of other widths: give its channels and layers"
            ) from error
    if config.precision != "no":
        # PyTorch's attention for processors takes half of a step in half precision, backwards
        networks.unet.set_attn_processor(AttnProcessor())
        networks.controlnet.set_attn_processor(AttnProcessor())

    def loss(model: nn.Module, batch: ColorBatch, draws: torch.Generator) -> Tensor:
        return color_loss(model, networks, batch, draws)

    def estimate(_model: nn.Module, _batch: ColorBatch) -> Tensor:
        raise NotImplementedError("colors are validated by `lasagna evaluate colors`")

    def save(model: nn.Module, folder: Path) -> None:
        assert isinstance(model, ColorNetworks)
        save_color_networks(model, folder)

    return Task(
        model=networks,
        batches=ColorPictures(
            options.pictures,
            batch_size=options.batch_size,
            seed=config.seed,
            no_words=options.no_words,
        ),
        loss=loss,
        estimate=estimate,
        save=save,
    )  # fmt: skip


def color_loss(
    model: nn.Module,
    networks: ColorNetworks,
    batch: ColorBatch,
    draws: torch.Generator,
) -> Tensor:
    """Mean squared error of the velocity, paper counting less than the object.

    Args:
        model: ``networks``, perhaps wrapped for several processes.
        networks: what knows its schedule.
        batch: on the device of ``draws``.
        draws: of timesteps and noise.
    """
    told = batch.condition
    x0 = patches(F.avg_pool2d(batch.colors, CELL) * 2 - 1, PATCH) - told.guess_latents
    noise = torch.randn(x0.shape, generator=draws, device=draws.device)
    # more of the noisy half: there the words decide, and there a solve begins
    uniform = torch.rand(len(x0), generator=draws, device=draws.device)
    t = (uniform.pow(0.7) * len(networks.schedule)).long().clamp(max=len(networks.schedule) - 1)
    predicted = model(networks.schedule.add_noise(x0, noise, t), t, told)
    wanted = networks.schedule.velocity(x0, noise, t)
    cells = F.avg_pool2d(batch.alpha, CELL * PATCH)
    return ((predicted - wanted).square() * (OUTSIDE + cells)).mean()
