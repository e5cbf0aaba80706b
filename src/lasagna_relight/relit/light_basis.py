"""Any light as a weighted sum of the twelve named ones: light adds up in linear light.

A Lambertian surface is linear in the direction of the light wherever that light reaches it. So a
direction inside the triangle of three named directions is their non-negative combination, and the
picture under it is the same combination of the three pictures, in linear light.
"""

from functools import cache
from itertools import combinations

import torch
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.color import linear_to_srgb, srgb_to_linear
from lasagna_relight.light_direction import NAMED_DIRECTIONS

LARGEST_TOTAL = 1.25
"""Total weight is limited to this, where the named directions stand too far apart."""


def light_weights(directions: Float[Tensor, "*batch 3"]) -> Float[Tensor, "*batch 12"]:
    """Non-negative weights of the twelve named lights for unit vectors towards a light."""
    flat = directions.reshape(-1, 3)
    inverses, triples, spread = (part.to(flat.device) for part in triangles())
    weights = torch.einsum("tij,nj->nti", inverses, flat)
    inside = weights.amin(-1) >= -1e-4
    closeness = spread.expand(len(flat), -1).masked_fill(~inside, float("inf"))
    best = closeness.argmin(-1)
    chosen = weights[torch.arange(len(flat), device=flat.device), best].clamp(min=0)
    total = chosen.sum(-1, keepdim=True)
    chosen = chosen * (total.clamp(max=LARGEST_TOTAL) / total)
    result = flat.new_zeros(len(flat), len(NAMED_DIRECTIONS))
    return result.scatter(1, triples[best], chosen).reshape(*directions.shape[:-1], -1)


def mix_log_gains(
    log_gains: Float[Tensor, "*batch lights height width"],
    weights: Float[Tensor, "*batch lights"],
    brightness: Float[Tensor, "*batch 1 height width"],
) -> Float[Tensor, "*batch 1 height width"]:
    """Log gain under the weighted sum of lights, added in linear light.

    Args:
        log_gains: log gain of each light alone, over sRGB-encoded values.
        weights: how much of each light.
        brightness: sRGB-encoded brightness of the picture, in [0, 1].
    """
    base = brightness.clamp(min=0.02)
    linear = srgb_to_linear(base * log_gains.exp())
    mixed = torch.einsum("...lhw,...l->...hw", linear, weights).unsqueeze(-3)
    return (linear_to_srgb(mixed.clamp(min=1e-5)) / base).log()


@cache
def triangles() -> tuple[Tensor, Tensor, Tensor]:
    """Inverse bases, ids and sizes of the triangles with no other named direction inside."""
    corners = torch.tensor([direction.vector for direction in NAMED_DIRECTIONS.values()])
    triples = torch.tensor(list(combinations(range(len(corners)), 3)))
    bases = corners[triples].transpose(1, 2)
    usable = torch.linalg.det(bases).abs() > 1e-3
    triples, bases = triples[usable], bases[usable]
    inverses = torch.linalg.inv(bases)
    spread = (corners[triples] @ corners[triples].transpose(1, 2)).flatten(1).amin(1).acos()
    return inverses, triples, spread
