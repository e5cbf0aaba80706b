"""Real spherical harmonics up to degree three: smooth functions of the direction of a light."""

import torch
from jaxtyping import Float
from torch import Tensor

HARMONICS = 16


def harmonics(directions: Float[Tensor, "*batch 3"]) -> Float[Tensor, "*batch 16"]:
    """The orthonormal basis times sqrt(4 pi), at unit vectors; the first is 1.

    Source: Sloan, "Stupid Spherical Harmonics Tricks" (2008), appendix A2, for our axes.
    """
    x, y, z = directions.unbind(-1)
    one = torch.ones_like(x)
    first = [y, z, x]
    second = [x * y, y * z, (3 * z**2 - 1) / 12**0.5, x * z, (x**2 - y**2) / 2]
    third = [
        y * (3 * x**2 - y**2) * (35 / 8) ** 0.5,
        x * y * z * 105**0.5,
        y * (5 * z**2 - 1) * (21 / 8) ** 0.5,
        z * (5 * z**2 - 3) * (7 / 4) ** 0.5,
        x * (5 * z**2 - 1) * (21 / 8) ** 0.5,
        z * (x**2 - y**2) * (105 / 4) ** 0.5,
        x * (x**2 - 3 * y**2) * (35 / 8) ** 0.5,
    ]
    return torch.stack(
        [one, *(3**0.5 * f for f in first), *(15**0.5 * s for s in second), *third], -1
    )
