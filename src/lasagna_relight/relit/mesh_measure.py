"""Triangles, textures and faults of a model file; the only file that imports trimesh.

``measure`` may hang or fill the memory on hostile files: ``relit.limited_reader`` calls it in a
process with limits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.mesh_headers import read_promise, resolved

FLAT = 1e-4
"""An object whose shortest side is under this share of its longest is a sheet."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Of one model: triangles, bytes of its file, seconds and bytes of memory to read it."""

    triangles: int = 2_000_000
    file_bytes: int = 2**30
    seconds: float = 60.0
    memory_bytes: int = 8 * 2**30


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What a model file holds; ``rejected`` says why it cannot be used, or is empty."""

    rejected: str = ""
    triangles: int | None = None
    textured: bool | None = None
    sha256: str = ""
    notes: str = ""


@dataclass(frozen=True, kw_only=True)
class Surfaces:
    """What a reader found: per surface its corners (F, 3, 3), and whether any has a picture."""

    corners: list[NDArray[np.floating]]
    textured: bool
    has_points: bool


def measure(path: Path, root: Path, limits: Limits) -> Measure:
    """The measure of the model at ``path``, which may refer to files under ``root`` only."""
    try:
        size = path.stat().st_size
    except OSError as error:
        return Measure(rejected=f"cannot be read ({error.strerror})")
    if size == 0:
        return Measure(rejected="empty file")
    if size > limits.file_bytes:
        return Measure(rejected=f"a file of over {limits.file_bytes} bytes")
    try:
        promise = read_promise(path)
    except DatasetError as error:
        return Measure(rejected=" ".join(str(error).split()))
    if promise.triangles > limits.triangles or promise.vertices > 3 * limits.triangles:
        return Measure(rejected=_too_many(limits), triangles=promise.triangles)
    linked = resolved(promise.references, path)
    outside = [f for f in linked if f.exists() and not f.is_relative_to(root.resolve())]
    if outside:
        return Measure(rejected=f"refers to {outside[0].name}, which is outside its folder")
    missing = sorted({file.name for file in linked if not file.is_file()})
    digest = _digest([path, *sorted({file for file in linked if file.is_file()})])
    notes = f"missing: {', '.join(missing)}" if missing else ""
    try:
        found = _read(path)
    except MemoryError:
        return Measure(rejected="needs more memory than allowed", sha256=digest)
    except Exception as error:
        told = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return Measure(rejected=f"cannot be read ({told})", sha256=digest, notes=notes)
    triangles = sum(map(len, found.corners))
    return Measure(
        rejected=_fault(found, triangles, limits),
        triangles=triangles,
        textured=found.textured,
        sha256=digest,
        notes=notes,
    )


def _too_many(limits: Limits) -> str:
    return f"over {limits.triangles} triangles"


def _digest(files: Iterable[Path]) -> str:
    """SHA-256 over the bytes of the files."""
    total = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            total.update(hashlib.file_digest(opened, "sha256").digest())
    return total.hexdigest()


def _fault(found: Surfaces, triangles: int, limits: Limits) -> str:
    if triangles == 0:
        return "no surface" if found.has_points else "empty"
    if triangles > limits.triangles:
        return _too_many(limits)
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    area = 0.0
    for corners in found.corners:
        if not np.isfinite(corners).all():
            return "vertices that are not finite"
        if len(corners):
            low = np.minimum(low, corners.min((0, 1)))
            high = np.maximum(high, corners.max((0, 1)))
            sides = corners[:, 1:] - corners[:, :1]
            area += float(np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1).sum()) / 2
    short, _, long = np.sort(high - low)
    if not long > 0 or area <= 1e-9 * long**2:
        return "degenerate: no area"
    if short <= FLAT * long:
        return "degenerate: flat"
    return ""


def _read(path: Path) -> Surfaces:
    if path.suffix.lower() == ".usdz":
        from lasagna_relight.relit.usd_meshes import read_usd

        corners, textured, has_points = read_usd(path)
        return Surfaces(corners=corners, textured=textured, has_points=has_points)
    import trimesh

    scene = trimesh.load_scene(path, process=False)
    corners: list[NDArray[np.floating]] = []
    textured = has_points = False
    for node in scene.graph.nodes_geometry:
        matrix, name = scene.graph[node]
        geometry = scene.geometry[name]
        has_points |= len(getattr(geometry, "vertices", ())) > 0
        if not isinstance(geometry, trimesh.Trimesh) or not len(geometry.faces):
            continue
        points = geometry.vertices @ matrix[:3, :3].T + matrix[:3, 3]
        corners.append(np.asarray(points[geometry.faces], np.float64))
        textured |= _is_textured(geometry)
    return Surfaces(corners=corners, textured=textured, has_points=has_points)


def _is_textured(geometry) -> bool:
    """Whether color varies over the surface: by a picture, or from vertex to vertex."""
    visual = geometry.visual
    if visual.kind == "texture":
        material = visual.material
        pictures = ("image", "baseColorTexture")
        return any(getattr(material, name, None) is not None for name in pictures)
    return visual.kind in ("vertex", "face")
