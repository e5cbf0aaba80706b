"""Procedural drawings of things with parts: regions whose place and pattern have a name."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

NOWHERE = 255
PLACES = ("top", "bottom", "left", "right", "middle", "edge", "spots", "stripes")
"""What a region may be to its object."""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A thing of up to three regions.

    Attributes:
        regions: (S, S) uint8: 0 is the body; ``NOWHERE`` outside.
        outlines: (S, S) integers that change wherever a line is drawn.
        shade: (S, S) in [0, 1], light on it.
        relations: of regions 1 and 2, members of ``PLACES`` or "".
    """

    regions: np.ndarray
    outlines: np.ndarray
    shade: np.ndarray
    relations: tuple[str, str]


def random_drawing(side: int, draws: np.random.Generator) -> Drawing:
    """A body, and none, one or two parts or patterns on it."""
    body = _blob(side, draws, (0.5, 0.5), (draws.uniform(0.2, 0.42), draws.uniform(0.2, 0.42)))
    regions = np.where(body, np.uint8(0), np.uint8(NOWHERE))
    outlines = body.astype(np.int32)
    count = int(draws.choice([0, 1, 2], p=[0.25, 0.5, 0.25]))
    relations = ["", ""]
    for index in range(count):
        place = PLACES[int(draws.choice(8, p=[0.16, 0.16, 0.08, 0.08, 0.1, 0.06, 0.16, 0.2]))]
        if place in relations:
            continue
        part = _part(side, draws, body, place)
        # a part that covers another, or the whole body, has no place any more
        if (part & body).sum() < 0.03 * body.sum() or (body & ~part).sum() < 0.35 * body.sum():
            continue
        if index and (part & (regions == 1)).sum() > 0.5 * (regions == 1).sum():
            continue
        regions[part] = 1 + relations.index("")
        outlines[part] = 2 + index * 1000 + cv2.connectedComponents(part.astype(np.uint8))[1][part]
        relations[relations.index("")] = place
    inner = _details(side, draws, regions != NOWHERE)
    outlines = outlines + 100_000 * inner
    return Drawing(
        regions=regions,
        outlines=outlines,
        shade=_shade(side, draws, regions != NOWHERE),
        relations=(relations[0], relations[1]),
    )


def _grid(side: int) -> tuple[np.ndarray, np.ndarray]:
    axis = (np.arange(side, dtype=np.float32) + 0.5) / side
    return axis[:, None], axis[None, :]


def _blob(
    side: int, draws: np.random.Generator, center: tuple[float, float], radii: tuple[float, float]
) -> np.ndarray:
    """A smooth or an angular closed shape about ``center`` (x, y)."""
    corners = int(draws.choice([3, 4, 4, 5, 6, 8, 40, 40, 40, 40]))
    angle = np.linspace(0, 2 * math.pi, corners, endpoint=False)
    angle = angle + (draws.uniform(-0.3, 0.3) if corners < 40 else 0) + math.pi / 4
    radius = np.ones(corners)
    if corners == 40:
        for wave in (2, 3, 4):
            radius += draws.uniform(-0.12, 0.12) * np.cos(wave * angle + draws.uniform(0, 6.3))
    else:
        radius += draws.uniform(-0.12, 0.12, corners)
    x = (center[0] + radii[0] * radius * np.cos(angle)) * side
    y = (center[1] + radii[1] * radius * np.sin(angle)) * side
    canvas = np.zeros((side, side), np.uint8)
    cv2.fillPoly(canvas, [np.rint(np.stack([x, y], 1)).astype(np.int32)], 1)
    return canvas > 0


def _part(side: int, draws: np.random.Generator, body: np.ndarray, place: str) -> np.ndarray:
    y, x = _grid(side)
    rows, columns = np.flatnonzero(body.any(1)), np.flatnonzero(body.any(0))
    top, bottom = rows[0] / side, (rows[-1] + 1) / side
    left, right = columns[0] / side, (columns[-1] + 1) / side
    share = draws.uniform(0.15, 0.4)
    tilt = draws.uniform(-0.15, 0.15)
    level = (y - top) / (bottom - top) + tilt * (x - 0.5)
    across = (x - left) / (right - left) + tilt * (y - 0.5)
    if place in ("top", "bottom") and draws.random() < 0.5:
        height = share * (bottom - top) * 0.7
        center = (draws.uniform(0.4, 0.6), top if place == "top" else bottom)
        return _blob(side, draws, center, (draws.uniform(0.08, 0.3), height))
    if place in ("left", "right") and draws.random() < 0.5:
        center = (left if place == "left" else right, draws.uniform(0.4, 0.6))
        return _blob(side, draws, center, (share * (right - left) * 0.7, draws.uniform(0.08, 0.25)))
    match place:
        case "top":
            return body & (level < share)
        case "bottom":
            return body & (level > 1 - share)
        case "left":
            return body & (across < share)
        case "right":
            return body & (across > 1 - share)
        case "middle":
            radii = (draws.uniform(0.08, 0.16), draws.uniform(0.08, 0.16))
            return body & _blob(side, draws, (float(columns.mean()) / side, 0.5), radii)
        case "edge":
            width = int(side * draws.uniform(0.04, 0.07))
            inner = cv2.erode(body.astype(np.uint8), np.ones((2 * width + 1,) * 2, np.uint8))
            return body & (inner == 0)
        case "spots":
            return body & _spots(side, draws)
        case _:
            angle = draws.choice([0, math.pi / 2, draws.uniform(0, math.pi)])
            phase = np.cos(angle) * x + np.sin(angle) * y + draws.uniform(0, 1)
            return body & ((phase * draws.uniform(4, 9)) % 1 < draws.uniform(0.3, 0.5))


def _spots(side: int, draws: np.random.Generator) -> np.ndarray:
    canvas = np.zeros((side, side), np.uint8)
    step, radius = draws.uniform(0.13, 0.22), draws.uniform(0.035, 0.06)
    for row in np.arange(draws.uniform(0, step), 1, step):
        for column in np.arange(draws.uniform(0, step), 1, step):
            center = (int((column + draws.uniform(-0.02, 0.02)) * side), int(row * side))
            cv2.circle(canvas, center, int(radius * side), 1, -1)
    return canvas > 0


def _details(side: int, draws: np.random.Generator, inside: np.ndarray) -> np.ndarray:
    """Further lines that separate no colors: a share of sketches has them."""
    canvas = np.zeros((side, side), np.int32)
    for _ in range(int(draws.choice([0, 0, 1, 2, 4]))):
        center = tuple(draws.uniform(0.25, 0.75, 2))
        radii = tuple(draws.uniform(0.03, 0.15, 2))
        canvas += _blob(side, draws, center, radii)
    return canvas * inside


def _shade(side: int, draws: np.random.Generator, inside: np.ndarray) -> np.ndarray:
    """Flat, or rounded towards the edges."""
    if draws.random() < 0.4:
        return np.ones((side, side), np.float32)
    depth = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, 5)
    depth = np.sqrt(depth / max(1.0, float(depth.max())))
    y, x = _grid(side)
    slope = draws.uniform(-0.3, 0.3) * (x - 0.5) + draws.uniform(-0.1, 0.5) * (0.5 - y)
    return (0.72 + 0.28 * depth + slope).clip(0.35, 1).astype(np.float32)
