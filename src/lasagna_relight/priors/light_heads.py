"""Heads of a continuous predictor: features of patches to log gains under light from anywhere."""

import math

import torch
import torch.nn.functional as F
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

from lasagna_relight.priors.gain_unet import HEAD_WIDTH
from lasagna_relight.priors.harmonics import HARMONICS

ENCODING = 1 / 2.2
"""Exponent of encoded over linear light, about: log gains are of encoded values."""

SHARPNESS = 8.0
"""Of the terminator: a softplus of this slope stands for max(0, n . l)."""

FLOOR = 0.05
"""Light that reaches what faces away, as a share of the lamp's: a room gives about as much."""

Cells = Float[Tensor, "batch width side side"]
Basis = Float[Tensor, "batch lights harmonics"]
Patches = Float[Tensor, "batch lights pixels side side"]


class DirectionDecoder(nn.Module):
    """Features and the harmonics of directions to the patches of a log gain for each direction.

    The directions scale and shift the features (Perez et al., arXiv 1709.07871).
    """

    def __init__(self, width: int, pixels: int, *, beside: int = 0) -> None:
        super().__init__()
        self.scale_and_shift = nn.Linear(HARMONICS, 2 * width)
        self.mix = nn.Conv2d(width + beside, width, 1)
        self.out = nn.Conv2d(width, pixels, 1)

    def forward(self, cells: Cells, basis: Basis, beside: Patches | None = None) -> Patches:
        """Log gains; ``beside`` is what is known of each direction already, ``beside`` wide."""
        scale, shift = self.scale_and_shift(basis)[..., None, None].chunk(2, 2)
        states = F.silu(cells)[:, None] * (1 + scale) + shift
        if beside is not None:
            states = torch.cat([states, beside], 2)
        states = F.silu(self.mix(states.flatten(0, 1)))
        return self.out(states).unflatten(0, basis.shape[:2])


class LambertHead(nn.Module):
    """Lambert's law over normals that the network finds, and a correction for all else.

    For each pixel the network gives a vector n and an exposure e; the log gain under light from l
    is ``log(softplus(n . l) + floor) / 2.2 - e``, and a `DirectionDecoder` that sees n . l adds
    shadows, highlights and bounced light. So every direction is learned from every other.

    Args:
        pixels: of a patch.
    """

    def __init__(self, pixels: int) -> None:
        super().__init__()
        self.pixels = pixels
        features = HEAD_WIDTH * math.isqrt(pixels) // 2
        self.width = 4 * pixels + features
        """Channels that this head reads."""
        self.correction = DirectionDecoder(features, pixels, beside=pixels)
        nn.init.zeros_(self.correction.out.weight)
        assert self.correction.out.bias is not None
        nn.init.zeros_(self.correction.out.bias)

    def forward(
        self, cells: Cells, basis: Basis, directions: Float[Tensor, "batch lights 3"]
    ) -> Patches:
        """Log gains under light from ``directions``, whose harmonics are ``basis``."""
        normals, exposure, features = cells.tensor_split((3 * self.pixels, 4 * self.pixels), 1)
        normals = rearrange(normals, "b (c p) h w -> b p c h w", c=3)
        facing = torch.einsum("bpchw,blc->blphw", normals, directions)
        facing = facing + directions[..., 2, None, None, None]  # n is (0, 0, 1) before training
        irradiance = F.softplus(facing, beta=SHARPNESS) + FLOOR
        lambert = irradiance.log() * ENCODING - exposure[:, None]
        return lambert + self.correction(features, basis, facing)
