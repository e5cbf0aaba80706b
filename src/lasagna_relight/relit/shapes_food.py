"""Procedural food: fruit, vegetables, bread, mushrooms, sweets, cheese."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from lasagna_relight.relit.implicit_shapes import (
    Body,
    chain,
    cylinder,
    ellipsoid,
    half_space,
    round_cone,
    torus,
)
from lasagna_relight.relit.shapes_organic import sculpt, swirl
from lasagna_relight.relit.surface_detail import (
    Color,
    Finish,
    Piece,
    finished,
    hsv,
    palette,
)
from lasagna_relight.relit.swept_shapes import domed, resample, revolve, skin, tube

AROUND = 132
Made = tuple[str, list[Piece]]


def _stalk(
    rng: np.random.Generator, top: float, *, thick: float = 0.035, reach: float = 0.3
) -> Piece:
    lean = rng.normal(0, 0.1, 2)
    path = resample(
        [[0, 0, top - 0.1], [*(lean * 0.4), top + 0.4 * reach], [*lean, top + reach]], 24
    )
    radii = thick * (1 + 0.5 * np.linspace(-1, 1, 24) ** 4)
    brown = hsv(rng.uniform(0.06, 0.25), 0.5, rng.uniform(0.2, 0.5))
    return finished(*skin(tube(path, radii, 14)), brown, Finish(roughness=0.85), rng)


def _turned(line: list[tuple[float, float]], lobes: int, depth: float) -> tuple[NDArray, NDArray]:
    profile = resample(line, 110)
    profile[:, 0] = np.maximum(profile[:, 0], 0.004)
    rings = revolve(profile, AROUND)
    angle = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    groove = 1 - depth * np.abs(np.sin(angle * lobes / 2)[None, :, None] ** 8)
    wave = groove if depth > 0.05 else 1 + depth * np.cos(angle * lobes)[None, :, None]
    rings[..., :2] *= wave
    return skin(rings)


def fruit(rng: np.random.Generator) -> Made:
    """Apple, pear, pumpkin, pepper, tomato, citrus, plum."""
    kind = str(rng.choice(["apple", "pear", "pumpkin", "pepper", "tomato", "citrus", "plum"]))
    dip, width = rng.uniform(0.08, 0.22), rng.uniform(0.85, 1.15)
    round_line = [
        (0, -0.58),
        (0.2, -0.62),
        (0.62, -0.35),
        (0.7, 0.1),
        (0.5, 0.5),
        (0.2, 0.6),
        (0, 0.6 - dip),
    ]
    lines: dict[str, list[tuple[float, float]]] = {
        "pear": [
            (0, -0.62),
            (0.25, -0.66),
            (0.6, -0.3),
            (0.5, 0.1),
            (0.27, 0.5),
            (0.2, 0.75),
            (0, 0.78),
        ],
        "pepper": [
            (0, -0.85),
            (0.2, -0.88),
            (0.36, -0.5),
            (0.52, 0.3),
            (0.45, 0.55),
            (0.2, 0.6),
            (0, 0.5),
        ],
        "plum": [(0, -0.7), (0.3, -0.6), (0.55, -0.1), (0.45, 0.4), (0.2, 0.62), (0, 0.56)],
    }
    line = [(r * width, z) for r, z in lines.get(kind, round_line)]
    lobes, depth = {
        "apple": (5, 0.03), "pumpkin": (int(rng.integers(8, 16)), 0.2), "pepper": (4, 0.13),
        "tomato": (int(rng.integers(4, 9)), rng.choice([0.02, 0.1])), "pear": (3, 0.02),
        "citrus": (7, 0.01), "plum": (1, 0.1),
    }[kind]  # fmt: skip
    hues = {
        "apple": (0.95, 1.3), "pear": (0.12, 0.25), "pumpkin": (0.05, 0.11), "pepper": (0.0, 0.35),
        "tomato": (0.97, 1.07), "citrus": (0.08, 0.3), "plum": (0.7, 1.05),
    }  # fmt: skip
    hue = rng.uniform(*hues[kind])
    base = hsv(hue, rng.uniform(0.5, 0.95), rng.uniform(0.4, 0.95))
    blush = hsv(hue + rng.uniform(-0.12, 0.12), rng.uniform(0.4, 0.9), rng.uniform(0.4, 0.95))
    vertices, faces = _turned(line, lobes, float(depth))
    if kind == "pumpkin":
        vertices[:, 2] *= rng.uniform(0.6, 1.1)
    bent = swirl(rng, twist=rng.uniform(-0.3, 0.3), bend=rng.uniform(-0.15, 0.15), wobble=0.05)
    vertices = bent(vertices)
    reliefs = {
        "citrus": (("dimples", 0.012), ("grain", 0.008)),
        "pumpkin": (("lumps", 0.02), ("grain", 0.01)),
    }
    finish = Finish(
        reliefs=reliefs.get(kind, (("lumps", 0.025),)),
        paints=(
            (str(rng.choice(["clouds", "gradient", "upper", "stripes"])), blush),
            (
                str(rng.choice(["speckle", "hollows", "clouds"])),
                hsv(hue + 0.05, 0.4, rng.uniform(0.2, 0.9)),
            ),
        ),
        roughness=rng.uniform(0.15, 0.6),
    )
    pieces = [finished(vertices, faces, base, finish, rng)]
    top = 0.6 - dip if kind not in ("pear", "pepper") else 0.72 if kind == "pear" else 0.5
    if rng.uniform() < 0.75:
        thick = 0.1 if kind in ("pumpkin", "pepper") else 0.03
        pieces.append(_stalk(rng, top, thick=thick, reach=rng.uniform(0.2, 0.4)))
    if kind == "citrus" and rng.uniform() < 0.5:
        return _halved(rng, base)
    return kind.capitalize(), pieces


def _halved(rng: np.random.Generator, peel: Color) -> Made:
    """Half a citrus fruit with its segments, leaning so that the cut shows."""
    body, count = Body(), int(rng.integers(8, 13))
    pith, pulp = hsv(0.14, 0.15, 0.95), hsv(rng.uniform(0.0, 0.18), 0.8, 0.9)
    body.join(ellipsoid((0, 0, 0), 0.8), color=peel)
    body.keep(half_space((0, 0, 1), 0.0), soft=0.02)
    body.cut(cylinder((0, 0, 0.06), 0.74, 0.075, 0.01), soft=0.01, color=pith)
    for index in range(count):
        turn = Rotation.from_euler("z", 360 * index / count, degrees=True)
        center = turn.apply([0.4, 0, -0.03])
        half_width = 0.4 * np.sin(np.pi / count) * 1.25
        body.join(ellipsoid(center, (0.3, half_width, 0.07), turn), soft=0.015, color=pulp)
    finish = Finish(reliefs=(("grain", 0.01),), roughness=0.3)
    piece = sculpt(body, peel, finish, rng, triangles=36_000)
    tilt = Rotation.from_euler("xyz", [rng.uniform(10, 60), 0, rng.uniform(-90, 90)], degrees=True)
    return "Halved citrus", [_moved(piece, tilt)]


def _moved(
    piece: Piece, turn: Rotation, shift: tuple[float, ...] = (0, 0, 0), size: float = 1
) -> Piece:
    points = piece.vertices @ turn.as_matrix().T.astype(np.float32) * np.float32(size)
    return replace(piece, vertices=(points + np.asarray(shift, np.float32)).astype(np.float32))


def bread(rng: np.random.Generator) -> Made:
    """Loaf, bun, pretzel or croissant."""
    crust = hsv(rng.uniform(0.06, 0.1), rng.uniform(0.55, 0.8), rng.uniform(0.45, 0.8))
    crumb = hsv(0.1, rng.uniform(0.15, 0.4), rng.uniform(0.8, 0.95))
    kind = rng.choice(["loaf", "bun", "croissant", "pretzel", "sliced"])
    body = Body(warp=swirl(rng, twist=0, bend=0, wobble=0.06))
    if kind in ("loaf", "bun", "sliced"):
        long = rng.uniform(0.8, 1.2) if kind != "bun" else 0.6
        wide = rng.uniform(0.38, 0.55) if kind != "bun" else 0.6
        body.join(ellipsoid((0, 0, 0.05), (long, wide, 0.5)), soft=0.1)
        body.keep(half_space((0, 0, -1), 0.25), soft=0.12)
        cuts = int(rng.integers(2, 6)) if kind != "bun" else int(rng.integers(1, 4))
        for index in range(cuts):
            place = (index - (cuts - 1) / 2) * 1.5 * long / max(cuts, 2)
            turn = Rotation.from_euler("xyz", [0, 0, 65 + rng.normal(0, 8)], degrees=True)
            body.cut(ellipsoid((place, 0, 0.58), (0.42, 0.07, 0.17), turn), soft=0.05, color=crumb)
        if kind == "sliced":
            body.keep(half_space((1, 0.1, 0), 0.25 * long), soft=0.01)
            body.cut(
                ellipsoid((0.3 * long, 0, 0.05), (0.06, wide * 0.85, 0.38)), soft=0.01, color=crumb
            )
            for _ in range(14):
                spot = [0.25 * long, *rng.uniform(-0.3, 0.3, 2)]
                body.cut(ellipsoid(spot, rng.uniform(0.02, 0.06, 3)), soft=0.01, color=crumb)
    elif kind == "croissant":
        steps = 15
        bow = rng.uniform(0.5, 1.3)
        for index in range(steps):
            share = index / (steps - 1) * 2 - 1
            angle = share * bow
            center = np.array([0.75 * np.sin(angle) / bow * 1.3, -0.5 * (1 - np.cos(angle)), 0])
            size = 0.33 * (1 - 0.75 * np.abs(share) ** 1.5)
            turn = Rotation.from_euler("zx", [-angle + share * 0.4, 0.35 * share])
            body.join(ellipsoid(center, (0.11, size, size * 0.95), turn), soft=0.012)
    else:
        t = np.linspace(0.25, 2 * np.pi - 0.25, 40)
        line = np.stack(
            [
                0.75 * np.sin(t) * (1 - 0.15 * np.cos(2 * t)),
                -0.6 * np.cos(t) - 0.3 * np.cos(2 * t),
                0.06 * np.cos(3 * t),
            ],
            1,
        )
        tilt = Rotation.from_euler("x", rng.uniform(20, 80), degrees=True)
        points = tilt.apply(np.concatenate([[[0.45, 0.1, 0.12]], line, [[-0.45, 0.1, 0.12]]]))
        thick = 0.13 * (0.75 + 0.35 * np.cos(np.linspace(-1, 1, len(points)) * np.pi) ** 2)
        body.join(*chain(list(points), [float(r) for r in thick]), soft=0.02)
    finish = Finish(
        reliefs=(("lumps", 0.025), (str(rng.choice(["grain", "cracks", "crests"])), 0.014)),
        paints=(("upper", hsv(0.06, 0.7, rng.uniform(0.3, 0.55))), ("speckle", crumb)),
        roughness=rng.uniform(0.4, 0.9),
    )
    return str(kind).capitalize(), [sculpt(body, crust, finish, rng)]


def mushroom(rng: np.random.Generator) -> Made:
    """One to five mushrooms with gills."""
    colors = palette(rng, 2)
    cap = hsv(rng.uniform(-0.05, 0.13), rng.uniform(0.1, 0.85), rng.uniform(0.3, 0.9))
    pale = hsv(0.11, rng.uniform(0.05, 0.3), rng.uniform(0.7, 0.95))
    pieces: list[Piece] = []
    point = rng.uniform(0.0, 0.5)
    count = int(rng.integers(1, 6))
    rows, around = (90, 150) if count == 1 else (48, 80)
    edge = round(0.44 * rows)
    for index in range(count):
        tall, wide = rng.uniform(0.6, 1.0), rng.uniform(0.45, 0.7)
        lip = tall - rng.uniform(0.02, 0.15)
        line = [
            (0.13, tall + 0.06), (wide * 0.5, tall + 0.02), (wide * 0.94, lip - 0.02), (wide, lip),
            (wide * 0.9, tall + 0.05), (wide * 0.45, tall + 0.26 + 0.1 * point),
            (0.01, tall + 0.32 + point * 0.5),
        ]  # fmt: skip
        rings = revolve(resample(line, rows), around)
        angle = np.linspace(0, 2 * np.pi, around, endpoint=False)
        row = np.arange(rows)
        under = np.clip(1 - row / edge, 0, 1)[:, None] ** 0.3
        gills = int(rng.integers(around // 7, around // 4))
        rings[..., 2] -= 0.035 * under * np.abs(np.sin(angle * gills / 2))[None]
        vertices, faces = skin(rings)
        below = np.r_[np.repeat(row < edge, around), True, False]
        base = np.where(below[:, None], pale, cap).astype(np.float32)
        spotted = rng.uniform() < 0.5
        finish = Finish(
            reliefs=(("warts", 0.05) if spotted else ("lumps", 0.03),),
            paints=(("spots" if spotted else "clouds", pale if spotted else colors[0]),),
            roughness=rng.uniform(0.2, 0.8),
        )
        upper = np.r_[np.repeat(np.clip((row - 1.1 * edge) / (0.1 * rows), 0, 1), around), 0, 1]
        hat = finished(vertices, faces, base, finish, rng, strength=upper)
        foot = resample(
            [(0.02, -0.3), (0.2, -0.28), (0.22, -0.1), (0.12, tall * 0.5), (0.13, tall + 0.08)],
            rows // 2,
        )
        stem = finished(
            *skin(revolve(foot, around // 2)),
            pale,
            Finish(reliefs=(("lumps", 0.03), ("folds", 0.008)), roughness=0.9),
            rng,
        )
        size = 1.0 if index == 0 else rng.uniform(0.35, 0.8)
        turn = Rotation.from_euler(
            "xyz", [*rng.normal(0, 9 + 6 * index, 2), rng.uniform(0, 360)], degrees=True
        )
        spot = rng.uniform(0.25, 0.5) * index**0.5
        heading = index * 2.4
        shift = (spot * np.cos(heading), spot * np.sin(heading), -0.3 * (1 - size))
        pieces += [_moved(part, turn, shift, size) for part in (hat, stem)]
    return "Mushrooms" if len(pieces) > 2 else "Mushroom", pieces


def sweet(rng: np.random.Generator) -> Made:
    """Ring cake with icing, cupcake, layer cake or ice cream."""
    dough = hsv(rng.uniform(0.06, 0.11), rng.uniform(0.4, 0.7), rng.uniform(0.5, 0.85))
    cream = palette(rng, 3)
    kind = rng.choice(["doughnut", "cupcake", "cake", "ice cream"])
    if kind == "doughnut":
        body = Body(warp=swirl(rng, twist=0, bend=0, wobble=0.05))
        body.join(torus((0, 0, 0), 0.55, rng.uniform(0.24, 0.34)), soft=0.02, color=dough)
        for index in range(26):
            angle = index * 2 * np.pi / 26
            reach = rng.uniform(0.24, 0.42)
            center = np.array([0.55 * np.cos(angle), 0.55 * np.sin(angle), 0.12])
            turn = Rotation.from_euler("z", angle)
            body.join(ellipsoid(center, (reach, 0.16, 0.24), turn), soft=0.03, color=cream[0])
        for _ in range(rng.integers(0, 34)):
            angle, off = rng.uniform(0, 6.3), rng.uniform(-0.2, 0.2)
            spot = np.array(
                [(0.55 + off) * np.cos(angle), (0.55 + off) * np.sin(angle), 0.36 - off**2 * 1.5]
            )
            along = np.array([*rng.normal(size=2), 0.0])
            along *= 0.06 / np.linalg.norm(along)
            body.join(
                round_cone(spot - along, spot + along, 0.028, 0.028),
                soft=0.005,
                color=hsv(rng.uniform(), 0.7, 0.9),
            )
        tilt = Rotation.from_euler("x", rng.choice([0, rng.uniform(20, 80)]), degrees=True)
        piece = sculpt(
            body,
            dough,
            Finish(reliefs=(("grain", 0.008),), roughness=rng.uniform(0.2, 0.6)),
            rng,
            triangles=36_000,
        )
        return "Doughnut", [_moved(piece, tilt)]
    if kind == "cake":
        body = Body()
        high, layers = rng.uniform(0.35, 0.6), int(rng.integers(2, 5))
        for layer in range(layers):
            z = (2 * layer / layers - 1) * high + high / layers
            body.join(cylinder((0, 0, z), 0.85, high / layers * 0.8, 0.03), soft=0.01, color=dough)
            body.join(
                cylinder((0, 0, z + high / layers), 0.83, 0.05, 0.03), soft=0.01, color=cream[1]
            )
        body.join(cylinder((0, 0, high), 0.88, 0.08, 0.05), soft=0.02, color=cream[0])
        for index in range(15):
            angle = index * 2 * np.pi / 15
            drip = rng.uniform(0.1, 0.45)
            top = np.array([0.86 * np.cos(angle), 0.86 * np.sin(angle), high])
            body.join(round_cone(top, top - [0, 0, drip], 0.07, 0.06), soft=0.08, color=cream[0])
            if index % 2:
                bead = np.array([0.66 * np.cos(angle), 0.66 * np.sin(angle), high + 0.14])
                body.join(ellipsoid(bead, 0.1), soft=0.01, color=cream[2])
        if rng.uniform() < 0.6:
            start = rng.uniform(0, 6.28)
            walls = [half_space((np.cos(a), np.sin(a), 0), 0.0) for a in (start, start + 2.2)]
            body.cut(lambda p: np.maximum(walls[0](p), walls[1](p)), soft=0.01, color=None)
        finish = Finish(
            reliefs=(("grain", 0.012), ("lumps", 0.012)), roughness=rng.uniform(0.35, 0.9)
        )
        return "Cake", [sculpt(body, dough, finish, rng, triangles=38_000)]
    turns = rng.uniform(3, 5)
    t = np.linspace(0, 1, 300)
    radius = 0.42 * (1 - t) ** 0.8
    path = np.stack(
        [radius * np.cos(2 * np.pi * turns * t), radius * np.sin(2 * np.pi * turns * t), 0.75 * t],
        1,
    )
    star = 1 + rng.uniform(0, 0.2) * np.cos(np.linspace(0, 2 * np.pi, 36, endpoint=False) * 6)
    swirls = tube(path, domed(0.23 * (1 - 0.75 * t)), 36, section=star, twist=rng.uniform(0, 3))
    topping = finished(
        *skin(swirls), cream[0], Finish(reliefs=(("lumps", 0.01),), roughness=0.4), rng
    )
    cone_like = kind == "ice cream"
    line = [(0.03, -1.1), (0.52, 0.0), (0.5, 0.08), (0.02, 0.06)] if cone_like else [
        (0.02, -0.62), (0.4, -0.62), (0.58, 0.0), (0.55, 0.06), (0.02, 0.06)]  # fmt: skip
    rings = revolve(resample(line, 90, smooth=False), 160)
    angle = np.linspace(0, 2 * np.pi, 160, endpoint=False)
    height = rings[:, :1, 2]
    if cone_like:
        grid = (
            np.abs(np.sin(8 * angle + 9 * height)) ** 6
            + np.abs(np.sin(8 * angle - 9 * height)) ** 6
        )
        rings[..., :2] *= (1 + 0.06 * np.clip(grid, 0, 1) * (height < -0.02))[..., None]
    else:
        rings[..., :2] *= (1 + 0.05 * np.cos(angle * 24) * (height < -0.02))[..., None]
    foot = finished(*skin(rings), dough if cone_like else cream[1], Finish(roughness=0.8), rng)
    pieces = [topping, foot]
    if rng.uniform() < 0.5:
        berry = finished(
            *skin(
                revolve(
                    resample([(0.004, -0.14), (0.13, -0.06), (0.13, 0.06), (0.004, 0.12)], 30), 40
                )
            ),
            hsv(0.98, 0.85, 0.7),
            Finish(roughness=0.15),
            rng,
        )
        pieces.append(_moved(berry, Rotation.identity(), (0, 0, 0.88)))
    return str(kind).capitalize(), pieces


def bunch(rng: np.random.Generator) -> Made:
    """Berries, grapes, a cauliflower, nuts: many rounds in a heap."""
    kind = rng.choice(["grapes", "berry", "cauliflower", "eggs"])
    hue = rng.uniform()
    body = Body()
    if kind == "grapes":
        for index in range(46):
            share = index / 46
            angle, reach = index * 2.4, 0.42 * np.sin(np.pi * (share * 0.85 + 0.1))
            spot = [reach * np.cos(angle), reach * np.sin(angle), 0.8 - 1.6 * share]
            body.join(
                ellipsoid(spot, rng.uniform(0.15, 0.19)),
                soft=0.008,
                color=hsv(hue + rng.normal(0, 0.02), 0.6, rng.uniform(0.35, 0.7)),
            )
        body.join(
            round_cone((0, 0, 0.7), (0.1, 0, 1.15), 0.05, 0.04),
            soft=0.02,
            color=hsv(0.15, 0.5, 0.4),
        )
    elif kind == "berry":
        for index in range(60):
            z = 1 - 2 * (index + 0.5) / 60
            angle, ring = index * 2.4, np.sqrt(1 - z * z)
            spot = np.array([0.5 * ring * np.cos(angle), 0.5 * ring * np.sin(angle), 0.62 * z])
            body.join(
                ellipsoid(spot, 0.13),
                soft=0.008,
                color=hsv(hue + rng.normal(0, 0.015), 0.8, rng.uniform(0.4, 0.7)),
            )
        for index in range(6):
            turn = Rotation.from_euler("yz", [75, index * 60], degrees=True)
            body.join(
                ellipsoid(turn.apply([0, 0, 0.25]) + [0, 0, 0.66], (0.03, 0.1, 0.25), turn),
                soft=0.02,
                color=hsv(0.3, 0.6, 0.5),
            )
    elif kind == "cauliflower":
        head = hsv(rng.uniform(0.1, 0.35), rng.uniform(0.1, 0.7), rng.uniform(0.4, 0.95))
        for _ in range(60):
            out = rng.normal(size=3) * [1, 1, 0.7] + [0, 0, 0.5]
            out /= np.linalg.norm(out)
            body.join(
                ellipsoid(out * [0.55, 0.55, 0.45], rng.uniform(0.12, 0.2)), soft=0.02, color=head
            )
        for index in range(int(rng.integers(3, 7))):
            turn = Rotation.from_euler("yz", [45, index * 67], degrees=True)
            body.join(
                ellipsoid(turn.apply([0, 0, 0.55]) - [0, 0, 0.45], (0.05, 0.3, 0.5), turn),
                soft=0.02,
                color=hsv(0.28, 0.5, 0.6),
            )
        body.join(cylinder((0, 0, -0.5), 0.22, 0.25, 0.05), soft=0.08, color=hsv(0.2, 0.3, 0.8))
    else:
        for index in range(int(rng.integers(1, 6))):
            spot = [
                0.42 * index**0.5 * np.cos(index * 2.4),
                0.42 * index**0.5 * np.sin(index * 2.4),
                0,
            ]
            body.join(
                ellipsoid(
                    spot,
                    rng.uniform(0.28, 0.36) * np.array([1, 1, 1.3]),
                    Rotation.from_euler("xyz", rng.normal(0, 0.5, 3)),
                ),
                soft=0.008,
                color=hsv(rng.uniform(0.03, 0.12), rng.uniform(0.1, 0.5), rng.uniform(0.6, 0.95)),
            )
    fine = {"cauliflower": (("warts", 0.05), ("grain", 0.02)), "grapes": (), "berry": ()}
    finish = Finish(
        reliefs=fine.get(str(kind), (("grain", 0.004),)),
        paints=(("speckle", hsv(0.1, 0.3, rng.uniform(0.2, 0.9))),),
        roughness=rng.uniform(0.15, 0.7),
    )
    return str(kind).capitalize(), [sculpt(body, hsv(hue, 0.6, 0.6), finish, rng, triangles=42_000)]


def cheese(rng: np.random.Generator) -> Made:
    """A wedge with holes and a rind."""
    body = Body()
    body.join(
        cylinder((0, 0, 0), 0.95, rng.uniform(0.25, 0.45), 0.05),
        color=hsv(0.09, 0.7, rng.uniform(0.4, 0.8)),
    )
    wide = rng.uniform(0.5, 1.3)
    flesh = hsv(rng.uniform(0.11, 0.15), rng.uniform(0.2, 0.7), 0.92)
    for side in (-1, 1):
        normal = (np.cos(side * wide), np.sin(side * wide), 0)
        cutter = half_space(normal, 0.05)
        body.cut(cutter, soft=0.015, color=flesh)
    for _ in range(rng.integers(0, 22)):
        spot = np.array([*rng.uniform(-0.9, 0.9, 2), rng.uniform(-0.4, 0.4)])
        body.cut(ellipsoid(spot, rng.uniform(0.05, 0.15)), soft=0.02, color=flesh)
    finish = Finish(
        reliefs=(("lumps", 0.015), ("grain", 0.008)),
        paints=(("clouds", flesh),),
        roughness=rng.uniform(0.3, 0.7),
    )
    return "Cheese", [sculpt(body, flesh, finish, rng)]


def long_food(rng: np.random.Generator) -> Made:
    """Banana, carrot, cucumber, sausage, chili: bent tapering tubes."""
    pieces: list[Piece] = []
    hue = rng.choice(
        [
            rng.uniform(0.1, 0.16),
            rng.uniform(0.03, 0.08),
            rng.uniform(0.2, 0.35),
            rng.uniform(0.95, 1.03),
        ]
    )
    base, other = hsv(hue, rng.uniform(0.5, 0.9), rng.uniform(0.4, 0.95)), hsv(hue + 0.06, 0.5, 0.5)
    edges = int(rng.choice([0, 5, 7]))
    bow, thick, taper = rng.uniform(0, 1.6), rng.uniform(0.12, 0.24), rng.uniform(0, 0.85)
    finish = Finish(
        reliefs=(
            ("lumps", 0.02),
            (str(rng.choice(["warts", "folds", "hoops", "grain"])), rng.uniform(0.005, 0.02)),
        ),
        paints=((str(rng.choice(["clouds", "speckle", "gradient", "stripes"])), other),),
        roughness=rng.uniform(0.15, 0.7),
    )
    count = int(rng.integers(1, 5))
    rows, sides = (150, 60) if count < 3 else (110, 48)
    for index in range(count):
        t = np.linspace(-1, 1, rows)
        angle = t * max(bow, 0.05) / 2 * rng.uniform(0.85, 1.1)
        path = np.stack(
            [
                np.sin(angle) * 1.6 / max(bow, 0.05),
                0 * t,
                (1 - np.cos(angle)) * 1.6 / max(bow, 0.05),
            ],
            1,
        )
        radii = domed(thick * (1 - taper * (t + 1) / 2) * (1 - 0.25 * t**4), 12)
        around = np.linspace(0, 2 * np.pi, sides, endpoint=False)
        section = 1 + 0.05 * np.cos(edges * around) * (edges > 0)
        piece = finished(*skin(tube(path, radii, sides, section=section)), base, finish, rng)
        turn = Rotation.from_euler(
            "xyz",
            [rng.normal(0, 10), rng.normal(0, 5), index * 22 + rng.normal(0, 10)],
            degrees=True,
        )
        pieces.append(_moved(piece, turn, (0.0, thick * 1.7 * index, thick * 0.5 * (index % 2))))
    return "Long fruit", pieces


def food(rng: np.random.Generator) -> Made:
    """Something to eat."""
    makers = (fruit, fruit, bread, bread, mushroom, sweet, sweet, bunch, cheese, long_food)
    return makers[rng.integers(len(makers))](rng)
