"""Pictures of a disc: the object is known, and so is its edge."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from lasagna_relight.image_io import Picture


@dataclass(frozen=True, kw_only=True)
class DiscScene:
    """A plain disc on a plain background; lengths in pixels, ``center`` as (row, column)."""

    height: int = 120
    width: int = 160
    center: tuple[float, float] = (60, 70)
    radius: float = 35
    color: tuple[int, int, int] = (230, 120, 30)
    background: tuple[int, int, int] = (150, 170, 200)

    @property
    def truth(self) -> np.ndarray:
        """(H, W) bool, true on the disc."""
        return self.grown(0)

    def grown(self, pixels: float) -> np.ndarray:
        """(H, W) bool, true on a disc of a radius that is so many ``pixels`` larger."""
        rows, columns = np.mgrid[: self.height, : self.width]
        distance_squared = (rows - self.center[0]) ** 2 + (columns - self.center[1]) ** 2
        return distance_squared <= (self.radius + pixels) ** 2

    @property
    def picture(self) -> Picture:
        colors = np.where(self.truth[..., None], self.color, self.background)
        return Picture(pixels=colors.astype(np.uint8))

    def overlap(self, mask: np.ndarray) -> float:
        """Intersection over union of ``mask`` > 0.5 and the disc."""
        found = mask > 0.5
        return float((found & self.truth).sum() / (found | self.truth).sum())


@pytest.fixture
def scene() -> DiscScene:
    """A disc of 35 pixels in a picture of 160 x 120."""
    return DiscScene()


@pytest.fixture
def make_scene() -> Callable[..., DiscScene]:
    """`DiscScene` itself, for a disc of another size or place."""
    return DiscScene
