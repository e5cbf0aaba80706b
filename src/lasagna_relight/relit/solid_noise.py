"""Noise in space, for the relief and the paint of procedural objects.

Points are (N, 3) in units of the object (about 1 from its middle to its edge).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates, spline_filter
from scipy.spatial import KDTree

Points = Float[np.ndarray, "n 3"]
Values = Float[np.ndarray, "n"]
Numbers = NDArray[Any] | Sequence[Any] | float
"""What numpy makes an array of numbers from."""

LATTICE = 24
"""Noise repeats after this many cells."""


def smooth_noise(points: Points, *, frequency: float, rng: np.random.Generator) -> Values:
    """Value noise by cubic splines, zero mean and about unit variance."""
    lattice = rng.standard_normal((LATTICE,) * 3).astype(np.float32)
    # the stubs know of float64 only
    knots = spline_filter(lattice, order=3, mode="grid-wrap", output=np.float32)  # pyright: ignore
    places = points.T * frequency + rng.uniform(0, LATTICE, (3, 1))
    values = map_coordinates(knots, places, order=3, mode="grid-wrap", prefilter=False)
    return (values / 0.6).astype(np.float32)


def fractal_noise(
    points: Points,
    *,
    frequency: float,
    octaves: int,
    rng: np.random.Generator,
    gain: float = 0.5,
) -> Values:
    """Octaves of ``smooth_noise``, each weaker by ``gain``; about unit variance."""
    weights = gain ** np.arange(octaves)
    layers = [
        weight * smooth_noise(points, frequency=frequency * 2.03**octave, rng=rng)
        for octave, weight in enumerate(weights)
    ]
    return (np.sum(layers, axis=0) / np.sqrt((weights**2).sum())).astype(np.float32)


def ridged_noise(
    points: Points, *, frequency: float, octaves: int, rng: np.random.Generator
) -> Values:
    """Sharp crests in [0, 1] where fractal noise crosses zero."""
    field = fractal_noise(points, frequency=frequency, octaves=octaves, rng=rng)
    return 1 - np.clip(np.abs(field), 0, 1)


def cells(
    points: Points, *, spacing: float, rng: np.random.Generator
) -> tuple[Values, Values, NDArray[np.int64]]:
    """Distances to the nearest and second nearest of scattered seeds, and the nearest's number.

    ``spacing`` is about the distance between neighboring seeds; distances are in its units.
    The seeds are drawn from the points themselves, kept apart from one another.
    """
    order = rng.permutation(len(points))[:4000]
    candidates = points[order]
    tree = KDTree(candidates)
    taken = np.zeros(len(candidates), bool)
    seeds: list[int] = []
    for index in range(len(candidates)):
        if not taken[index]:
            seeds.append(index)
            taken[tree.query_ball_point(candidates[index], spacing)] = True
    chosen = candidates[seeds]
    if len(chosen) < 2:
        far = np.full(len(points), 2.0, np.float32)
        return far, far, np.zeros(len(points), np.int64)
    found: Any = KDTree(chosen).query(points, k=2)  # the stubs leave the shape open
    distances, nearest = found
    scaled = (distances / spacing).astype(np.float32)
    return scaled[:, 0], scaled[:, 1], nearest[:, 0]
