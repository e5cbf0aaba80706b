"""ReLiT shards: views of objects in linear light, one light at a time, in safetensors files.

Format ``relit-1``, V views of resolution R under L lights, the first twelve in the order of
``DIRECTION_NAMES``: ``lights`` float16 (V, L, 3, R, R), ``directions`` float32 (V, L, 3),
``ambient`` float16 (V, 3, R, R), ``alpha`` uint8 (V, 1, R, R); the metadata hold one record per
view (uid, title, source, licence, attribution, seed). A directional light gives a white Lambertian
surface that faces it the value 1; the ambient environment has radiance 1 all around.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from lasagna_relight.errors import DatasetError
from lasagna_relight.image_io import atomic_path

FORMAT = "relit-1"
HALF_MAX = 60000.0


@dataclass(frozen=True, kw_only=True)
class View:
    """One camera on one object. All pictures are linear light, not premultiplied."""

    lights: Float[Tensor, "lights 3 size size"]
    directions: Float[Tensor, "lights 3"]
    ambient: Float[Tensor, "3 size size"]
    alpha: Float[Tensor, "1 size size"]
    record: dict[str, Any]


def write_shard(path: Path, views: Sequence[View], *, force: bool = False) -> None:
    """Writes ``views``, all of one resolution and number of lights, as one shard.

    Raises:
        DatasetError: no views, or a value that is not finite.
        OutputError: the file exists or cannot be written.
    """
    if not views:
        raise DatasetError(f"{path}: a shard needs at least one view")
    tensors = {
        "lights": torch.stack([view.lights.clamp(0, HALF_MAX) for view in views]).half(),
        "directions": torch.stack([view.directions for view in views]).float(),
        "ambient": torch.stack([view.ambient.clamp(0, HALF_MAX) for view in views]).half(),
        "alpha": torch.stack([(view.alpha * 255).round() for view in views]).byte(),
    }
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor).all():
            raise DatasetError(f"{path}: {name} holds a value that is not finite: render it again")
    records = json.dumps([view.record for view in views])
    with atomic_path(path, force=force) as beside:
        save_file(tensors, beside, metadata={"format": FORMAT, "views": records})


def read_records(path: Path) -> list[dict[str, Any]]:
    """The records of a shard's views.

    Raises:
        DatasetError: not a shard of this format.
    """
    try:
        with safe_open(path, "pt") as shard:
            metadata = shard.metadata() or {}
    except Exception as error:
        raise DatasetError(f"{path}: cannot be read as a shard ({error})") from error
    if metadata.get("format") != FORMAT:
        raise DatasetError(f"{path}: not a shard of format {FORMAT}: pack the dataset again")
    return json.loads(metadata["views"])


def read_views(path: Path) -> Iterator[View]:
    """The views of one shard, one after another, in float32."""
    records = read_records(path)
    with safe_open(path, "pt") as shard:
        slices = {name: shard.get_slice(name) for name in ("lights", "ambient", "alpha")}
        directions = shard.get_tensor("directions")
        for index, record in enumerate(records):
            yield View(
                lights=slices["lights"][index].float(),
                directions=directions[index],
                ambient=slices["ambient"][index].float(),
                alpha=slices["alpha"][index].float() / 255,
                record=record,
            )
