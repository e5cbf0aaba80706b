"""The Color tab's work: a drawing or a gray photograph in colors, as a job that a page follows."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import cv2
import numpy as np
from PIL import Image as PillowImage

from lasagna_relight.apps.studio.prepare import preview_of, seen_in_srgb
from lasagna_relight.apps.studio.queue import Steps
from lasagna_relight.apps.studio.sessions import Session
from lasagna_relight.apps.studio.words import fault
from lasagna_relight.image_io import Picture, encode_png

Mode = Literal["color", "chroma"]
ColoredFormat = Literal["png", "psd", "ora", "npz", "layer"]
ENDINGS: dict[ColoredFormat, str] = {
    "png": ".png",
    "psd": ".psd",
    "ora": ".ora",
    "npz": ".npz",
    "layer": ".color.png",
}
"""What the page offers, and how the files of a colored picture end."""

LAYERS = ("psd", "ora", "npz", "png")
STEM = "colored"


@runtime_checkable
class Colored(Protocol):
    """A picture in colors, `colorization.result.ColorizedPicture`."""

    @property
    def picture(self) -> Picture:
        """The colored picture."""
        ...

    def save(self, path: Path, *, layers: tuple[str, ...], force: bool) -> None:
        """Write it, and its layer beside it."""
        ...


@dataclass(frozen=True, kw_only=True)
class ColoringStep:
    """How far a coloring is."""

    index: int
    total: int


@runtime_checkable
class StudioColorizer(Protocol):
    """What `app.build_app` takes for its Color tab; tests give a fast fake."""

    def color(
        self, picture: Picture, words: str, *, hints: Picture | None, mode: Mode, seed: int
    ) -> Generator[ColoringStep, None, Colored]:
        """``picture`` in the colors of ``words``, step by step.

        Args:
            picture: a drawing or a gray photograph.
            words: such as "a red sneaker with a white sole".
            hints: transparent but for some dots of color, of the picture's size.
            mode: colors over the lines, or chroma alone.
            seed: the same seed gives the same colors.
        """
        ...


def coloring(
    colorizer: StudioColorizer,
    session: Session,
    words: str,
    hints: np.ndarray | None,
    mode: Mode,
    seed: int,
) -> Steps:
    """Events of one coloring: ``step``s with index and total; then ``done``.

    Its files lie in the session's folder from then on, in place of an earlier coloring's.

    Args:
        colorizer: asked once.
        session: of the picture.
        words: what colors.
        hints: (H, W, 4) uint8 of any size, or None.
        mode: how the layer lies over the picture.
        seed: of the draws.
    """
    picture = session.picture()
    painted = None if hints is None else _at_size(hints, picture)
    steps = colorizer.color(picture, words, hints=painted, mode=mode, seed=seed)
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            colored: Colored = end.value
            break
        yield {"kind": "step", "index": step.index, "total": step.total}
    colored.save(session.folder / f"{STEM}.png", layers=LAYERS, force=True)
    yield {"kind": "step", "index": 1, "total": 1}
    preview = seen_in_srgb(preview_of(colored.picture, max(session.preview_size)))
    png = encode_png(preview.pixels, alpha=preview.alpha)
    (session.folder / f"{STEM}.preview.png").write_bytes(png)
    yield {"kind": "done"}


def colored_file(session: Session, part: ColoredFormat | Literal["preview"]) -> Path:
    """A file of the session's coloring.

    Raises:
        HTTPException: 409; nothing has been colored.
    """
    ending = ".preview.png" if part == "preview" else ENDINGS[part]
    path = session.folder / f"{STEM}{ending}"
    if not path.is_file():
        raise fault(409, "Color the picture first, then save it.")
    return path


def hints_in(text: str) -> np.ndarray | None:
    """(H, W, 4) uint8 of a transparent PNG in base64; None where nothing is painted.

    Raises:
        ValueError: it is no such picture.
    """
    try:
        content = base64.b64decode(text, validate=True)
        with PillowImage.open(io.BytesIO(content), formats=("PNG",)) as image:
            pixels = np.asarray(image.convert("RGBA"))
    except (OSError, binascii.Error, PillowImage.DecompressionBombError) as error:
        raise ValueError("no transparent PNG") from error
    return pixels if (pixels[..., 3] > 127).any() else None


def _at_size(hints: np.ndarray, picture: Picture) -> Picture:
    """Hints as large as their picture, in its depth: colors are not mixed at their edges."""
    size = (picture.width, picture.height)
    large = cv2.resize(hints, size, interpolation=cv2.INTER_NEAREST)
    large = large.astype(picture.pixels.dtype) * (picture.maximum // 255)
    return Picture(pixels=np.ascontiguousarray(large[..., :3]), alpha=large[..., 3].copy())
