"""Random solids as pairs of height maps: what the camera sees of them, and how deep they are.

A solid is its front and its back surface above the image plane, seen along the viewing axis
(orthographic). The union of two solids is a maximum and a minimum. Coordinates: x right, y up,
both in [-1, 1]; z towards the camera. Everything is drawn and evaluated for a whole batch at once,
on the device of the generator.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor

Height = Float[Tensor, "*batch size size"]
Surfaces = tuple[Height, Height]
"""Front and back."""

EMPTY = -10.0
"""Height where there is no surface."""

FAR = 100.0
"""Distance of the half-spaces that fill up a polytope's list, and cut nothing off."""

MOST_PRIMITIVES = 7
MOST_SIDES = 24
SIDES = (3, 4, 4, 4, 5, 6, 8, 24, 24, 24)
"""Of a prism; the last are as good as cylinders."""

ELLIPSOID_SHARE = 0.68
VESSEL_SHARE = 0.15


@dataclass(frozen=True, kw_only=True)
class Solid:
    """Front and back surface; ``EMPTY`` and ``-EMPTY`` where the solid is not."""

    front: Height
    back: Height
    part: Int[Tensor, "*batch size size"]
    """Number of the primitive that the camera sees."""

    @property
    def inside(self) -> Bool[Tensor, "*batch size size"]:
        """Where the camera sees the solid."""
        return self.front > EMPTY / 2


def uniform(generator: torch.Generator, low: float, high: float, *shape: int) -> Tensor:
    """Draws from [low, high)."""
    return low + (high - low) * torch.rand(shape, generator=generator, device=generator.device)


def pixel_grid(size: int, device: torch.device) -> tuple[Height, Height]:
    """x (right) and y (up) at the centers of the pixels."""
    axis = (torch.arange(size, device=device) + 0.5) / size * 2 - 1
    return axis.expand(size, size), -axis[:, None].expand(size, size)


def random_rotations(count: int, generator: torch.Generator) -> Float[Tensor, "count 3 3"]:
    """Rotations, uniformly distributed: unit quaternions from a normal distribution."""
    drawn = torch.randn(count, 4, generator=generator, device=generator.device)
    w, x, y, z = F.normalize(drawn, dim=1).unbind(1)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return torch.stack([torch.stack(row, -1) for row in rows], -2)


def ellipsoids(
    size: int,
    centers: Float[Tensor, "count 3"],
    radii: Float[Tensor, "count 3"],
    rotations: Float[Tensor, "count 3 3"],
) -> Surfaces:
    """Front and back of the ellipsoids (p - c)' R diag(1/r^2) R' (p - c) = 1."""
    x, y = pixel_grid(size, centers.device)
    a = rotations @ torch.diag_embed(radii**-2.0) @ rotations.transpose(1, 2)
    a = a[..., None, None]
    dx, dy = x - centers[:, 0, None, None], y - centers[:, 1, None, None]
    half_b = a[:, 0, 2] * dx + a[:, 1, 2] * dy
    c = a[:, 0, 0] * dx**2 + 2 * a[:, 0, 1] * dx * dy + a[:, 1, 1] * dy**2 - 1
    discriminant = half_b**2 - a[:, 2, 2] * c
    root = discriminant.clamp(min=0).sqrt()
    z = centers[:, 2, None, None]
    return _where_hit(
        discriminant > 0, z + (-half_b + root) / a[:, 2, 2], z + (-half_b - root) / a[:, 2, 2]
    )


def polytopes(
    size: int,
    centers: Float[Tensor, "count 3"],
    normals: Float[Tensor, "count planes 3"],
    offsets: Float[Tensor, "count planes"],
) -> Surfaces:
    """Front and back of the intersections of half-spaces n . (p - c) <= d."""
    x, y = pixel_grid(size, centers.device)
    dx, dy = x - centers[:, 0, None, None], y - centers[:, 1, None, None]
    front = torch.full_like(dx, -EMPTY)
    back = torch.full_like(dx, EMPTY)
    for normal, offset in zip(normals.unbind(1), offsets.unbind(1), strict=True):
        n_x, n_y, n_z = (n[:, None, None] for n in normal.unbind(1))
        slope = torch.where(n_z.abs() < 1e-3, 1e-3, n_z)
        height = (offset[:, None, None] - n_x * dx - n_y * dy) / slope
        front = torch.where(slope > 0, torch.minimum(front, height), front)
        back = torch.where(slope < 0, torch.maximum(back, height), back)
    z = centers[:, 2, None, None]
    return _where_hit(front > back, z + front, z + back)


def prisms(
    sides: Float[Tensor, " count"], aspect: Float[Tensor, " count"], taper: Float[Tensor, " count"]
) -> tuple[Float[Tensor, "count planes 3"], Float[Tensor, "count planes"]]:
    """Normals and offsets of upright prisms (or frustums) of unit radius, two caps the last."""
    number = torch.arange(MOST_SIDES, device=sides.device)
    angles = number * (2 * math.pi / sides[:, None])
    steep = (1 + taper**2).sqrt()[:, None]
    walls = torch.stack(
        [angles.cos() / steep, (taper[:, None] / steep).expand_as(angles), angles.sin() / steep], -1
    )
    used = number < sides[:, None]
    walls = torch.where(used[..., None], walls, walls[:, :1])
    wall_offsets = torch.where(used, 1 / steep, FAR)
    caps = walls.new_tensor([[0.0, 1, 0], [0, -1, 0]]).expand(len(sides), 2, 3)
    return (
        torch.cat([walls, caps], 1),
        torch.cat([wall_offsets, aspect[:, None].expand(-1, 2)], 1),
    )


def vessels(count: int, size: int, generator: torch.Generator) -> Surfaces:
    """Random smooth profiles turned around an axis in the image plane."""
    x, y = pixel_grid(size, generator.device)
    turn = uniform(generator, -math.pi, math.pi, count)[:, None, None]
    along = turn.cos() * y + turn.sin() * x
    across = turn.cos() * x - turn.sin() * y
    table = _random_profiles(count, generator)
    half_length = uniform(generator, 0.45, 0.85, count)[:, None, None]
    where = ((along / half_length + 1) / 2 * 255).clamp(0, 255)
    low = where.long().clamp(max=254)
    rows = torch.arange(count, device=low.device)[:, None, None]
    radius = torch.lerp(table[rows, low], table[rows, low + 1], where - low)
    squared = radius**2 - across**2
    depth = squared.clamp(min=0).sqrt()
    return _where_hit((squared > 0) & (along.abs() < half_length), depth, -depth)


def random_primitives(size: int, spread: Tensor, generator: torch.Generator) -> Surfaces:
    """Ellipsoids, boxes, cylinder-like prisms and frustums, each anywhere within its ``spread``.

    Args:
        size: side of the height maps.
        spread: (N,), one per primitive.
        generator: source of randomness.
    """
    count = len(spread)
    drawn = uniform(generator, -1, 1, count, 3)
    centers = drawn * torch.stack([spread, spread, torch.full_like(spread, 0.3)], 1)
    scale = uniform(generator, 0.28, 0.65, count)
    rotations = random_rotations(count, generator)
    radii = scale[:, None] * uniform(generator, 0.45, 1.2, count, 3)
    sides = spread.new_tensor(SIDES)[uniform(generator, 0, len(SIDES), count).long()]
    taper = uniform(generator, -0.3, 0.3, count) * (uniform(generator, 0, 1, count) < 0.4)
    aspect = uniform(generator, 0.3, 1.8, count)
    round_ = uniform(generator, 0, 1, count) < ELLIPSOID_SHARE
    front = spread.new_empty(count, size, size)
    back = torch.empty_like(front)
    front[round_], back[round_] = ellipsoids(
        size, centers[round_], radii[round_], rotations[round_]
    )
    flat = ~round_
    normals, offsets = prisms(sides[flat], aspect[flat], taper[flat])
    front[flat], back[flat] = polytopes(
        size,
        centers[flat],
        normals @ rotations[flat].transpose(1, 2),
        offsets * scale[flat, None] * 0.8,
    )
    return front, back


def union(
    fronts: Float[Tensor, "*batch parts size size"],
    backs: Float[Tensor, "*batch parts size size"],
    blend: Float[Tensor, "*batch"],
) -> Solid:
    """The unions over the parts; where ``blend`` > 0 joints are rounded (smooth maximum)."""
    front, part = fronts.max(-3)
    width = blend[..., None, None, None].clamp(min=1e-3)
    smooth = width[..., 0, :, :] * torch.logsumexp(fronts / width, -3)
    several = (fronts > EMPTY / 2).sum(-3) > 1
    front = torch.where(several & (blend[..., None, None] > 0), smooth, front)
    return Solid(front=front, back=backs.amin(-3), part=part)


def random_solids(count: int, size: int, generator: torch.Generator) -> Solid:
    """Each of up to seven primitives, or a vessel with or without attachments."""
    primitives = uniform(generator, 1, MOST_PRIMITIVES + 1, count).floor()
    is_vessel = uniform(generator, 0, 1, count) < VESSEL_SHARE
    spread = uniform(generator, 0.25, 0.5, count)
    spread = torch.where(is_vessel, 0.4, torch.where(primitives == 1, 0.0, spread))
    primitives = torch.where(is_vessel, (primitives / 3).floor(), primitives)
    slots = torch.arange(MOST_PRIMITIVES, device=generator.device)
    used = slots < primitives[:, None]
    fronts = torch.full((count, MOST_PRIMITIVES + 1, size, size), EMPTY, device=generator.device)
    backs = -fronts
    rows, columns = torch.nonzero(used, as_tuple=True)
    fronts[rows, columns], backs[rows, columns] = random_primitives(size, spread[rows], generator)
    (turned,) = torch.nonzero(is_vessel, as_tuple=True)
    fronts[turned, -1], backs[turned, -1] = vessels(len(turned), size, generator)
    blend = uniform(generator, 0.01, 0.06, count) * (uniform(generator, 0, 1, count) < 0.7)
    return union(fronts, backs, blend)


def _random_profiles(count: int, generator: torch.Generator) -> Float[Tensor, "count 256"]:
    """Radii along the axis, through four to eight random knots, smoothed."""
    knots = uniform(generator, 0.15, 0.65, count, 9)
    last = uniform(generator, 4, 9, count).floor()[:, None] - 1
    where = torch.linspace(0, 1, 256, device=generator.device) * last
    low = where.long().clamp(max=7)
    table = torch.lerp(knots.gather(1, low), knots.gather(1, low + 1), where - low)
    padded = F.pad(table[:, None], (12, 12), mode="replicate")
    return F.avg_pool1d(padded, 25, 1)[:, 0]


def _where_hit(hit: Tensor, front: Height, back: Height) -> Surfaces:
    return torch.where(hit, front, EMPTY), torch.where(hit, back, -EMPTY)
