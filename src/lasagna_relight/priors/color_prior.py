"""The small color prior that ships with the package: words and lines to colors, on a CPU.

A ``UNet2DConditionModel`` denoises the colors of a picture; a ``ControlNetModel`` of the same shape
shows it the sketch (or the gray photograph), the mask and the user's hints. Words reach both
through cross-attention. The networks see latents less a first guess, the mask filled with the
color that the words give to the thing itself: what they must learn is where that guess errs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import ControlNetModel, DDIMScheduler, UNet2DConditionModel
from jaxtyping import Float
from torch import Tensor, nn

from lasagna_relight.errors import PriorError
from lasagna_relight.image_io import atomic_path
from lasagna_relight.language.colors import Rgb
from lasagna_relight.priors.codecs import Codec, patches
from lasagna_relight.priors.color_codec import CELL, PATCH, PaintCodec, PictureCodec
from lasagna_relight.priors.color_words import MOST_WORDS, STATE_WIDTH, WORD_WIDTH, ColorWords
from lasagna_relight.priors.guidance import guided
from lasagna_relight.priors.network_folders import load_parts, save_parts
from lasagna_relight.priors.schedule import NoiseSchedule, Timesteps
from lasagna_relight.priors.weight_files import Bits, read_weights, write_weights
from lasagna_relight.types import Image, Latents, Mask

LATENT_CHANNELS = 3 * PATCH**2
SHOWN_CHANNELS = 10
"""Base, mask, whether the base is a gray photograph, four of hints, three of the first guess."""

UNSAID = (0.62, 0.62, 0.62)
"""The first guess where words name no color."""

GROUPS = 8
HEADS = 4


@dataclass(frozen=True, kw_only=True)
class ColorCondition:
    """What the prior is told, one row per example.

    Attributes:
        shown: see `shown_picture`.
        words: features of words; zeros leave them out.
    """

    shown: Float[Tensor, "batch channels size size"]
    words: Float[Tensor, "batch 24 features"]

    def without_words(self) -> ColorCondition:
        """The same picture and hints with nothing said: the unconditional case."""
        silent = filled(self.shown[:, 1:2], [None] * len(self.shown))
        return ColorCondition(
            shown=torch.cat([self.shown[:, :-3], silent * 2 - 1], 1),
            words=torch.zeros_like(self.words),
        )

    @property
    def guess_latents(self) -> Latents:
        """The first guess as latents."""
        return patches(F.avg_pool2d(self.shown[:, -3:], CELL), PATCH)

    def expanded(self, batch: int) -> ColorCondition:
        """The single row of this condition, ``batch`` times."""
        return ColorCondition(
            shown=self.shown.expand(batch, -1, -1, -1), words=self.words.expand(batch, -1, -1)
        )

    def followed_by(self, other: ColorCondition) -> ColorCondition:
        """The rows of this condition and then those of ``other``."""
        return ColorCondition(
            shown=torch.cat([self.shown, other.shown]), words=torch.cat([self.words, other.words])
        )


def shown_picture(
    base: Mask,
    mask: Mask,
    *,
    gray: bool | Tensor,
    hints: Image,
    hinted: Mask,
    guess: Image,
) -> Float[Tensor, "batch channels size size"]:
    """What the ControlNet sees.

    Args:
        base: (B, 1, R, R) luma of sketch or photograph in [0, 1].
        mask: (B, 1, R, R) coverage of what is colored.
        gray: whether it is a photograph and its lightness stays; for all, or (B, 1, 1, 1).
        hints: (B, 3, R, R) colors of the user.
        hinted: (B, 1, R, R) coverage of them.
        guess: (B, 3, R, R) in [0, 1], see `filled`.
    """
    is_gray = torch.as_tensor(gray, dtype=base.dtype, device=base.device)
    flag = is_gray.expand(len(base), 1, 1, 1) * torch.ones_like(base)
    return torch.cat([base * 2 - 1, mask, flag, (hints * 2 - 1) * hinted, hinted, guess * 2 - 1], 1)


def filled(mask: Mask, colors: Sequence[Rgb | None]) -> Image:
    """The first guess: each mask filled with its color, or with gray for None, over white."""
    fill = mask.new_tensor([UNSAID if color is None else color for color in colors])
    return 1 + (fill[:, :, None, None] - 1) * mask


class ColorNetworks(nn.Module):
    """Reader of words, UNet and ControlNet, together a velocity predictor over colors."""

    def __init__(
        self,
        unet: UNet2DConditionModel,
        controlnet: ControlNetModel,
        scheduler: DDIMScheduler,
        words: ColorWords,
    ) -> None:
        super().__init__()
        self.unet, self.controlnet, self.words = unet, controlnet, words
        for part in (unet, controlnet):
            part.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self.scheduler = scheduler
        self.schedule = NoiseSchedule.from_scheduler(scheduler)

    @classmethod
    def fresh(
        cls,
        *,
        resolution: int = 64,
        channels: tuple[int, ...] = (32, 64),
        layers: int = 1,
        shown_widths: tuple[int, ...] = (12, 16, 32),
    ) -> ColorNetworks:
        """Networks with random weights, the ControlNet started as a copy of the UNet's encoder."""
        plain = len(channels) - 1
        unet = UNet2DConditionModel(
            sample_size=resolution // (CELL * PATCH),
            in_channels=LATENT_CHANNELS,
            out_channels=LATENT_CHANNELS,
            block_out_channels=channels,
            layers_per_block=layers,
            down_block_types=("DownBlock2D",) * plain + ("CrossAttnDownBlock2D",),
            up_block_types=("CrossAttnUpBlock2D",) + ("UpBlock2D",) * plain,
            mid_block_type="UNetMidBlock2D",
            cross_attention_dim=STATE_WIDTH,
            attention_head_dim=HEADS,
            norm_num_groups=GROUPS,
        )
        controlnet = ControlNetModel.from_unet(
            unet,
            conditioning_channels=SHOWN_CHANNELS,
            conditioning_embedding_out_channels=shown_widths,
        )
        scheduler = DDIMScheduler(
            beta_schedule="squaredcos_cap_v2", prediction_type="v_prediction", clip_sample=False
        )
        return cls(unet, controlnet, scheduler, ColorWords())

    @property
    def resolution(self) -> int:
        """Side in pixels of the pictures that are shown."""
        return int(self.unet.config["sample_size"]) * CELL * PATCH

    def predict_noise(self, xt: Latents, t: Timesteps, given: ColorCondition) -> Latents:
        """Predicted noise in noised latents, one condition per row."""
        residual = xt - self.schedule.alpha(t) * given.guess_latents
        return self.schedule.noise_from_velocity(residual, self(residual, t, given), t)

    def forward(self, xt: Latents, t: Timesteps, given: ColorCondition) -> Latents:
        """The velocity of noised latents less their first guess."""
        xt = xt.contiguous(memory_format=torch.channels_last)
        states = self.words(given.words)
        down, mid = self.controlnet(
            xt, t, encoder_hidden_states=states, controlnet_cond=given.shown, return_dict=False
        )
        return self.unet(
            xt,
            t,
            encoder_hidden_states=states,
            down_block_additional_residuals=down,
            mid_block_additional_residual=mid,
        ).sample


@dataclass(frozen=True, kw_only=True)
class ColorPrior:
    """The color networks under one condition: a ``DiffusionPrior``.

    Attributes:
        networks: shared by all conditions.
        given: one row.
        gray: the base is a photograph, whose lightness stays.
        guidance_scale: diffusers convention; 1 spends no unconditional pass.
    """

    networks: ColorNetworks
    given: ColorCondition
    gray: bool = False
    guidance_scale: float = 1.0

    @property
    def schedule(self) -> NoiseSchedule:
        return self.networks.schedule

    @property
    def codec(self) -> Codec:
        return PictureCodec() if self.gray else PaintCodec()

    @torch.no_grad()
    def predict_noise(self, xt: Latents, t: Timesteps) -> Latents:
        given = self.given.expanded(len(xt))
        if self.guidance_scale == 1:
            return self.networks.predict_noise(xt, t, given)
        both = given.without_words().followed_by(given)
        noise = self.networks.predict_noise(torch.cat([xt, xt]), torch.cat([t, t]), both)
        unconditional, conditional = noise.chunk(2)
        return guided(unconditional, conditional, self.guidance_scale)


def save_color_networks(networks: ColorNetworks, folder: Path, *, bits: Bits = 16) -> None:
    """Writes the networks in diffusers layout; see `weight_files` for ``bits``."""
    save_parts(networks.unet, networks.controlnet, networks.scheduler, folder, bits=bits)
    (folder / "words").mkdir(exist_ok=True)
    weights = networks.words.state_dict()
    write_weights(weights, folder / "words" / "model.safetensors", bits=bits, force=True)
    with atomic_path(folder / "words" / "config.json", force=True) as beside:
        layers = len(networks.words.layers)
        beside.write_text(json.dumps({"layers": layers, "tokens": MOST_WORDS,
                                      "features": WORD_WIDTH}) + "\n")  # fmt: skip


def load_color_networks(folder: Path, device: str = "cpu") -> ColorNetworks:
    """The networks in ``folder``, in float32, ready to predict.

    Raises:
        PriorError: a part is missing or of another kind.
    """
    parts = load_parts(folder, kind="color prior", docs="docs/colorization.md")
    try:
        config = json.loads((folder / "words" / "config.json").read_text())
        words = ColorWords(layers=int(config["layers"]))
        words.load_state_dict(read_weights(folder / "words" / "model.safetensors"))
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise PriorError(
            f"{folder} is no color prior, words/ cannot be loaded ({reason}): see "
            "docs/colorization.md, or leave --prior out"
        ) from error
    if parts["controlnet"].config.get("conditioning_channels") != SHOWN_CHANNELS:
        raise PriorError(f"{folder}: not a color prior of this project: leave --prior out")
    networks = ColorNetworks(parts["unet"], parts["controlnet"], parts["scheduler"], words)
    return networks.to(device).eval().requires_grad_(False)
