"""Training examples from shards: views read, light mixed, pictures cropped and turned."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.errors import DatasetError
from lasagna_relight.image_io import whole_files
from lasagna_relight.relit.mixing import mix_views, with_sensor_noise
from lasagna_relight.relit.photography import photograph, random_contrast
from lasagna_relight.relit.shards import Shard, read_views
from lasagna_relight.relit.symmetry import SYMMETRIES, Symmetry
from lasagna_relight.relit.views import Views, ViewTable, stacked

SMALLEST_COVERAGE = 0.02
"""Views that show less of their object than this share of the picture are skipped."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Sources with the log gain of every light, all turned alike."""

    source: Float[Tensor, "batch 3 size size"]
    """sRGB-encoded; on black, or before a background where a camera was asked for."""
    mask: Float[Tensor, "batch 1 size size"]
    """What the networks are told of where the object is."""
    inside: Float[Tensor, "batch 1 size size"]
    """Where it is."""
    log_gains: Float[Tensor, "batch lights size size"]
    directions: Float[Tensor, "batch lights 3"]
    named: list[int | None]
    """Where each of the twelve named lights now is among the lights; None if its place is empty."""
    titles: list[str]

    def to(self, device: torch.device) -> "Batch":
        """The same on ``device``."""
        names = ("source", "mask", "inside", "log_gains", "directions")
        moved = {name: getattr(self, name).to(device, non_blocking=True) for name in names}
        return replace(self, **moved)


class ShardFolder:
    """Random access to the views of all shards that match a pattern.

    Shards are decoded when first needed and then stay in memory, in half precision: 0.4 MB a view
    of 64 px and sixteen lights. Given a device, they stay there.
    """

    def __init__(
        self,
        folder: Path,
        pattern: str = "*.safetensors",
        *,
        size: int | None = None,
        device: torch.device | str = "cpu",
        views: int | None = None,
    ) -> None:
        """Lists the shards.

        Args:
            folder: where they are.
            pattern: of their names.
            size: side in pixels to shrink the views to; as they are if absent.
            device: where decoded views are kept.
            views: only the first so many; all if absent.

        Raises:
            DatasetError: no shard matches, one cannot be read, or they differ in size
                or lights.
        """
        self._paths = whole_files(folder, pattern)
        if not self._paths:
            raise DatasetError(f"{folder}: no shards match {pattern}: render or pack a dataset")
        shards = [Shard(path) for path in self._paths]
        kinds = {(shard.resolution, shard.lights): shard.path for shard in shards}
        if len(kinds) > 1:
            unlike = " and ".join(str(path) for path in list(kinds.values())[:2])
            raise DatasetError(
                f"{unlike} differ in resolution or lights: keep one kind in a folder"
            )
        self.records = [shard.records for shard in shards]
        self._starts = [0, *accumulate(map(len, self.records))]
        self._count = min(self._starts[-1], self._starts[-1] if views is None else views)
        self._size, self._device = size, torch.device(device)
        self._table: ViewTable | None = None
        self._visible: dict[int, list[bool]] = {}
        self.folder = folder

    def __len__(self) -> int:
        return self._count

    def read(self, chosen: Sequence[int]) -> Views:
        """The chosen views, in float32, where the folder keeps its views.

        Raises:
            DatasetError: a shard is damaged, or its views are too small.
        """
        for shard in sorted({self._shard_of(place) for place in chosen}):
            self._decode(shard)
        assert self._table is not None
        return self._table.read(chosen)

    def draw(self, count: int, generator: torch.Generator, turn: tuple[int, int]) -> Views:
        """``count`` random views that show something of their object.

        Raises:
            DatasetError: there are none.
        """
        chosen: list[int] = []
        for _ in range(100):
            drawn = torch.randint(
                len(self), (count,), generator=generator, device=generator.device
            ).tolist()
            chosen += [place for place in drawn if self._shows_something(place)]
            if len(chosen) >= count:
                return self.read(chosen[:count])
        raise DatasetError(f"{self.folder}: hardly a view shows its object: render them again")

    def _shows_something(self, place: int) -> bool:
        shard = self._shard_of(place)
        self._decode(shard)
        return self._visible[shard][place - self._starts[shard]]

    def _shard_of(self, place: int) -> int:
        return bisect_right(self._starts, place) - 1

    def _decode(self, shard: int) -> None:
        if shard in self._visible:
            return
        first = self._starts[shard]
        views = stacked(list(read_views(self._paths[shard])))
        if self._size is not None:
            views = views.shrunk(self._size)
        views = views.chosen(range(min(len(views), self._count - first)))
        if self._table is None:
            self._table = ViewTable(self._count, views, self._device)
        self._table.write(first, views)
        self._visible[shard] = (views.alpha.mean((1, 2, 3)) > SMALLEST_COVERAGE).tolist()


def random_batch(views: Views, generator: torch.Generator, lights: int | None = None) -> Batch:
    """A training batch of views: any light, any camera, one of the eight symmetries.

    Args:
        views: on the device of ``generator``.
        generator: decides everything.
        lights: how many to give the log gains of, drawn for each view, none of them named; all
            lights in their order if absent. What is asked of a few costs accordingly less.
    """
    turn = torch.randint(len(SYMMETRIES), (), generator=generator, device=generator.device)
    symmetry = SYMMETRIES[int(turn)]
    contrast = random_contrast(len(views), generator)
    asked = None if lights is None else _random_lights(views, lights, generator)
    mixed = mix_views(views.lights, views.ambient, views.alpha, generator, contrast, asked)
    stack = torch.cat([mixed.source, mixed.mask, mixed.log_gains], 1)
    stack = symmetry.picture(crop_around_object(stack, mixed.mask, generator)).contiguous()
    premultiplied, inside = stack[:, :3].clamp(0, 1), stack[:, 3:4].clamp(0, 1)
    source, mask = photograph(premultiplied, inside, generator)
    return _turned_batch(views, symmetry, source, mask, inside, stack[:, 4:], asked)


def make_batch(views: Views, symmetry: Symmetry, generator: torch.Generator) -> Batch | None:
    """The views on black with light mixed, cropped and turned; None if none shows its object.

    This is what methods are measured on: no background, an exact mask, a little noise.
    """
    visible = [i for i, a in enumerate(views.alpha) if a.mean() > SMALLEST_COVERAGE]
    if not visible:
        return None
    views = views.chosen(visible)
    mixed = mix_views(views.lights, views.ambient, views.alpha, generator)
    source = with_sensor_noise(mixed.source, mixed.mask, generator)
    stack = torch.cat([source, mixed.mask, mixed.log_gains], 1)
    stack = symmetry.picture(crop_around_object(stack, mixed.mask, generator)).contiguous()
    source, mask = stack[:, :3].clamp(0, 1), stack[:, 3:4].clamp(0, 1)
    return _turned_batch(views, symmetry, source, mask, mask, stack[:, 4:])


def crop_around_object(
    stack: Float[Tensor, "batch channels size size"],
    mask: Float[Tensor, "batch 1 size size"],
    generator: torch.Generator,
) -> Float[Tensor, "batch channels size size"]:
    """Each picture resampled from a square around its object, with a random margin and offset."""
    batch, size = len(stack), stack.shape[-1]
    covered = mask[:, 0] > 0.5
    covered = torch.where(covered.any(-1).any(-1)[:, None, None], covered, True)
    top, bottom = _extent(covered.any(2))
    left, right = _extent(covered.any(1))
    side = torch.maximum(bottom - top, right - left)
    margin, down, across = torch.rand(
        batch, 3, generator=generator, device=generator.device
    ).unbind(1)
    scale = side * (1.02 + 0.4 * margin**2) / size
    slack = (scale - side / size).clamp(min=0)
    theta = stack.new_zeros(batch, 2, 3)
    theta[:, 0, 0] = theta[:, 1, 1] = scale
    theta[:, 0, 2] = (left + right) / size - 1 + (across - 0.5) * slack
    theta[:, 1, 2] = (top + bottom) / size - 1 + (down - 0.5) * slack
    grid = F.affine_grid(theta, [batch, 1, size, size], align_corners=False)
    return F.grid_sample(stack, grid, mode="bilinear", align_corners=False)


def _extent(covered: Tensor) -> tuple[Tensor, Tensor]:
    """First covered place of each row, and the one after the last."""
    places = torch.arange(covered.shape[1], device=covered.device)
    first = torch.where(covered, places, covered.shape[1]).amin(1)
    return first, torch.where(covered, places, -1).amax(1) + 1


def _random_lights(views: Views, count: int, generator: torch.Generator) -> Tensor:
    """``count`` different lights of each view, (B, count)."""
    shape = views.lights.shape[:2]
    order = torch.rand(shape, generator=generator, device=generator.device).argsort(1)
    return order[:, :count]


def _turned_batch(
    views: Views,
    symmetry: Symmetry,
    source: Tensor,
    mask: Tensor,
    inside: Tensor,
    gains: Tensor,
    asked: Tensor | None = None,
) -> Batch:
    becomes = symmetry.named_ids()
    places: list[int | None] = [
        becomes.index(i) if i in becomes else None for i in range(len(becomes))
    ]
    directions = views.directions
    if asked is not None:
        directions = directions.take_along_dim(asked[..., None], 1)
        places = [None] * len(places)
    return Batch(
        source=source,
        mask=mask,
        inside=inside,
        log_gains=gains,
        directions=symmetry.vectors(directions),
        named=places,
        titles=views.titles,
    )
