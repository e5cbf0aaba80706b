"""The package's colorizer behind the Color tab, loaded when it is first asked."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import cached_property

from lasagna_relight.apps.studio.coloring import Colored, ColoringStep, Mode
from lasagna_relight.colorization.api import Colorizer, shipped_color_prior
from lasagna_relight.image_io import Picture


@dataclass
class RealColorizer:
    """Asks the embedded color prior.

    Attributes:
        device: where its networks compute.
    """

    device: str

    @cached_property
    def colorizer(self) -> Colorizer:
        """With its networks; some seconds at the first use."""
        return Colorizer.load(device=self.device)

    def color(
        self, picture: Picture, words: str, *, hints: Picture | None, mode: Mode, seed: int
    ) -> Generator[ColoringStep, None, Colored]:
        work = self.colorizer.coloring(picture, words, hints=hints, mode=mode, seed=seed)
        while True:
            try:
                step = next(work)
            except StopIteration as end:
                return end.value
            yield ColoringStep(index=step.index, total=step.total)


def shipped_colorizer(device: str) -> RealColorizer | None:
    """The colorizer, where the package has the weights of its color prior."""
    return RealColorizer(device=device) if shipped_color_prior().is_dir() else None
