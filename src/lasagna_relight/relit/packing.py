"""From a folder of rendered views to shards, split by object.

Two passes: every record into a table on disk (`view_index`), then shard by shard in the order of a
hash, so that each shard is diverse. A shard says from what it was packed, so that a packing that
was cut short goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from lasagna_relight.errors import DatasetError, OutputError
from lasagna_relight.image_io import atomic_path, remove_half_written, whole_files
from lasagna_relight.relit.shards import FORMAT, Shard, View, write_shard
from lasagna_relight.relit.view_files import ViewRecord, read_dataset_settings, read_record
from lasagna_relight.relit.view_index import DAMAGED, SPLITS, ViewIndex, index_views, split_of

__all__ = ["SPLITS", "PackProgress", "load_view", "pack_shards", "pack_views", "split_of"]

VIEWS_PER_SHARD = 128
MANIFEST = "shards.json"
SHARD_NAME = re.compile(rf"(?:{'|'.join(SPLITS)})-\d{{5}}\.safetensors")


@dataclass(frozen=True, kw_only=True)
class PackProgress:
    """A shard is done: ``kept`` where it was there already, from the same views."""

    path: Path
    kept: bool
    views_done: int
    views_total: int


def load_view(folder: Path, record: ViewRecord) -> View:
    """The view of one record, in float32.

    Raises:
        DatasetError: its pixels are missing, damaged, not finite, or not those of its scene.
    """
    path = folder / f"{record.stem}.npz"
    side, lights = record.scene.resolution, len(record.scene.lights)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            view = View(
                lights=torch.from_numpy(arrays["lights"]).float(),
                directions=torch.from_numpy(arrays["directions"]).float(),
                ambient=torch.from_numpy(arrays["ambient"]).float(),
                alpha=torch.from_numpy(arrays["alpha"]).float() / 255,
                record={**record.object.model_dump(), "seed": record.scene.seed},
            )
    except Exception as error:  # numpy and zipfile raise anything over edited files
        raise DatasetError(
            f"{path}: cannot be read ({error}): remove it, and the view is rendered again"
        ) from error
    wanted = {"lights": (lights, 3, side, side), "directions": (lights, 3),
              "ambient": (3, side, side), "alpha": (1, side, side)}  # fmt: skip
    for name, shape in wanted.items():
        pixels = getattr(view, name)
        if tuple(pixels.shape) != shape or not torch.isfinite(pixels).all():
            raise DatasetError(
                f"{path}: {name} does not fit its scene: remove it, and the view is rendered again"
            )
    return view


def pack_shards(folder: Path, output: Path | None = None) -> Iterator[Path]:
    """As `pack_views`, into ``folder``/shards where no other is named; the path of each shard."""
    output = folder / "shards" if output is None else output
    index = index_views(folder)
    try:
        for progress in pack_views(folder, output, index):
            yield progress.path
    finally:
        index.close()


def pack_views(folder: Path, output: Path, index: ViewIndex) -> Iterator[PackProgress]:
    """Write the rendered views of ``folder`` as ``SPLIT-NNNNN.safetensors`` into ``output``.

    Shards of an earlier packing are replaced one by one, each whole; those that are too many are
    removed at the end. Views whose pixels cannot be read are left out, and ``index`` says so.

    Args:
        folder: of rendered views.
        output: a folder of its own, made where it is missing.
        index: of ``folder``.

    Raises:
        DatasetError: no view can be packed, or ``output`` holds something else.
        OutputError: ``output`` cannot be written.
    """
    total = index.number("SELECT count(*) FROM views WHERE problem = ''")
    if not total:
        raise DatasetError(f"{folder}: none of its views has pixels: render it again")
    settings = read_dataset_settings(folder)
    _claim(output, settings)
    written, done = set(), 0
    for split in SPLITS:
        rows = index.query(
            "SELECT stem, fingerprint FROM views WHERE problem = '' AND split = ? "
            "ORDER BY place, stem",
            split,
        )
        number = 0
        while group := list(islice(rows, VIEWS_PER_SHARD)):
            path = output / f"{split}-{number:05d}.safetensors"
            packed_from = hashlib.sha256(b"".join(row[1] for row in group)).hexdigest()
            kept = _is_packed_from(path, packed_from, len(group))
            if kept or _write(path, folder, [row[0] for row in group], packed_from, index):
                written.add(path.name)
                number += 1
            done += len(group)
            yield PackProgress(path=path, kept=kept, views_done=done, views_total=total)
    if not written:
        raise DatasetError(f"{folder}: none of its views could be read: render it again")
    for path in output.iterdir():
        if SHARD_NAME.fullmatch(path.name) and path.name not in written:
            path.unlink()
    _write_manifest(output, settings, complete=True)


def read_manifest(output: Path) -> dict[str, Any] | None:
    """What a packing wrote beside its shards, or None where there is none.

    Raises:
        DatasetError: it is damaged.
    """
    path = output / MANIFEST
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text())
        return {name: found[name] for name in ("format", "dataset", "complete")}
    except (ValueError, TypeError, KeyError) as error:
        raise DatasetError(f"{path}: damaged: remove it with its shards, and pack again") from error


def _write(path: Path, folder: Path, stems: list[str], packed_from: str, index: ViewIndex) -> bool:
    """Whether a shard could be made of these views; those that cannot be read are left out."""

    def views() -> Iterator[View]:
        for stem in stems:
            try:
                yield load_view(folder, read_record(folder / f"{stem}.json"))
            except (DatasetError, OSError):
                index.leave_out(stem, DAMAGED)

    stream = views()
    first = next(stream, None)
    if first is None:
        return False
    remove_half_written(path)
    write_shard(path, chain([first], stream), packed_from=packed_from, force=True)
    return True


def _is_packed_from(path: Path, packed_from: str, views: int) -> bool:
    """Whether a shard is there, readable, and of just these views."""
    if not path.is_file():
        return False
    try:
        shard = Shard(path)
    except DatasetError:
        return False
    return shard.packed_from == packed_from and len(shard) == views


def _claim(output: Path, settings: dict[str, Any]) -> None:
    """Make ``output``, or go on in it if it holds shards of the same dataset.

    Raises:
        DatasetError: it holds shards of another dataset, or of none that is known.
        OutputError: it cannot be made.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{output} cannot be made ({error.strerror}): name another with -o"
        ) from error
    found = read_manifest(output)
    if found is None and whole_files(output, "*.safetensors"):
        raise DatasetError(f"{output} holds shards of something else: name another folder with -o")
    if found is not None and found["dataset"] != settings:
        raise DatasetError(f"{output} holds shards of another dataset: name another folder with -o")
    _write_manifest(output, settings, complete=False)


def _write_manifest(output: Path, settings: dict[str, Any], *, complete: bool) -> None:
    manifest = {"format": FORMAT, "complete": complete, "dataset": settings}
    with atomic_path(output / MANIFEST, force=True) as beside:
        beside.write_text(json.dumps(manifest, indent=1) + "\n")
