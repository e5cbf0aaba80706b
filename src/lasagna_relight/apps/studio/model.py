"""What the studio asks of a relighter, and the real one behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
from torch import Tensor

from lasagna_relight.image_io import Picture
from lasagna_relight.language.reader import read_light
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.masking.glimpse import Glimpse, after_glimpse, glimpse
from lasagna_relight.masking.select import ResolvedMask, resolve_mask
from lasagna_relight.relighting.api import Relighter, SmallView
from lasagna_relight.relighting.instant import predict_basis
from lasagna_relight.relighting.optimize import RelightingStep
from lasagna_relight.relighting.recipes import RECIPES, recipe_named
from lasagna_relight.relit.symmetry import SYMMETRIES


@runtime_checkable
class StudioRelighter(Protocol):
    """The parts of a relighter that `app.build_app` takes; tests give a fast fake."""

    def warm_up(self) -> None:
        """Load what loads when first used, so that the first picture does not wait for it."""
        ...

    @property
    def recipes(self) -> dict[str, str]:
        """Name and summary of what "Refine" offers; the first is the default."""
        ...

    def glimpse(self, picture: Picture) -> Glimpse:
        """The object of a picture as it can be had at once."""
        ...

    def find_mask(self, picture: Picture, seen: Glimpse | None) -> ResolvedMask:
        """The object of a picture, going on from ``seen`` where there is such."""
        ...

    def look(self, picture: Picture, mask: ResolvedMask) -> SmallView:
        """The small view of a picture around its mask."""
        ...

    def all_directions(self, view: SmallView) -> Tensor:
        """Log gains (1, 34, R, R) of the directions of `relighting.basis`."""
        ...

    def first_directions(self, view: SmallView) -> Tensor:
        """The same by the least work, to be shown until they are there."""
        ...

    def solve(
        self, view: SmallView, direction: LightDirection, recipe: str
    ) -> Iterator[RelightingStep]:
        """The edit for one light, step by step."""
        ...


@dataclass(frozen=True, kw_only=True)
class RealRelighter:
    """The package's relighter, loaded once with the networks of its prior."""

    relighter: Relighter

    def warm_up(self) -> None:
        noise = np.random.default_rng(0).integers(0, 256, (96, 96, 3), dtype=np.uint8)
        picture = Picture(pixels=noise)
        view = self.look(picture, self.find_mask(picture, self.glimpse(picture)))
        self.first_directions(view)
        self.all_directions(view)
        read_light("light from the left")

    @property
    def recipes(self) -> dict[str, str]:
        return {
            name: recipe.summary for name, recipe in RECIPES.items() if recipe.objective is not None
        }

    def glimpse(self, picture: Picture) -> Glimpse:
        return glimpse(picture)

    def find_mask(self, picture: Picture, seen: Glimpse | None) -> ResolvedMask:
        return resolve_mask(picture, "auto") if seen is None else after_glimpse(picture, seen)

    def look(self, picture: Picture, mask: ResolvedMask) -> SmallView:
        return self.relighter.look(picture, mask)

    def all_directions(self, view: SmallView) -> Tensor:
        return predict_basis(self.relighter.predictor, view.source, view.mask)

    def first_directions(self, view: SmallView) -> Tensor:
        predictor, as_it_is = self.relighter.predictor, SYMMETRIES[:1]
        return predict_basis(predictor, view.source, view.mask, as_it_is)

    def solve(
        self, view: SmallView, direction: LightDirection, recipe: str
    ) -> Iterator[RelightingStep]:
        return replace(self.relighter, recipe=recipe_named(recipe)).solve(view, direction)
