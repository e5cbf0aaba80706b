"""Relief and paint of procedural objects: what a surface carries besides its shape.

A relief gives each vertex a height along its normal; a paint mixes a second color into the first
by a mask in [0, 1] and may shine differently there. Colors are linear Rec. 709.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int32
from numpy.typing import NDArray

from lasagna_relight.relit.solid_noise import (
    Points,
    Values,
    cells,
    fractal_noise,
    ridged_noise,
    smooth_noise,
)

Color = NDArray[np.float32]
Faces = Int32[np.ndarray, "f 3"]
DARKEST, BRIGHTEST = 0.02, 0.85


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One closed surface with its looks per vertex; colors are linear."""

    vertices: Float[np.ndarray, "v 3"]
    faces: Faces
    colors: Float[np.ndarray, "v 3"]
    roughness: Float[np.ndarray, v]
    metallic: Float[np.ndarray, v]


def normals_of(vertices: Float[np.ndarray, "v 3"], faces: Faces) -> Float[np.ndarray, "v 3"]:
    """Unit normals at the vertices, weighted by area; zero at vertices without a face."""
    corners = vertices[faces]
    areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    total = np.zeros((len(vertices), 3))
    for corner in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(
                faces[:, corner], weights=areas[:, axis], minlength=len(vertices)
            )
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return (total / np.maximum(length, 1e-20)).astype(np.float32)


# --- colors ---


def hsv(hue: float, saturation: float, value: float) -> Color:
    """Linear color from hue (any real, one turn is 1), saturation and encoded value."""
    encoded = colorsys.hsv_to_rgb(hue % 1.0, np.clip(saturation, 0, 1), np.clip(value, 0, 1))
    return np.clip(np.array(encoded) ** 2.2, DARKEST, BRIGHTEST).astype(np.float32)


def palette(rng: np.random.Generator, count: int) -> list[Color]:
    """Colors that go together: near hues, opposites, earths, pales or any."""
    scheme = rng.choice(["near", "opposite", "earth", "pale", "any"], p=[0.3, 0.2, 0.25, 0.1, 0.15])
    hue = rng.uniform()
    found = []
    for index in range(count):
        if scheme == "earth":
            color = hsv(rng.uniform(0.02, 0.16), rng.uniform(0.1, 0.65), rng.uniform(0.25, 0.9))
        elif scheme == "pale":
            color = hsv(rng.uniform(), rng.uniform(0.02, 0.2), rng.uniform(0.7, 0.97))
        elif scheme == "any":
            color = hsv(rng.uniform(), 0.85 * rng.beta(1.6, 2.2), rng.uniform(0.3, 0.95))
        else:
            turn = 0.5 * (index % 2) if scheme == "opposite" else 0.0
            color = hsv(
                hue + turn + rng.normal(0, 0.05), 0.85 * rng.beta(1.8, 2.6), rng.uniform(0.3, 0.95)
            )
        found.append(color)
    return found


def shade(color: Color, factor: float) -> Color:
    """``color`` made darker (under 1) or brighter (over 1)."""
    return np.clip(color * np.float32(factor), DARKEST, BRIGHTEST).astype(np.float32)


# --- reliefs: heights at points, of the order of 1 ---

Relief = Callable[[Points, np.random.Generator], Values]


def _lumps(points: Points, rng: np.random.Generator) -> Values:
    return fractal_noise(points, frequency=rng.uniform(1.2, 3.0), octaves=3, rng=rng) / 2


def _grain(points: Points, rng: np.random.Generator) -> Values:
    return fractal_noise(points, frequency=rng.uniform(5, 9), octaves=2, rng=rng) / 2.5


def _crests(points: Points, rng: np.random.Generator) -> Values:
    return ridged_noise(points, frequency=rng.uniform(1.5, 4), octaves=3, rng=rng) ** 2


def _folds(points: Points, rng: np.random.Generator) -> Values:
    warp = fractal_noise(points, frequency=1.5, octaves=2, rng=rng)
    direction = rng.normal(size=3)
    direction /= np.linalg.norm(direction)
    phase = points @ direction * rng.uniform(12, 28) + rng.uniform(1, 4) * warp
    return np.abs(np.sin(phase / 2)).astype(np.float32)


def _pebbles(points: Points, rng: np.random.Generator) -> Values:
    near, _, _ = cells(points, spacing=rng.uniform(0.12, 0.3), rng=rng)
    return np.sqrt(np.clip(1 - near**2, 0, 1))


def _cracks(points: Points, rng: np.random.Generator) -> Values:
    moved = points + 0.06 * np.stack(
        [smooth_noise(points, frequency=3, rng=rng) for _ in range(3)], 1
    )
    near, second, _ = cells(moved.astype(np.float32), spacing=rng.uniform(0.2, 0.5), rng=rng)
    return np.clip((second - near) * rng.uniform(2, 5), 0, 1) - 1


def _dimples(points: Points, rng: np.random.Generator) -> Values:
    near, _, _ = cells(points, spacing=rng.uniform(0.12, 0.3), rng=rng)
    return -np.exp(-((near / rng.uniform(0.3, 0.5)) ** 2))


def _warts(points: Points, rng: np.random.Generator) -> Values:
    near, _, number = cells(points, spacing=rng.uniform(0.1, 0.25), rng=rng)
    size = rng.uniform(0, 1, number.max() + 1)[number]
    return (size * np.exp(-((near / 0.35) ** 2))).astype(np.float32)


def _quilted(points: Points, rng: np.random.Generator) -> Values:
    near, _, _ = cells(points, spacing=rng.uniform(0.2, 0.4), rng=rng)
    return -(near**2)


def _ribs(points: Points, rng: np.random.Generator) -> Values:
    count = int(rng.integers(8, 28))
    angle = np.arctan2(points[:, 1], points[:, 0]) + rng.uniform(-1.5, 1.5) * points[:, 2]
    return np.abs(np.cos(angle * count / 2)) ** rng.uniform(0.5, 2)


def _hoops(points: Points, rng: np.random.Generator) -> Values:
    wave = np.sin(
        points[:, 2] * rng.uniform(14, 36) + 0.3 * smooth_noise(points, frequency=2, rng=rng)
    )
    return np.clip(wave * rng.uniform(1, 3), -1, 1) / 2


def _scales(points: Points, rng: np.random.Generator) -> Values:
    around, up = rng.integers(12, 26), rng.uniform(8, 16)
    row = np.floor(points[:, 2] * up)
    u = np.arctan2(points[:, 1], points[:, 0]) / (2 * np.pi) * around + 0.5 * (row % 2)
    x, y = (u % 1.0) - 0.5, points[:, 2] * up - row
    return np.clip(1.1 - 1.6 * np.abs(x) ** 2 * 2 - y, -0.2, 1) / 1.2


RELIEFS: dict[str, Relief] = {
    "lumps": _lumps,
    "grain": _grain,
    "crests": _crests,
    "folds": _folds,
    "pebbles": _pebbles,
    "cracks": _cracks,
    "dimples": _dimples,
    "warts": _warts,
    "quilted": _quilted,
    "ribs": _ribs,
    "hoops": _hoops,
    "scales": _scales,
}


def relief(name: str, points: Points, rng: np.random.Generator) -> Values:
    """Heights of the named relief at ``points``, of the order of 1."""
    return RELIEFS[name](points, rng).astype(np.float32)


# --- paints: masks in [0, 1] ---


def _step(values: Values, edge: float, width: float) -> Values:
    t = np.clip((values - edge) / max(width, 1e-4) + 0.5, 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


@dataclass(frozen=True, kw_only=True)
class Surface:
    """What a paint may look at: places, unit normals, and the relief's height (zero mean)."""

    points: Points
    normals: Points
    height: Values


def _clouds(surface: Surface, rng: np.random.Generator) -> Values:
    field = fractal_noise(surface.points, frequency=rng.uniform(0.8, 3), octaves=4, rng=rng)
    return _step(field, rng.uniform(-0.4, 0.4), rng.choice([0.1, 0.6, 2.0]))


def _spots(surface: Surface, rng: np.random.Generator) -> Values:
    near, _, number = cells(surface.points, spacing=rng.uniform(0.15, 0.5), rng=rng)
    size = rng.uniform(0.2, 0.45, number.max() + 1)[number]
    return _step(size - near, 0.0, rng.uniform(0.03, 0.15))


def _stripes(surface: Surface, rng: np.random.Generator) -> Values:
    direction = rng.normal(size=3) * [1, 1, rng.choice([0.2, 4.0])]
    direction /= np.linalg.norm(direction)
    warp = fractal_noise(surface.points, frequency=1.5, octaves=3, rng=rng)
    wave = np.sin(
        surface.points @ direction * rng.uniform(6, 26) + rng.choice([0.0, 0.5, 2.5]) * warp
    )
    return _step(wave, rng.uniform(-0.5, 0.5), rng.uniform(0.1, 0.5))


def _gradient(surface: Surface, rng: np.random.Generator) -> Values:
    z = surface.points[:, 2]
    share = (z - z.min()) / max(float(np.ptp(z)), 1e-6)
    noise = smooth_noise(surface.points, frequency=2, rng=rng)
    return _step(share + 0.06 * noise, rng.uniform(0.3, 0.7), rng.uniform(0.2, 1.0))


def _patches(surface: Surface, rng: np.random.Generator) -> Values:
    near, second, number = cells(surface.points, spacing=rng.uniform(0.2, 0.5), rng=rng)
    edge = _step(second - near, rng.uniform(0.1, 0.2), 0.08)
    return edge * rng.uniform(0.3, 1, number.max() + 1)[number].astype(np.float32)


def _veins(surface: Surface, rng: np.random.Generator) -> Values:
    field = ridged_noise(surface.points, frequency=rng.uniform(0.8, 2), octaves=4, rng=rng)
    return _step(field, rng.uniform(0.8, 0.92), 0.12)


def _speckle(surface: Surface, rng: np.random.Generator) -> Values:
    field = smooth_noise(surface.points, frequency=rng.uniform(8, 14), rng=rng)
    return _step(field, rng.uniform(0.8, 1.6), 0.4)


def _upper(surface: Surface, rng: np.random.Generator) -> Values:
    noise = fractal_noise(surface.points, frequency=3, octaves=3, rng=rng)
    return _step(surface.normals[:, 2] + 0.2 * noise, rng.uniform(0.1, 0.6), 0.4)


def _hollows(surface: Surface, rng: np.random.Generator) -> Values:
    spread = float(surface.height.std())
    if spread < 1e-6:
        return _clouds(surface, rng)
    return _step(-surface.height / spread, rng.uniform(-0.3, 0.8), rng.uniform(0.3, 1.5))


PAINTS: dict[str, Callable[[Surface, np.random.Generator], Values]] = {
    "clouds": _clouds,
    "spots": _spots,
    "stripes": _stripes,
    "gradient": _gradient,
    "patches": _patches,
    "veins": _veins,
    "speckle": _speckle,
    "upper": _upper,
    "hollows": _hollows,
}


@dataclass(frozen=True, kw_only=True)
class Finish:
    """How a piece is finished.

    Attributes:
        reliefs: names and heights, in units of the object.
        paints: names and the color that each mixes in.
        roughness: of the base; painted places differ a little.
        metallic: 0 or 1.
    """

    reliefs: tuple[tuple[str, float], ...] = ()
    paints: tuple[tuple[str, Color], ...] = ()
    roughness: float = 0.6
    metallic: float = 0.0


def random_finish(
    rng: np.random.Generator,
    colors: list[Color],
    *,
    reliefs: tuple[str, ...] = tuple(RELIEFS),
    height: float = 0.04,
    paints: tuple[str, ...] = tuple(PAINTS),
    metal: float = 0.08,
) -> Finish:
    """A finish with none to two of ``reliefs`` and ``paints``; metal with the given probability."""
    chosen = rng.choice(
        reliefs, size=min(int(rng.choice([0, 1, 1, 2])), len(reliefs)), replace=False
    )
    painted = rng.choice(
        paints, size=min(int(rng.choice([0, 1, 1, 2])), len(paints)), replace=False
    )
    metallic = float(rng.uniform() < metal)
    return Finish(
        reliefs=tuple((str(name), float(height * rng.uniform(0.4, 1.1))) for name in chosen),
        paints=tuple((str(name), colors[rng.integers(len(colors))]) for name in painted),
        roughness=float(rng.uniform(0.2, 0.5) if metallic else rng.uniform(0.25, 0.95)),
        metallic=metallic,
    )


def finished(
    vertices: Float[np.ndarray, "v 3"],
    faces: Faces,
    base: Float[np.ndarray, "*v 3"],
    finish: Finish,
    rng: np.random.Generator,
    *,
    strength: Float[np.ndarray, v] | float = 1.0,
) -> Piece:
    """The surface with relief carved and paint applied.

    ``base`` is one linear color or one per vertex; ``strength`` scales the relief per vertex.
    """
    vertices = vertices.astype(np.float32)
    height = np.zeros(len(vertices), np.float32)
    for name, amount in finish.reliefs:
        height += np.float32(amount) * relief(name, vertices, rng)
    if finish.reliefs:
        height = (height - height.mean()) * np.asarray(strength, np.float32)
        vertices = vertices + height[:, None] * normals_of(vertices, faces)
    surface = Surface(points=vertices, normals=normals_of(vertices, faces), height=height)
    colors = np.broadcast_to(base, vertices.shape).astype(np.float32).copy()
    roughness = np.full(len(vertices), finish.roughness, np.float32)
    for name, color in finish.paints:
        mask = PAINTS[name](surface, rng) * np.float32(rng.uniform(0.5, 1))
        colors += mask[:, None] * (color - colors)
        roughness += mask * np.float32(rng.uniform(-0.2, 0.2))
    mottle = 1 + 0.05 * fractal_noise(vertices, frequency=4, octaves=3, rng=rng)
    return Piece(
        vertices=vertices,
        faces=faces,
        colors=np.clip(colors * mottle[:, None], 0, 1).astype(np.float32),
        roughness=np.clip(roughness, 0.08, 1).astype(np.float32),
        metallic=np.full(len(vertices), finish.metallic, np.float32),
    )
