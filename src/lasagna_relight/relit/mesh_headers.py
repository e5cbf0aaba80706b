"""What a model file promises before it is loaded: triangles, and other files it refers to.

A file of a few hundred bytes can promise a billion triangles, so the promise is read first.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.assets import opened_safely

JSON_LIMIT = 64 * 2**20
HEADER_LIMIT = 64 * 2**10
STL_PREFIX, STL_RECORD = 84, 50


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What the file says of itself; ``triangles`` counts every instance.

    ``references`` are names of other files as written, relative to the file.
    """

    triangles: int
    vertices: int = 0
    references: tuple[str, ...] = ()


def read_promise(path: Path) -> Promise:
    """The promise of the model file at ``path``, from its header alone where it has one.

    Raises:
        DatasetError: the header is damaged; the message says how, without the path.
    """
    try:
        match path.suffix.lower():
            case ".ply":
                return _ply(path)
            case ".stl":
                return _stl(path)
            case ".glb" | ".gltf":
                return _gltf(_gltf_json(path))
            case ".obj":
                return _obj(path)
            case ".usdz":
                opened_safely(path).close()
                return Promise(triangles=0)
            case suffix:
                raise DatasetError(f"no reader for {suffix or 'a file without suffix'}")
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, struct.error) as error:
        if isinstance(error, DatasetError):
            raise
        raise DatasetError(f"corrupt header ({type(error).__name__}: {error})") from error


def _ply(path: Path) -> Promise:
    with path.open("rb") as file:
        head = file.read(HEADER_LIMIT)
    text, found, _ = head.partition(b"end_header")
    if not text.startswith(b"ply") or not found:
        raise DatasetError("corrupt header (no PLY header)")
    counts = {"face": 0, "vertex": 0, "tristrips": 0}
    for line in text.decode("latin-1").splitlines():
        words = line.split()
        if len(words) == 3 and words[0] == "element":
            counts[words[1]] = int(words[2])
    if min(counts.values()) < 0:
        raise DatasetError("corrupt header (a negative count)")
    return Promise(triangles=counts["face"], vertices=counts["vertex"])


def _stl(path: Path) -> Promise:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(STL_PREFIX)
    if len(head) == STL_PREFIX:
        (count,) = struct.unpack("<I", head[80:])
        if STL_PREFIX + STL_RECORD * count == size:
            return Promise(triangles=count)
    if head[:5].lower() != b"solid":
        raise DatasetError("corrupt header (the number of triangles does not fit the file's size)")
    with path.open("rb") as file:
        return Promise(triangles=sum(b"endfacet" in line.lower() for line in file))


def _gltf_json(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        if path.suffix.lower() == ".gltf":
            text = file.read(JSON_LIMIT + 1)
            size = len(text)
        else:
            magic, _, _, size, kind = struct.unpack("<4sIII4s", file.read(20))
            if magic != b"glTF" or kind != b"JSON":
                raise DatasetError("corrupt header (no GLB header)")
            text = file.read(min(size, JSON_LIMIT + 1))
    if size > JSON_LIMIT:
        raise DatasetError(f"a description of over {JSON_LIMIT} bytes")
    if len(text) < size:
        raise DatasetError("corrupt: the file ends in its header")
    return json.loads(text)


def _gltf(scene: dict[str, Any]) -> Promise:
    accessors = scene.get("accessors", [])
    counts = []
    for mesh in scene.get("meshes", []):
        triangles = vertices = 0
        for primitive in mesh["primitives"]:
            corners = accessors[primitive["attributes"]["POSITION"]]["count"]
            vertices += corners
            if "indices" in primitive:
                corners = accessors[primitive["indices"]]["count"]
            mode = primitive.get("mode", 4)
            triangles += corners // 3 if mode == 4 else max(corners - 2, 0) if mode > 4 else 0
        counts.append((triangles, vertices))
    used = [node["mesh"] for node in scene.get("nodes", []) if "mesh" in node]
    shown = [counts[index] for index in used] or counts
    linked = [entry.get("uri", "") for key in ("buffers", "images") for entry in scene.get(key, [])]
    return Promise(
        triangles=sum(triangles for triangles, _ in shown),
        vertices=sum(vertices for _, vertices in counts),
        references=tuple(unquote(uri) for uri in linked if uri and not uri.startswith("data:")),
    )


def _obj(path: Path) -> Promise:
    triangles = vertices = 0
    references: list[str] = []
    with path.open("rb") as file:
        for line in file:
            if line.startswith(b"f "):
                triangles += max(len(line.split()) - 3, 0)
            elif line.startswith(b"v "):
                vertices += 1
            elif line.startswith(b"mtllib "):
                references.append(line[7:].decode("utf-8", "replace").strip())
    for name in tuple(references):
        material = path.parent / name
        if material.is_file() and material.stat().st_size <= JSON_LIMIT:
            folder = Path(name).parent
            references += [str(folder / texture) for texture in _textures(material)]
    return Promise(
        triangles=triangles, vertices=vertices, references=tuple(dict.fromkeys(references))
    )


def _textures(material: Path) -> list[str]:
    lines = material.read_text("utf-8", "replace").splitlines()
    found = [line.split(maxsplit=1) for line in lines if line.strip().lower().startswith("map_")]
    names = [words[1].strip() for words in found if len(words) == 2]
    # options stand before the name: -s 1 1 1 wood.png
    return [name.split()[-1] if name.startswith("-") else name for name in names]


def resolved(references: tuple[str, ...], path: Path) -> list[Path]:
    """The files referred to from ``path``, as absolute paths; backslashes are separators."""
    return [(path.parent / name.replace("\\", "/")).resolve() for name in references]
