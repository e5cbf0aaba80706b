"""The small prior that ships with the package: a ControlNet over log gains, on a CPU.

A ``UNet2DConditionModel`` denoises the log gain of one light in patches; a ``ControlNetModel`` of
the same shape shows it the picture, the mask and a preview of the gain (the instant predictor's).
Words reach both through cross-attention, the exact direction through the class embedding. The
networks see latents less the preview, so that what they must learn is where the preview errs.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import ControlNetModel, DDIMScheduler, UNet2DConditionModel
from jaxtyping import Float, Int
from torch import Tensor, nn

from lasagna_relight.errors import PriorError
from lasagna_relight.language.encoder import STATE_WIDTH, TextStates
from lasagna_relight.language.tokenizer import MAX_TOKENS
from lasagna_relight.priors.codecs import LogGainCodec, patches
from lasagna_relight.priors.guidance import guided
from lasagna_relight.priors.network_folders import load_parts, save_parts
from lasagna_relight.priors.schedule import NoiseSchedule, Prediction, Timesteps
from lasagna_relight.priors.weight_files import Bits
from lasagna_relight.types import Latents

PATCH = 4
LOG_GAIN_SCALE = 0.6
DIRECTION_FEATURES = 4
"""Unit vector and a one; all zero is no direction."""

PICTURE_CHANNELS = 5
"""Three of the picture, the mask, the preview of the log gain."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What the prior is told, one row per example; zeros leave a part out."""

    picture: Float[Tensor, "batch channels size size"]
    words: Float[Tensor, "batch 48 width"]
    direction: Float[Tensor, "batch features"]

    @property
    def preview_latents(self) -> Latents:
        """The preview as the codec would encode it."""
        return patches(self.picture[:, 4:], PATCH)

    def without_light(self) -> "Condition":
        """The same picture and mask, with nothing said about the light: the unconditional case."""
        picture = self.picture.clone()
        picture[:, 4:] = 0
        return Condition(
            picture=picture,
            words=torch.zeros_like(self.words),
            direction=torch.zeros_like(self.direction),
        )

    def expanded(self, batch: int) -> "Condition":
        """The single row of this condition, ``batch`` times."""
        return Condition(
            picture=self.picture.expand(batch, -1, -1, -1),
            words=self.words.expand(batch, -1, -1),
            direction=self.direction.expand(batch, -1),
        )

    def rows(self, indices: Int[Tensor, " rows"]) -> "Condition":
        """The rows at ``indices``, in their order."""
        return Condition(
            picture=self.picture[indices],
            words=self.words[indices],
            direction=self.direction[indices],
        )

    def followed_by(self, other: "Condition") -> "Condition":
        """The rows of this condition and then those of ``other``."""
        return Condition(
            picture=torch.cat([self.picture, other.picture]),
            words=torch.cat([self.words, other.words]),
            direction=torch.cat([self.direction, other.direction]),
        )


def condition(
    *,
    source: Float[Tensor, "batch 3 size size"],
    mask: Float[Tensor, "batch 1 size size"],
    preview: Float[Tensor, "batch 1 size size"],
    directions: Float[Tensor, "batch 3"],
    words: TextStates,
) -> Condition:
    """The condition as the networks take it.

    Args:
        source: sRGB-encoded pictures in [0, 1].
        mask: coverage of the object in [0, 1].
        preview: log gain that the instant predictor expects under this light.
        directions: unit vectors towards the light.
        words: token states of the prompts; zeros leave the words out.
    """
    ones = torch.ones_like(directions[:, :1])
    return Condition(
        picture=torch.cat([source * mask * 2 - mask, mask, preview / LOG_GAIN_SCALE * mask], 1),
        words=F.pad(words.tokens, (0, 0, 0, MAX_TOKENS - words.tokens.shape[1])),
        direction=torch.cat([directions, ones], 1),
    )


class EmbeddedNetworks(nn.Module):
    """UNet and ControlNet, together a noise (velocity) predictor over log-gain latents."""

    def __init__(
        self, unet: UNet2DConditionModel, controlnet: ControlNetModel, scheduler: DDIMScheduler
    ) -> None:
        super().__init__()
        self.unet = unet
        self.controlnet = controlnet
        self.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] real overload
        self.scheduler = scheduler
        self.schedule = NoiseSchedule.from_scheduler(scheduler)

    @classmethod
    def fresh(
        cls,
        *,
        resolution: int = 64,
        channels: tuple[int, ...] = (48, 96),
        layers: int = 1,
        prediction: Prediction = "v_prediction",
    ) -> "EmbeddedNetworks":
        """Networks with random weights, the ControlNet started as a copy of the UNet's encoder."""
        plain = len(channels) - 1
        unet = UNet2DConditionModel(
            sample_size=resolution // PATCH,
            in_channels=PATCH**2,
            out_channels=PATCH**2,
            block_out_channels=channels,
            layers_per_block=layers,
            down_block_types=("DownBlock2D",) * plain + ("CrossAttnDownBlock2D",),
            up_block_types=("CrossAttnUpBlock2D",) + ("UpBlock2D",) * plain,
            cross_attention_dim=STATE_WIDTH,
            attention_head_dim=4,
            norm_num_groups=16,
            class_embed_type="projection",
            projection_class_embeddings_input_dim=DIRECTION_FEATURES,
        )
        controlnet = ControlNetModel.from_unet(
            unet,
            conditioning_channels=PICTURE_CHANNELS,
            conditioning_embedding_out_channels=(24, 48, 96),
        )
        scheduler = DDIMScheduler(
            beta_schedule="squaredcos_cap_v2",
            prediction_type=prediction,
            clip_sample=False,
        )
        return cls(unet, controlnet, scheduler)

    @property
    def prediction(self) -> Prediction:
        """What :meth:`forward` predicts."""
        return self.scheduler.config["prediction_type"]

    def predict_noise(self, xt: Latents, t: Timesteps, given: Condition) -> Latents:
        """Predicted noise in the noised latents of an edit, one condition per row."""
        residual = xt - self.schedule.alpha(t) * given.preview_latents
        predicted = self(residual, t, given)
        return self.schedule.noise_from_prediction(predicted, residual, t, self.prediction)

    def predict_x0(self, xt: Latents, t: Timesteps, given: Condition) -> Latents:
        """Expected clean latents of noised latents, both less their preview."""
        return self.schedule.x0_from_prediction(self(xt, t, given), xt, t, self.prediction)

    def forward(self, xt: Latents, t: Timesteps, given: Condition) -> Latents:
        """What :attr:`prediction` says, of noised latents less their preview."""
        text = {"encoder_hidden_states": given.words, "class_labels": given.direction}
        down, mid = self.controlnet(xt, t, controlnet_cond=given.picture, return_dict=False, **text)
        return self.unet(
            xt,
            t,
            down_block_additional_residuals=down,
            mid_block_additional_residual=mid,
            **text,
        ).sample


@dataclass(frozen=True, kw_only=True)
class EmbeddedPrior:
    """The embedded networks under one condition: a ``DiffusionPrior`` over single edits.

    Attributes:
        networks: shared by all conditions.
        given: one row.
        guidance_scale: diffusers convention; 1 spends no unconditional pass.
    """

    networks: EmbeddedNetworks
    given: Condition
    guidance_scale: float = 1.0

    @property
    def schedule(self) -> NoiseSchedule:
        return self.networks.schedule

    @property
    def codec(self) -> LogGainCodec:
        return LogGainCodec(patch=PATCH, scale=LOG_GAIN_SCALE)

    @property
    def neutral(self) -> "EmbeddedPrior":
        """The same prior about the picture with nothing said about the light, unguided."""
        return EmbeddedPrior(networks=self.networks, given=self.given.without_light())

    def predict_noise(self, xt: Latents, t: Timesteps) -> Latents:
        given = self.given.expanded(len(xt))
        return guided_noise(self.networks, xt, t, given, self.guidance_scale)


@torch.no_grad()
def guided_noise(
    networks: EmbeddedNetworks,
    xt: Latents,
    t: Timesteps,
    given: Condition,
    guidance_scale: float,
) -> Latents:
    """Guided noise, one condition per row; both cases in one batch."""
    if guidance_scale == 1:
        return networks.predict_noise(xt, t, given)
    both = given.without_light().followed_by(given)
    noise = networks.predict_noise(torch.cat([xt, xt]), torch.cat([t, t]), both)
    unconditional, conditional = noise.chunk(2)
    return guided(unconditional, conditional, guidance_scale)


def save_networks(networks: EmbeddedNetworks, folder: Path, *, bits: Bits = 16) -> None:
    """Writes the networks in diffusers layout; see `weight_files` for ``bits``."""
    save_parts(networks.unet, networks.controlnet, networks.scheduler, folder, bits=bits)


def load_networks(folder: Path, device: str = "cpu") -> EmbeddedNetworks:
    """The networks in ``folder``, in float32, ready to predict.

    Raises:
        PriorError: a part is missing or of another kind.
    """
    parts = load_parts(folder, kind="prior", docs="docs/training.md")
    networks = EmbeddedNetworks(parts["unet"], parts["controlnet"], parts["scheduler"])
    if networks.unet.config.get("class_embed_type") != "projection":
        raise PriorError(f"{folder}: not a prior trained by this project: use --prior embedded")
    return networks.to(device).eval().requires_grad_(False)


def empty_words(batch: int) -> TextStates:
    """No words at all, for conditions by direction alone."""
    return TextStates(
        tokens=torch.zeros(batch, 1, STATE_WIDTH), mask=torch.zeros(batch, 1, dtype=torch.bool)
    )
