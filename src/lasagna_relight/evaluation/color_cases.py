"""Drawings whose true colors are known, for the evaluation of colorization."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from lasagna_relight.image_io import Picture
from lasagna_relight.language.colors import basic_terms
from lasagna_relight.masking.select import ResolvedMask
from lasagna_relight.seeding import numpy_generator
from lasagna_relight.training.color_pictures import NOWHERE, Cutout

DOTS = 6
DOT = 5
"""Radius of a hint in pixels."""

MOST_INK = 0.45
"""Ink inside of an object above which the other line drawing of it is taken."""


@dataclass(frozen=True, kw_only=True)
class ColorCase:
    """One drawing.

    Attributes:
        uid: of the object.
        title: a noun.
        sketch: its lines, gray.
        gray: the true picture without its colors.
        truth: (H, W, 3) uint8, the true picture with the lines of the sketch over it.
        colored: (H, W, 3) uint8, the true picture without them.
        mask: the object.
        body: (H, W), its largest region, lines apart.
        words: the true colors in words.
        hints: dots of the true colors, on a transparent picture.
    """

    uid: str
    title: str
    sketch: Picture
    gray: Picture
    truth: np.ndarray
    colored: np.ndarray
    mask: ResolvedMask
    body: np.ndarray
    words: str
    hints: Picture


def color_cases(cutouts: Iterator[Cutout], *, limit: int) -> Sequence[ColorCase]:
    """The first ``limit`` objects as cases."""
    cases: list[ColorCase] = []
    for cutout in cutouts:
        if len(cases) == limit:
            break
        cases.append(color_case(cutout))
    return cases


def color_case(cutout: Cutout) -> ColorCase:
    """One object as a case; the thinner of its line drawings where the other is mostly ink."""
    inside = cutout.regions != NOWHERE
    heavy = 1 - cutout.lines[0][inside].mean() > MOST_INK
    lines = cutout.lines[1 if heavy else 0]
    base = np.rint(lines * 255).astype(np.uint8)
    truth = np.rint(cutout.pixels * lines[..., None]).astype(np.uint8)
    weights = np.array([0.3, 0.59, 0.11], np.float32)
    gray = np.rint(cutout.pixels @ weights).astype(np.uint8)
    return ColorCase(
        uid=cutout.uid,
        title=cutout.title or "thing",
        sketch=_gray_picture(base),
        gray=_gray_picture(gray),
        truth=truth,
        colored=cutout.pixels,
        mask=ResolvedMask(mask=cutout.alpha.astype(np.float32), method="file"),
        body=(cutout.regions == 0) & (lines > 0.8),
        words=true_words(cutout),
        hints=true_hints(cutout, lines),
    )


def true_words(cutout: Cutout) -> str:
    """A caption of the true colors: basic terms, the largest region first."""
    found: list[str] = []
    for region in range(3):
        where = cutout.regions == region
        if where.any():
            found += basic_terms(np.median(cutout.pixels[where], 0)[None] / 255)
    others = [term for term in dict.fromkeys(found) if term != found[0]]
    parts = " and ".join(f"{term} parts" for term in others)
    said = f"a {found[0]} {cutout.title or 'thing'}"
    return f"{said} with {parts}" if parts else said


def true_hints(cutout: Cutout, lines: Float[np.ndarray, "height width"]) -> Picture:
    """Dots of the true colors on bare places of the object, at least one on each region."""
    draws = numpy_generator(0, "hints", cutout.uid)
    height, width = cutout.alpha.shape
    y, x = np.mgrid[:height, :width]
    alpha = np.zeros((height, width), np.uint8)
    for dot in range(DOTS):
        region = dot % (int(cutout.regions[cutout.regions != NOWHERE].max()) + 1)
        places = np.argwhere((cutout.regions == region) & (lines > 0.95))
        if len(places):
            row, column = places[int(draws.integers(len(places)))]
            near = (y - row) ** 2 + (x - column) ** 2 <= DOT**2
            alpha[near & (cutout.regions == region)] = 255
    return Picture(pixels=cutout.pixels.copy(), alpha=alpha)


def _gray_picture(plane: np.ndarray) -> Picture:
    return Picture(pixels=np.repeat(plane[..., None], 3, 2), was_grey=True)
