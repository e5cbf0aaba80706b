"""A denoiser of edits with its condition beside its input: one class for many kinds of prior.

What is denoised (the relit picture, the log gain of one light, those of all twelve at once), which
network does it and what it predicts are settings, so that they can be compared at equal compute.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from diffusers import DDIMScheduler
from jaxtyping import Float
from torch import Tensor, nn

from lasagna_relight.light_direction import DIRECTION_NAMES
from lasagna_relight.priors.backbone import make_backbone
from lasagna_relight.priors.codecs import log_ratio, patches, unpatched
from lasagna_relight.priors.predictor import Network
from lasagna_relight.priors.schedule import NoiseSchedule, Prediction, Timesteps
from lasagna_relight.types import Image, Latents, Mask

Edit = Literal["picture", "log_gain", "twelve"]

Condition = Float[Tensor, "*batch _ latent_height latent_width"]
"""What the network is told, in the cells of the latents."""

LATENT_CHANNELS: dict[Edit, int] = {"picture": 3, "log_gain": 1, "twelve": len(DIRECTION_NAMES)}
"""Per pixel."""

LOG_GAIN_SCALE = 0.6
DARKEST = 0.02
SEEN_CHANNELS = 4
DIRECTION_CHANNELS = 3


@dataclass(frozen=True, kw_only=True)
class DenoiserConfig:
    """What is denoised, and by what.

    Attributes:
        edit: the relit picture, as in the paper; the log gain of one light; or of all twelve.
        prediction: what the network says: velocity, noise, or the clean latents.
        network: see `backbone.make_backbone`, as are the next two.
        channels: widths.
        layers: depth.
        patch: side of the patches that become channels.
        resolution: side of the pictures in pixels.
    """

    edit: Edit = "log_gain"
    prediction: Prediction = "v_prediction"
    network: Network = "unet"
    channels: tuple[int, ...] = (96, 160)
    layers: int = 2
    patch: int = 4
    resolution: int = 64


class EditDenoiser(nn.Module):
    """Denoises an edit of a picture under a light."""

    def __init__(self, config: DenoiserConfig) -> None:
        super().__init__()
        self.config = config
        self.scheduler = DDIMScheduler(
            beta_schedule="squaredcos_cap_v2",
            prediction_type=config.prediction,
            clip_sample=False,
        )
        self.schedule = NoiseSchedule.from_scheduler(self.scheduler)
        latent = LATENT_CHANNELS[config.edit] * config.patch**2
        given = SEEN_CHANNELS * config.patch**2
        given += 0 if config.edit == "twelve" else DIRECTION_CHANNELS
        self.backbone = make_backbone(
            config.network,
            in_channels=latent + given,
            out_channels=latent,
            side=config.resolution // config.patch,
            channels=config.channels,
            layers=config.layers,
        )

    def forward(self, xt: Latents, t: Timesteps, given: Condition) -> Latents:
        """What ``config.prediction`` says, of noised latents under a condition."""
        return self.backbone(torch.cat([xt, given], 1), t).float()

    def predict_x0(self, xt: Latents, t: Timesteps, given: Condition) -> Latents:
        """The clean latents that the network expects."""
        return self.schedule.x0_from_prediction(self(xt, t, given), xt, t, self.config.prediction)

    def condition(self, source: Image, mask: Mask, directions: Float[Tensor, "batch 3"]) -> Latents:
        """What the network is told beside the noised latents."""
        seen = patches(torch.cat([source * mask * 2 - mask, mask], 1), self.config.patch)
        if self.config.edit == "twelve":
            return seen
        planes = directions[:, :, None, None].expand(-1, -1, *seen.shape[-2:])
        return torch.cat([seen, planes], 1)

    def encode(self, log_gains: Float[Tensor, "batch lights size size"], source: Image) -> Latents:
        """Latents of edits: of one light, or of all twelve in their order."""
        if self.config.edit == "picture":
            relit = (source * log_gains.exp()).clamp(0, 1)
            return patches(relit * 2 - 1, self.config.patch)
        return patches(log_gains / LOG_GAIN_SCALE, self.config.patch)

    def decode(self, latents: Latents, source: Image) -> Float[Tensor, "batch lights size size"]:
        """Log gains that latents stand for."""
        pixels = unpatched(latents, self.config.patch)
        if self.config.edit == "picture":
            relit = ((pixels + 1) / 2).clamp(0, 1)
            return log_ratio(relit.mean(1, keepdim=True), source.mean(1, keepdim=True), DARKEST)
        return pixels * LOG_GAIN_SCALE
