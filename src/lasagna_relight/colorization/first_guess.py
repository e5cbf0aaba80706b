"""The first guess: the thing in its color, and parts where words and lines agree on a place.

A rule, not a network: a part is a region between lines that lies where its word says ("sole" is at
the bottom), or that looks like its pattern (stripes are long, spots are small and many).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from jaxtyping import Bool, Float

from lasagna_relight.colorization.paper import BARE, Drawing
from lasagna_relight.compositing.crop import CropBox, crop_mask
from lasagna_relight.language.color_parts import part_colors
from lasagna_relight.language.colors import main_color
from lasagna_relight.priors.color_prior import filled
from lasagna_relight.types import Image, Mask

SIDE = 512
"""Longer side at which regions are found."""

LEAST = 0.002
"""Share of the object from which a place between lines is a region."""

Region = Bool[np.ndarray, "rows columns"]


@dataclass(frozen=True, kw_only=True)
class _Shape:
    """A region: center in the object's box, both in [0, 1]; share of its area; how long it is."""

    region: Region
    x: float
    y: float
    share: float
    length: float


def first_guess(
    words: str,
    drawing: Drawing | None,
    mask: Float[np.ndarray, "full_height full_width"],
    box: CropBox,
    small_mask: Mask,
) -> Image:
    """(1, 3, h, w) in [0, 1], of the size of ``small_mask``, white outside of it.

    Args:
        words: what the user says.
        drawing: the lines; None for a photograph, whose parts are not guessed.
        mask: the object at full size.
        box: where the small mask lies.
        small_mask: (1, 1, h, w).
    """
    named = main_color(words)
    guess = filled(small_mask, [None if named is None else named.rgb])
    if drawing is None:
        return guess
    size = (small_mask.shape[-2], small_mask.shape[-1])
    for part in part_colors(words):
        place = part_region(drawing, mask, part.place)
        if place is not None:
            share = crop_mask(place, box, size)[None]
            color = small_mask.new_tensor(part.rgb).view(1, 3, 1, 1)
            guess = torch.lerp(guess, 1 + (color - 1) * small_mask, share)
    return guess


def part_region(
    drawing: Drawing, mask: Float[np.ndarray, "full_height full_width"], place: str
) -> Float[np.ndarray, "full_height full_width"] | None:
    """(H, W) coverage of the regions that lie at ``place``, their lines' near halves included."""
    height, width = mask.shape
    scale = min(1.0, SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    inside = cv2.resize(mask, size, interpolation=cv2.INTER_AREA) > 0.5
    bare = cv2.resize(drawing.bare, size, interpolation=cv2.INTER_AREA)
    shapes = _shapes(inside, bare > BARE)
    if len(shapes) < 2:
        return None
    chosen = [shape for shape in shapes[1:] if _lies_at(shape, place)]
    if place == "spots" and len(chosen) < 3:
        return None
    if not chosen:
        return None
    region = np.any([shape.region for shape in chosen], 0).astype(np.uint8)
    grown = cv2.dilate(region, np.ones((5, 5), np.uint8))
    return cv2.resize(grown.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)


def _shapes(inside: Region, bare: Region) -> list[_Shape]:
    """Regions between the lines, the largest first."""
    area = float(inside.sum())
    if area == 0:
        return []
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    top, left = rows[0], columns[0]
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    count, labels, stats, centers = cv2.connectedComponentsWithStats(
        (inside & bare).astype(np.uint8), connectivity=4
    )
    found: list[_Shape] = []
    for index in range(1, count):
        share = float(stats[index, cv2.CC_STAT_AREA]) / area
        if share < LEAST:
            continue
        region = np.asarray(labels == index)
        points = np.argwhere(region).astype(np.float32)
        sides = sorted(cv2.minAreaRect(points)[1])
        found.append(
            _Shape(
                region=region,
                x=float((centers[index][0] - left) / width),
                y=float((centers[index][1] - top) / height),
                share=share,
                length=float(sides[1] / max(1.0, sides[0])),
            )
        )
    return sorted(found, key=lambda shape: -shape.share)


def _lies_at(shape: _Shape, place: str) -> bool:
    match place:
        case "top":
            return shape.y < 0.3
        case "bottom":
            return shape.y > 0.75
        case "left":
            return shape.x < 0.28
        case "right":
            return shape.x > 0.72
        case "middle":
            return abs(shape.x - 0.5) < 0.2 and abs(shape.y - 0.5) < 0.2
        case "spots":
            return shape.share < 0.06 and shape.length < 2
        case "stripes":
            return shape.length > 2.5 and shape.y < 0.8
        case _:
            return False
