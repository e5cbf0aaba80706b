"""A color layer solved small, brought to the size of its picture along the picture's own lines."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from jaxtyping import Float

from lasagna_relight.colorization.fit import fit_layer
from lasagna_relight.colorization.hints import Hints, small_hints
from lasagna_relight.colorization.paint import Canvas, Layer
from lasagna_relight.colorization.paper import Drawing, as_drawing, is_drawing
from lasagna_relight.compositing.color_layer import ColorLayer, PaintMode
from lasagna_relight.compositing.crop import CropBox, crop_mask
from lasagna_relight.image_io import Picture

GUIDED_SIDE = 320
"""Longer side up to which colors follow the lines; beyond, they are interpolated."""

SMOOTHNESS = 3.0
SURE = 6
"""Power of the bare share around a pixel: how little a small color beside a line is believed."""

Colors = Float[np.ndarray, "full_height full_width 3"]


def color_layer(
    layer: Layer,
    picture: Picture,
    mask: Float[np.ndarray, "full_height full_width"],
    box: CropBox,
    hints: Hints,
    *,
    mode: PaintMode,
) -> ColorLayer:
    """The layer of ``picture`` from one (1, 4, h, w) solved over ``box``.

    Lines are left uncovered in drawings, and not in photographs that take chroma alone.

    Args:
        layer: colors and alpha, on the CPU.
        picture: the full picture.
        mask: (H, W) refined coverage; the layer covers nothing where it is 0.
        box: where the small layer lies.
        hints: full-size; their pixels have exactly their colors, lines apart.
        mode: how the layer lies over the picture.
    """
    drawing = as_drawing(picture)
    colors = _along_lines(layer, drawing, mask, box, hints, mode)
    cover = mask * _alpha_beyond(layer, box, mask)
    cover = np.where(hints.painted, np.float32(1), cover)
    if mode == "color" or is_drawing(picture):
        opening = drawing.open_share
        cover = cover * opening
    else:
        opening = np.ones_like(mask)
    if mode == "color":
        colors = _seen_through_ink(colors, picture, opening)
    settled = hints.painted & (opening >= 1)
    colors = np.where(settled[..., None], hints.colors, colors)
    return ColorLayer(
        colors=colors.astype(np.float32), cover=cover.astype(np.float32), mode=mode
    )  # fmt: skip


def _along_lines(
    layer: Layer,
    drawing: Drawing,
    mask: Float[np.ndarray, "full_height full_width"],
    box: CropBox,
    hints: Hints,
    mode: PaintMode,
) -> Colors:
    """Full-size colors: fitted to the small ones at a middle size, where lines are seen."""
    scale = min(1.0, GUIDED_SIDE / max(box.height, box.width))
    size = (max(8, round(box.height * scale)), max(8, round(box.width * scale)))
    grown = torch.nn.functional.interpolate(layer[:, :3], size=size, mode="bilinear")
    bare = _crop_paper(drawing.bare, box, size)
    painted, hinted = small_hints(hints, box, size)
    middle = crop_mask(mask, box, size)[None]
    around = cv2.blur(bare, (2 * round(size[1] / 64) + 1, 2 * round(size[0] / 64) + 1))
    trust = torch.from_numpy(around**SURE)[None, None] * (0.05 + 0.95 * middle)
    canvas = Canvas(
        base=torch.from_numpy(bare)[None, None].expand(1, 3, *size),
        mask=trust if mode == "color" else middle,
        hints=painted,
        hinted=hinted,
        guess=grown,
        mode="chroma",  # the colors themselves are fitted, not seen through ink
    )
    smoothness = SMOOTHNESS if mode == "color" else SMOOTHNESS / 10
    fitted = fit_layer(grown, canvas, smoothness=smoothness, anchor=1e-2)[0, :3]
    return _placed(np.moveaxis(fitted.numpy(), 0, 2), box, mask.shape)


def _alpha_beyond(
    layer: Layer, box: CropBox, mask: Float[np.ndarray, "full_height full_width"]
) -> Float[np.ndarray, "full_height full_width"]:
    """The solved alpha at full size, as a share of what the mask alone would give.

    A solve that leaves the alpha at the mask changes nothing here.
    """
    alpha = layer[0, 3].numpy()
    small_mask = crop_mask(mask, box, (alpha.shape[0], alpha.shape[1]))[0].numpy()
    share = np.where(small_mask > 0.02, alpha / np.maximum(small_mask, 0.02), 1.0).clip(0, 1)
    share = np.where(share > 0.98, 1.0, share).astype(np.float32)
    return _placed(share[..., None], box, mask.shape)[..., 0]


def _seen_through_ink(
    colors: Colors, picture: Picture, opening: Float[np.ndarray, "full_height full_width"]
) -> Colors:
    """Colors of a Normal layer that shows ``colors`` through the ink of the picture.

    With the alpha ``a`` the layer shows (1 - a) base + a layer; wanted is base * colors.
    """
    base = picture.pixels.astype(np.float32) / picture.maximum
    if picture.alpha is not None:
        cover = (picture.alpha.astype(np.float32) / picture.maximum)[..., None]
        base = base * cover + (1 - cover)
    alpha = np.maximum(opening, 1e-3)[..., None]
    return ((base * colors - (1 - alpha) * base) / alpha).clip(0, 1)


def _crop_paper(
    bare: Float[np.ndarray, "full_height full_width"], box: CropBox, size: tuple[int, int]
) -> Float[np.ndarray, "rows columns"]:
    """The drawing in ``box``; beyond the picture there is paper."""
    return 1 - crop_mask(1 - bare, box, size)[0].numpy()


def _placed(values: np.ndarray, box: CropBox, shape: tuple[int, ...]) -> np.ndarray:
    """Values over ``box``, enlarged to the pixels of a picture; border values go on beyond it."""
    height, width = shape[:2]
    full = cv2.resize(values, (box.width, box.height), interpolation=cv2.INTER_LINEAR)
    full = full.reshape(box.height, box.width, -1)
    full = full[max(0, -box.top) : height - box.top, max(0, -box.left) : width - box.left]
    above, before = max(0, box.top), max(0, box.left)
    below, behind = height - above - full.shape[0], width - before - full.shape[1]
    return np.pad(full, ((above, below), (before, behind), (0, 0)), mode="edge")
