"""Views in linear light as training takes them: a batch of tensors on any device."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.shards import View


@dataclass(frozen=True, kw_only=True)
class Views:
    """Cameras on objects, one light at a time. All pictures are linear light, not premultiplied."""

    lights: Float[Tensor, "batch lights 3 size size"]
    directions: Float[Tensor, "batch lights 3"]
    ambient: Float[Tensor, "batch 3 size size"]
    alpha: Float[Tensor, "batch 1 size size"]
    titles: list[str]

    def __len__(self) -> int:
        return len(self.titles)

    @property
    def size(self) -> int:
        """Side of the pictures in pixels."""
        return self.alpha.shape[-1]

    def chosen(self, rows: Sequence[int]) -> "Views":
        """The views of ``rows``, in their order."""
        index = list(rows)
        return Views(
            lights=self.lights[index],
            directions=self.directions[index],
            ambient=self.ambient[index],
            alpha=self.alpha[index],
            titles=[self.titles[row] for row in index],
        )

    def shrunk(self, size: int) -> "Views":
        """The same at a smaller size: averages of the light that each larger pixel sends.

        Raises:
            DatasetError: the views are smaller than ``size``.
        """
        if self.size == size:
            return self
        if self.size < size:
            raise DatasetError(
                f"views of {self.size} px are too small for a training at {size} px: "
                f"render them with --resolution {size} or more"
            )
        alpha = _averaged(self.alpha, size)
        weight = alpha.clamp(min=1e-4)
        lights = _averaged((self.lights * self.alpha[:, None]).flatten(0, 1), size)
        return replace(
            self,
            lights=lights.unflatten(0, self.lights.shape[:2]) / weight[:, None],
            ambient=_averaged(self.ambient * self.alpha, size) / weight,
            alpha=alpha,
        )


class ViewTable:
    """Room for many views in half precision, filled in any order and read by row.

    Args:
        rows: how many views there is room for; memory that is never written is not taken up on a
            processor.
        like: views of the size and the lights that it will hold.
        device: where it is kept.
    """

    def __init__(self, rows: int, like: Views, device: torch.device) -> None:
        def room(part: Tensor, dtype: torch.dtype) -> Tensor:
            return torch.empty((rows, *part.shape[1:]), dtype=dtype, device=device)

        self._lights = room(like.lights, torch.float16)
        self._directions = room(like.directions, torch.float32)
        self._ambient = room(like.ambient, torch.float16)
        self._alpha = room(like.alpha, torch.float16)
        self._titles = [""] * rows

    def write(self, first: int, views: Views) -> None:
        """Puts ``views`` into the rows from ``first`` on."""
        rows = slice(first, first + len(views))
        self._lights[rows] = views.lights
        self._directions[rows] = views.directions
        self._ambient[rows] = views.ambient
        self._alpha[rows] = views.alpha
        self._titles[rows] = views.titles

    def read(self, rows: Sequence[int]) -> Views:
        """The views of ``rows`` in float32, where the table is kept."""
        index = torch.tensor(rows, device=self._alpha.device)
        return Views(
            lights=self._lights[index].float(),
            directions=self._directions[index],
            ambient=self._ambient[index].float(),
            alpha=self._alpha[index].float(),
            titles=[self._titles[row] for row in rows],
        )


@runtime_checkable
class ViewSource(Protocol):
    """Where training draws views from."""

    def draw(self, count: int, generator: torch.Generator, turn: tuple[int, int]) -> Views:
        """``count`` views in float32.

        Args:
            count: how many.
            generator: decides which; the views may be kept on its device.
            turn: step of the training, and part of that step, for sources that renew themselves.
        """
        ...


def stacked(views: Sequence[View]) -> Views:
    """Views of one size and number of lights as a batch."""
    return Views(
        lights=torch.stack([view.lights for view in views]),
        directions=torch.stack([view.directions for view in views]),
        ambient=torch.stack([view.ambient for view in views]),
        alpha=torch.stack([view.alpha for view in views]),
        titles=[view.record.get("title", "object") for view in views],
    )


@dataclass(frozen=True, kw_only=True)
class MixedSources:
    """Several sources, each drawn from by its share.

    Attributes:
        sources: all of one size and number of lights.
        shares: one per source, not negative.
    """

    sources: Sequence[ViewSource]
    shares: Sequence[float]

    def draw(self, count: int, generator: torch.Generator, turn: tuple[int, int]) -> Views:
        """``count`` views, those of one source next to each other."""
        shares = torch.tensor(self.shares, device=generator.device)
        drawn = torch.multinomial(shares, count, replacement=True, generator=generator)
        counts = torch.bincount(drawn, minlength=len(self.shares)).tolist()
        return joined(
            [
                source.draw(number, generator, turn)
                for source, number in zip(self.sources, counts, strict=True)
                if number
            ]
        )


def joined(parts: Sequence[Views]) -> Views:
    """Batches one after another; all must have the same size and number of lights."""
    return Views(
        lights=torch.cat([part.lights for part in parts]),
        directions=torch.cat([part.directions for part in parts]),
        ambient=torch.cat([part.ambient for part in parts]),
        alpha=torch.cat([part.alpha for part in parts]),
        titles=[title for part in parts for title in part.titles],
    )


def _averaged(pictures: Float[Tensor, "batch channels side side"], size: int) -> Tensor:
    if pictures.shape[-1] % size == 0:
        return F.avg_pool2d(pictures, pictures.shape[-1] // size)
    return F.interpolate(
        pictures, (size, size), mode="bilinear", antialias=True, align_corners=False
    )
