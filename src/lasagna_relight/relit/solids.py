"""Random solids as pairs of height maps: what the camera sees of them, and how deep they are.

A solid is its front and its back surface above the image plane, seen along the viewing axis
(orthographic). The union of two solids is a maximum and a minimum. Coordinates: x right, y up,
both in [-1, 1]; z towards the camera.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

Height = Float[Tensor, "size size"]
EMPTY = -10.0
"""Height where there is no surface."""


@dataclass(frozen=True, kw_only=True)
class Solid:
    """Front and back surface; ``EMPTY`` and ``-EMPTY`` where the solid is not."""

    front: Height
    back: Height
    part: Tensor
    """Number of the primitive that the camera sees, an integer per pixel."""

    @property
    def inside(self) -> Tensor:
        """Where the camera sees the solid, bool."""
        return self.front > EMPTY / 2


def uniform(generator: torch.Generator, low: float, high: float) -> float:
    """One draw from [low, high)."""
    return low + (high - low) * torch.rand((), generator=generator).item()


def pixel_grid(size: int) -> tuple[Height, Height]:
    """x (right) and y (up) at the centres of the pixels."""
    axis = (torch.arange(size) + 0.5) / size * 2 - 1
    return axis.expand(size, size), -axis[:, None].expand(size, size)


def random_rotation(generator: torch.Generator) -> Float[Tensor, "3 3"]:
    """A rotation, uniformly distributed."""
    q, r = torch.linalg.qr(torch.randn(3, 3, generator=generator))
    q = q * torch.sign(torch.diagonal(r))
    return q if torch.det(q) > 0 else -q


def ellipsoid(size: int, center: Tensor, radii: Tensor, rotation: Tensor) -> tuple[Height, Height]:
    """Front and back of the ellipsoid (p - c)' R diag(1/r^2) R' (p - c) = 1."""
    x, y = pixel_grid(size)
    a = rotation @ torch.diag(radii**-2.0) @ rotation.T
    dx, dy = x - center[0], y - center[1]
    half_b = a[0, 2] * dx + a[1, 2] * dy
    c = a[0, 0] * dx**2 + 2 * a[0, 1] * dx * dy + a[1, 1] * dy**2 - 1
    discriminant = half_b**2 - a[2, 2] * c
    root = discriminant.clamp(min=0).sqrt()
    return _where_hit(
        discriminant > 0,
        center[2] + (-half_b + root) / a[2, 2],
        center[2] + (-half_b - root) / a[2, 2],
    )


def polytope(size: int, center: Tensor, normals: Tensor, offsets: Tensor) -> tuple[Height, Height]:
    """Front and back of the intersection of half-spaces n . (p - c) <= d."""
    x, y = pixel_grid(size)
    across = (
        offsets[:, None, None]
        - normals[:, 0, None, None] * (x - center[0])
        - normals[:, 1, None, None] * (y - center[1])
    )
    slope = normals[:, 2, None, None]
    slope = torch.where(slope.abs() < 1e-3, torch.full_like(slope, 1e-3), slope)
    height = across / slope
    front = torch.where(slope > 0, height, -EMPTY).amin(0)
    back = torch.where(slope < 0, height, EMPTY).amax(0)
    return _where_hit(front > back, center[2] + front, center[2] + back)


def prism(sides: int, aspect: float, taper: float) -> tuple[Tensor, Tensor]:
    """Normals and offsets of an upright prism (or frustum) of unit radius and a number of sides."""
    angles = torch.arange(sides) * (2 * math.pi / sides)
    walls = torch.stack(
        [angles.cos(), torch.full_like(angles, taper), angles.sin()], -1
    ) / math.hypot(1, taper)
    caps = torch.tensor([[0.0, 1, 0], [0, -1, 0]])
    offsets = torch.cat([torch.ones(sides) / math.hypot(1, taper), torch.full((2,), aspect)])
    return torch.cat([walls, caps]), offsets


def lathe(size: int, generator: torch.Generator) -> tuple[Height, Height]:
    """A vessel: a random smooth profile turned around an axis in the image plane."""
    x, y = pixel_grid(size)
    turn = uniform(generator, -math.pi, math.pi)
    along = math.cos(turn) * y + math.sin(turn) * x
    across = math.cos(turn) * x - math.sin(turn) * y
    knots = 0.15 + 0.5 * torch.rand(1, 1, int(uniform(generator, 4, 9)), generator=generator)
    table = F.interpolate(knots, 256, mode="linear", align_corners=True)
    table = F.avg_pool1d(F.pad(table, (12, 12), mode="replicate"), 25, 1)[0, 0]
    half_length = uniform(generator, 0.45, 0.85)
    where = ((along / half_length + 1) / 2 * 255).clamp(0, 255)
    low = where.long().clamp(max=254)
    radius = torch.lerp(table[low], table[low + 1], where - low)
    squared = radius**2 - across**2
    depth = squared.clamp(min=0).sqrt()
    return _where_hit((squared > 0) & (along.abs() < half_length), depth, -depth)


def random_primitive(size: int, spread: float, generator: torch.Generator) -> tuple[Height, Height]:
    """An ellipsoid, a box, a cylinder-like prism or a frustum, anywhere within ``spread``."""
    center = (torch.rand(3, generator=generator) * 2 - 1) * torch.tensor([spread, spread, 0.3])
    scale = uniform(generator, 0.28, 0.65)
    rotation = random_rotation(generator)
    if uniform(generator, 0, 1) < 0.68:
        radii = scale * (0.45 + 0.75 * torch.rand(3, generator=generator))
        return ellipsoid(size, center, radii, rotation)
    sides = int([3, 4, 4, 4, 5, 6, 8, 24, 24, 24][int(uniform(generator, 0, 10))])
    taper = uniform(generator, -0.3, 0.3) if uniform(generator, 0, 1) < 0.4 else 0.0
    normals, offsets = prism(sides, uniform(generator, 0.3, 1.8), taper)
    return polytope(size, center, normals @ rotation.T, offsets * scale * 0.8)


def union(parts: list[tuple[Height, Height]], blend: float) -> Solid:
    """The union of ``parts``; with ``blend`` > 0 their joints are rounded (smooth maximum)."""
    fronts = torch.stack([front for front, _ in parts])
    hit = fronts > EMPTY / 2
    front, part = fronts.max(0)
    if blend > 0:
        smooth = blend * torch.logsumexp(fronts / blend, 0)
        front = torch.where(hit.sum(0) > 1, smooth, front)
    back = torch.stack([back for _, back in parts]).amin(0)
    return Solid(front=front, back=back, part=part)


def random_solid(size: int, generator: torch.Generator) -> Solid:
    """Up to seven primitives, or a vessel with or without attachments."""
    count = int(uniform(generator, 1, 8))
    spread = 0.0 if count == 1 else uniform(generator, 0.25, 0.5)
    if uniform(generator, 0, 1) < 0.15:
        parts = [lathe(size, generator)]
        parts += [random_primitive(size, 0.4, generator) for _ in range(count // 3)]
    else:
        parts = [random_primitive(size, spread, generator) for _ in range(count)]
    blend = uniform(generator, 0.01, 0.06) if uniform(generator, 0, 1) < 0.7 else 0.0
    return union(parts, blend)


def _where_hit(hit: Tensor, front: Height, back: Height) -> tuple[Height, Height]:
    return torch.where(hit, front, EMPTY), torch.where(hit, back, -EMPTY)
