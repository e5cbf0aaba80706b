"""Procedural objects: thousands of distinct meshes from a seed, as a source of assets.

An object depends on its family and seed alone. Files are written when they are needed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int32

from lasagna_relight.errors import DatasetError, OutputError
from lasagna_relight.image_io import atomic_path
from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.shapes_figurines import animal, figurine
from lasagna_relight.relit.shapes_food import food
from lasagna_relight.relit.shapes_growths import growth, shell
from lasagna_relight.relit.shapes_organic import assembly, blob, stone
from lasagna_relight.relit.shapes_vessels import vessel
from lasagna_relight.relit.surface_detail import Piece, normals_of
from lasagna_relight.seeding import numpy_generator

FAMILIES = {
    "blob": blob,
    "figurine": figurine,
    "animal": animal,
    "vessel": vessel,
    "food": food,
    "shell": shell,
    "growth": growth,
    "stone": stone,
    "assembly": assembly,
}
SOURCE = "procedural"
LICENCE = "Apache-2.0"
ATTRIBUTION = "lasagna-relight"


@dataclass(frozen=True, kw_only=True)
class ProceduralMesh:
    """One object, upright along z, inside the unit ball around the origin.

    Attributes:
        vertices: places.
        faces: triangles, counterclockwise from outside.
        normals: unit shading normals.
        colors: linear Rec. 709 albedo in [0, 1].
        roughness: in [0, 1], per vertex.
        metallic: 0 or 1, per vertex.
        title: what it is.
        tags: its family and kind.
    """

    vertices: Float[np.ndarray, "v 3"]
    faces: Int32[np.ndarray, "f 3"]
    normals: Float[np.ndarray, "v 3"]
    colors: Float[np.ndarray, "v 3"]
    roughness: Float[np.ndarray, v]
    metallic: Float[np.ndarray, v]
    title: str
    tags: tuple[str, ...]


def procedural_mesh(family: str, seed: int) -> ProceduralMesh:
    """The object number ``seed`` of ``family``; the same numbers for the same arguments.

    Raises:
        DatasetError: no such family.
    """
    title, pieces = _maker(family)(numpy_generator(seed, "procedural", family))
    joined = _joined(pieces)
    low, high = joined.vertices.min(0), joined.vertices.max(0)
    centered = joined.vertices - (low + high) / 2
    vertices = centered / np.linalg.norm(centered, axis=1).max()
    return ProceduralMesh(
        vertices=vertices.astype(np.float32),
        faces=joined.faces,
        normals=np.concatenate([normals_of(p.vertices, p.faces) for p in pieces]),
        colors=joined.colors,
        roughness=joined.roughness,
        metallic=joined.metallic,
        title=title,
        tags=(SOURCE, family, title.lower()),
    )


def _maker(family: str):
    if family not in FAMILIES:
        raise DatasetError(f"{family!r} is no procedural family: choose of {', '.join(FAMILIES)}")
    return FAMILIES[family]


def _joined(pieces: list[Piece]) -> Piece:
    starts = np.cumsum([0, *(len(piece.vertices) for piece in pieces)])
    return Piece(
        vertices=np.concatenate([piece.vertices for piece in pieces]).astype(np.float32),
        faces=np.concatenate(
            [
                piece.faces + np.int32(start)
                for piece, start in zip(pieces, starts[:-1], strict=True)
            ]
        ).astype(np.int32),
        colors=np.concatenate([piece.colors for piece in pieces]),
        roughness=np.concatenate([piece.roughness for piece in pieces]),
        metallic=np.concatenate([piece.metallic for piece in pieces]),
    )


def write_ply(mesh: ProceduralMesh, path: Path) -> None:
    """Write ``mesh`` as a binary PLY, beside and renamed.

    Colors are stored as sRGB bytes, as is the custom of the format and what Blender's importer
    takes them for: its color attribute holds them linear again. ``roughness`` and ``metallic``
    are float properties of the vertices, which Blender turns into attributes of these names.

    Raises:
        OutputError: the file cannot be written.
    """
    columns = [(name, "<f4", "float") for name in ("x", "y", "z", "nx", "ny", "nz")]
    columns += [(name, "u1", "uchar") for name in ("red", "green", "blue")]
    columns += [(name, "<f4", "float") for name in ("roughness", "metallic")]
    table = np.zeros(len(mesh.vertices), [(name, kind) for name, kind, _ in columns])
    for axis, name in enumerate("xyz"):
        table[name], table[f"n{name}"] = mesh.vertices[:, axis], mesh.normals[:, axis]
    encoded = np.where(
        mesh.colors <= 0.0031308, 12.92 * mesh.colors, 1.055 * mesh.colors ** (1 / 2.4) - 0.055
    )
    for axis, name in enumerate(("red", "green", "blue")):
        table[name] = np.rint(np.clip(encoded[:, axis], 0, 1) * 255)
    table["roughness"], table["metallic"] = mesh.roughness, mesh.metallic
    polygons = np.zeros(len(mesh.faces), [("count", "u1"), ("corners", "<i4", 3)])
    polygons["count"], polygons["corners"] = 3, mesh.faces
    header = [
        "ply",
        "format binary_little_endian 1.0",
        f"element vertex {len(table)}",
        *(f"property {word} {name}" for name, _, word in columns),
        f"element face {len(polygons)}",
        "property list uchar int vertex_indices",
        "end_header\n",
    ]
    with atomic_path(path, force=True) as partial:
        partial.write_bytes("\n".join(header).encode() + table.tobytes() + polygons.tobytes())


def procedural_assets(
    count: int, folder: Path, *, family: str | None = None, first_seed: int = 0
) -> Iterator[Asset]:
    """``count`` objects to be, of one family or of each in turn; nothing is made yet.

    Raises:
        DatasetError: no such family.
    """
    names = list(FAMILIES) if family is None else [family]
    for name in names:
        _maker(name)
    for number in range(count):
        name, seed = names[number % len(names)], first_seed + number // len(names)
        yield procedural_asset(name, seed, folder)


def procedural_asset(family: str, seed: int, folder: Path) -> Asset:
    """The asset of one object, whose file will lie under ``folder``."""
    uid = f"{SOURCE}/{family}/{seed:06d}"
    return Asset(
        uid=uid,
        title=f"{family.capitalize()} {seed}",
        source=SOURCE,
        licence=LICENCE,
        attribution=ATTRIBUTION,
        path=folder / f"{uid}.ply",
    )


def parse_uid(uid: str) -> tuple[str, int]:
    """Family and seed of the procedural object ``uid``.

    Raises:
        DatasetError: it is not the uid of one.
    """
    parts = re.fullmatch(rf"{SOURCE}/(\w+)/(\d{{1,12}})", uid)
    if parts is None:
        raise DatasetError(f"{uid}: not the uid of a procedural object")
    _maker(parts[1])
    return parts[1], int(parts[2])


def measured(asset: Asset) -> Asset:
    """The procedural ``asset`` with its title, tags, triangles and hash; made, not written."""
    mesh = procedural_mesh(*parse_uid(asset.uid))
    content = hashlib.sha256()
    for values in (mesh.vertices, mesh.faces, mesh.colors, mesh.roughness):
        content.update(np.ascontiguousarray(values).tobytes())
    return replace(
        asset,
        title=mesh.title,
        tags=mesh.tags,
        triangles=len(mesh.faces),
        textured=True,
        sha256=content.hexdigest(),
    )


def materialize(asset: Asset, folder: Path | None = None) -> Path:
    """The file of a procedural ``asset``, written now unless it is there.

    It is ``asset.path``, or the same name under ``folder``; safe to call from many processes.

    Raises:
        DatasetError: the uid is not that of a procedural object.
        OutputError: the file cannot be written.
    """
    family, seed = parse_uid(asset.uid)
    path = asset.path if folder is None else folder / f"{asset.uid}.ply"
    if not path.is_file():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{path.parent} cannot be made: {error.strerror}") from error
        write_ply(procedural_mesh(family, seed), path)
    return path
