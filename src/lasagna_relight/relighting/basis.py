"""The directions that a mix is made of, and any other as a weighted sum of three of them.

Light adds up in linear light, and a Lambertian surface is linear in the direction of a light
wherever that light reaches it. So a light inside the triangle of three basis directions is their
non-negative combination. The nearer the three, the less their shadows differ from its own: the
twelve named directions leave gaps of up to 110 degrees, the edges between these 34 are of 21 to 55.
`benchmarks/basis.py` measures the difference.

The rings are turned against each other, so that the triangles of the sphere are the faces of one
convex body and no four directions lie in a plane: every direction has its three without a tie.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import combinations

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lasagna_relight.light_direction import CLOCK_NAMES, DIRECTION_NAMES, NAMED_DIRECTIONS

Weights = Float[Tensor, "*batch lights"]

_CLOCK_STEP = 2 * math.pi / len(CLOCK_NAMES)
_SAME = 1e-3


@cache
def basis_vectors() -> Float[Tensor, "lights 3"]:
    """Unit vectors of the basis: the named directions by their ids, then what lies between them.

    Eight near the camera's axis, eight at the object's sides, five more rim lights at 125 degrees,
    and one straight from behind.
    """
    named = torch.tensor([d.vector for d in NAMED_DIRECTIONS.values()], dtype=torch.float64)
    rings = [_ring(28, 0.5), _ring(90, 0.5), _ring(125, 0.0), torch.tensor([[0.0, 0.0, -1.0]])]
    between = torch.cat([ring.double() for ring in rings])
    new = torch.cdist(between, named).amin(1) > _SAME
    return torch.cat([named, between[new]]).float()


def basis_size() -> int:
    """How many directions the basis has."""
    return len(basis_vectors())


def basis_weights(directions: Float[Tensor, "*batch 3"]) -> Weights:
    """Non-negative weights of the basis for unit vectors towards a light, at most three of each.

    The weighted sum of the basis vectors is the direction itself; the weights sum to 1 at a basis
    direction and to 1.15 at most between them.
    """
    flat = directions.reshape(-1, 3)
    inverses, corners = (part.to(flat.device) for part in basis_triangles())
    weights = torch.einsum("tij,nj->nti", inverses, flat)
    best = weights.amin(-1).argmax(-1)
    chosen = weights[torch.arange(len(flat), device=flat.device), best].clamp(min=0)
    result = flat.new_zeros(len(flat), basis_size())
    return result.scatter(1, corners[best], chosen).reshape(*directions.shape[:-1], -1)


def front_weights() -> Float[Tensor, " lights"]:
    """Weights of a light from the camera."""
    weights = torch.zeros(basis_size())
    weights[DIRECTION_NAMES.index("front")] = 1
    return weights


@cache
def basis_triangles() -> tuple[Float[Tensor, "triangles 3 3"], Int[Tensor, "triangles 3"]]:
    """Inverse bases and corners of the faces of the convex body that the directions span."""
    vectors = basis_vectors().double()
    corners = torch.tensor(list(combinations(range(len(vectors)), 3)))
    first, second, third = vectors[corners].unbind(1)
    normals = torch.linalg.cross(second - first, third - first)
    heights = normals @ vectors.T - (normals * first).sum(1, keepdim=True)
    is_face = (heights < 1e-9).all(1) | (heights > -1e-9).all(1)
    corners = corners[is_face]
    return torch.linalg.inv(vectors[corners].transpose(1, 2)).float(), corners


def _ring(off_axis_deg: float, turn: float) -> Float[Tensor, "8 3"]:
    """Eight directions around the camera's axis, ``turn`` steps of the clock away from the top."""
    clock = (torch.arange(len(CLOCK_NAMES), dtype=torch.float64) + turn) * _CLOCK_STEP
    off = torch.full_like(clock, math.radians(off_axis_deg))
    return torch.stack([off.sin() * clock.sin(), off.sin() * clock.cos(), off.cos()], 1)
