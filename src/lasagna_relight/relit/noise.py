"""Smooth random fields, for relief, albedo and backgrounds: one per object of a batch."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def value_noise(
    size: int,
    *,
    cells: Float[Tensor, " batch"],
    octaves: int,
    gain: float,
    most_cells: int,
    generator: torch.Generator,
) -> Float[Tensor, "batch size size"]:
    """Sum of bicubic value noise, about zero mean and unit variance; ``gain`` per octave.

    Args:
        size: side of the fields.
        cells: lattice cells across each field in the first octave; doubled with every octave.
        octaves: how many fields are added.
        gain: weight of an octave, as a share of the one before.
        most_cells: no less than any of ``cells``.
        generator: source of randomness; its device is that of the result.
    """
    device = generator.device
    total = torch.zeros(len(cells), size, size, device=device)
    axis = (torch.arange(size, device=device) + 0.5) / size
    weight, power = 1.0, 0.0
    for octave in range(octaves):
        points = min(most_cells * 2**octave, size) + 3
        lattice = torch.randn(
            len(cells), 1, points, points, generator=generator, device=device
        )  # fmt: skip
        across = (cells * 2**octave).clamp(max=size)[:, None] * axis + 1
        across = across / (points - 1) * 2 - 1
        grid = torch.stack(
            [across[:, None, :].expand(-1, size, -1), across[:, :, None].expand(-1, -1, size)], -1
        )
        field = F.grid_sample(
            lattice, grid, mode="bicubic", padding_mode="reflection", align_corners=True
        )
        total = total + weight * field[:, 0]
        power += weight**2
        weight *= gain
    return total / (0.75 * power**0.5)


def ridges(field: Tensor) -> Tensor:
    """Creases where the field crosses zero; in [0, 1]."""
    return 1 - field.abs().clamp(max=1)
