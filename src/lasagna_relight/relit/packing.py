"""From a folder of rendered views to shards, split by object."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.shards import View, write_shard
from lasagna_relight.relit.view_files import ViewRecord, read_records

VIEWS_PER_SHARD = 128
TEST_SHARE = 0.1
SPLITS = ("train", "test")


def split_of(uid: str) -> str:
    """``train`` or ``test`` for all views of an object: its uid alone decides."""
    digest = int.from_bytes(hashlib.sha256(f"split:{uid}".encode()).digest()[:8], "big")
    return "test" if digest < TEST_SHARE * 2**64 else "train"


def load_view(folder: Path, record: ViewRecord) -> View:
    """The view of one record, in float32."""
    with np.load(folder / f"{record.stem}.npz") as arrays:
        return View(
            lights=torch.from_numpy(arrays["lights"]).float(),
            directions=torch.from_numpy(arrays["directions"]),
            ambient=torch.from_numpy(arrays["ambient"]).float(),
            alpha=torch.from_numpy(arrays["alpha"]).float() / 255,
            record={**record.object.model_dump(), "seed": record.scene.seed},
        )


def pack_shards(folder: Path) -> Iterator[Path]:
    """Write the rendered views of ``folder`` as ``shards/train-*`` and ``shards/test-*``.

    Views are mixed by a hash, so that every shard is diverse. Shards of an earlier packing are
    replaced, one by one and whole. Yields each path as it is finished.

    Raises:
        DatasetError: the folder holds no rendered view.
    """
    records = [record for record in read_records(folder) if not record.error]
    if not records:
        raise DatasetError(f"{folder}: holds no rendered view: render some first")
    records.sort(key=lambda record: hashlib.sha256(record.stem.encode()).digest())
    home = folder / "shards"
    home.mkdir(exist_ok=True)
    written = set()
    for split in SPLITS:
        chosen = [record for record in records if split_of(record.object.uid) == split]
        starts = range(0, len(chosen), VIEWS_PER_SHARD)
        for number, start in enumerate(starts):
            group = chosen[start : start + VIEWS_PER_SHARD]
            path = home / f"{split}-{number:04d}.safetensors"
            write_shard(path, [load_view(folder, record) for record in group], force=True)
            written.add(path)
            yield path
    for stale in set(home.glob("*.safetensors")) - written:
        stale.unlink()
