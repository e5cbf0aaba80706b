"""A relighter without networks, for rehearsals: it answers at once, and always the same.

Tests run the whole studio with it, and so may anybody who works on the page.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from lasagna_relight.apps.studio.coloring import ColoringStep, Mode
from lasagna_relight.compositing.crop import box_around, crop_mask, crop_picture
from lasagna_relight.errors import DivergenceError
from lasagna_relight.image_io import Picture, write_picture
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.masking.glimpse import Glimpse
from lasagna_relight.masking.select import ResolvedMask, cut_out_mask
from lasagna_relight.relighting.api import SmallView
from lasagna_relight.relighting.basis import basis_vectors
from lasagna_relight.relighting.optimize import RelightingStep

SIDE = 32
"""Resolution of its views."""


class RehearsalRelighter:
    """Finds a disk in the middle of any picture, and lights it as a ball.

    Attributes:
        seconds: that each step of a refinement takes.
        seconds_to_look: that the exact mask takes, after the first one.
        steps: of a refinement.
        diverges: whether refinements fail at their second step.
        threads: names of all threads that have used it.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.seconds_to_look = 0.0
        self.steps = 5
        self.threads: set[str] = set()
        self.diverges = False

    @property
    def recipes(self) -> dict[str, str]:
        return {"target": "in rounds", "sds": "by gradient"}

    def warm_up(self) -> None:
        self.threads.add(threading.current_thread().name)

    def glimpse(self, picture: Picture) -> Glimpse:
        self.threads.add(threading.current_thread().name)
        return Glimpse(mask=cut_out_mask(picture) or _disk(picture, 0.4))

    def find_mask(self, picture: Picture, seen: Glimpse | None) -> ResolvedMask:
        self.threads.add(threading.current_thread().name)
        time.sleep(self.seconds_to_look)
        return cut_out_mask(picture) or _disk(picture, 0.35)

    def look(self, picture: Picture, mask: ResolvedMask) -> SmallView:
        box = box_around(mask.mask).square()
        return SmallView(
            box=box,
            source=crop_picture(picture, box, (SIDE, SIDE))[None],
            mask=crop_mask(mask.mask, box, (SIDE, SIDE))[None],
        )

    def all_directions(self, view: SmallView) -> torch.Tensor:
        self.threads.add(threading.current_thread().name)
        return torch.stack([_ball(vector) for vector in basis_vectors().tolist()])[None]

    def first_directions(self, view: SmallView) -> torch.Tensor:
        return 0.8 * self.all_directions(view)

    def solve(
        self, view: SmallView, direction: LightDirection, recipe: str
    ) -> Iterator[RelightingStep]:
        self.threads.add(threading.current_thread().name)
        for index in range(self.steps + 1):
            if self.diverges and index == 2:
                raise DivergenceError(step=index)
            if index > 0:
                time.sleep(self.seconds)
            share = index / self.steps
            gain = (1 + 0.5 * share) * _ball(direction.vector)[None, None]
            yield RelightingStep(index=index, total=self.steps, log_gain=gain)


@dataclass(frozen=True, kw_only=True)
class RehearsalColored:
    """A picture in one color."""

    picture: Picture

    def save(self, path: Path, *, layers: tuple[str, ...], force: bool) -> None:
        write_picture(path, self.picture.pixels, force=force)
        for layer in layers:
            ending = ".color.png" if layer == "png" else f".{layer}"
            path.with_suffix(ending).write_bytes(path.read_bytes())


class RehearsalColorizer:
    """Multiplies any picture by red or by blue, as the words say, and shows the hints as they are.

    Attributes:
        seconds: that each step takes.
        steps: of a coloring.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.steps = 5

    def color(
        self, picture: Picture, words: str, *, hints: Picture | None, mode: Mode, seed: int
    ) -> Generator[ColoringStep, None, RehearsalColored]:
        for index in range(1, self.steps + 1):
            time.sleep(self.seconds)
            yield ColoringStep(index=index, total=self.steps)
        paint = np.array([0.9, 0.2, 0.2] if "red" in words else [0.2, 0.3, 0.9], np.float32)
        pixels = np.rint(picture.pixels * paint).astype(picture.pixels.dtype)
        if hints is not None and hints.alpha is not None:
            pixels = np.where(hints.alpha[..., None] > 0, hints.pixels, pixels)
        return RehearsalColored(picture=replace(picture, pixels=pixels))


def _disk(picture: Picture, radius: float) -> ResolvedMask:
    rows, columns = np.mgrid[: picture.height, : picture.width]
    distance = np.hypot(rows / picture.height - 0.5, columns / picture.width - 0.5)
    return ResolvedMask(mask=(distance < radius).astype(np.float32), method="u2netp")


def _ball(towards: Sequence[float]) -> torch.Tensor:
    """Log gain (R, R) of a ball under a light."""
    y, x = torch.meshgrid(torch.linspace(1, -1, SIDE), torch.linspace(-1, 1, SIDE), indexing="ij")
    z = (1 - x * x - y * y).clamp(min=0.02).sqrt()
    facing = x * towards[0] + y * towards[1] + z * towards[2]
    return (0.15 + facing.clamp(min=0)).log() * 0.5
