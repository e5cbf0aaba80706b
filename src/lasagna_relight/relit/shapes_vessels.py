"""Procedural vessels: turned profiles with walls, rims, feet, handles, spouts and carved relief."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lasagna_relight.relit.solid_noise import fractal_noise
from lasagna_relight.relit.surface_detail import (
    Color,
    Finish,
    Piece,
    finished,
    palette,
    random_finish,
)
from lasagna_relight.relit.swept_shapes import resample, revolve, skin, tube

AROUND = 112
SILHOUETTES: dict[str, tuple[tuple[float, float], ...]] = {
    "bowl": ((0.35, 0), (0.75, 0.18), (0.95, 0.45), (1.0, 0.62)),
    "cup": ((0.38, 0), (0.5, 0.12), (0.55, 0.5), (0.58, 0.95)),
    "vase": ((0.34, 0), (0.62, 0.5), (0.55, 1.0), (0.24, 1.4), (0.36, 1.65)),
    "jar": ((0.42, 0), (0.68, 0.35), (0.68, 0.85), (0.42, 1.12), (0.46, 1.25)),
    "bottle": ((0.38, 0), (0.42, 0.3), (0.42, 0.9), (0.16, 1.25), (0.16, 1.7)),
    "jug": ((0.36, 0), (0.58, 0.4), (0.5, 0.85), (0.3, 1.15), (0.38, 1.4)),
    "goblet": ((0.45, 0), (0.1, 0.12), (0.09, 0.6), (0.45, 0.85), (0.5, 1.3)),
    "amphora": ((0.16, 0), (0.5, 0.65), (0.55, 1.05), (0.18, 1.35), (0.26, 1.65)),
    "plate": ((0.5, 0), (0.7, 0.05), (1.05, 0.16), (1.15, 0.2)),
    "teapot": ((0.38, 0), (0.66, 0.3), (0.62, 0.6), (0.3, 0.85), (0.28, 0.92)),
    "urn": ((0.4, 0), (0.2, 0.18), (0.6, 0.6), (0.55, 1.0), (0.36, 1.12), (0.52, 1.25)),
}


def _silhouette(kind: str, rng: np.random.Generator) -> NDArray[np.float64]:
    """Outer profile (radius, height) from foot to rim, evenly spaced."""
    points = np.array(SILHOUETTES[kind])
    points[:, 0] *= rng.uniform(0.8, 1.2) * rng.uniform(0.88, 1.14, len(points))
    points[:, 1] *= rng.uniform(0.8, 1.25)
    line = resample(points, 80)
    line[:, 0] = np.maximum(line[:, 0], 0.06)
    if rng.uniform() < 0.35:
        ring = rng.uniform(0.15, 0.9, int(rng.integers(1, 4)))
        share = np.linspace(0, 1, len(line))[:, None]
        line[:, 0] += 0.035 * np.exp(-(((share - ring) / 0.018) ** 2)).sum(1)
    return line


def _profile(outer: NDArray, wall: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Closed section from the middle of the foot over the rim to the bottom inside.

    Returns:
        Points (n, 2), and for each how much of the relief it takes (outside 1, elsewhere 0).
    """
    tangent = np.gradient(outer, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    inner = outer + wall * np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    inner = inner[(inner[:, 0] > 0.03) & (inner[:, 1] > outer[0, 1] + wall)][::-1]
    turn = np.linspace(0, np.pi, 9)[1:-1, None]
    middle, half = (outer[-1] + inner[0]) / 2, (outer[-1] - inner[0]) / 2
    lip = middle + half * np.cos(turn) + np.linalg.norm(half) * tangent[-1] * np.sin(turn)
    rim = outer[0, 0]
    foot = np.array([
        [0.02, 0.05], [rim * 0.6, 0.05], [rim * 0.72, 0.045], [rim * 0.76, 0.0],
        [rim * 0.92, -0.01],
    ])  # fmt: skip
    floor_height = inner[-1, 1]
    floor = np.stack([np.linspace(inner[-1, 0], 0.02, 10)[1:], np.full(9, floor_height - 0.005)], 1)
    parts = (foot, outer, lip, inner, floor)
    weight = np.zeros(sum(map(len, parts)))
    ramp = np.linspace(0, 1, len(outer))
    weight[len(foot) : len(foot) + len(outer)] = np.clip(
        np.minimum(ramp / 0.06, (1 - ramp) / 0.06), 0, 1
    )
    return np.concatenate(parts), weight


def _carving(
    kind: str, angle: NDArray, share: NDArray, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Height of the pattern at each (angle, share of the height), about [-1, 1]."""
    count = int(rng.integers(6, 30))
    lean = rng.choice([0.0, rng.uniform(-4, 4)])
    match kind:
        case "flutes":
            return -(np.abs(np.cos((angle + lean * share) * count / 2)) ** rng.uniform(0.6, 3))
        case "ribs":
            return np.abs(np.cos((angle + lean * share) * count / 2)) ** rng.uniform(1, 6)
        case "lobes":
            return np.cos((angle + lean * share) * int(rng.integers(3, 9)))
        case "hoops":
            return np.sin(2 * np.pi * share * rng.uniform(4, 16))
        case "zigzag":
            wave = np.abs(((angle * count / 2 / np.pi) % 1) - 0.5) * 4 - 1
            return np.tanh(4 * np.sin(2 * np.pi * (share * rng.uniform(3, 7) + 0.12 * wave)))
        case "diamonds":
            rows = rng.uniform(3, 9)
            a, b = (
                angle * count / 4 + np.pi * rows * share,
                angle * count / 4 - np.pi * rows * share,
            )
            return np.minimum(np.abs(np.sin(a)), np.abs(np.sin(b))) * 2 - 1
        case "arches":
            u = ((angle * (count // 2) / np.pi) % 1) - 0.5
            v = np.clip((share - 0.25) / 0.5, -1, 2)
            return np.tanh(12 * (0.9 - np.hypot(u * 2.4, v))) * (share > 0.15)
        case _:
            band = np.exp(-(((share - rng.uniform(0.4, 0.7)) / 0.15) ** 4))
            return band * np.sin(angle * count) * np.sin(share * rng.uniform(40, 70))


def _wall(
    outer: NDArray, wall: float, colors: list[Color], finish: Finish, rng: np.random.Generator
) -> Piece:
    profile, weight = _profile(outer, wall)
    vertices, faces = skin(revolve(profile, AROUND))
    angle = np.tile(np.linspace(0, 2 * np.pi, AROUND, endpoint=False), len(profile))
    share = np.repeat(profile[:, 1] / outer[-1, 1], AROUND)
    taken = np.repeat(weight, AROUND)
    base = np.tile(colors[0], (len(vertices), 1))
    kinds = ["flutes", "ribs", "lobes", "hoops", "zigzag", "diamonds", "arches", "frieze", "none"]
    kind = str(rng.choice(kinds))
    if kind != "none":
        pattern = _carving(kind, angle, share, rng)
        amount = wall * rng.uniform(0.25, 0.5) * (2.2 if kind in ("lobes", "ribs") else 1)
        push = np.r_[taken * amount * pattern, 0, 0]
        outward = np.stack([np.cos(angle), np.sin(angle)], 1)
        vertices[:-2, :2] += (push[:-2, None] * outward).astype(np.float32)
        if rng.uniform() < 0.5:
            mask = np.r_[taken * np.clip(pattern * 2, 0, 1), 0, 0][:, None]
            base = base + mask * (colors[1] - base)
    if rng.uniform() < 0.5:
        lined = np.r_[np.repeat(np.arange(len(profile)) > 5 + len(outer), AROUND), 1, 0]
        base = np.where(lined[:, None] > 0, colors[2], base)
    if rng.uniform() < 0.3:
        base = np.where((np.r_[share, 1, 0] > rng.uniform(0.4, 0.9))[:, None], colors[3], base)
    return finished(
        vertices, faces, base.astype(np.float32), finish, rng, strength=np.r_[taken, 0, 0]
    )


def _outer_at(outer: NDArray, height: float) -> float:
    return float(outer[np.argmin(np.abs(outer[:, 1] - height)), 0])


def _handle(
    outer: NDArray,
    angle: float,
    color: Color,
    finish: Finish,
    rng: np.random.Generator,
    wall: float,
) -> Piece:
    top = outer[-1, 1]
    high, low = top * rng.uniform(0.75, 0.95), top * rng.uniform(0.2, 0.5)
    start, end = _outer_at(outer, high) - wall * 0.5, _outer_at(outer, low) - wall * 0.5
    reach = max(start, end) + rng.uniform(0.2, 0.42)
    lift = rng.uniform(-0.05, 0.2)
    points = np.array([
        [start, 0, high],
        [(start + reach) / 2, 0, high + 0.06 + lift],
        [reach, 0, (high * 0.6 + low * 0.4) + lift * 0.5],
        [(end + reach) / 2, 0, low + 0.02],
        [end, 0, low],
    ])  # fmt: skip
    path = resample(points, 56)
    thick = rng.uniform(0.04, 0.075)
    radii = thick * (1 + 0.5 * np.abs(np.linspace(-1, 1, 56)) ** 4)
    section = 1 + rng.choice([0, 0.12]) * np.cos(np.arange(24) * 2 * np.pi / 24 * 4)
    rings = tube(
        path,
        radii,
        24,
        flatness=rng.uniform(0.6, 1.5),
        twist=rng.choice([0, 0, 2]),
        section=section,
    )
    turn = np.array(
        [[np.cos(angle), np.sin(angle), 0], [-np.sin(angle), np.cos(angle), 0], [0, 0, 1]]
    )
    vertices, faces = skin(rings @ turn)
    return finished(vertices, faces, color, finish, rng)


def _spout(outer: NDArray, color: Color, finish: Finish, rng: np.random.Generator) -> Piece:
    top = outer[-1, 1]
    low, rise = top * rng.uniform(0.3, 0.5), top * rng.uniform(0.35, 0.7)
    start = _outer_at(outer, low) - 0.06
    reach = start + rng.uniform(0.35, 0.6)
    points = [
        [start, 0, low],
        [start + 0.2, 0, low + 0.03],
        [reach - 0.08, 0, low + 0.7 * rise],
        [reach, 0, low + rise],
    ]
    path = resample(points, 48)
    radii = np.linspace(rng.uniform(0.13, 0.19), rng.uniform(0.05, 0.08), 48)
    rings = tube(path, radii, 32)
    hollow = tube(path, radii * 0.72, 32)[::-1][:10]
    vertices, faces = skin(np.concatenate([rings, hollow]))
    turned = vertices * np.array([-1, -1, 1], np.float32)
    return finished(turned, faces, color, finish, rng)


def _lid(
    outer: NDArray, color: Color, knob: Color, finish: Finish, rng: np.random.Generator
) -> list[Piece]:
    radius, level = outer[-1, 0] * 1.04, outer[-1, 1] + 0.01
    rise = rng.uniform(0.06, 0.3)
    profile = [
        [0.02, level],
        [radius * 0.97, level],
        [radius, level + 0.03],
        [radius * 0.7, level + rise * 0.8],
        [0.02, level + rise],
    ]
    line = resample(profile, 40, smooth=False)
    vertices, faces = skin(revolve(line, AROUND))
    size = rng.uniform(0.06, 0.11)
    shape = np.array([[0.5, 0], [0.4, 0.5], [1, 1.2], [0.8, 1.9], [0.05, 2.1]]) * size
    bead = resample(shape, 24)
    bead[:, 1] += level + rise - 0.02
    bead[:, 0] = np.maximum(bead[:, 0], 0.004)
    more, others = skin(revolve(bead, 40))
    return [
        finished(vertices, faces, color, finish, rng),
        finished(more, others, knob, finish, rng),
    ]


def _contents(outer: NDArray, wall: float, color: Color, rng: np.random.Generator) -> Piece:
    """A surface of something in the vessel: liquid, soil or grain."""
    level = outer[-1, 1] * rng.uniform(0.6, 0.88)
    radius = _outer_at(outer, level) - wall * 0.6
    line = np.stack([np.linspace(radius, 0.01, 40), np.full(40, level)], 1)
    line = np.concatenate([[[0.01, level - 0.03], [radius, level - 0.03]], line])
    vertices, faces = skin(revolve(line, AROUND))
    rough = rng.uniform() < 0.5
    finish = Finish(reliefs=(("pebbles", 0.05),) if rough else (), roughness=0.9 if rough else 0.08)
    weight = (vertices[:, 2] > level - 0.01).astype(np.float32)
    return finished(vertices, faces, color, finish, rng, strength=weight)


def vessel(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """A pot of some kind; never two alike."""
    colors = palette(rng, 5)
    kind = str(rng.choice(list(SILHOUETTES)))
    outer = _silhouette(kind, rng)
    wall = float(rng.uniform(0.035, 0.07))
    finish = random_finish(
        rng,
        colors,
        reliefs=("grain", "lumps", "dimples", "crests", "hoops"),
        height=0.014,
        paints=("clouds", "spots", "stripes", "gradient", "veins", "speckle", "hollows"),
        metal=0.15,
    )
    pieces = [_wall(outer, wall, colors, finish, rng)]
    handles = {"cup": 1, "jug": 1, "teapot": 1, "amphora": 2, "urn": 2}.get(kind, 0)
    if kind in ("vase", "jar", "bowl") and rng.uniform() < 0.35:
        handles = int(rng.integers(1, 4))
    color = colors[rng.integers(5)] if rng.uniform() < 0.3 else colors[0]
    state = rng.bit_generator.state
    for index in range(handles):
        rng.bit_generator.state = state
        pieces.append(_handle(outer, 2 * np.pi * index / handles, color, finish, rng, wall))
    if kind == "teapot" or (kind == "jug" and rng.uniform() < 0.3):
        pieces.append(_spout(outer, color, finish, rng))
    if kind == "teapot" or (kind in ("jar", "urn") and rng.uniform() < 0.5):
        pieces += _lid(outer, colors[0], colors[4], finish, rng)
    elif kind in ("bowl", "cup", "plate") and rng.uniform() < 0.4:
        pieces.append(_contents(outer, wall, colors[4], rng))
    if rng.uniform() < 0.25:
        number = int(rng.integers(2**31))
        pieces = [_dented(piece, number) for piece in pieces]
    return kind.capitalize(), pieces


def _dented(piece: Piece, number: int) -> Piece:
    """Hand-made: the whole vessel a little out of round, every piece in the same way."""
    own = np.random.default_rng(number)
    noise = [
        fractal_noise(piece.vertices, frequency=0.8, octaves=2, rng=own) * 0.05 for _ in range(2)
    ]
    push = np.stack([*noise, np.zeros_like(noise[0])], 1)
    return replace(piece, vertices=piece.vertices + push)
