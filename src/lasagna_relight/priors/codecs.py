"""What a prior denoises: a composite as latents, and back. A codec is pure and differentiable."""

from typing import Protocol, runtime_checkable

import torch
from einops import rearrange
from torch import Tensor

from lasagna_relight.compositing.stack import MAX_LOG_GAIN
from lasagna_relight.types import Image, Latents, LogGain

BLACK = 1e-4
"""Encoded value added to both sides of a ratio, so that black over black is no edit."""


@runtime_checkable
class Codec(Protocol):
    """Turns a composite over a known source into latents, and latents into a composite."""

    def encode(self, composite: Image, source: Image) -> Latents:
        """Latents of ``composite``, which may exceed 1 where the gain would clip."""
        ...

    def decode(self, latents: Latents, source: Image) -> Image:
        """The composite of ``latents`` over ``source``; not clipped above."""
        ...


class SpaceToDepthCodec:
    """The relit picture itself, in [-1, 1], its patches as channels: (B, 3 p^2, H/p, W/p)."""

    def __init__(self, *, patch: int) -> None:
        self.patch = patch

    def encode(self, composite: Image, source: Image) -> Latents:
        return patches(composite * 2 - 1, self.patch)

    def decode(self, latents: Latents, source: Image) -> Image:
        return ((unpatched(latents, self.patch) + 1) / 2).clamp(min=0)


class LogGainCodec:
    """The edit: log of composite over source, in units of ``scale``: (B, p^2, H/p, W/p).

    Args:
        patch: side of the patches that become channels.
        scale: log gain of one unit of the latents, about the spread of the training edits.
    """

    def __init__(self, *, patch: int, scale: float) -> None:
        self.patch = patch
        self.scale = scale

    def encode(self, composite: Image, source: Image) -> Latents:
        ratio = log_ratio(composite.mean(-3, keepdim=True), source.mean(-3, keepdim=True))
        return patches(ratio / self.scale, self.patch)

    def decode(self, latents: Latents, source: Image) -> Image:
        return source * self.log_gain(latents).clamp(-MAX_LOG_GAIN, MAX_LOG_GAIN).exp()

    def log_gain(self, latents: Latents) -> LogGain:
        """The log gain that latents stand for."""
        return unpatched(latents, self.patch) * self.scale


def log_ratio(target: Tensor, source: Tensor, darkest: float = BLACK) -> Tensor:
    """Log gain between encoded brightnesses, held within the range of the layers.

    ``darkest`` is added to both: values far below it count as equal.
    """
    ratio = torch.log((target + darkest) / (source + darkest))
    return ratio.clamp(-MAX_LOG_GAIN, MAX_LOG_GAIN)


def patches(picture: Tensor, patch: int) -> Latents:
    """Space to depth."""
    return rearrange(picture, "b c (h p) (w q) -> b (c p q) h w", p=patch, q=patch)


def unpatched(latents: Latents, patch: int) -> Tensor:
    """Depth to space."""
    return rearrange(latents, "b (c p q) h w -> b c (h p) (w q)", p=patch, q=patch)
