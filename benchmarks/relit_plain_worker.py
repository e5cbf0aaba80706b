"""The Blender worker as one would write it first: Cycles' own camera, one render after another.

What ``relit.blender_worker`` is measured and tested against. It speaks the same protocol, and reads
the object, its materials and the surroundings with the same code. ``bpy`` must be importable.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src" / "lasagna_relight" / "relit"))

import blender_worker as worker
import bpy
import numpy as np
from blender_camera import MARGIN, Placement, Window, fit_camera, place_camera
from blender_lights import LIGHT, new_light, surround
from blender_render import configure_render, read_passes


def frame_camera(placement: Placement) -> None:
    """Blender's perspective camera."""
    data = bpy.data.cameras.new("camera")
    data.sensor_width, data.sensor_fit = 36.0, "HORIZONTAL"
    data.angle = 2 * np.arctan(placement.half_angle)
    data.clip_start, data.clip_end = 0.001, 1000.0
    place_camera(data, placement)


def add_light(spec: dict[str, Any], direction: np.ndarray) -> Any:
    """A light of the scene that shines on everything."""
    light = new_light(spec, direction, np.zeros(3))
    bpy.context.scene.collection.objects.link(light)
    return light


def one_by_one(
    spec: dict[str, Any], directions: np.ndarray, exr: Path
) -> list[dict[str, np.ndarray]]:
    """The passes of each light's own render; Cycles keeps the object from one to the next."""
    scene, found = bpy.context.scene, []
    for index, direction in enumerate(directions):
        light = add_light(spec, direction)
        scene.cycles.seed = (spec["seed"] + index) & 0x7FFFFFFF
        bpy.ops.render.render(write_still=True)
        bpy.data.objects.remove(light)
        found.append(read_passes(exr))
    return found


def lights_denoised(passes: dict[str, np.ndarray], spec: dict[str, Any]) -> np.ndarray:
    """The lights' pictures alone, denoised in the rectangle around the object."""
    rows, columns = (
        slice(max(int(n[0]) - MARGIN, 0), int(n[-1]) + 1 + MARGIN)
        for n in (np.flatnonzero(passes["alpha"][0, 0].any(axis)) for axis in (1, 0))
    )
    clean = np.zeros_like(passes["lights"])
    clean[..., rows, columns] = worker.denoised(
        passes["lights"][..., rows, columns],
        *(passes[name].mean(0)[:, rows, columns] for name in ("albedo", "normals")),
        samples=worker.samples_of_a_light(spec),
    )
    return clean


def plain_scene(spec: dict[str, Any], threads: int) -> dict[str, np.ndarray]:
    """The arrays of the view that ``spec`` describes."""
    _, points = worker.prepare_object(spec)
    placement = fit_camera(spec["camera"], points)
    surround(spec["environment"])
    bpy.context.view_layer.lightgroups.add(name=LIGHT)
    frame_camera(placement)
    configure_render(spec, threads)
    scene, side = bpy.context.scene, spec["resolution"]
    scene.cycles.pixel_filter_type, scene.cycles.filter_width = "BLACKMAN_HARRIS", 1.5
    scene.render.resolution_x = scene.render.resolution_y = side
    directions = np.array(spec["lights"]) @ placement.rotation.T
    with tempfile.TemporaryDirectory(prefix="relit-") as folder:
        exr = Path(folder) / "view.exr"
        scene.render.filepath = str(exr)
        found = one_by_one(spec, directions, exr)
    passes = {name: np.stack([each[name] for each in found]) for name in found[0]}
    window = Window(left=0, top=0, width=side, height=side)
    if spec["denoise"] and len(directions) == 1:  # one surroundings' picture in a view, not sixteen
        passes["lights"] = lights_denoised(passes, spec)
        spec = {**spec, "denoise": False}
    view = worker.view_arrays(passes, window, placement.rotation, spec)
    return {**view, "directions": np.array(spec["lights"], np.float32)}


if __name__ == "__main__":
    worker.render_scene = plain_scene
    worker.main()
