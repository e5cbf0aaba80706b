"""Triangles from rings: surfaces of revolution and tubes along a path."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int32
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline

Rings = Float[np.ndarray, "rings around 3"]
Mesh = tuple[Float[np.ndarray, "v 3"], Int32[np.ndarray, "f 3"]]


def skin(rings: Rings) -> Mesh:
    """A closed surface through ``rings`` (each closed), both ends capped by a fan.

    Rings run counterclockwise as seen from where the sweep goes.
    """
    count, around = rings.shape[:2]
    ends = np.stack([rings[0].mean(0), rings[-1].mean(0)])
    vertices = np.concatenate([rings.reshape(-1, 3), ends]).astype(np.float32)
    row, column = np.meshgrid(np.arange(count - 1), np.arange(around), indexing="ij")
    here = row * around + column
    beside = row * around + (column + 1) % around
    sides = np.concatenate([
        np.stack([here, beside, beside + around], -1).reshape(-1, 3),
        np.stack([here, beside + around, here + around], -1).reshape(-1, 3),
    ])  # fmt: skip
    rim = np.arange(around)
    after = (rim + 1) % around
    top = (count - 1) * around
    bottom_fan = np.stack([np.full(around, count * around), after, rim], -1)
    top_fan = np.stack([np.full(around, count * around + 1), top + rim, top + after], -1)
    return vertices, np.concatenate([sides, bottom_fan, top_fan]).astype(np.int32)


def resample(line: ArrayLike, count: int, *, smooth: bool = True) -> NDArray[np.float64]:
    """``count`` points evenly spaced along the curve through ``line`` (n, d)."""
    points = np.asarray(line, np.float64)
    lengths = np.r_[0, np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))]
    keep = np.r_[True, np.diff(lengths) > 1e-9]
    points, lengths = points[keep], lengths[keep]
    if smooth and len(points) > 2:
        dense = CubicSpline(lengths, points)(np.linspace(0, lengths[-1], 8 * count))
        return resample(dense, count, smooth=False)
    at = np.linspace(0, lengths[-1], count)
    return np.stack([np.interp(at, lengths, axis) for axis in points.T], -1)


def revolve(profile: Float[np.ndarray, "rings 2"], around: int) -> Rings:
    """Rings of the profile (radius, height) turned about the vertical axis."""
    angle = np.linspace(0, 2 * np.pi, around, endpoint=False)
    radius, height = profile[:, :1], profile[:, 1:]
    return np.stack(
        [
            radius * np.cos(angle),
            radius * np.sin(angle),
            np.broadcast_to(height, (len(profile), around)),
        ],
        -1,
    )


def frames(path: Float[np.ndarray, "n 3"]) -> tuple[NDArray, NDArray, NDArray]:
    """Tangents and two normals along a path, turned as little as possible from point to point."""
    tangents = np.gradient(path, axis=0)
    tangents /= np.maximum(np.linalg.norm(tangents, axis=1, keepdims=True), 1e-12)
    helper = np.eye(3)[np.argmin(np.abs(tangents[0]))]
    normal = np.cross(tangents[0], helper)
    normals = []
    for tangent in tangents:
        normal = normal - tangent * (normal @ tangent)
        normal = normal / max(float(np.linalg.norm(normal)), 1e-12)
        normals.append(normal)
    first = np.array(normals)
    return tangents, first, np.cross(tangents, first)


def tube(
    path: Float[np.ndarray, "n 3"],
    radii: ArrayLike,
    around: int,
    *,
    flatness: float = 1.0,
    twist: float = 0.0,
    section: ArrayLike | None = None,
) -> Rings:
    """Rings along ``path``.

    Args:
        path: the middle line.
        radii: radius at each point, or one for all.
        around: vertices of each ring.
        flatness: second half axis of the section as a share of the first.
        twist: turns of the section from the start to the end.
        section: factor on the radius for each vertex around, (around,).
    """
    _, first, second = frames(path)
    angle = np.linspace(0, 2 * np.pi, around, endpoint=False)
    shape = np.ones(around) if section is None else np.asarray(section)
    x, y = np.cos(angle) * shape, np.sin(angle) * shape * flatness
    turn = 2 * np.pi * twist * np.linspace(0, 1, len(path))[:, None]
    across = np.cos(turn) * x - np.sin(turn) * y
    along = np.sin(turn) * x + np.cos(turn) * y
    radius = np.broadcast_to(np.asarray(radii, float), (len(path),))[:, None, None]
    return path[:, None] + radius * (
        across[..., None] * first[:, None] + along[..., None] * second[:, None]
    )


def domed(radii: ArrayLike, rings: int = 6) -> NDArray[np.float64]:
    """``radii`` with both ends rounded off over the given number of rings."""
    rounded = np.array(radii, float)
    ramp = np.sqrt(1 - (1 - (np.arange(rings) + 0.5) / rings) ** 2)
    rounded[:rings] *= ramp
    rounded[-rings:] *= ramp[::-1]
    return rounded
