"""The log gain that best explains a picture: edge-aware least squares, in closed form."""

from collections.abc import Callable

import torch
from torch import Tensor

from lasagna_relight.priors.codecs import log_ratio
from lasagna_relight.types import Image, LogGain, Mask

ITERATIONS = 60
EDGE_SCALE = 0.1
"""Difference of encoded brightness that counts as an edge."""


def fit_log_gain(
    target: Image, source: Image, mask: Mask, *, smoothness: float, anchor: float = 1e-3
) -> LogGain:
    """argmin_G  sum m x (G - log(target / source))^2 + smoothness sum e (grad G)^2 + anchor G^2.

    ``m`` is the mask, ``x`` the source's brightness (a dark pixel says little about its gain) and
    ``e`` falls where the source has an edge, for light changes there too. Solved by conjugate
    gradients (Hestenes and Stiefel, 1952). Inputs (1, C, H, W), encoded; result (1, 1, H, W).
    """
    brightness = source.mean(-3, keepdim=True)
    wanted = log_ratio(target.mean(-3, keepdim=True), brightness)
    trust = mask * (brightness + 0.05)
    across = smoothness * _flatness(brightness, mask, -1)
    down = smoothness * _flatness(brightness, mask, -2)

    def normal_equations(gain: Tensor) -> Tensor:
        return (
            (trust + anchor) * gain
            + _adjoint(across * gain.diff(dim=-1), -1)
            + _adjoint(down * gain.diff(dim=-2), -2)
        )

    return conjugate_gradients(normal_equations, trust * wanted, start=wanted * mask)


def conjugate_gradients(
    operator: Callable[[Tensor], Tensor], right_side: Tensor, start: Tensor
) -> Tensor:
    """Solves ``operator(x) = right_side`` for a symmetric positive operator."""
    x = start
    residual = right_side - operator(x)
    direction = residual
    power = (residual * residual).sum()
    for _ in range(ITERATIONS):
        if power <= 1e-12 * (right_side * right_side).sum():
            break
        image = operator(direction)
        step = power / (direction * image).sum().clamp(min=1e-20)
        x = x + step * direction
        residual = residual - step * image
        power, before = (residual * residual).sum(), power
        direction = residual + power / before * direction
    return x


def _flatness(brightness: Tensor, mask: Tensor, dim: int) -> Tensor:
    """Weight of the difference between neighbors: 1 inside flat parts, small across edges."""
    edge = brightness.diff(dim=dim) / EDGE_SCALE
    length = mask.shape[dim] - 1
    both = torch.minimum(mask.narrow(dim, 0, length), mask.narrow(dim, 1, length))
    return both * torch.exp(-edge.square())


def _adjoint(difference: Tensor, dim: int) -> Tensor:
    """The transpose of ``diff`` along ``dim``."""
    zero = torch.zeros_like(difference.narrow(dim, 0, 1))
    return -torch.cat([difference, zero], dim) + torch.cat([zero, difference], dim)
