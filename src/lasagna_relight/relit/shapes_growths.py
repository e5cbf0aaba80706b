"""Procedural shells, horns and knots; branches, corals, cacti and rosettes."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from lasagna_relight.relit.implicit_shapes import (
    Body,
    ellipsoid,
    polygonize,
    round_cone,
)
from lasagna_relight.relit.shapes_organic import sculpt
from lasagna_relight.relit.surface_detail import (
    Finish,
    Piece,
    finished,
    hsv,
    palette,
    random_finish,
)
from lasagna_relight.relit.swept_shapes import domed, resample, revolve, skin, tube

RING = 40


def spiral_shell(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """A tube that grows as it winds (Raup's logarithmic spiral), open at its mouth."""
    colors = palette(rng, 4)
    turns = rng.uniform(2.5, 5.5)
    growth = np.log(rng.uniform(1.5, 2.8)) / (2 * np.pi)
    rise, tube_size = (
        rng.choice([rng.uniform(0, 0.4), rng.uniform(0.8, 2.2)]),
        rng.uniform(0.5, 0.9),
    )
    angle = np.linspace(0, 2 * np.pi * turns, int(58 * turns))
    size = np.exp(growth * (angle - angle[-1]))
    path = np.stack([size * np.cos(angle), size * np.sin(angle), -rise * size * 1.4], 1)
    radii = size * tube_size * (1 - np.exp(-growth * 2 * np.pi)) * 1.35
    around = np.linspace(0, 2 * np.pi, RING * 2, endpoint=False)
    keel = 1 + rng.uniform(0, 0.25) * np.cos(around * rng.integers(1, 4) + rng.uniform(0, 6))
    rings = tube(path, radii, RING * 2, flatness=rng.uniform(0.8, 1.2), section=keel)
    wave = rng.integers(6, 30) * angle
    ribs = 1 + rng.uniform(0, 0.12) * np.sin(wave)[:, None, None]
    spines = 1.0
    if rng.uniform() < 0.4:
        lobes = np.clip(np.cos(around * rng.integers(2, 6)), 0, 1)[None, :, None] ** 4
        beat = np.clip(np.sin(angle * rng.integers(5, 12)), 0, 1)[:, None, None] ** 3
        spines = 1 + rng.uniform(0.2, 0.7) * lobes * beat
    rings = path[:, None] + (rings - path[:, None]) * ribs * spines
    mouth = rings[-1].mean(0)
    steps = np.linspace(0.92, 0.2, 12)
    depth = np.linspace(0, 1, 12)
    inward = np.stack([
        mouth * (1 - d) + path[-1 - int(16 * d)] * d + (rings[-1] - mouth) * s
        for s, d in zip(steps, depth, strict=True)
    ])  # fmt: skip
    flare = mouth + (rings[-1] - mouth) * rng.uniform(1.0, 1.25)
    vertices, faces = skin(np.concatenate([rings, flare[None], inward]))
    base = np.tile(colors[0], (len(vertices), 1))
    inside = np.arange(len(vertices)) >= len(rings) * RING * 2
    base[inside[: len(base)]] = colors[3]
    tilt = Rotation.from_euler("xyz", [rng.uniform(40, 110), 0, rng.uniform(0, 360)], degrees=True)
    turned = (vertices @ tilt.as_matrix().T).astype(np.float32)
    finish = random_finish(
        rng,
        colors,
        reliefs=("grain", "lumps", "warts"),
        height=0.02,
        paints=("stripes", "spots", "clouds", "speckle", "gradient"),
        metal=0.04,
    )
    return "Shell", [finished(turned, faces, base, finish, rng)]


def scallop(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """One half of a ribbed shell, a curved fan with thickness."""
    colors = palette(rng, 3)
    u, v = np.meshgrid(np.linspace(0.02, 1, 90), np.linspace(-1, 1, 150), indexing="ij")
    spread, count = rng.uniform(0.8, 1.4), int(rng.integers(7, 20))
    angle = v * spread
    edge = 1 + rng.uniform(0, 0.06) * np.cos(count * v * np.pi)
    x, y = u * edge * np.sin(angle), u * edge * np.cos(angle)
    dome = rng.uniform(0.3, 0.6) * np.sin(np.pi * np.clip(u, 0, 1) ** 0.8 * 0.9 + 0.1)
    ribs = rng.uniform(0.02, 0.05) * np.cos(count * v * np.pi) * u**0.7
    steps = rng.uniform(0, 0.015) * np.sin(u * rng.uniform(30, 80))
    top = dome * np.cos(angle * 0.8) + ribs + steps
    upper = np.stack([x, y, top], -1)
    lower = np.stack([x * 0.985, y * 0.985, top - rng.uniform(0.04, 0.07)], -1)
    rings = np.concatenate([upper, lower[:, ::-1]], axis=1)
    vertices, faces = skin(rings)
    tilt = Rotation.from_euler("x", rng.uniform(35, 95), degrees=True)
    vertices = (vertices @ tilt.as_matrix().T).astype(np.float32)
    finish = random_finish(
        rng,
        colors,
        reliefs=("grain", "lumps"),
        height=0.01,
        paints=("stripes", "clouds", "gradient"),
    )
    band = 0.5 + 0.5 * np.sin(np.repeat(np.linspace(0, rng.uniform(9, 40), 90), 300))
    mix = np.r_[band, 0, 0][:, None] * rng.uniform(0.2, 1)
    return "Scallop", [
        finished(vertices, faces, colors[0] + mix * (colors[1] - colors[0]), finish, rng)
    ]


def knot(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """Tubes in knots, braids, horns and springs."""
    colors = palette(rng, 4)
    kind = rng.choice(["torus knot", "horn", "spring", "braid", "tangle"])
    finish = random_finish(rng, colors, height=0.025, metal=0.15)
    count = 420
    t = np.linspace(0, 2 * np.pi, count)
    around = np.linspace(0, 2 * np.pi, RING, endpoint=False)
    lobes = 1 + rng.choice([0, rng.uniform(0.05, 0.25)]) * np.cos(around * rng.integers(3, 8))
    twist = float(rng.choice([0, rng.integers(1, 9)]))
    pieces: list[Piece] = []
    if kind == "torus knot":
        p, q = ((2, 3), (3, 2), (2, 5), (3, 4), (4, 3))[rng.integers(5)]
        r = 0.6 + 0.3 * np.cos(q * t)
        path = np.stack([r * np.cos(p * t), r * np.sin(p * t), 0.32 * np.sin(q * t)], 1)
        turn = Rotation.from_euler("x", rng.uniform(0, 90), degrees=True)
        paths = [(path @ turn.as_matrix().T, rng.uniform(0.1, 0.17))]
    elif kind == "horn":
        turns, grow = rng.uniform(0.6, 2.6), np.linspace(1, 0.1, count)
        path = np.stack(
            [
                0.6 * grow * np.cos(turns * t),
                0.6 * grow * np.sin(turns * t),
                0.22 * t * rng.uniform(0.3, 1),
            ],
            1,
        )
        paths = [
            (path, np.linspace(0.26, 0.03, count) * (1 + 0.06 * np.sin(t * rng.uniform(10, 24))))
        ]
    elif kind == "spring":
        turns = rng.uniform(3, 6)
        path = np.stack([0.5 * np.cos(turns * t), 0.5 * np.sin(turns * t), 0.25 * (t - np.pi)], 1)
        paths = [(path, rng.uniform(0.07, 0.14))]
    elif kind == "braid":
        strands = int(rng.integers(2, 5))
        wind = rng.uniform(1.5, 4)
        paths = [
            (
                np.stack(
                    [0.16 * np.cos(wind * t + s), 0.16 * np.sin(wind * t + s), 0.3 * (t - np.pi)], 1
                )
                + np.stack([0.2 * np.sin(t), 0 * t, 0 * t], 1),
                0.16,
            )
            for s in 2 * np.pi * np.arange(strands) / strands
        ]
        count = 420
    else:
        line = rng.normal(size=(9, 3))
        line *= 0.7 / np.linalg.norm(line, axis=1, keepdims=True)
        paths = [(resample(line, count), rng.uniform(0.09, 0.16))]
    for index, (path, radius) in enumerate(paths):
        rows = count if len(paths) == 1 else 160
        line = path[np.linspace(0, count - 1, rows).astype(int)]
        size = np.broadcast_to(np.asarray(radius, float), (count,))[
            np.linspace(0, count - 1, rows).astype(int)
        ]
        rings = tube(line, domed(size) + 1e-3, RING, section=lobes, twist=twist)
        vertices, faces = skin(rings)
        pieces.append(finished(vertices, faces, colors[index % 4], finish, rng))
    return str(kind).capitalize(), pieces


def shell(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """A spiral shell, a scallop, or a knot."""
    return (spiral_shell, spiral_shell, scallop, knot, knot)[rng.integers(5)](rng)


def branching(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """A trunk that forks again and again: coral, root, leafless tree, antler."""
    colors = palette(rng, 4)
    body = Body()
    soft = float(rng.uniform(0.02, 0.1))
    spread, shrink = rng.uniform(20, 55), rng.uniform(0.66, 0.82)
    knobs = rng.uniform() < 0.4
    budget = 70

    def grow(start, heading, length, radius, depth):
        nonlocal budget
        budget -= 1
        end = start + heading * length
        thin = max(radius * shrink, 0.03)
        body.join(round_cone(start, end, radius, thin), soft=soft, color=colors[min(depth, 1)])
        if depth >= 4 or budget < 0:
            if knobs:
                body.join(ellipsoid(end, thin * 1.8), soft=soft, color=colors[2])
            return
        forks = int(rng.integers(2, 4))
        spin = rng.uniform(0, 360)
        for fork in range(forks):
            turn = Rotation.from_euler(
                "xz", [spread * rng.uniform(0.6, 1.3), spin + 360 * fork / forks], degrees=True
            )
            side = Rotation.align_vectors([heading], [[0, 0, 1]])[0]
            out = side.apply(turn.apply([0, 0, 1]))
            out = out + [0, 0, 0.15]
            grow(
                end,
                out / np.linalg.norm(out),
                length * shrink * rng.uniform(0.8, 1.15),
                thin,
                depth + 1,
            )

    grow(
        np.array([0, 0, -0.9]),
        np.array([0, 0, 1.0]),
        rng.uniform(0.35, 0.6),
        rng.uniform(0.1, 0.19),
        0,
    )
    body.join(ellipsoid((0, 0, -0.95), (0.4, 0.35, 0.1)), soft=0.12, color=colors[3])
    finish = random_finish(
        rng, colors, reliefs=("grain", "lumps", "warts", "dimples", "folds"), height=0.02
    )
    return "Branching growth", [sculpt(body, colors[0], finish, rng, triangles=32_000)]


def cactus(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """Ribbed columns and balls in a pot."""
    colors = palette(rng, 3)
    green = hsv(rng.uniform(0.2, 0.45), rng.uniform(0.25, 0.8), rng.uniform(0.3, 0.8))
    ribs, depth = int(rng.integers(8, 16)), rng.uniform(0.02, 0.06)
    body, tall = Body(), rng.uniform(0.3, 0.9)
    body.join(round_cone((0, 0, -0.4), (0, 0, tall), 0.3, 0.24), soft=0.03)
    for _ in range(rng.integers(0, 5)):
        angle, level = rng.uniform(0, 6.3), rng.uniform(-0.2, tall)
        out = np.array([np.cos(angle), np.sin(angle), 0])
        elbow = out * 0.48 + [0, 0, level + 0.08]
        body.join(round_cone([0, 0, level], elbow, 0.12, 0.12), soft=0.06)
        tip = elbow + [0, 0, rng.uniform(0.15, 0.5)]
        body.join(round_cone(elbow, tip, 0.13, 0.1), soft=0.06)
    for _ in range(rng.integers(0, 6)):
        out = Rotation.random(rng=rng).apply([0.2, 0, 0])
        body.join(
            ellipsoid([0, 0, tall + 0.12] + out * [1, 1, 0.3], 0.1), soft=0.01, color=colors[1]
        )
    vertices, faces = polygonize(body, triangles=26_000)
    angle = np.arctan2(vertices[:, 1], vertices[:, 0])
    push = depth * np.abs(np.cos(angle * ribs / 2))
    vertices[:, :2] *= (1 - push / np.maximum(np.hypot(*vertices[:, :2].T), 0.2))[:, None]
    finish = Finish(
        reliefs=((str(rng.choice(["warts", "grain"])), 0.02),),
        paints=(("speckle", hsv(0.13, 0.3, 0.9)), ("gradient", colors[2])),
        roughness=rng.uniform(0.4, 0.9),
    )
    plant = finished(vertices, faces, body.colors(vertices, green), finish, rng)
    return "Cactus", [plant, *_pot(rng, colors[0])]


def _pot(rng: np.random.Generator, color) -> list[Piece]:
    top = rng.uniform(0.4, 0.55)
    line = [
        (0.02, -0.95), (top * 0.7, -0.95), (top * 0.95, -0.42), (top * 1.08, -0.42),
        (top * 1.08, -0.28), (top * 0.96, -0.28), (top * 0.92, -0.36), (0.02, -0.34),
    ]  # fmt: skip
    vertices, faces = skin(revolve(resample(line, 60, smooth=False), 96))
    return [finished(vertices, faces, color, random_finish(rng, [color], height=0.01), rng)]


def rosette(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """Petals or leaves in a spiral: flower, succulent, artichoke, cone."""
    colors = palette(rng, 3)
    count = int(rng.integers(16, 60))
    close = rng.uniform(0.2, 1.0)
    body = Body()
    inner, outer = colors[0], colors[1]
    for index in range(count):
        share = index / count
        angle = index * 2.39996
        open_deg = (12 + 80 * share) * close + 4
        size = 0.16 + 0.26 * share**0.7
        turn = Rotation.from_euler("yz", [open_deg, np.rad2deg(angle)], degrees=True)
        middle = turn.apply([0, 0, 0.62 * size + 0.22 * share]) + [0, 0, 0.35 * (1 - share)]
        petal = ellipsoid(middle, (0.045, size * 0.55, size * 0.8), turn)
        body.join(petal, soft=0.008, color=(inner + share * (outer - inner)).astype(np.float32))
    body.join(ellipsoid((0, 0, 0.1), (0.2, 0.2, 0.3)), soft=0.03, color=colors[2])
    stem = rng.uniform(0.2, 0.8)
    if rng.uniform() < 0.5:
        green = hsv(rng.uniform(0.2, 0.4), rng.uniform(0.3, 0.8), rng.uniform(0.3, 0.7))
        body.join(round_cone((0, 0, 0), (0, 0, -stem - 0.2), 0.07, 0.06), soft=0.05, color=green)
    finish = random_finish(
        rng,
        colors,
        reliefs=("grain", "lumps"),
        height=0.012,
        paints=("speckle", "upper", "hollows"),
    )
    return "Rosette", [sculpt(body, colors[0], finish, rng, triangles=36_000)]


def growth(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """A branching growth, a cactus or a rosette."""
    return (branching, branching, cactus, rosette, rosette)[rng.integers(5)](rng)
