"""Procedural objects without a plan: melted lumps, stones, and assemblies of rounded solids."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from lasagna_relight.relit.implicit_shapes import (
    Body,
    Primitive,
    cone,
    cylinder,
    ellipsoid,
    half_space,
    polygonize,
    round_cone,
    rounded_box,
    torus,
)
from lasagna_relight.relit.solid_noise import Points
from lasagna_relight.relit.surface_detail import (
    Color,
    Finish,
    Piece,
    finished,
    palette,
    random_finish,
)


def triangle_budget(rng: np.random.Generator) -> int:
    """How many triangles a sculpted body gets."""
    return int(rng.integers(16_000, 38_000))


def sculpt(
    body: Body, base: Color, finish: Finish, rng: np.random.Generator, *, triangles: int = 0
) -> Piece:
    """The body as a finished piece; parts without a color have ``base``."""
    vertices, faces = polygonize(body, triangles=triangles or triangle_budget(rng))
    return finished(vertices, faces, body.colors(vertices, base), finish, rng)


def swirl(
    rng: np.random.Generator, *, twist: float, bend: float, wobble: float
) -> Callable[[Points], Points]:
    """A warp of space: twist about the vertical, bend sideways, wobble in slow waves."""
    waves = rng.normal(0, 2.2, (3, 3)).astype(np.float32)
    phases = rng.uniform(0, 2 * np.pi, 3).astype(np.float32)
    twist, bend, wobble = float(twist), float(bend), float(wobble)

    def warp(points: Points) -> Points:
        moved = points + wobble * np.sin(points @ waves + phases)
        x, y, z = moved.T
        cosine, sine = np.cos(twist * z), np.sin(twist * z)
        return np.stack([cosine * x - sine * y + bend * z * z, sine * x + cosine * y, z], 1)

    return warp


def blob(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """Ellipsoids melted together, hollowed in places, twisted or bent."""
    colors = palette(rng, 4)
    body = Body(
        warp=swirl(
            rng,
            twist=float(rng.choice([0, rng.uniform(-2, 2)])),
            bend=float(rng.choice([0, rng.uniform(-0.5, 0.5)])),
            wobble=float(rng.uniform(0, 0.12)),
        )
    )
    place, direction = np.zeros(3), rng.normal(size=3)
    mixed = rng.uniform() < 0.4
    for _ in range(rng.integers(2, 9)):
        radii = rng.uniform(0.14, 0.5) * rng.uniform(0.55, 1.5, 3)
        color = colors[rng.integers(len(colors))] if mixed else None
        soft = float(rng.uniform(0.03, 0.3))
        body.join(ellipsoid(place, radii, Rotation.random(rng=rng)), soft=soft, color=color)
        direction = 0.5 * direction + rng.normal(size=3)
        direction /= np.linalg.norm(direction)
        place = np.clip(place + direction * radii.mean() * rng.uniform(0.8, 1.5), -0.75, 0.75)
    for _ in range(rng.integers(0, 4)):
        where = rng.normal(size=3)
        where *= rng.uniform(0.3, 0.8) / np.linalg.norm(where)
        body.cut(
            ellipsoid(where, rng.uniform(0.12, 0.35, 3), Rotation.random(rng=rng)),
            soft=float(rng.uniform(0.02, 0.15)),
            color=colors[1] if rng.uniform() < 0.3 else None,
        )
    finish = random_finish(rng, colors, height=0.06)
    return "Organic form", [sculpt(body, colors[0], finish, rng)]


def _flat_cuts(rng: np.random.Generator, count: int, jitter: float) -> list[Primitive]:
    cuts = []
    for _ in range(count):
        normal = rng.normal(size=3)
        cuts.append(half_space(normal, float(0.6 * rng.uniform(1 - jitter, 1 + jitter))))
    return cuts


def stone(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """Rocks, pebbles, crystals: planes cut a lump, edges are worn, noise does the rest."""
    kind = rng.choice(["boulder", "pebble", "crystal", "slab", "cluster"])
    colors = palette(rng, 4)
    stretch = rng.uniform(0.5, 1.3, 3)
    body = Body(warp=lambda points: (points / stretch).astype(np.float32))
    edge = float(rng.uniform(0.005, 0.06))
    if kind == "crystal":
        for _ in range(rng.integers(3, 9)):
            tilt = Rotation.from_euler("xyz", [*rng.normal(0, 0.5, 2), rng.uniform(0, 6.3)])
            base, height = rng.uniform(-0.3, 0.3, 3) * [1, 1, 0], rng.uniform(0.3, 0.9)
            thick = rng.uniform(0.08, 0.22)
            body.join(_prism(base, tilt, thick, height, int(rng.integers(4, 7))), soft=0.01)
        body.join(ellipsoid((0, 0, -0.05), (0.5, 0.5, 0.16)), soft=0.08, color=colors[1])
        reliefs, height = ("grain", "lumps", "cracks"), 0.015
    elif kind == "cluster":
        for _ in range(rng.integers(4, 10)):
            body.join(
                ellipsoid(
                    rng.uniform(-0.5, 0.5, 3) * [1, 1, 0.5],
                    rng.uniform(0.15, 0.4, 3),
                    Rotation.random(rng=rng),
                ),
                soft=edge,
                color=colors[rng.integers(4)],
            )
        reliefs, height = ("lumps", "grain", "dimples"), 0.03
    else:
        flat = 0.45 if kind == "slab" else 1.0
        body.join(ellipsoid((0, 0, 0), (0.9, 0.8, 0.75 * flat)))
        cuts = int(rng.integers(9, 26)) if kind != "pebble" else int(rng.integers(0, 5))
        body.keep(*_flat_cuts(rng, cuts, 0.3), soft=edge * (1 if kind != "pebble" else 4))
        for _ in range(rng.integers(0, 3)):
            where = Rotation.random(rng=rng).apply([rng.uniform(0.6, 0.9), 0, 0])
            body.cut(ellipsoid(where, rng.uniform(0.1, 0.4, 3)), soft=edge)
        reliefs, height = ("crests", "cracks", "lumps", "grain", "folds", "dimples"), 0.05
        if kind == "pebble":
            reliefs, height = ("lumps", "grain"), 0.015
    finish = random_finish(
        rng,
        colors,
        reliefs=reliefs,
        height=height,
        paints=("clouds", "veins", "speckle", "upper", "hollows", "stripes"),
        metal=0.03,
    )
    return str(kind).capitalize(), [sculpt(body, colors[0], finish, rng)]


def _prism(base: NDArray, tilt: Rotation, radius: float, height: float, sides: int) -> Primitive:
    angles = np.arange(sides) * 2 * np.pi / sides
    walls = np.stack([np.cos(angles), np.sin(angles), np.zeros(sides)], 1)
    roof = np.stack([np.cos(angles), np.sin(angles), np.full(sides, 0.8)], 1)
    roof /= np.linalg.norm(roof, axis=1, keepdims=True)
    matrix, origin = tilt.as_matrix().astype(np.float32), base.astype(np.float32)
    planes = np.concatenate([walls, roof, [[0, 0, -1]]]).astype(np.float32)
    tip = np.array([0, 0, height], np.float32)
    offsets = np.concatenate([np.full(sides, radius), roof @ tip, [0.3]]).astype(np.float32)

    def distance(points: Points):
        local = (points - origin) @ matrix
        return (local @ planes.T - offsets).max(axis=1)

    return distance


def _random_solid(
    rng: np.random.Generator, center: NDArray, size: float, turn: Rotation | None
) -> Primitive:
    edge = float(size * rng.uniform(0.04, 0.25))
    kind = rng.choice(["box", "drum", "ball", "ring", "cone", "pill"])
    if kind == "box":
        return rounded_box(center, size * rng.uniform(0.5, 1.1, 3), edge, turn)
    if kind == "drum":
        radius, half = size * rng.uniform(0.5, 1.0), size * rng.uniform(0.3, 1.2)
        return cylinder(center, float(radius), float(half), min(edge, 0.4 * size), turn)
    if kind == "ball":
        return ellipsoid(center, size * rng.uniform(0.7, 1.1, 3), turn)
    if kind == "ring":
        return torus(center, float(size), float(size * rng.uniform(0.2, 0.4)), turn)
    if kind == "cone":
        return cone(center, float(size), float(size * rng.uniform(0.2, 0.7)), float(size), turn)
    along = np.array([0, 0, size]) if turn is None else turn.apply([0, 0, size])
    thick = float(size * rng.uniform(0.3, 0.6))
    return round_cone(center - along, center + along, thick, thick)


def assembly(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """Rounded solids stacked, mirrored or set around an axis, with holes and grooves."""
    colors = palette(rng, 4)
    plan = rng.choice(["stack", "around", "mirror", "scatter"])
    body = Body()
    soft = float(rng.choice([0.005, 0.02, 0.06]))
    if plan == "stack":
        z, size = -0.8, rng.uniform(0.3, 0.55)
        for _ in range(rng.integers(3, 7)):
            size = float(np.clip(size * rng.uniform(0.6, 1.25), 0.14, 0.55))
            center = np.array([*rng.normal(0, 0.04, 2), z + size * 0.8])
            turn = Rotation.from_euler("z", rng.uniform(0, 6.3))
            color = colors[rng.integers(4)]
            body.join(_random_solid(rng, center, size, turn), soft=soft, color=color)
            z += size * rng.uniform(0.9, 1.5)
    elif plan == "around":
        body.join(_random_solid(rng, np.zeros(3), 0.5, None), soft=soft, color=colors[0])
        for layer in range(rng.integers(1, 4)):
            count, radius = int(rng.integers(3, 9)), rng.uniform(0.4, 0.8)
            size, height = rng.uniform(0.1, 0.28), rng.uniform(-0.5, 0.5)
            state = rng.bit_generator.state
            for index in range(count):
                rng.bit_generator.state = state
                turn = Rotation.from_euler("z", 2 * np.pi * index / count)
                center = turn.apply([radius, 0, height])
                shape = _random_solid(rng, center, size, turn)
                if layer == 1:
                    body.cut(shape, soft=soft, color=colors[3])
                else:
                    body.join(shape, soft=soft, color=colors[layer + 1])
                    spoke = round_cone((0, 0, 0.6 * height), center, 0.5 * size, 0.35 * size)
                    body.join(spoke, soft=soft, color=colors[0])
    else:
        for _ in range(rng.integers(4, 10)):
            size = rng.uniform(0.15, 0.42)
            center = rng.uniform(-0.6, 0.6, 3)
            turn = Rotation.random(rng=rng) if plan == "scatter" else None
            color = colors[rng.integers(4)]
            state = rng.bit_generator.state
            body.join(_random_solid(rng, center, size, turn), soft=soft, color=color)
            if plan == "mirror":
                rng.bit_generator.state = state
                mirrored = center * [-1, 1, 1]
                body.join(_random_solid(rng, mirrored, size, turn), soft=soft, color=color)
        body.join(rounded_box((0, 0, 0), (0.35, 0.35, 0.35), 0.08), soft=soft, color=colors[0])
    for _ in range(rng.integers(0, 4)):
        turn = Rotation.from_euler("xyz", rng.choice([0, np.pi / 2], 3))
        center = rng.uniform(-0.5, 0.5, 3)
        shape = cylinder(center, float(rng.uniform(0.06, 0.2)), 1.5, 0.02, turn)
        body.cut(shape, soft=0.01, color=colors[2] if rng.uniform() < 0.5 else None)
    finish = random_finish(
        rng,
        colors,
        reliefs=("grain", "lumps", "hoops", "dimples"),
        height=0.012,
        metal=0.25,
    )
    return "Assembly", [sculpt(body, colors[0], finish, rng)]
