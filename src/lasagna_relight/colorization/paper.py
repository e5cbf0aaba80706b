"""What of a drawing is paper, what is line, and what the lines enclose."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from jaxtyping import Bool, Float

from lasagna_relight.image_io import Picture
from lasagna_relight.luminance import LUMINANCE_WEIGHTS
from lasagna_relight.masking import MaskChoice, ResolvedMask, resolve_mask
from lasagna_relight.masking.select import CUTOUT_SHARE

FLOOD_SIDE = 512
"""Longer side at which paper is flooded from the borders."""

GAPS = (0, 2, 4, 8, 14)
"""Radii, in pixels of that side, by which lines are thickened to close gaps in outlines."""

BARE = 0.8
"""Share of the paper's brightness above which a pixel is bare."""

MOST_INK = 0.45
"""Share of inked pixels up to which a picture is a drawing on paper."""

FLAT = 0.96
"""Share of the paper's brightness above which a pixel is paper without shade."""

LEAST_PAPER = 0.3
"""Share of such pixels from which a picture may be a drawing."""

BROAD = 0.03
"""Width, as a share of the longer side, from which ink is no line but a dark place."""

MOST_SOLID = 0.5
"""Share of the ink that may be dark places in a drawing."""

LINE_SHARE = 0.4
"""Between ink and paper, where a pixel stops being line."""

FADE = 0.25
"""Above that, the range over which paint begins, as a share of the paper's brightness."""

Plane = Float[np.ndarray, "height width"]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A picture seen as ink on paper.

    Attributes:
        bare: (H, W) float32 in [0, 1]: 1 is paper, 0 is black.
        line: brightness at and below which a pixel is line, on the scale of ``bare``.
    """

    bare: Plane
    line: float

    @property
    def is_line(self) -> Bool[np.ndarray, "height width"]:
        """Pixels that no paint may change."""
        return self.bare <= self.line

    @property
    def open_share(self) -> Plane:
        """How much paint a pixel takes: 0 on lines, 1 on paper, smooth between."""
        rising = ((self.bare - self.line) / FADE).clip(0, 1)
        return (rising * rising * (3 - 2 * rising)).astype(np.float32)


def luma_of(picture: Picture) -> Plane:
    """(H, W) float32 in [0, 1]; what is transparent counts as white paper."""
    weights = np.array(LUMINANCE_WEIGHTS, np.float32) / picture.maximum
    luma = picture.pixels @ weights
    if picture.alpha is not None:
        cover = picture.alpha.astype(np.float32) / picture.maximum
        luma = luma * cover + (1 - cover)
    return luma.astype(np.float32)


def as_drawing(picture: Picture) -> Drawing:
    """``picture`` as ink on paper; paper is its brightest percents, ink its darkest."""
    luma = luma_of(picture)
    paper = max(0.2, float(np.percentile(luma, 95)))
    bare = (luma / paper).clip(0, 1)
    inked = bare[bare < BARE]
    ink = float(np.percentile(inked, 10)) if inked.size else 0.0
    return Drawing(bare=bare, line=ink + LINE_SHARE * (1 - ink))


def is_drawing(picture: Picture) -> bool:
    """Whether most of a picture is bare paper, and most of the rest is thin."""
    bare = as_drawing(picture).bare
    ink = (bare < BARE).astype(np.uint8)
    if float(ink.mean()) > MOST_INK or float((bare > FLAT).mean()) < LEAST_PAPER:
        return False
    broad = 2 * round(max(bare.shape) * BROAD / 2) + 3
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((broad, broad), np.uint8))
    return float(solid.sum()) <= MOST_SOLID * max(1.0, float(ink.sum()))


def resolve_color_mask(picture: Picture, choice: MaskChoice) -> ResolvedMask:
    """What is colored: as `masking.resolve_mask`, but "auto" is what a drawing's lines enclose.

    Raises:
        MaskError: see `masking.resolve_mask`.
    """
    if choice != "auto" or _is_cut_out(picture) or not is_drawing(picture):
        found = resolve_mask(picture, choice)
        if found.warning is not None:
            found = replace(found, warning=found.warning.replace("relit", "colored"))
        return found
    enclosed = enclosed_by_lines(as_drawing(picture))
    if enclosed is None:
        where = "the picture" if picture.path is None else str(picture.path)
        return ResolvedMask(
            mask=np.ones((picture.height, picture.width), np.float32),
            method="none",
            warning=f"{where}: its lines enclose nothing, so the whole paper is colored: "
            "close the outline, or give --mask FILE",
        )
    return ResolvedMask(mask=enclosed, method="lines")


def enclosed_by_lines(drawing: Drawing) -> Plane | None:
    """(H, W) in [0, 1]: what paper that flows in from the borders does not reach; None if nothing.

    Gaps in the outline are closed by thicker lines, as little as encloses about as much as the
    thickest would.
    """
    height, width = drawing.bare.shape
    scale = min(1.0, FLOOD_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    bare = cv2.resize(drawing.bare, size, interpolation=cv2.INTER_AREA)
    ink = np.pad((bare < BARE).astype(np.uint8), max(GAPS) + 2)
    found = [_beyond_flood(ink, gap) for gap in GAPS]
    areas = [int(inside.sum()) for inside in found]
    if max(areas) < 0.005 * bare.size or max(areas) < 1.3 * ink.sum():
        return None
    chosen = next(i for i, area in enumerate(areas) if area >= 0.8 * max(areas))
    border = max(GAPS) + 2
    inside = found[chosen][border:-border, border:-border].astype(np.float32)
    full = cv2.resize(inside, (width, height), interpolation=cv2.INTER_LINEAR)
    # the outline itself is the edge: half of its width belongs to the object
    return np.where(full > 0.5, 1.0, 0.0).astype(np.float32)


def _beyond_flood(ink: np.ndarray, gap: int) -> np.ndarray:
    wall = ink
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * gap + 1, 2 * gap + 1))
    if gap:
        wall = cv2.dilate(ink, kernel)
    _, parts = cv2.connectedComponents(1 - wall, connectivity=4)
    inside = (parts != parts[0, 0]).astype(np.uint8)
    if gap:  # the wall grew outwards as well
        inside = cv2.erode(inside, kernel)
    return np.asarray(inside) > 0


def _is_cut_out(picture: Picture) -> bool:
    if picture.alpha is None:
        return False
    shown = float((picture.alpha > picture.maximum / 2).mean())
    return CUTOUT_SHARE[0] <= shown <= CUTOUT_SHARE[1]
