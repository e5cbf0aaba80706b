"""From a folder of rendered views to shards, split by object."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.render import read_manifest
from lasagna_relight.relit.shards import View, write_shard

VIEWS_PER_SHARD = 128
TEST_SHARE = 0.1
SPLITS = ("train", "test")


def split_of(uid: str) -> str:
    """``train`` or ``test`` for all views of an object: its uid alone decides."""
    digest = int.from_bytes(hashlib.sha256(f"split:{uid}".encode()).digest()[:8], "big")
    return "test" if digest < TEST_SHARE * 2**64 else "train"


def load_view(folder: Path, record: dict[str, Any]) -> View:
    """The view of one manifest record, in float32."""
    asset = record["asset"]
    names = ("uid", "title", "source", "licence", "attribution")
    with np.load(folder / record["file"]) as arrays:
        return View(
            lights=torch.from_numpy(arrays["lights"]).float(),
            directions=torch.from_numpy(arrays["directions"]),
            ambient=torch.from_numpy(arrays["ambient"]).float(),
            alpha=torch.from_numpy(arrays["alpha"]).float() / 255,
            record={**{name: asset[name] for name in names}, "seed": record["scene"]["seed"]},
        )


def pack_shards(folder: Path) -> Iterator[Path]:
    """Write the rendered views of ``folder`` as ``shards/train-*`` and ``shards/test-*``.

    Views are mixed by a hash, so that every shard is diverse. Shards of an earlier packing are
    replaced, one by one and whole. Yields each path as it is finished.

    Raises:
        DatasetError: the folder holds no rendered view.
    """
    records = [r for r in read_manifest(folder).values() if not r["error"]]
    records = [r for r in records if (folder / r["file"]).is_file()]
    if not records:
        raise DatasetError(f"{folder}: holds no rendered view: render some first")
    records.sort(key=lambda r: hashlib.sha256(r["file"].encode()).digest())
    home = folder / "shards"
    home.mkdir(exist_ok=True)
    written = set()
    for split in SPLITS:
        chosen = [r for r in records if split_of(r["asset"]["uid"]) == split]
        starts = range(0, len(chosen), VIEWS_PER_SHARD)
        for number, start in enumerate(starts):
            group = chosen[start : start + VIEWS_PER_SHARD]
            path = home / f"{split}-{number:04d}.safetensors"
            write_shard(path, [load_view(folder, record) for record in group], force=True)
            written.add(path)
            yield path
    for stale in set(home.glob("*.safetensors")) - written:
        stale.unlink()
