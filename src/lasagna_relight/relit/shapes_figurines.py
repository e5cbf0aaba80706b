"""Procedural figurines: people and busts, animals, birds and fish."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from lasagna_relight.relit.implicit_shapes import (
    Body,
    chain,
    cone,
    cylinder,
    ellipsoid,
    round_cone,
    rounded_box,
    torus,
)
from lasagna_relight.relit.shapes_organic import sculpt
from lasagna_relight.relit.surface_detail import (
    Color,
    Finish,
    Piece,
    hsv,
    palette,
    random_finish,
)

UP = np.array([0.0, 0.0, 1.0])


def _turn(degrees_xyz) -> Rotation:
    return Rotation.from_euler("xyz", degrees_xyz, degrees=True)


def _bent(
    start: NDArray, lengths: tuple[float, float], out: NDArray, bend: Rotation
) -> list[NDArray]:
    """Joints of a limb: from ``start`` along ``out``, then turned by ``bend``."""
    middle = start + lengths[0] * out
    return [start, middle, middle + lengths[1] * bend.apply(out)]


def _surface(rng: np.random.Generator, colors: list[Color], *, clothes: bool) -> Finish:
    """A painted figure, or one of a single stuff (clay, bronze, wood) with tool marks."""
    reliefs = ("grain", "lumps") if clothes else ("grain", "lumps", "folds", "hoops", "dimples")
    return random_finish(
        rng,
        colors,
        reliefs=reliefs,
        height=0.012,
        paints=("speckle", "upper", "hollows", "clouds"),
        metal=0.12,
    )


def _face(
    body: Body, center: NDArray, size: float, rng: np.random.Generator, skin: Color | None
) -> None:
    """Eye sockets, eyes, nose, mouth, brows, ears; the face looks to -y."""
    eye = size * rng.uniform(0.13, 0.2)
    apart, level = size * rng.uniform(0.32, 0.42), size * rng.uniform(0.05, 0.25)
    dark, white = hsv(0.6, 0.2, 0.12), hsv(0.1, 0.05, 0.9)
    for side in (-1, 1):
        socket = center + [side * apart, -0.92 * size, level]
        body.cut(ellipsoid(socket, eye * 1.25), soft=0.05 * size)
        body.join(ellipsoid(socket + [0, 0.1 * size, 0], eye), soft=0.01, color=white)
        pupil = socket + [0, 0.1 * size - eye * 0.8, 0]
        body.join(ellipsoid(pupil, eye * 0.5), soft=0.005, color=dark)
        brow = socket + [0, 0.02 * size, eye * 1.5]
        body.join(
            round_cone(brow - [eye, 0, 0], brow + [eye, 0, 0], 0.05 * size, 0.05 * size),
            soft=0.08 * size,
            color=skin,
        )
        ear = center + [side * size * 0.97, 0.05 * size, 0.02 * size]
        body.join(ellipsoid(ear, size * np.array([0.1, 0.16, 0.25])), soft=0.05 * size, color=skin)
    length = size * rng.uniform(0.2, 0.5)
    tip = center + [0, -size - length * 0.5, -0.12 * size]
    root = center + [0, -0.9 * size, 0.18 * size]
    body.join(round_cone(root, tip, 0.07 * size, 0.14 * size), soft=0.08 * size, color=skin)
    mouth = center + [0, -0.92 * size, -0.48 * size]
    wide = size * rng.uniform(0.16, 0.4)
    body.cut(
        ellipsoid(mouth, (wide, 0.2 * size, rng.uniform(0.04, 0.1) * size)),
        soft=0.03 * size,
        color=hsv(0.0, 0.6, 0.4),
    )


def _hair(body: Body, center: NDArray, size: float, rng: np.random.Generator, color: Color) -> None:
    style = rng.choice(["bald", "cap", "curls", "bun", "long", "hat", "crown"])
    back = center + [0, 0.18 * size, 0.22 * size]
    if style in ("cap", "bun", "long"):
        body.join(ellipsoid(back, size * np.array([1.06, 1.0, 0.98])), soft=0.03, color=color)
    if style == "bun":
        body.join(
            ellipsoid(back + [0, 0.5 * size, 0.9 * size], 0.42 * size), soft=0.04, color=color
        )
    if style == "long":
        for side in (-0.7, 0.0, 0.7):
            start = back + [side * size, 0.5 * size, 0]
            body.join(
                round_cone(start, start + [0, 0.1 * size, -1.6 * size], 0.4 * size, 0.2 * size),
                soft=0.06,
                color=color,
            )
    if style == "curls":
        for _ in range(26):
            where = rng.normal(size=3) * [1, 1, 1] + [0, 0.5, 0.8]
            where /= np.linalg.norm(where)
            body.join(ellipsoid(center + where * size, 0.26 * size), soft=0.02, color=color)
    if style == "hat":
        top = center + [0, 0, 0.62 * size]
        brim = rng.uniform(1.2, 1.9) * size
        body.join(cylinder(top, brim, 0.1 * size, 0.05 * size), soft=0.02, color=color)
        high = rng.uniform(0.35, 0.9) * size
        body.join(
            cone(top + UP * high, 0.85 * size, rng.uniform(0.2, 0.85) * size, high),
            soft=0.05,
            color=color,
        )
    if style == "crown":
        top = center + [0, 0, 0.75 * size]
        body.join(torus(top, 0.72 * size, 0.12 * size), soft=0.01, color=color)
        for index in range(7):
            spot = top + _turn([0, 0, index * 360 / 7]).apply([0.72 * size, 0, 0])
            body.join(
                round_cone(spot, spot + UP * 0.45 * size, 0.12 * size, 0.05 * size),
                soft=0.01,
                color=color,
            )


def person(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """A standing, striding or sitting figure with face, hair, clothes and often a base."""
    colors = palette(rng, 5)
    skin = hsv(rng.uniform(0.04, 0.09), rng.uniform(0.3, 0.65), rng.uniform(0.35, 0.95))
    plain = rng.uniform() < 0.35
    paint = [None] * 6 if plain else [skin, *colors]
    chubby = rng.uniform(0.75, 1.5)
    head = rng.uniform(0.15, 0.34)
    body, lean = Body(), _turn([rng.normal(0, 6), rng.normal(0, 6), 0])
    hip = np.zeros(3)
    torso = rng.uniform(0.34, 0.55)
    chest = hip + lean.apply(UP * torso)
    wide = rng.uniform(0.13, 0.2) * chubby
    body.join(
        ellipsoid(hip, (wide * 1.05, wide * 0.8, wide * 0.9)),
        round_cone(hip, chest, wide * 0.8, wide * 0.85),
        ellipsoid(chest, (wide * 1.35, wide * 0.85, wide * 0.8)),
        soft=0.08,
        color=paint[1],
    )
    pose = rng.choice(["stand", "stride", "sit", "robe"])
    leg = rng.uniform(0.3, 0.5)
    thick = 0.085 * chubby
    for side in (-1, 1):
        root = hip + [side * wide * 0.6, 0, -0.05]
        swing = {"stand": rng.normal(0, 5), "stride": side * rng.uniform(15, 40)}.get(
            str(pose), 0.0
        )
        if pose == "sit":
            out = _turn([-80 + rng.normal(0, 8), 0, side * rng.uniform(0, 25)]).apply(-UP)
            bend = _turn([80, 0, 0])
        else:
            out = _turn([swing, -side * rng.uniform(0, 12), 0]).apply(-UP)
            bend = _turn([rng.uniform(0, 35) * (swing > 0), 0, 0])
        joints = _bent(root, (leg, leg * 0.95), out, bend)
        body.join(
            *chain(joints, [thick * 1.15, thick * 0.85, thick * 0.65]), soft=0.04, color=paint[2]
        )
        foot = joints[-1]
        body.join(
            ellipsoid(foot + [0, -0.06, -0.01], (thick * 0.9, thick * 1.9, thick * 0.75)),
            soft=0.03,
            color=paint[3],
        )
    if pose == "robe":
        half, flare = 0.95 * leg, rng.uniform(0.3, 0.46)
        body.join(cone(hip - UP * (half - 0.1), flare, wide * 0.9, half), soft=0.06, color=paint[1])
        folds = int(rng.integers(7, 15))
        for fold in range(folds):
            out = _turn([0, 0, 360 * fold / folds + rng.normal(0, 8)]).apply([1.0, 0, 0])
            hem = out * flare * rng.uniform(0.95, 1.1) - UP * (2 * half - 0.12)
            body.join(
                round_cone(hip + out * wide * 0.75, hip + hem, 0.03, rng.uniform(0.05, 0.09)),
                soft=0.05,
                color=paint[1],
            )
    arm = rng.uniform(0.24, 0.34)
    for side in (-1, 1):
        root = chest + lean.apply([side * wide * 1.25, 0, 0.02])
        raise_deg = rng.choice([rng.uniform(8, 30), rng.uniform(30, 100), rng.uniform(100, 165)])
        out = _turn([rng.uniform(-35, 35), -side * raise_deg, 0]).apply(-UP)
        bend = _turn([-rng.uniform(0, 90), side * rng.uniform(-60, 60), 0])
        joints = _bent(root, (arm, arm), out, bend)
        sleeve = 0.07 * chubby
        body.join(*chain(joints[:2], [sleeve * 1.15, sleeve]), soft=0.04, color=paint[1])
        body.join(*chain(joints[1:], [sleeve * 0.9, sleeve * 0.7]), soft=0.02, color=paint[0])
        body.join(
            ellipsoid(joints[-1], sleeve * np.array([0.95, 1.2, 1.1])), soft=0.02, color=paint[0]
        )
        if side == 1 and rng.uniform() < 0.3:
            rod = rng.uniform(0.3, 0.6)
            body.join(
                round_cone(joints[-1] - UP * rod, joints[-1] + UP * rod, 0.035, 0.035),
                ellipsoid(joints[-1] + UP * rod, 0.08),
                soft=0.01,
                color=paint[4],
            )
    if rng.uniform() < 0.5:
        body.join(torus(hip + UP * 0.06, wide * 0.95, 0.035), soft=0.01, color=paint[4])
    neck = chest + lean.apply(UP * (wide * 0.7 + 0.04))
    skull = neck + lean.apply(UP * head * 0.95)
    body.join(round_cone(chest, skull, 0.07, 0.07), soft=0.04, color=paint[0])
    body.join(
        ellipsoid(skull, head * np.array([0.95, 1.0, rng.uniform(1.0, 1.2)])),
        ellipsoid(skull + [0, -0.3 * head, -0.5 * head], head * np.array([0.6, 0.6, 0.5])),
        soft=0.05,
        color=paint[0],
    )
    _face(body, skull, head, rng, paint[0])
    _hair(body, skull, head, rng, colors[4] if not plain else skin)
    if rng.uniform() < 0.4:
        foot_level = -2 * leg if pose != "sit" else -0.12
        size = rng.uniform(0.3, 0.5)
        spot = hip + UP * (foot_level - 0.08)
        base = (
            cylinder(spot, size, 0.1, 0.02)
            if rng.uniform() < 0.5
            else rounded_box(spot, (size, size * 0.8, 0.1), 0.03)
        )
        body.join(base, soft=0.01, color=paint[5])
    finish = _surface(rng, colors, clothes=not plain)
    stuff = skin if rng.uniform() < 0.3 else colors[0]
    piece = sculpt(body, stuff, finish, rng, triangles=int(rng.integers(26_000, 44_000)))
    kind = {"stand": "Standing", "stride": "Striding", "sit": "Sitting", "robe": "Robed"}[str(pose)]
    return f"{kind} figure", [piece]


def bust(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """A head on a pedestal."""
    colors = palette(rng, 4)
    stuff = colors[0]
    painted = rng.uniform() < 0.4
    body = Body()
    size = 0.55
    tall = rng.uniform(1.05, 1.35)
    skull = np.array([0.0, 0.0, 0.35])
    body.join(
        ellipsoid(skull, size * np.array([0.85, 0.98, tall])),
        ellipsoid(skull + [0, -0.22, -0.38], (0.3, 0.3, 0.26)),
        round_cone(skull - UP * 0.3, skull - UP * 0.95, 0.24, 0.28),
        ellipsoid(skull - UP * 1.08, (rng.uniform(0.45, 0.7), 0.34, 0.24)),
        soft=0.1,
        color=None,
    )
    for side in (-1, 1):
        cheek = skull + [side * 0.24, -0.4, -0.15]
        body.join(ellipsoid(cheek, rng.uniform(0.1, 0.16)), soft=0.12)
    _face(body, skull + [0, 0.03, 0.02], size * 0.95, rng, None)
    _hair(body, skull, size * 1.05, rng, colors[1] if painted else stuff)
    body.join(
        cylinder((0, 0, -0.95), rng.uniform(0.24, 0.4), 0.14, 0.03), soft=0.01, color=colors[2]
    )
    finish = _surface(rng, colors, clothes=False)
    return "Bust", [sculpt(body, stuff, finish, rng, triangles=36_000)]


def figurine(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """A person, or now and then a bust."""
    return bust(rng) if rng.uniform() < 0.2 else person(rng)


def quadruped(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """A four-legged animal between mouse and horse."""
    colors = palette(rng, 4)
    fur = hsv(rng.uniform(0.02, 0.13), rng.uniform(0.1, 0.7), rng.uniform(0.2, 0.9))
    base = fur if rng.uniform() < 0.6 else colors[0]
    body = Body()
    length, thick = rng.uniform(0.35, 0.6), rng.uniform(0.14, 0.3)
    arch = rng.uniform(-0.08, 0.12)
    hips, ribs = np.array([0, length / 2, arch]), np.array([0, -length / 2, 0.0])
    body.join(
        ellipsoid(hips, thick * np.array([0.95, 1.1, 1.0])),
        round_cone(hips, ribs, thick * 0.85, thick * 0.9),
        ellipsoid(ribs, thick * np.array([1.0, 1.15, 1.1])),
        soft=0.1,
    )
    leg, girth = rng.uniform(0.2, 0.6), thick * rng.uniform(0.28, 0.5)
    for end, back in ((hips, 1), (ribs, -1)):
        for side in (-1, 1):
            root = end + [side * thick * 0.6, 0, -thick * 0.3]
            out = _turn([rng.normal(0, 14), -side * rng.uniform(0, 8), 0]).apply(-UP)
            bend = _turn([back * rng.uniform(5, 35), 0, 0])
            joints = _bent(root, (leg * 0.55, leg * 0.5), out, bend)
            body.join(*chain(joints, [girth * 1.3, girth * 0.85, girth * 0.7]), soft=0.06)
            paw = joints[-1] + [0, -girth * 0.4, 0]
            color = colors[2] if rng.uniform() < 0.5 else None
            body.join(ellipsoid(paw, girth * np.array([0.95, 1.3, 0.7])), soft=0.02, color=color)
    neck, size = rng.uniform(0.1, 0.5), thick * rng.uniform(0.6, 1.1)
    rise = np.deg2rad(rng.uniform(20, 80))
    along = np.array([0, -np.cos(rise), np.sin(rise)])
    skull = ribs + along * (thick * 0.7 + neck + 0.3 * size)
    body.join(round_cone(ribs, skull, thick * 0.7, size * 0.6), soft=0.1)
    body.join(ellipsoid(skull, size * np.array([0.9, 1.0, 0.9])), soft=0.06)
    snout = size * rng.uniform(0.3, 1.2)
    muzzle = skull + [0, -size * 0.7 - snout, -0.3 * size]
    body.join(
        round_cone(skull - [0, 0.3 * size, 0.15 * size], muzzle, size * 0.55, size * 0.34),
        soft=0.05,
    )
    body.join(
        ellipsoid(muzzle + [0, -0.28 * size, 0.12 * size], 0.15 * size),
        soft=0.01,
        color=hsv(0, 0.3, 0.12),
    )
    body.cut(
        ellipsoid(muzzle - [0, 0.15 * size, 0.12 * size], size * np.array([0.4, 0.5, 0.05])),
        soft=0.02,
        color=hsv(0.0, 0.6, 0.3),
    )
    ear = size * rng.uniform(0.3, 1.2)
    spread = rng.uniform(10, 70)
    for side in (-1, 1):
        eye = skull + [side * 0.55 * size, -0.62 * size, 0.3 * size]
        body.join(ellipsoid(eye, 0.17 * size), soft=0.01, color=hsv(0.1, 0.2, 0.1))
        root = skull + [side * 0.55 * size, 0.15 * size, 0.6 * size]
        tip = root + _turn([0, side * spread, 0]).apply(UP * ear)
        middle = (root + tip) / 2
        turn = _turn([0, side * spread, 0])
        body.join(
            ellipsoid(middle, (0.3 * size, 0.13 * size, 0.5 * ear + 0.1 * size), turn), soft=0.03
        )
        inner = middle - [0, 0.13 * size, 0]
        body.cut(
            ellipsoid(inner, (0.2 * size, 0.1 * size, 0.4 * ear), turn), soft=0.02, color=colors[3]
        )
        if snout > 0.8 * size and rng.uniform() < 0.3:
            horn = root + [0, -0.2 * size, 0]
            body.join(
                *chain(
                    [
                        horn,
                        horn + [side * 0.3 * size, 0, 0.5 * size],
                        horn + [side * 0.3 * size, -0.3 * size, size],
                    ],
                    [0.14 * size, 0.11 * size, 0.06 * size],
                ),
                soft=0.02,
                color=hsv(0.1, 0.2, 0.8),
            )
    tail = [hips + [0, thick * 0.8, 0.1 * thick]]
    heading, sway = np.array([0, 1, rng.uniform(-0.6, 0.8)]), rng.normal(0, 0.3, 3)
    reach = rng.uniform(0.05, 0.22)
    for _ in range(4):
        heading = heading / np.linalg.norm(heading)
        tail.append(tail[-1] + heading * reach)
        heading = heading + sway
    bushy = rng.uniform(0.03, 0.09)
    body.join(*chain(tail, list(np.linspace(bushy, bushy * rng.uniform(0.5, 1.5), 5))), soft=0.04)
    finish = random_finish(
        rng,
        colors,
        reliefs=("grain", "lumps", "folds", "quilted", "warts"),
        height=0.018,
        paints=("spots", "stripes", "patches", "clouds", "upper", "gradient"),
        metal=0.06,
    )
    return "Animal", [sculpt(body, base, finish, rng, triangles=int(rng.integers(24_000, 40_000)))]


def bird(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """A perched bird with folded or half-open wings."""
    colors = palette(rng, 5)
    body = Body()
    plump, tilt = rng.uniform(0.24, 0.38), _turn([rng.uniform(10, 60), 0, 0])
    body.join(ellipsoid((0, 0, 0), plump * np.array([0.9, 1.0, 1.5]), tilt), soft=0.05)
    size = plump * rng.uniform(0.5, 0.8)
    skull = np.array([0, -plump * 0.75, plump * rng.uniform(1.2, 1.8)])
    body.join(round_cone((0, -0.2 * plump, 0.4 * plump), skull, 0.7 * plump, 0.8 * size), soft=0.1)
    body.join(ellipsoid(skull, size), soft=0.05, color=colors[1])
    beak = size * rng.uniform(0.5, 1.6)
    tip = skull + [0, -size * 0.8 - beak, -rng.uniform(0, 0.5) * beak]
    body.join(
        round_cone(skull - [0, 0.7 * size, 0], tip, 0.32 * size, 0.08 * size),
        soft=0.01,
        color=hsv(0.1, rng.uniform(0.2, 0.9), rng.uniform(0.2, 0.9)),
    )
    opening = rng.choice([4, rng.uniform(20, 70)])
    for side in (-1, 1):
        eye = skull + [side * 0.75 * size, -0.5 * size, 0.25 * size]
        body.join(ellipsoid(eye, 0.2 * size), soft=0.01, color=hsv(0, 0, 0.08))
        shoulder = np.array([side * plump * 0.75, -0.1, 0.2 * plump])
        for feather in range(5):
            turn = _turn([-35 - feather * 13, side * -opening, side * 6])
            reach = plump * (1.5 - 0.12 * feather)
            middle = shoulder + turn.apply([side * 0.02 * feather, 0, -0.75 * reach])
            body.join(
                ellipsoid(middle, (0.05, 0.11, 0.8 * reach), turn), soft=0.01, color=colors[2]
            )
    for feather in np.linspace(-1, 1, int(rng.integers(3, 6))):
        turn = tilt * _turn([0, 14 * feather, 0])
        middle = tilt.apply([0, 0, -1.2 * plump]) + turn.apply([0, 0, -0.28])
        body.join(ellipsoid(middle, (0.075, 0.04, 0.36), turn), soft=0.01, color=colors[3])
    for side in (-1, 1):
        foot = np.array([side * 0.14, -0.02, -plump * 1.9])
        body.join(
            round_cone((side * 0.12, 0, -plump), foot, 0.04, 0.035), soft=0.02, color=colors[4]
        )
        for toe in (-30, 0, 30, 180):
            end = foot + _turn([0, 0, toe]).apply([0, -0.15, -0.02])
            body.join(round_cone(foot, end, 0.035, 0.025), soft=0.01, color=colors[4])
    if rng.uniform() < 0.5:
        body.join(ellipsoid((0, 0, -plump * 2.15), (0.45, 0.4, 0.16)), soft=0.02, color=colors[0])
    finish = random_finish(
        rng,
        colors,
        reliefs=("scales", "grain", "lumps"),
        height=0.016,
        paints=("spots", "speckle", "gradient", "upper", "clouds"),
        metal=0.06,
    )
    return "Bird", [sculpt(body, colors[0], finish, rng, triangles=34_000)]


def fish(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """A fish that stands on its belly fin, or on a wave-like foot."""
    colors = palette(rng, 4)
    body = Body()
    high, thick = rng.uniform(0.24, 0.5), rng.uniform(0.13, 0.25)
    bend = rng.uniform(-0.25, 0.25)
    body.join(ellipsoid((0, -0.1, 0), (thick, 0.62, high)), soft=0.05)
    body.join(round_cone((0, 0.2, 0), (bend * 0.4, 0.7, 0), high * 0.5, 0.08), soft=0.1)
    for up in (-1, 1):
        for ray in range(4):
            turn = _turn([up * (35 + 13 * ray), 0, -20 * bend])
            center = np.array([bend * 0.6, 0.85, up * 0.05]) + turn.apply([0, 0.16, 0])
            body.join(ellipsoid(center, (0.035, 0.24, 0.06), turn), soft=0.02, color=colors[1])
    for ray in np.linspace(-0.35, 0.3, 7):
        tall = high * np.sqrt(max(1 - (ray / 0.62) ** 2, 0.1))
        crest = rng.uniform(0.12, 0.24)
        body.join(
            round_cone((0, ray, tall * 0.85), (0, ray + 0.12, tall + crest), 0.05, 0.03),
            soft=0.03,
            color=colors[1],
        )
    for side in (-1, 1):
        eye = np.array([side * thick * 0.72, -0.5, high * 0.2])
        body.join(ellipsoid(eye, 0.085), soft=0.02, color=hsv(0.12, 0.1, 0.9))
        body.join(
            ellipsoid(eye + [side * 0.045, -0.01, 0], 0.055), soft=0.005, color=hsv(0, 0, 0.06)
        )
        turn = _turn([30, side * 35, side * 30])
        fin = np.array([side * thick * 1.15, -0.05, -high * 0.35])
        body.join(ellipsoid(fin, (0.035, 0.2, 0.11), turn), soft=0.03, color=colors[2])
        body.cut(torus((side * thick, -0.25, 0), 0.24, 0.02, _turn([0, 90, 0])), soft=0.02)
    body.cut(ellipsoid((0, -0.74, -0.05), (0.12, 0.12, 0.045)), soft=0.03, color=hsv(0, 0.5, 0.3))
    if rng.uniform() < 0.7:
        body.join(round_cone((0, 0, -high), (0, 0.05, -high - 0.15), 0.1, 0.16), soft=0.08)
        body.join(cylinder((0, 0.05, -high - 0.25), 0.34, 0.07, 0.03), soft=0.05, color=colors[3])
    finish = random_finish(
        rng,
        colors,
        reliefs=("pebbles", "quilted", "grain", "folds"),
        height=0.016,
        paints=("spots", "stripes", "gradient", "patches", "upper"),
        metal=0.12,
    )
    return "Fish", [sculpt(body, colors[0], finish, rng, triangles=34_000)]


def animal(rng: np.random.Generator) -> tuple[str, list[Piece]]:
    """A quadruped, a bird or a fish."""
    return (quadruped, quadruped, bird, fish)[rng.integers(4)](rng)
