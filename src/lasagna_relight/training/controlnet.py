"""The paper's training: Stable Diffusion frozen, and a ControlNet that shows it the source.

Source: Bashkirova et al., arXiv 2312.00833, section 4; the ControlNet of Zhang et al., arXiv
2302.05543, starts as a copy of the UNet's encoder. Prompts are "A photo of a {title} with {k}
lighting", k the id of a named direction, or a free caption of the light.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import ControlNetModel, DDIMScheduler
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from lasagna_relight.errors import PriorError, RecipeError
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.priors.base_model import BaseModel, load_base_model
from lasagna_relight.priors.checkpoints import locate
from lasagna_relight.priors.codecs import log_ratio
from lasagna_relight.relit.captions import caption
from lasagna_relight.relit.dataset import Batch
from lasagna_relight.relit.mixing import DARKEST
from lasagna_relight.seeding import generator
from lasagna_relight.training.config import TrainingConfig
from lasagna_relight.training.data import TrainingData
from lasagna_relight.training.loss import named_lights
from lasagna_relight.training.options import Options
from lasagna_relight.training.task import Task
from lasagna_relight.types import Image, Latents

PROMPT = "A photo of a {title} with {k} lighting"
SAMPLING_STEPS = 8
"""Of the pictures that a validation draws."""


class ControlNetOptions(Options):
    """The base model, and what the prompts say."""

    batch_size: int = Field(default=4, ge=1)
    resolution: int = Field(default=512, ge=16)
    base: Path | None = None
    """Folder of Stable Diffusion 1.x or 2.x in diffusers layout."""
    free_captions: float = Field(default=0.5, ge=0, le=1)
    """Share of examples whose light is said in free words."""
    no_prompt: float = Field(default=0.1, ge=0, le=1)
    """Share of examples without a prompt, for classifier-free guidance."""
    gradient_checkpointing: bool = False
    """Spend time to save memory."""


@dataclass(frozen=True, kw_only=True)
class FrozenBase:
    """Stable Diffusion as it was made: nothing of it is trained."""

    model: BaseModel
    device: torch.device

    @property
    def unet(self) -> Any:
        """The UNet, in the dtype that it was loaded in."""
        return self.model.unet

    def hear(self, prompts: Sequence[str]) -> Float[Tensor, "batch length width"]:
        """States of prompts."""
        with torch.autocast(self.device.type, enabled=False):
            return self.model.text.encode(prompts, self.device).tokens

    @torch.no_grad()
    def encode(self, picture: Image, draws: torch.Generator) -> Latents:
        """Latents of pictures in [0, 1], drawn from the posterior."""
        with torch.autocast(picture.device.type, enabled=False):
            posterior = self.model.vae.encode(picture.float() * 2 - 1).latent_dist
            return posterior.sample(generator=draws) * self.model.vae.config.scaling_factor

    @torch.no_grad()
    def decode(self, latents: Latents) -> Image:
        """Pictures in [0, 1] of latents."""
        with torch.autocast(latents.device.type, enabled=False):
            vae = self.model.vae
            pictures = vae.decode(latents.float() / vae.config.scaling_factor).sample
        return ((pictures + 1) / 2).clamp(0, 1)

    def predict(
        self, controlnet: nn.Module, xt: Latents, t: Tensor, states: Tensor, source: Image
    ) -> Latents:
        """What UNet and ControlNet together predict."""
        down, mid = controlnet(
            xt, t, encoder_hidden_states=states, controlnet_cond=source, return_dict=False
        )
        dtype = self.unet.dtype
        return self.unet(
            xt.to(dtype),
            t,
            encoder_hidden_states=states.to(dtype),
            down_block_additional_residuals=[each.to(dtype) for each in down],
            mid_block_additional_residual=mid.to(dtype),
        ).sample.float()


def load_base(
    folder: Path | None, device: torch.device, dtype: torch.dtype = torch.float32
) -> FrozenBase:
    """Stable Diffusion 1.x or 2.x on ``device``, the UNet in ``dtype``.

    The autoencoder stays exact, for it may overflow, and so does the text encoder.

    Raises:
        RecipeError: no folder was given.
        PriorError: a part is missing or cannot be loaded, or it is SDXL.
        MemoryShortageError: it does not fit.
    """
    if folder is None:
        raise RecipeError("sd15_controlnet needs a base: --set base=FOLDER of Stable Diffusion")
    model = load_base_model(locate(str(folder)), dtype)
    if len(model.text.encoders) > 1:
        raise PriorError(f"{folder}: is SDXL: give a folder of Stable Diffusion 1.x or 2.x")
    for part in (model.unet, model.vae, *model.text.encoders):
        part.to(device)
    return FrozenBase(model=model, device=device)


def controlnet_task(
    options: ControlNetOptions, data: TrainingData, config: TrainingConfig
) -> Task[Batch]:
    """A ControlNet over a frozen base.

    Raises:
        DatasetError: no data, or views smaller than the resolution.
        RecipeError: no base.
        PriorError: the base cannot be loaded.
    """
    dtype = {"no": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[config.precision]
    base = load_base(options.base, torch.device(data.device), dtype)
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        controlnet = ControlNetModel.from_unet(base.unet).float()
    if options.gradient_checkpointing:
        controlnet.enable_gradient_checkpointing()
    schedule = base.model.schedule
    prediction = base.model.scheduler.config.prediction_type

    def loss(model: nn.Module, batch: Batch, draws: torch.Generator) -> Tensor:
        target, prompts = _targets(batch, options, draws)
        latents = base.encode(target, draws)
        noise = torch.randn(latents.shape, generator=draws, device=draws.device)
        t = torch.randint(len(schedule), (len(latents),), generator=draws, device=draws.device)
        xt = schedule.add_noise(latents, noise, t)
        predicted = base.predict(model, xt, t, base.hear(prompts), batch.source)
        wanted = schedule.target(latents, noise, t, prediction)
        return (predicted - wanted).square().mean()

    def estimate(model: nn.Module, batch: Batch) -> Tensor:
        return torch.cat([_sampled(base, model, batch, k) for k in named_lights(batch)[0]], 1)

    def save(model: nn.Module, folder: Path) -> None:
        assert isinstance(model, ControlNetModel)
        model.save_pretrained(folder / "controlnet")

    return Task(
        model=controlnet,
        batches=data.batches(
            resolution=options.resolution, batch_size=options.batch_size, seed=config.seed
        ),
        loss=loss,
        estimate=estimate,
        save=save,
    )


def _targets(
    batch: Batch, options: ControlNetOptions, draws: torch.Generator
) -> tuple[Image, list[str]]:
    """For each picture one light: the picture under it, and a prompt that asks for it."""
    count, device = len(batch.source), draws.device
    names, lights = named_lights(batch)
    free, silent = torch.rand(2, count, generator=draws, device=device).tolist()
    named = torch.randint(len(names), (count,), generator=draws, device=device).tolist()
    any_light = torch.randint(
        batch.log_gains.shape[1], (count,), generator=draws, device=device
    ).tolist()
    words = generator(int(torch.randint(2**62, (), generator=draws, device=device)), "captions")
    chosen, prompts = [], []
    for row, title in enumerate(batch.titles):
        if free[row] < options.free_captions:
            light = any_light[row]
            x, y, z = batch.directions[row, light].tolist()
            prompt = caption(LightDirection.from_vector((x, y, z)), words, title=title)
        else:
            light = lights[named[row]]
            prompt = PROMPT.format(title=title, k=names[named[row]])
        chosen.append(light)
        prompts.append("" if silent[row] < options.no_prompt else prompt)
    rows = torch.arange(count, device=device)
    gain = batch.log_gains[rows, torch.tensor(chosen, device=device)][:, None].exp()
    relit = batch.source * torch.lerp(torch.ones_like(gain), gain, batch.inside)
    return relit.clamp(0, 1), prompts


@torch.no_grad()
def _sampled(base: FrozenBase, controlnet: nn.Module, batch: Batch, direction_id: int) -> Tensor:
    """Log gain of what the prior draws of each picture under one named light, (B, 1, H, W)."""
    source = batch.source
    states = base.hear([PROMPT.format(title=title, k=direction_id) for title in batch.titles])
    draws = generator(0, "sample", direction_id, device=source.device)
    scheduler: Any = DDIMScheduler.from_config(base.model.scheduler.config)
    scheduler.set_timesteps(SAMPLING_STEPS)
    shape = base.encode(source[:1], draws).shape[1:]
    xt = torch.randn((len(source), *shape), generator=draws, device=source.device)
    for timestep in scheduler.timesteps.tolist():
        t = torch.full((len(source),), timestep, device=source.device)
        predicted = base.predict(controlnet, xt, t, states, source)
        xt = scheduler.step(predicted, timestep, xt).prev_sample
    relit = base.decode(xt)
    return log_ratio(relit.mean(1, keepdim=True), source.mean(1, keepdim=True), DARKEST)
