"""The Blender process: scenes come in as JSON lines on stdin, pictures go out as files.

A program of its own, whose argument is the number of threads (default 1); with the ``blender_*``
files beside it, it alone imports ``bpy`` (GPL-3.0). It needs bpy, numpy and OpenEXR (pyoidn to
denoise) and nothing else of this project, so that it runs in a virtual environment of its own.
Started by ``lasagna_relight.relit.render``, or by hand::

    echo '{"scene": {...}, "output": "view.npz"}' | python blender_worker.py

A request holds a ``SceneSpec`` as JSON and the file to write; the reply, one JSON line on stdout,
is ``{"ok": true, "coverage": 0.31, "seconds": 1.2}`` or ``{"ok": false, "error": "..."}``; the
first line, before any request, is ``{"ready": true}``. A scene is read once and its lights are
rendered at once, each on a copy of the object of its own (``blender_lights``). Blender's own
chatter goes to stderr. End of input ends the process.

The file has the arrays of a shard's view (``relit.shards``): ``lights`` (L, 3, R, R), ``ambient``,
``albedo``, ``normals`` (3, R, R), all float16, linear, straight (not premultiplied), zero outside
the object; ``alpha`` (1, R, R) uint8; ``directions`` (L, 3) float32.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

# Beside this file, which runs as a program: the package itself is not installed where bpy is.
from blender_processors import few_processors  # pyright: ignore[reportMissingImports]

THREADS = int(sys.argv[1]) if len(sys.argv) > 1 else 1
os.environ.setdefault("OIDN_NUM_THREADS", str(THREADS))
with few_processors(THREADS):
    import bpy  # noqa: F401  # pyright: ignore[reportMissingImports]

# isort: split
# What follows exists only once bpy is imported.
import numpy as np

# isort: split
from blender_camera import (  # pyright: ignore[reportMissingImports]
    Window,
    fit_camera,
    object_window,
    tiled_camera,
)
from blender_denoise import CEILING, denoised  # pyright: ignore[reportMissingImports]
from blender_lights import (  # pyright: ignore[reportMissingImports]
    copy_places,
    lay_ground,
    light_copies,
    surround,
)
from blender_materials import (  # pyright: ignore[reportMissingImports]
    glaze,
    repair_materials,
    shade_by_vertex_color,
    tweak_materials,
)
from blender_meshes import (  # pyright: ignore[reportMissingImports]
    RenderError,
    drop_coincident_faces,
    import_asset,
    pose_meshes,
)
from blender_render import (  # pyright: ignore[reportMissingImports]
    configure_render,
    render_tiles,
    samples_of_a_light,
)

MINIMUM_ALPHA = 1 / 255
LEAST_FREE_BYTES = 2**24


def prepare_object(spec: dict[str, Any]) -> tuple[list[Any], np.ndarray]:
    """The objects of the scene in their pose and materials, and their points (N, 3)."""
    asset = Path(spec["asset"])
    if not asset.is_file():
        raise RenderError(f"no such file: {asset}")
    meshes = import_asset(asset)
    points = pose_meshes(meshes, spec["pose_deg"])
    meshes = drop_coincident_faces(meshes)
    shade_by_vertex_color(meshes)
    repair_materials(meshes)
    if spec["glaze"] is not None:
        glaze(meshes, spec["glaze"])
    if spec["tweak"] is not None:
        tweak_materials(spec["tweak"])
    if spec["ground"] is not None:
        meshes.append(lay_ground(points, spec["ground"]["albedo"]))
    return meshes, points


def view_arrays(
    passes: dict[str, np.ndarray], window: Window, rotation: np.ndarray, spec: dict[str, Any]
) -> dict[str, np.ndarray]:
    """The arrays of one view, straight and in the camera frame, from passes of its window.

    What does not depend on the light (alpha, albedo, normals, the surroundings' light) is the mean
    over all lights' renders.
    """
    alpha, ambient, albedo, world_normals = (
        passes[name].mean(0) for name in ("alpha", "ambient", "albedo", "normals")
    )
    inside = alpha > MINIMUM_ALPHA
    pictures = np.concatenate([passes["lights"], ambient[None]])
    if spec["denoise"]:
        samples = samples_of_a_light(spec)
        pictures = denoised(pictures, albedo, world_normals, samples=samples)
    normals = np.einsum("wc,whx->chx", rotation, world_normals)
    length = np.linalg.norm(normals, axis=0, keepdims=True)

    def straight(premultiplied: np.ndarray) -> np.ndarray:
        shown = np.where(inside, premultiplied / np.maximum(alpha, MINIMUM_ALPHA), 0.0)
        return np.clip(shown, 0.0, CEILING).astype(np.float16)

    pictures = straight(pictures)
    arrays = {
        "lights": pictures[:-1],
        "ambient": pictures[-1],
        "alpha": np.rint(np.clip(alpha, 0, 1) * 255 * inside).astype(np.uint8),
        "albedo": straight(albedo),
        "normals": np.where(inside, normals / np.maximum(length, 1e-6), 0.0).astype(np.float16),
    }
    return {name: window.framed(array, spec["resolution"]) for name, array in arrays.items()}


def render_scene(spec: dict[str, Any], threads: int) -> dict[str, np.ndarray]:
    """The arrays of the view that ``spec`` describes."""
    meshes, points = prepare_object(spec)
    placement = fit_camera(spec["camera"], points)
    window = object_window(placement, points, spec["resolution"])
    surround(spec["environment"])
    directions = np.array(spec["lights"]) @ placement.rotation.T
    places, order = copy_places(directions)
    light_copies(meshes, spec, directions[order], places)
    camera = tiled_camera(placement, window, spec["resolution"], places)
    configure_render(spec, threads)
    passes = render_tiles(spec, camera, window)
    passes["lights"] = passes["lights"][np.argsort(order)]
    view = view_arrays(passes, window, placement.rotation, spec)
    return {**view, "directions": np.array(spec["lights"], np.float32)}


def answer(request: dict[str, Any], threads: int) -> dict[str, Any]:
    """Render what the request asks for, write it beside and rename; what came of it."""
    started = time.perf_counter()
    output = Path(request["output"])
    view = render_scene(request["scene"], threads)
    partial = output.with_name(f".{output.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            np.savez(file, **view)
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
    return {
        "ok": True,
        "coverage": float(view["alpha"].mean() / 255),
        "seconds": round(time.perf_counter() - started, 3),
    }


def is_disk_full(output: Path) -> bool:
    """Whether a failure is the disk's and not the scene's: it should end the run, not the view."""
    places = [place for place in (output, Path(tempfile.gettempdir())) if place.is_dir()]
    return any(shutil.disk_usage(place).free < LEAST_FREE_BYTES for place in places)


def main() -> None:
    """Answer requests from stdin until it ends."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    print('{"ready": true}', file=replies, flush=True)
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line), THREADS)
        except Exception as error:
            reply = {"ok": False, "error": f"{type(error).__name__}: {error}".splitlines()[0]}
            reply["disk_full"] = is_disk_full(Path(json.loads(line)["output"]).parent)
        replies.write(json.dumps(reply) + "\n")
        with contextlib.suppress(BrokenPipeError):
            replies.flush()


if __name__ == "__main__":
    main()
