"""Endless batches of training examples from folders of shards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.mixing import mix_views
from lasagna_relight.relit.shards import Shard
from lasagna_relight.relit.symmetry import SYMMETRIES, Symmetry

SMALLEST_COVERAGE = 0.02
"""Views that show less of their object than this share of the picture are skipped."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Sources on black with the log gain of every light, all turned alike."""

    source: Float[Tensor, "batch 3 size size"]
    mask: Float[Tensor, "batch 1 size size"]
    log_gains: Float[Tensor, "batch lights size size"]
    directions: Float[Tensor, "batch lights 3"]
    named: list[int | None]
    """Where each of the twelve named lights now is among the lights; None if its place is empty."""
    titles: list[str]


class ShardFolder:
    """Random access to the views of all shards that match a pattern, through memory maps."""

    def __init__(self, folder: Path, pattern: str = "*.safetensors") -> None:
        """Opens the shards.

        Raises:
            DatasetError: no shard matches, one cannot be read, or they differ in size or lights.
        """
        paths = sorted(folder.glob(pattern))
        if not paths:
            raise DatasetError(f"{folder}: no shards match {pattern}: render or pack a dataset")
        self._shards = [Shard(path) for path in paths]
        kinds = {(shard.resolution, shard.lights): shard.path for shard in self._shards}
        if len(kinds) > 1:
            unlike = " and ".join(str(path) for path in list(kinds.values())[:2])
            raise DatasetError(
                f"{unlike} differ in resolution or lights: keep one kind in a folder"
            )
        self.records = [shard.records for shard in self._shards]
        counts = map(len, self.records)
        self._index = [(shard, view) for shard, count in enumerate(counts) for view in range(count)]

    def __len__(self) -> int:
        return len(self._index)

    def read(self, chosen: Sequence[int]) -> tuple[dict[str, Tensor], list[str]]:
        """Tensors of the chosen views, stacked, in float32 (alpha in [0, 1]), and their titles.

        Raises:
            DatasetError: a view's bytes are damaged.
        """
        places = [self._index[i] for i in chosen]
        views = [self._shards[i].read(j) for i, j in places]
        names = ("lights", "directions", "ambient", "alpha")
        tensors = {name: torch.stack([getattr(view, name) for view in views]) for name in names}
        return tensors, [view.record.get("title", "object") for view in views]


def batches(
    sources: Sequence[ShardFolder],
    weights: Sequence[float],
    *,
    batch_size: int,
    generator: torch.Generator,
) -> Iterator[Batch]:
    """Batches without end; each comes from one folder, drawn by ``weights``, under one symmetry."""
    shares = torch.tensor(weights)
    while True:
        source = sources[int(torch.multinomial(shares, 1, generator=generator))]
        chosen = torch.randint(len(source), (batch_size,), generator=generator).tolist()
        symmetry = SYMMETRIES[int(torch.randint(len(SYMMETRIES), (), generator=generator))]
        batch = make_batch(source, chosen, symmetry, generator)
        if batch is not None:
            yield batch


def make_batch(
    source: ShardFolder, chosen: Sequence[int], symmetry: Symmetry, generator: torch.Generator
) -> Batch | None:
    """The chosen views with light mixed, cropped to the object and turned; None if all empty."""
    tensors, titles = source.read(chosen)
    visible = [i for i, a in enumerate(tensors["alpha"]) if a.mean() > SMALLEST_COVERAGE]
    if not visible:
        return None
    tensors = {name: tensor[visible] for name, tensor in tensors.items()}
    mixed = mix_views(tensors["lights"], tensors["ambient"], tensors["alpha"], generator)
    stacked = torch.cat([mixed.source, mixed.mask, mixed.log_gains], 1)
    stacked = symmetry.picture(crop_around_object(stacked, mixed.mask, generator)).contiguous()
    becomes = symmetry.named_ids()
    return Batch(
        source=stacked[:, :3].clamp(0, 1),
        mask=stacked[:, 3:4].clamp(0, 1),
        log_gains=stacked[:, 4:],
        directions=symmetry.vectors(tensors["directions"]),
        named=[becomes.index(i) if i in becomes else None for i in range(len(becomes))],
        titles=[titles[i] for i in visible],
    )


def crop_around_object(
    stacked: Float[Tensor, "batch channels size size"],
    mask: Float[Tensor, "batch 1 size size"],
    generator: torch.Generator,
) -> Float[Tensor, "batch channels size size"]:
    """Each picture resampled from a square around its object, with a random margin and offset."""
    batch, size = len(stacked), stacked.shape[-1]
    theta = torch.zeros(batch, 2, 3)
    for index in range(batch):
        rows, columns = torch.nonzero(mask[index, 0] > 0.5, as_tuple=True)
        if len(rows) == 0:
            rows = columns = torch.tensor([0, size - 1])
        top, bottom = rows.min().item(), rows.max().item() + 1
        left, right = columns.min().item(), columns.max().item() + 1
        side = max(bottom - top, right - left)
        margin, down, across = torch.rand(3, generator=generator).tolist()
        scale = side * (1.02 + 0.4 * margin**2) / size
        slack = max(0.0, scale - side / size)
        theta[index, 0, 0] = theta[index, 1, 1] = scale
        theta[index, 0, 2] = (left + right) / size - 1 + (across - 0.5) * slack
        theta[index, 1, 2] = (top + bottom) / size - 1 + (down - 0.5) * slack
    grid = F.affine_grid(theta, [batch, 1, size, size], align_corners=False)
    return F.grid_sample(stacked, grid, mode="bilinear", align_corners=False)
