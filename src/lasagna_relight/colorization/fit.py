"""The paint that best explains a picture: smooth in regions, free at lines, true to hints."""

from __future__ import annotations

import torch
from torch import Tensor

from lasagna_relight.colorization.paint import Canvas, Layer
from lasagna_relight.distillation.fit import conjugate_gradients
from lasagna_relight.types import Image, Mask

LINE_DEPTH = 0.12
"""Difference of the base between neighbors that counts as a line."""

HINT_TRUST = 50.0
"""Weight of a hinted pixel beside 1 of the prior's picture."""

HINT_REACH = 0.004
"""What holds hints back from spreading; its inverse root is their reach in pixels without lines."""


def fit_layer(picture: Image, canvas: Canvas, *, smoothness: float, anchor: float = 1e-3) -> Layer:
    """argmin_c  sum w (b c - picture)^2 + smoothness sum e (grad c)^2, with the mask as its alpha.

    ``b`` is the base where it is a drawing and 1 where it is a photograph; ``w`` is the mask, and
    much more at hints; ``e`` falls at the lines. By conjugate gradients, all channels at once.
    """
    base = canvas.base if canvas.mode == "color" else torch.ones_like(canvas.base)
    spread, reach = spread_hints(canvas)
    picture = torch.lerp(picture, base * spread, reach)
    seen = canvas.mask + anchor
    weight = seen * base.square() + HINT_TRUST * canvas.hinted
    right = seen * base * picture + HINT_TRUST * canvas.hinted * canvas.hints
    across = smoothness * flatness(canvas.base[:, :1], -1)
    down = smoothness * flatness(canvas.base[:, :1], -2)

    def normal_equations(colors: Tensor) -> Tensor:
        return (
            (weight + anchor) * colors
            + _adjoint(across * colors.diff(dim=-1), -1)
            + _adjoint(down * colors.diff(dim=-2), -2)
        )

    start = (picture / base.clamp(min=0.2)).clamp(0, 1)
    colors = conjugate_gradients(normal_equations, right + anchor * start, start=start)
    return torch.cat([colors.clamp(0, 1), torch.maximum(canvas.mask, canvas.hinted)], 1)


def spread_hints(canvas: Canvas) -> tuple[Image, Mask]:
    """Colors of hints spread inside of their regions, and how much of them arrives, in [0, 1].

    Paint flows from the dots and stops at lines, as in Levin et al., "Colorization using
    Optimization" (2004), with smoothness from the drawn lines in place of like brightness.
    """
    if not canvas.hinted.any():
        return torch.zeros_like(canvas.base), torch.zeros_like(canvas.hinted)
    across, down = flatness(canvas.base[:, :1], -1), flatness(canvas.base[:, :1], -2)

    def flow(values: Tensor) -> Tensor:
        return (
            (HINT_TRUST * canvas.hinted + HINT_REACH) * values
            + _adjoint(across * values.diff(dim=-1), -1)
            + _adjoint(down * values.diff(dim=-2), -2)
        )

    painted = torch.cat([canvas.hints * canvas.hinted, canvas.hinted], 1)
    spread = conjugate_gradients(flow, HINT_TRUST * painted, start=painted)
    reach = spread[:, 3:].clamp(0, 1)
    colors = (spread[:, :3] / spread[:, 3:].clamp(min=1e-3)).clamp(0, 1)
    return colors, reach


def flatness(base: Mask, dim: int) -> Tensor:
    """Weight of the difference between neighbors: 1 inside of regions, nearly 0 across lines."""
    step = base.diff(dim=dim) / LINE_DEPTH
    length = base.shape[dim] - 1
    darker = torch.minimum(base.narrow(dim, 0, length), base.narrow(dim, 1, length))
    return torch.exp(-step.square()) * (0.02 + 0.98 * darker.square())


def _adjoint(difference: Tensor, dim: int) -> Tensor:
    """The transpose of ``diff`` along ``dim``."""
    zero = torch.zeros_like(difference.narrow(dim, 0, 1))
    return -torch.cat([difference, zero], dim) + torch.cat([zero, difference], dim)
