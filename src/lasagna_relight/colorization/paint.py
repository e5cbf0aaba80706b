"""What a color layer is painted on, and what the layer makes of it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.compositing.blend import color as color_blend
from lasagna_relight.compositing.color_layer import PaintMode
from lasagna_relight.types import Image, Mask

Layer = Float[Tensor, "*batch 4 height width"]
"""Three colors and an alpha, all in [0, 1]."""


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """What is painted on, at the prior's resolution.

    Attributes:
        base: (1, 3, H, W) drawing or gray photograph in [0, 1], three equal channels.
        mask: (1, 1, H, W) in [0, 1]: what is colored; elsewhere is paper.
        hints: (1, 3, H, W) colors of the user.
        hinted: (1, 1, H, W), 1 where they painted.
        guess: (1, 3, H, W), the mask in the colors that words give to the thing and its parts.
        mode: how the layer lies over the base.
    """

    base: Image
    mask: Mask
    hints: Image
    hinted: Mask
    guess: Image
    mode: PaintMode

    def composite(self, layer: Layer) -> Image:
        """The base under a layer, differentiable.

        In mode ``color`` paint lies under the ink: base * paint, as if the layer were multiplied.
        The files' Normal layer gives the same wherever a pixel is not line (`enlarge.color_layer`).
        """
        colors, cover = layer[..., :3, :, :], layer[..., 3:, :, :]
        if self.mode == "chroma":
            return torch.lerp(self.base, color_blend(self.base, colors), cover)
        return self.base * torch.lerp(torch.ones_like(colors), colors, cover)

    def blank(self) -> Layer:
        """No color yet: white paint, or the gray of the base, over the mask; the identity."""
        start = self.base if self.mode == "chroma" else torch.ones_like(self.base)
        return torch.cat([start, self.mask], -3)

    def guessed(self) -> Layer:
        """The first guess as a layer."""
        return torch.cat([self.guess, self.mask], -3)

    def with_hints(self, layer: Layer) -> Layer:
        """``layer`` with the user's colors where they painted."""
        colors = torch.lerp(layer[..., :3, :, :], self.hints, self.hinted)
        return torch.cat([colors, torch.maximum(layer[..., 3:, :, :], self.hinted)], -3)


@dataclass(frozen=True, kw_only=True)
class ColorizationStep:
    """The layer after one step.

    Attributes:
        index: 0 is the start, before any step.
        total: index of the last step.
        layer: (1, 4, H, W) at the prior's resolution.
        disagreement: root mean square of the prior's objection, in latent units; 0 at the start.
        evaluations: how often the prior has been asked so far.
    """

    index: int
    total: int
    layer: Layer
    disagreement: float = 0.0
    evaluations: int = 0
