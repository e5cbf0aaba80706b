"""Where the examples of a training come from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.dataset import Batch, ShardFolder, random_batch
from lasagna_relight.relit.organic import OrganicStream
from lasagna_relight.relit.views import MixedSources, ViewSource
from lasagna_relight.training.task import part_generator

DRAWS_AN_OBJECT = 12
"""How often a procedural object is drawn in all, each time under other light and cameras."""


@dataclass(frozen=True, kw_only=True)
class TrainingData:
    """Folders of shards and procedural objects rendered while training goes on.

    Attributes:
        folders: read for ``train-*`` shards, and for all shards where there is none of that name.
        weights: one per folder: how often an example comes from it.
        organic: share of examples that are procedural objects, rendered afresh.
        views: only the first so many of each folder; all if absent.
        device: where the training computes.
        resident: views are kept and mixed there; else in the processor's memory.
    """

    folders: Sequence[Path] = ()
    weights: Sequence[float] = ()
    organic: float = 0.0
    views: int | None = None
    device: str = "cpu"
    resident: bool = True

    @property
    def place(self) -> torch.device:
        """Where views are kept and mixed."""
        return torch.device(self.device if self.resident else "cpu")

    def source(self, *, resolution: int, batch_size: int, seed: int) -> ViewSource:
        """Views of ``resolution`` for batches of about ``batch_size``.

        Raises:
            DatasetError: no data, or a folder holds no shards.
        """
        device = self.place
        sources: list[ViewSource] = [
            _opened(folder, resolution, device, self.views) for folder in self.folders
        ]
        total = sum(self.weights)
        shares = [(1 - self.organic) * weight / total for weight in self.weights]
        if self.organic > 0:
            share = self.organic if self.folders else 1.0
            sources.append(organic_stream(device, resolution, round(share * batch_size), seed))
            shares.append(share)
        if not sources:
            raise DatasetError("no training data: give --data FOLDER, or --organic 1")
        return MixedSources(sources=sources, shares=shares)

    def batches(
        self, *, resolution: int, batch_size: int, seed: int, lights: int | None = None
    ) -> Callable[[int, int], Batch]:
        """Batches by step and part, with so many lights: the same for the same numbers.

        Raises:
            DatasetError: no data, or a folder holds no shards.
        """
        source = self.source(resolution=resolution, batch_size=batch_size, seed=seed)
        device = self.place

        def batch(step: int, part: int) -> Batch:
            draws = part_generator(seed, "batch", step, part, device)
            return random_batch(source.draw(batch_size, draws, (step, part)), draws, lights)

        return batch


def organic_stream(device: torch.device, resolution: int, drawn: int, seed: int) -> OrganicStream:
    """A pool of 64 renders, renewed so that an object is drawn some `DRAWS_AN_OBJECT` times.

    On a processor as on a GPU rendering an object costs several times what training on it does.

    Args:
        device: where objects are rendered and kept.
        resolution: side of the views in pixels.
        drawn: views at each step, about.
        seed: decides all objects.
    """
    renew = min(256, max(16, drawn))
    every = max(1, round(DRAWS_AN_OBJECT * renew / max(1, drawn)))
    return OrganicStream(
        resolution=resolution, seed=seed, device=device, renew=renew, every=every, renders=64
    )


def shard_pattern(folder: Path) -> str:
    """Of the shards to train on in ``folder``."""
    return "train-*.safetensors" if any(folder.glob("train-*.safetensors")) else "*.safetensors"


@lru_cache(maxsize=4)
def _opened(folder: Path, size: int, device: torch.device, views: int | None) -> ShardFolder:
    """A folder of shards; one process that trains several times decodes it once."""
    return ShardFolder(folder, shard_pattern(folder), size=size, device=device, views=views)
