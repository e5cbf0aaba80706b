"""Training pictures mixed from one-light-at-a-time views: any source light, all target lights.

The unit of exposure of a view is the mean brightness of the object under its nine lights from the
camera's side; the source is mixed to that mean, whatever its lights. So the gains of the twelve
directions of one view share one physical scale, and add up in linear light (DESIGN.md section 2).
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lasagna_relight.color import linear_to_srgb, luminance
from lasagna_relight.priors.codecs import log_ratio
from lasagna_relight.types import Image, LinearImage, Mask

FRONT_SIDE = 9
"""The named lights on the camera's side are the first nine."""

FILL = 0.08
"""Share of ambient light under every target light, as a reflector or a room gives."""

DARKEST = 0.02
"""Encoded value below which a picture holds more noise than light: such pixels ask no gain."""


@dataclass(frozen=True, kw_only=True)
class MixedViews:
    """A batch of sources on black with the log gain of every light that was asked for."""

    source: Float[Tensor, "batch 3 size size"]
    mask: Float[Tensor, "batch 1 size size"]
    log_gains: Float[Tensor, "batch lights size size"]


def mix_views(
    lights: Float[Tensor, "batch lights 3 size size"],
    ambient: Float[Tensor, "batch 3 size size"],
    mask: Float[Tensor, "batch 1 size size"],
    generator: torch.Generator,
    contrast: Float[Tensor, "batch 1 1 1"] | float = 0.0,
    asked: Int[Tensor, "batch asked"] | None = None,
) -> MixedViews:
    """Random source light, exposure and camera curve over a batch of views in linear light.

    Args:
        lights: each light alone, on the device of ``generator``.
        ambient: the ambient light alone.
        mask: coverage of the object in [0, 1].
        generator: decides everything.
        contrast: how much of an S-shaped tone curve source and targets get; 1 is smoothstep.
        asked: which lights of each view get a log gain; all if absent.
    """
    unit = _object_mean(lights[:, :FRONT_SIDE].mean(1), mask)
    source = _random_source(lights, ambient, generator)
    source = source * (unit / _object_mean(source, mask))
    exposure = _random_exposure(source, mask, generator)
    curve = _draw(lights, 0.85, 1.15, generator)
    encoded = _toned(linear_to_srgb((source * exposure).clamp(0, 1)) ** curve, contrast)
    wanted = lights if asked is None else lights.take_along_dim(asked[..., None, None, None], 1)
    targets = torch.lerp(wanted, ambient[:, None], FILL) * exposure[:, None]
    steep = contrast[:, None] if isinstance(contrast, Tensor) else contrast
    encoded_targets = _toned(linear_to_srgb(targets) ** curve[:, None], steep)
    log_gains = log_ratio(encoded_targets.mean(2), encoded.mean(1, keepdim=True), DARKEST)
    return MixedViews(source=encoded * mask, mask=mask, log_gains=log_gains)


def with_sensor_noise(source: Image, mask: Mask, generator: torch.Generator) -> Image:
    """The source with up to 1.5 % of white noise inside the mask, and black outside."""
    noise = torch.randn(source.shape, generator=generator, device=source.device)
    return (source + noise * mask * _draw(source, 0, 0.015, generator)).clamp(0, 1)


def _random_source(
    lights: Float[Tensor, "batch lights 3 size size"],
    ambient: Float[Tensor, "batch 3 size size"],
    generator: torch.Generator,
) -> LinearImage:
    """One to three colored lights, mostly from the front, over more or less ambient light."""
    batch, count = lights.shape[:2]
    near_front = lights.new_ones(count)
    near_front[FRONT_SIDE - 1] = 3.0
    near_front[FRONT_SIDE : FRONT_SIDE + 3] = 0.15
    chosen = torch.multinomial(near_front.expand(batch, -1), 3, generator=generator)
    powers = lights.new_tensor([0.3, 2.0, 4.0])
    strengths = _rand(batch, 3, generator=generator) ** powers
    single = _rand(batch, 1, generator=generator) < 0.4
    strengths[:, 1:] = torch.where(single, 0.0, strengths[:, 1:])
    hues = torch.randn(batch, 3, 3, generator=generator, device=lights.device)
    colors = 1 + 0.12 * hues.clamp(-2, 2)
    picked = lights[torch.arange(batch, device=lights.device)[:, None], chosen]
    lit = torch.einsum("bnchw,bnc->bchw", picked, strengths[..., None] * colors)
    dark_room = _rand(batch, 1, 1, 1, generator=generator) < 0.3
    fill = _rand(batch, 1, 1, 1, generator=generator) ** 1.5
    fill = torch.where(dark_room, 0.05 * fill, 1.5 * fill)
    return lit + fill * ambient + 1e-4


def _random_exposure(source: LinearImage, mask: Mask, generator: torch.Generator) -> Tensor:
    """Factor that puts the brightest parts of the object somewhere below or just over white."""
    bright = (luminance(source) * mask).flatten(1).quantile(0.97, dim=1)
    wanted = _draw(source, 0.25, 1.1, generator)
    return wanted / bright.view(-1, 1, 1, 1).clamp(min=1e-3)


def _object_mean(picture: LinearImage, mask: Mask) -> Tensor:
    """Mean luminance inside the mask, (B, 1, 1, 1)."""
    total = (luminance(picture) * mask).sum((-3, -2, -1), keepdim=True)
    return (total / mask.sum((-3, -2, -1), keepdim=True).clamp(min=1)).clamp(min=1e-4)


def _toned(encoded: Tensor, contrast: Tensor | float) -> Tensor:
    """The tone curve of a camera, in [0, 1] and continued above 1 as it is."""
    bent = encoded.clamp(max=1)
    return encoded + contrast * (bent * bent * (3 - 2 * bent) - bent)


def _draw(like: Tensor, low: float, high: float, generator: torch.Generator) -> Tensor:
    return low + (high - low) * _rand(len(like), 1, 1, 1, generator=generator)


def _rand(*shape: int, generator: torch.Generator) -> Tensor:
    return torch.rand(shape, generator=generator, device=generator.device)
