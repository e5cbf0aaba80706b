"""Shapes as signed distances, blended smoothly and turned into triangles.

A primitive gives (N,) distances for (N, 3) points, negative inside. A ``Body`` is a sequence of
primitives joined, cut or intersected with a soft edge (polynomial smooth minimum, Quilez 2013);
each carries a color, which blends where the shapes do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from jaxtyping import Float, Int32
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial.transform import Rotation

from lasagna_relight.relit.solid_noise import Points, Values

Primitive = Callable[[Points], Values]
Color = NDArray[np.float32]

SURVEY = 44
"""Nodes along each side of the first, coarse look at a body."""
BLOCK = 4
OUTSIDE = 1e3
SLACK = 1.2
"""How much faster than a true distance a blended, warped field may change."""
CRUMB = 0.02
"""Detached parts with less than this share of the vertices are dropped."""


def _vector(values: ArrayLike) -> NDArray[np.float32]:
    return np.asarray(values, np.float32)


def _lengths(vectors: Points) -> Values:
    return np.sqrt(np.einsum("ij,ij->i", vectors, vectors))


def _local(points: Points, center: ArrayLike, turn: Rotation | None) -> Points:
    moved = points - _vector(center)
    return moved if turn is None else moved @ turn.as_matrix().astype(np.float32)


def ellipsoid(center: ArrayLike, radii: ArrayLike, turn: Rotation | None = None) -> Primitive:
    """An ellipsoid (distance to first order)."""
    axes = _vector(radii) * np.ones(3, np.float32)

    def distance(points: Points) -> Values:
        local = _local(points, center, turn)
        level = _lengths(local / axes)
        slope = _lengths(local / axes**2)
        return level * (level - 1) / np.maximum(slope, 1e-6)

    return distance


def round_cone(start: ArrayLike, end: ArrayLike, first: float, last: float) -> Primitive:
    """A limb between two points whose radius goes from ``first`` to ``last``."""
    a, along = _vector(start), _vector(end) - _vector(start)
    square = max(float(along @ along), 1e-9)
    first, growth = float(first), float(last) - float(first)

    def distance(points: Points) -> Values:
        offset = points - a
        share = np.clip(offset @ along / square, 0, 1)
        away = _lengths(offset - share[:, None] * along)
        return away - (first + share * growth)

    return distance


def rounded_box(
    center: ArrayLike, half: ArrayLike, edge: float, turn: Rotation | None = None
) -> Primitive:
    """A box of half sides ``half`` whose edges are rounded with radius ``edge``."""
    edge = float(edge)
    inner = np.maximum(_vector(half) - edge, 1e-3)

    def distance(points: Points) -> Values:
        q = np.abs(_local(points, center, turn)) - inner
        outside = _lengths(np.maximum(q, 0))
        return outside + np.minimum(q.max(axis=1), 0) - edge

    return distance


def cylinder(
    center: ArrayLike, radius: float, half: float, edge: float, turn: Rotation | None = None
) -> Primitive:
    """An upright cylinder with rounded rims."""
    radius, half, edge = float(radius), float(half), float(edge)

    def distance(points: Points) -> Values:
        local = _local(points, center, turn)
        across = np.hypot(local[:, 0], local[:, 1]) - (radius - edge)
        along = np.abs(local[:, 2]) - (half - edge)
        outside = np.hypot(np.maximum(across, 0), np.maximum(along, 0))
        return outside + np.minimum(np.maximum(across, along), 0) - edge

    return distance


def cone(
    center: ArrayLike, bottom: float, top: float, half: float, turn: Rotation | None = None
) -> Primitive:
    """An upright truncated cone, from radius ``bottom`` to ``top`` over the height 2 ``half``."""
    bottom, half = float(bottom), float(half)
    slope = (bottom - float(top)) / (2 * half)
    steep = float(1 / np.hypot(1, slope))

    def distance(points: Points) -> Values:
        local = _local(points, center, turn)
        radius = bottom - slope * (local[:, 2] + half)
        across = (np.hypot(local[:, 0], local[:, 1]) - radius) * steep
        return np.maximum(across, np.abs(local[:, 2]) - half)

    return distance


def torus(center: ArrayLike, radius: float, tube: float, turn: Rotation | None = None) -> Primitive:
    """A ring around the vertical axis."""
    radius, tube = float(radius), float(tube)

    def distance(points: Points) -> Values:
        local = _local(points, center, turn)
        across = np.hypot(local[:, 0], local[:, 1]) - radius
        return np.hypot(across, local[:, 2]) - tube

    return distance


def half_space(normal: ArrayLike, offset: float) -> Primitive:
    """What lies below the plane ``normal . p = offset``."""
    direction = _vector(normal) / np.linalg.norm(_vector(normal)).astype(np.float32)

    def distance(points: Points) -> Values:
        return points @ direction - np.float32(offset)

    return distance


def chain(points: Sequence[ArrayLike], radii: Sequence[float]) -> list[Primitive]:
    """Round cones along a broken line."""
    return [
        round_cone(points[i], points[i + 1], radii[i], radii[i + 1]) for i in range(len(points) - 1)
    ]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One operation on a body: ``softness`` is the width over which the surfaces blend."""

    kind: Literal["join", "cut", "keep"]
    primitive: Primitive
    softness: float
    color: Color | None


@dataclass(kw_only=True)
class Body:
    """A shape under construction; ``warp`` bends space before any distance is taken."""

    steps: list[Step] = field(default_factory=list)
    warp: Callable[[Points], Points] | None = None

    def join(self, *shapes: Primitive, soft: float = 0.03, color: Color | None = None) -> None:
        """Add shapes."""
        self.steps += [
            Step(kind="join", primitive=s, softness=float(soft), color=color) for s in shapes
        ]

    def cut(self, *shapes: Primitive, soft: float = 0.03, color: Color | None = None) -> None:
        """Take shapes away; the cut is painted in ``color``."""
        self.steps += [
            Step(kind="cut", primitive=s, softness=float(soft), color=color) for s in shapes
        ]

    def keep(self, *shapes: Primitive, soft: float = 0.03) -> None:
        """Keep only what lies inside the shapes too."""
        self.steps += [
            Step(kind="keep", primitive=s, softness=float(soft), color=None) for s in shapes
        ]

    def distance(self, points: Points) -> Values:
        """Signed distance (about) of ``points``, negative inside."""
        placed = self._placed(points)
        total = np.full(len(points), OUTSIDE, np.float32)
        for step in self.steps:
            total, _ = _after(step, total, step.primitive(placed))
        return total

    def colors(self, points: Points, background: Color) -> Float[np.ndarray, "n 3"]:
        """Color of the surface near ``points``; ``background`` where parts have none."""
        placed = self._placed(points)
        painted = np.tile(background.astype(np.float32), (len(points), 1))
        total = np.full(len(points), OUTSIDE, np.float32)
        for step in self.steps:
            total, share = _after(step, total, step.primitive(placed))
            if step.color is not None:
                crisp = np.clip((share - 0.5) * 3 + 0.5, 0, 1)[:, None]
                painted += crisp * (step.color - painted)
        return painted

    def block_distances(
        self, middles: Points, offsets: Points, *, near: float = np.inf
    ) -> Float[np.ndarray, "n m"]:
        """Distances of the points ``middles`` + ``offsets``, block by block.

        A step is evaluated only in blocks where it may change the result. Blocks whose middle is
        farther than ``near`` from the surface get the middle's distance throughout.
        """
        reach = SLACK * float(np.linalg.norm(offsets, axis=1).max())
        placed = self._placed(middles)
        rough = np.full(len(middles), OUTSIDE, np.float32)
        margins = []
        for step in self.steps:
            own = step.primitive(placed)
            first, other = _signed(step, rough, own)
            margins.append(other - first - step.softness)
            rough, _ = _after(step, rough, own)
        active = np.flatnonzero(np.abs(rough) < near)
        values = np.repeat(rough[:, None], len(offsets), axis=1)
        points = self._placed((middles[active, None] + offsets).reshape(-1, 3))
        blocks = points.reshape(len(active), len(offsets), 3)
        fine = np.full((len(active), len(offsets)), OUTSIDE, np.float32)
        for step, margin in zip(self.steps, margins, strict=True):
            touched = np.flatnonzero(margin[active] < 2 * reach)
            if len(touched):
                own = step.primitive(blocks[touched].reshape(-1, 3))
                after, _ = _after(step, fine[touched].ravel(), own)
                fine[touched] = after.reshape(len(touched), -1)
        values[active] = fine
        return values

    def _placed(self, points: Points) -> Points:
        return points if self.warp is None else self.warp(points)


def _signed(step: Step, total: Values, own: Values) -> tuple[Values, Values]:
    """The two distances of which the smooth minimum is taken."""
    if step.kind == "join":
        return total, own
    return -total, own if step.kind == "cut" else -own


def _after(step: Step, total: Values, own: Values) -> tuple[Values, Values]:
    """Distance after ``step``, and the share in [0, 1] that the new primitive has in it."""
    first, other = _signed(step, total, own.astype(np.float32))
    share = np.clip(0.5 + 0.5 * (first - other) / step.softness, 0, 1)
    mixed = first + (other - first) * share - step.softness * share * (1 - share)
    return (mixed if step.kind == "join" else -mixed).astype(np.float32), share


def polygonize(
    body: Body, *, triangles: int, extent: float = 1.9
) -> tuple[Float[np.ndarray, "v 3"], Int32[np.ndarray, "f 3"]]:
    """About ``triangles`` triangles on the surface of ``body``, by marching cubes.

    The body lies within ``extent`` of the origin along each axis. Distances on the fine grid are
    taken near the surface only.

    Raises:
        ValueError: the body has no surface there.
    """
    from skimage.measure import marching_cubes

    low, high, step = _survey(body, triangles, extent)
    blocks = tuple(int(n) for n in np.ceil((high - low) / step / BLOCK))
    values = _near_values(body, low, step, blocks)
    vertices, faces, _, _ = marching_cubes(values, 0.0)
    vertices, faces = _without_crumbs(
        (vertices * step + low).astype(np.float32), faces.astype(np.int32)
    )
    return vertices, faces


def _block_grid(
    low: NDArray, step: float, blocks: tuple[int, ...]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Middles of blocks of nodes on a grid, and the nodes' offsets from the middle."""
    index = np.stack(np.meshgrid(*(np.arange(n) for n in blocks), indexing="ij"), -1)
    middles = low + (index.reshape(-1, 3) * BLOCK + (BLOCK - 1) / 2) * step
    inner = np.stack(np.meshgrid(*([np.arange(BLOCK)] * 3), indexing="ij"), -1).reshape(-1, 3)
    return middles.astype(np.float32), ((inner - (BLOCK - 1) / 2) * step).astype(np.float32)


def _assembled(values: NDArray[np.float32], blocks: tuple[int, ...]) -> NDArray[np.float32]:
    cube = values.reshape(*blocks, BLOCK, BLOCK, BLOCK).transpose(0, 3, 1, 4, 2, 5)
    return np.ascontiguousarray(cube.reshape([n * BLOCK for n in blocks]))


def _survey(body: Body, triangles: int, extent: float) -> tuple[NDArray, NDArray, float]:
    """Lower and upper corner of the body, and the step that gives ``triangles``."""
    spacing = 2 * extent / (SURVEY - 1)
    blocks = (SURVEY // BLOCK,) * 3
    middles, offsets = _block_grid(np.full(3, -extent), spacing, blocks)
    rough = _assembled(body.block_distances(middles, offsets), blocks)
    inside = rough < 0
    if not inside.any():
        raise ValueError("the body has no inside")
    places = np.argwhere(rough < 0.7 * spacing)
    low = -extent + (places.min(0) - 1.01) * spacing
    high = -extent + (places.max(0) + 1.01) * spacing
    last = SURVEY - 1
    corners = [
        inside[i : last + i, j : last + j, k : last + k]
        for i in (0, 1)
        for j in (0, 1)
        for k in (0, 1)
    ]
    filled = np.sum(corners, axis=0)
    crossed = int(((filled > 0) & (filled < 8)).sum())
    return low, high, float(spacing * np.sqrt(2.0 * crossed / triangles))


def _near_values(body: Body, low: NDArray, step: float, blocks: tuple[int, ...]) -> NDArray:
    middles, offsets = _block_grid(low, step, blocks)
    near = SLACK * np.sqrt(3) * step * (BLOCK + 1) / 2
    solid = _assembled(body.block_distances(middles, offsets, near=float(near)), blocks)
    for side in (0, -1):
        solid[side], solid[:, side], solid[:, :, side] = step, step, step
    return solid


def _without_crumbs(
    vertices: NDArray[np.float32], faces: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    count = len(vertices)
    edges = coo_matrix((np.ones(2 * len(faces)), (faces[:, :2].ravel(), faces[:, 1:].ravel())))
    edges.resize(count, count)
    _, labels = connected_components(edges, directed=False)
    sizes = np.bincount(labels)
    kept = (sizes >= CRUMB * count)[labels]
    renumbered = np.cumsum(kept) - 1
    return vertices[kept], renumbered[faces[kept[faces].all(1)]].astype(np.int32)
