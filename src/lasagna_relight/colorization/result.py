"""A colored picture at full size, and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from lasagna_relight.compositing.color_files import write_color_layers
from lasagna_relight.compositing.color_layer import ColorLayer, composite_colored
from lasagna_relight.compositing.layer_paths import COLOR_ENDINGS, refuse_unwritable_edit
from lasagna_relight.image_io import Picture, write_picture
from lasagna_relight.masking.select import ResolvedMask
from lasagna_relight.types import Image


@dataclass(frozen=True, kw_only=True)
class ColorizedPicture:
    """The colors of one picture.

    Attributes:
        source: the picture as it came.
        layer: what is laid over it.
        mask: what was colored, and how it was found.
        words: that asked for it.
        recipe: name of the recipe.
        evaluations: how often the prior was asked.
    """

    source: Picture
    layer: ColorLayer
    mask: ResolvedMask
    words: str
    recipe: str
    evaluations: int

    @cached_property
    def picture(self) -> Picture:
        """The colored picture, integers of the source's depth, with its alpha and profile."""
        return composite_colored(self.source, self.layer)

    @property
    def pixels(self) -> np.ndarray:
        """(H, W, 3) integers of the source's depth."""
        return self.picture.pixels

    @property
    def image(self) -> Image:
        """(3, H, W) sRGB-encoded in [0, 1]."""
        return self.picture.image()

    def save(self, path: Path | str, *, layers: Sequence[str] = (), force: bool = False) -> None:
        """Writes the colored picture, and beside it the layer in each format named.

        Formats: psd, ora, npz, and png for the layer alone (``NAME.color.png``).

        Raises:
            OutputError: a file exists and ``force`` is off, or a format is unknown: then nothing
                is written; or a file cannot be written.
        """
        path = Path(path)
        refuse_unwritable_edit(path, layers, force=force, endings=COLOR_ENDINGS)
        write_picture(
            path,
            self.pixels,
            alpha=self.picture.alpha,
            icc_profile=self.picture.icc_profile,
            metadata=self.picture.metadata,
            force=force,
        )
        write_color_layers(layers, path, self.source, self.layer, words=self.words, force=force)
