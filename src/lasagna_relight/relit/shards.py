"""ReLiT shards: views of objects in linear light, one light at a time, in safetensors files.

Format ``relit-2``, V views of resolution R under L lights, the first twelve in the order of
``DIRECTION_NAMES``:

- ``pictures`` uint8 (bytes): the ambient picture, those of the lights and alpha of every view, one
  after another, as `shard_codec` packs them; ``offsets`` int64 (V + 1): where each begins;
  ``boxes`` int32 (V, 4): the object's top, left, height and width in the frame;
- ``directions`` float32 (V, L, 3): unit vectors towards the lights;
- ``coverage`` float32 (V,): mean alpha; ``brightness`` float32 (V, L): mean luminance of the object
  under each light, weighted by alpha;
- metadata: ``format``, ``resolution``, ``lights``, ``packed_from`` (a digest, or empty), and
  ``views``, one record per view (uid, title, source, licence, attribution, seed).

A directional light gives a white Lambertian surface that faces it the value 1; the ambient
environment has a mean radiance of 1. Values are within 1 % of what was written from 1/4096 of
white to 60,000, within 2.4e-6 below, and 0 where alpha is 0; alpha is kept in 256 steps.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor

from lasagna_relight.color import luminance
from lasagna_relight.errors import DatasetError
from lasagna_relight.image_io import atomic_path
from lasagna_relight.relit.shard_codec import PackedView, decode, encode

FORMAT = "relit-2"
LARGEST_RESOLUTION = 4096


@dataclass(frozen=True, kw_only=True)
class View:
    """One camera on one object. All pictures are linear light, not premultiplied."""

    lights: Float[Tensor, "lights 3 size size"]
    directions: Float[Tensor, "lights 3"]
    ambient: Float[Tensor, "3 size size"]
    alpha: Float[Tensor, "1 size size"]
    record: dict[str, Any]


class Shard:
    """One shard, open for random access to its views through a memory map.

    Attributes:
        path: the file.
        records: of the views.
        resolution: side of the pictures in pixels.
        lights: how many there are.
        packed_from: what `write_shard` was told.
        directions: float32 (V, L, 3), unit vectors towards the lights.
        coverage: float32 (V,), mean alpha.
        brightness: float32 (V, L), see `mean_brightness`.
    """

    def __init__(self, path: Path) -> None:
        """Opens the shard.

        Raises:
            DatasetError: cut short, or not a shard of this format.
        """
        try:
            self._file = safe_open(path, "pt")
            metadata = self._file.metadata() or {}
        except Exception as error:
            raise DatasetError(
                f"{path}: cannot be read as a shard ({error}): pack or make it again"
            ) from error
        if metadata.get("format") != FORMAT:
            raise DatasetError(
                f"{path}: holds format {metadata.get('format', 'unknown')}, not {FORMAT}: pack the "
                "dataset again, or make it again if it is organic"
            )
        try:
            self.path = path
            self.records: list[dict[str, Any]] = json.loads(metadata["views"])
            self.resolution, self.lights = int(metadata["resolution"]), int(metadata["lights"])
            self.packed_from = metadata["packed_from"]
            self._offsets = self._file.get_tensor("offsets").tolist()
            self._boxes = self._file.get_tensor("boxes").tolist()
            self._pictures = self._file.get_slice("pictures")
            self.directions = self._file.get_tensor("directions")
            self.coverage = self._file.get_tensor("coverage")
            self.brightness = self._file.get_tensor("brightness")
            self._check()
        except Exception as error:
            raise DatasetError(
                f"{path}: lacks parts of a shard ({error}): pack it again"
            ) from error

    def _check(self) -> None:
        """Raise where the parts do not belong together."""
        views = len(self.records)
        ends = self._offsets
        if not (
            len(ends) == views + 1
            and ends == sorted(ends)
            and [ends[0], ends[-1]] == [0, self._pictures.get_shape()[0]]
            and len(self._boxes) == views
            and tuple(self.directions.shape) == (views, self.lights, 3)
            and 0 < self.resolution <= LARGEST_RESOLUTION
        ):
            raise ValueError("its parts do not belong together")

    def __len__(self) -> int:
        return len(self.records)

    def bytes_of(self, index: int) -> int:
        """Bytes that the pictures of one view take."""
        return self._offsets[index + 1] - self._offsets[index]

    def read(self, index: int) -> View:
        """One view, in float32.

        Raises:
            DatasetError: its bytes are damaged.
        """
        start, end = self._offsets[index : index + 2]
        side = self.resolution
        packed = PackedView(
            box=tuple(self._boxes[index]), payload=self._pictures[start:end].numpy().tobytes()
        )
        try:
            sparse = decode(packed, 1 + self.lights, side)
        except ValueError as error:
            raise DatasetError(
                f"{self.path}: view {index} cannot be read: {error}: pack it again"
            ) from error
        frame = np.zeros((1 + self.lights, 3, side * side), np.float32)
        frame[:, :, sparse.places] = sparse.values
        alpha = np.zeros((1, side * side), np.float32)
        alpha[0, sparse.places] = sparse.alpha / np.float32(255)
        pictures = torch.from_numpy(frame.reshape(-1, 3, side, side))
        return View(
            lights=pictures[1:],
            ambient=pictures[0],
            directions=self.directions[index],
            alpha=torch.from_numpy(alpha.reshape(1, side, side)),
            record=self.records[index],
        )


def write_shard(
    path: Path, views: Iterable[View], *, packed_from: str = "", force: bool = False
) -> None:
    """Writes ``views``, all of one resolution and number of lights, as one shard.

    Each view is packed as it comes, so that no more than one need be in memory.

    Args:
        path: the file.
        views: at least one.
        packed_from: a digest of what the views were made from, kept in the file.
        force: replace the file where it exists.

    Raises:
        DatasetError: no views, views that differ in size, or a value that is not finite.
        OutputError: the file exists or cannot be written.
    """
    packed: list[PackedView] = []
    records: list[dict[str, Any]] = []
    directions: list[Tensor] = []
    measured: list[tuple[Tensor, Tensor]] = []
    shape: tuple[int, ...] | None = None
    for view in views:
        shape = shape or tuple(view.lights.shape)
        packed.append(_packed(path, view, shape))
        records.append(view.record)
        directions.append(view.directions.float())
        measured.append((view.alpha.mean(), mean_brightness(view)))
    if shape is None:
        raise DatasetError(f"{path}: a shard needs at least one view")
    lengths = [0, *(len(one.payload) for one in packed)]
    blob = bytearray(b"".join(one.payload for one in packed))
    tensors = {
        "pictures": torch.frombuffer(blob, dtype=torch.uint8),
        "offsets": torch.tensor(lengths).cumsum(0),
        "boxes": torch.tensor([one.box for one in packed], dtype=torch.int32),
        "directions": torch.stack(directions),
        "coverage": torch.stack([coverage for coverage, _ in measured]),
        "brightness": torch.stack([brightness for _, brightness in measured]),
    }
    metadata = {
        "format": FORMAT,
        "resolution": str(shape[-1]),
        "lights": str(shape[0]),
        "packed_from": packed_from,
        "views": json.dumps(records),
    }
    with atomic_path(path, force=force) as beside:
        beside.write_bytes(save(tensors, metadata))


def read_records(path: Path) -> list[dict[str, Any]]:
    """The records of a shard's views.

    Raises:
        DatasetError: not a shard of this format.
    """
    return Shard(path).records


def read_views(path: Path) -> Iterator[View]:
    """The views of one shard, one after another, in float32.

    Raises:
        DatasetError: not a shard of this format, or damaged.
    """
    shard = Shard(path)
    for index in range(len(shard)):
        yield shard.read(index)


def mean_brightness(view: View) -> Float[Tensor, "lights"]:
    """Mean luminance of the object under each light, weighted by alpha; 0 where there is none."""
    weighted = (luminance(view.lights) * view.alpha).sum((-3, -2, -1))
    return weighted / view.alpha.sum().clamp(min=1e-6)


def _packed(path: Path, view: View, shape: tuple[int, ...]) -> PackedView:
    if tuple(view.lights.shape) != shape:
        raise DatasetError(
            f"{path}: views of {view.lights.shape[0]} lights at {view.lights.shape[-1]} px and of "
            f"{shape[0]} at {shape[-1]} px do not fit into one shard: pack them apart"
        )
    for name in ("lights", "ambient", "alpha", "directions"):
        if not torch.isfinite(getattr(view, name)).all():
            raise DatasetError(f"{path}: {name} holds a value that is not finite: render it again")
    pictures = torch.cat([view.ambient[None], view.lights]).float().numpy()
    alpha = (view.alpha[0] * 255).round().clamp(0, 255).byte().numpy()
    return encode(pictures, alpha)
