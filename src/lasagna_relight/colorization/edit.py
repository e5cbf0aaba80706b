"""A color layer while it is solved."""

from __future__ import annotations

from dataclasses import dataclass

from lasagna_relight.colorization.fit import fit_layer
from lasagna_relight.colorization.paint import Canvas, Layer
from lasagna_relight.types import Image


@dataclass(frozen=True, kw_only=True)
class PaintEdit:
    """The present state of a solve: a `distillation.base.Edit`.

    Attributes:
        canvas: what is painted on.
        values: (1, 4, H, W), the layer.
        done: share of the solve that is over, in [0, 1].
    """

    canvas: Canvas
    values: Layer
    done: float

    @property
    def source(self) -> Image:
        """The canvas without paint."""
        return self.canvas.base

    def composite(self, values: Layer) -> Image:
        """The canvas under a layer."""
        return self.canvas.composite(values)

    def fitted(self, picture: Image, smoothness: float) -> Layer:
        """The layer that best explains ``picture``: see `fit.fit_layer`."""
        return fit_layer(picture.clamp(0, 1), self.canvas, smoothness=smoothness)
