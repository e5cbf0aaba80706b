"""Smooth random fields, for relief, albedo and backgrounds."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def value_noise(
    size: int, *, cells: int, octaves: int, gain: float, generator: torch.Generator
) -> Float[Tensor, "size size"]:
    """Sum of bicubic value noise, about zero mean and unit variance; ``gain`` per octave."""
    total = torch.zeros(size, size)
    weight, power = 1.0, 0.0
    for octave in range(octaves):
        grid = min(cells * 2**octave, size)
        lattice = torch.randn(1, 1, grid + 2, grid + 2, generator=generator)
        field = F.interpolate(lattice, (size, size), mode="bicubic", align_corners=False)
        total = total + weight * field[0, 0]
        power += weight**2
        weight *= gain
    return total / (0.75 * power**0.5)


def ridges(field: Tensor) -> Tensor:
    """Creases where the field crosses zero; in [0, 1]."""
    return 1 - field.abs().clamp(max=1)
