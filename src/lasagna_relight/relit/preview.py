"""All views of one object on a sheet: its lights, and mixes of them as training sees them."""

from __future__ import annotations

import difflib
import heapq
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image as PillowImage

from lasagna_relight.errors import DatasetError
from lasagna_relight.light_direction import DIRECTION_NAMES, LightDirection
from lasagna_relight.relit.mixing import mix_views
from lasagna_relight.relit.packing import load_view
from lasagna_relight.relit.shards import View
from lasagna_relight.relit.view_files import (
    ViewRecord,
    object_stem,
    read_dataset_settings,
    read_record,
    read_records,
)
from lasagna_relight.relit.view_sheet import (
    Band,
    exposure_of,
    sheet_of,
    shown_encoded,
    shown_linear,
    shown_normals,
)
from lasagna_relight.seeding import generator

COLUMNS = 8
MIXES = 5
NEAR = 3
MOST_VIEWS = 24
"""More views of one object than this do not go onto a sheet."""


def object_sheet(folder: Path, uid: str) -> PillowImage.Image:
    """The contact sheet of an object's first views in a folder of rendered views.

    Raises:
        DatasetError: not such a folder, or no view of that object can be shown.
    """
    read_dataset_settings(folder)
    records = views_of(folder, uid)
    if not records:
        near = " or ".join(nearest_uids(folder, uid))
        raise DatasetError(
            f"{folder} has no object {uid}: " + (f"is it {near}?" if near else "it has no views")
        )
    if all(record.error for record in records):
        raise DatasetError(f"{uid}: no view could be rendered: {records[0].error}")
    return sheet_of((_band(folder, record) for record in records[:MOST_VIEWS]), columns=COLUMNS)


def views_of(folder: Path, uid: str) -> list[ViewRecord]:
    """The records of an object's views, without going through those of others."""
    stem = folder / object_stem(uid)
    found = sorted(stem.parent.glob(f"{stem.name}-[0-9]*.json")) if stem.parent.is_dir() else []
    records = [read_record(path) for path in found]
    return [record for record in records if record.object.uid == uid]


def nearest_uids(folder: Path, uid: str) -> list[str]:
    """A few uids that look like ``uid``, best first."""
    return heapq.nlargest(NEAR, set(_likely(folder, uid)), key=lambda other: _likeness(uid, other))


def _likely(folder: Path, uid: str) -> Iterator[str]:
    """The uids of views, those that are among the best so far."""
    best: list[float] = []
    for record in read_records(folder):
        likeness = _likeness(uid, record.object.uid)
        if len(best) < 8 * NEAR:
            heapq.heappush(best, likeness)
        elif likeness < best[0]:
            continue
        else:
            heapq.heapreplace(best, likeness)
        yield record.object.uid


def _likeness(uid: str, other: str) -> float:
    contained = uid.lower() in other.lower()
    return contained + difflib.SequenceMatcher(None, uid.lower(), other.lower()).ratio()


def _band(folder: Path, record: ViewRecord) -> Band:
    scene = record.scene
    distance = scene.light_distance
    heading = f"{record.object.uid} · {record.object.title} · {record.object.licence} · view "
    heading += f"{record.view} · lights {'far' if distance is None else f'at {distance:.1f} radii'}"
    if record.error:
        return Band(heading=f"{heading} · {record.error}", cells=())
    view = load_view(folder, record)
    return Band(
        heading=heading, cells=[*_lights(view), *_passes(folder, record, view), *_mixes(view)]
    )


def _lights(view: View) -> Iterator[tuple[str, PillowImage.Image]]:
    exposure = exposure_of(view)
    for number, (light, towards) in enumerate(zip(view.lights, view.directions, strict=True)):
        if number < len(DIRECTION_NAMES):
            label = DIRECTION_NAMES[number]
        else:
            x, y, z = towards.tolist()
            direction = LightDirection.from_vector((x, y, z))
            label = f"{direction.azimuth_deg:.0f}°, {direction.elevation_deg:.0f}° up"
        yield label, shown_linear(light, view.alpha, exposure)
    yield "ambient", shown_linear(view.ambient, view.alpha, exposure)


def _passes(
    folder: Path, record: ViewRecord, view: View
) -> Iterator[tuple[str, PillowImage.Image]]:
    with np.load(folder / f"{record.stem}.npz", allow_pickle=False) as arrays:
        if "albedo" in arrays:
            albedo = torch.from_numpy(arrays["albedo"]).float()
            yield "albedo", shown_linear(albedo, view.alpha, 1.0)
        if "normals" in arrays:
            yield "normals", shown_normals(torch.from_numpy(arrays["normals"]).float(), view.alpha)


def _mixes(view: View) -> Iterator[tuple[str, PillowImage.Image]]:
    for number in range(MIXES):
        rng = generator(int(view.record["seed"]), "preview", number)
        mixed = mix_views(view.lights[None], view.ambient[None], view.alpha[None], rng)
        yield f"mix {number + 1}", shown_encoded(mixed.source[0], view.alpha)
