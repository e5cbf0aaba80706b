"""Cycles: how it is set, and what one view's renders give.

Part of the worker's program (``blender_worker``): needs bpy, numpy and OpenEXR.
"""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import bpy  # pyright: ignore[reportMissingImports]

# isort: split
# What follows exists only once bpy is imported.
import numpy as np
import OpenEXR

# isort: split
from blender_camera import Window, show_tiles  # pyright: ignore[reportMissingImports]
from blender_lights import AMBIENT, LIGHT  # pyright: ignore[reportMissingImports]
from blender_meshes import RenderError  # pyright: ignore[reportMissingImports]

FILM_PIXELS = 2**20
"""Pixels of one render; the lights of a view share it, and further renders take the rest."""

PASSES = {
    "lights": (f"Combined_{LIGHT}", "RGB"),
    "ambient": (f"Combined_{AMBIENT}", "RGB"),
    "alpha": ("Combined", "A"),
    "albedo": ("Diffuse Color", "RGB"),
    "normals": ("Normal", "XYZ"),
}
"""What is read of a render: the name of the pass and its channels."""


def samples_of_a_light(spec: dict[str, Any]) -> int:
    """Light paths for a pixel of one light: those of the view shared out, at least one."""
    return math.ceil(spec["samples"] / len(spec["lights"]))


def configure_render(spec: dict[str, Any], threads: int) -> None:
    """Cycles on the CPU, few bounces, transparent film, linear multilayer EXR in 32 bits."""
    scene, layer = bpy.context.scene, bpy.context.view_layer
    render, cycles = scene.render, scene.cycles
    render.engine, cycles.device = "CYCLES", "CPU"
    render.threads_mode, render.threads = "FIXED", threads
    render.resolution_percentage = 100
    render.film_transparent = True
    cycles.use_adaptive_sampling = cycles.use_denoising = cycles.use_auto_tile = False
    cycles.samples = samples_of_a_light(spec)
    cycles.pixel_filter_type = "BOX"  # blender_tiles.osl filters
    cycles.max_bounces = cycles.diffuse_bounces = cycles.glossy_bounces = spec["bounces"]
    cycles.transmission_bounces, cycles.transparent_max_bounces = spec["bounces"], 8
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_direct, cycles.sample_clamp_indirect = 0.0, 30.0
    layer.use_pass_normal = layer.use_pass_diffuse_color = True
    layer.use_pass_z = False
    scene.view_settings.view_transform = "Raw"
    scene.view_settings.look = "None"
    settings = render.image_settings
    settings.media_type = "MULTI_LAYER_IMAGE"
    settings.file_format = "OPEN_EXR_MULTILAYER"
    settings.color_depth, settings.exr_codec = "32", "NONE"
    render.use_file_extension = False
    render.use_persistent_data = True


def read_passes(exr: Path) -> dict[str, np.ndarray]:
    """What one render gives, float32: alpha (1, H, W) and pictures (3, H, W).

    Raises:
        RenderError: a pass is missing or holds values that are not finite.
    """
    with OpenEXR.File(str(exr), separate_channels=True) as file:
        channels = {
            name.removeprefix("ViewLayer."): channel.pixels
            for part in range(len(file.parts))
            for name, channel in file.channels(part).items()
        }
    pictures = {}
    for name, (source, axes) in PASSES.items():
        try:
            picture = np.stack([channels[f"{source}.{axis}"] for axis in axes])
        except KeyError as error:
            raise RenderError(f"Blender wrote no pass {error}, only {sorted(channels)}") from error
        if not np.isfinite(picture).all():
            raise RenderError(f"pass {source} has values that are not finite")
        pictures[name] = picture.astype(np.float32)
    return pictures


def render_tiles(spec: dict[str, Any], camera: Any, window: Window) -> dict[str, np.ndarray]:
    """The passes of ``read_passes`` of every copy of the object, (L, C, H, W) of its window."""
    scene, count = bpy.context.scene, len(spec["lights"])
    most = min(max(FILM_PIXELS // (window.width * window.height), 1), count)
    columns = min(max(round(math.sqrt(most * window.height / window.width)), 1), most)
    rows = math.ceil(most / columns)
    found: dict[str, list[np.ndarray]] = {name: [] for name in PASSES}
    with tempfile.TemporaryDirectory(prefix="relit-") as folder:
        exr = Path(folder) / "tiles.exr"
        scene.render.filepath = str(exr)
        scene.render.resolution_x = window.width * columns
        scene.render.resolution_y = window.height * rows
        for first in range(0, count, columns * rows):
            show_tiles(camera, first, columns, rows)
            scene.cycles.seed = (spec["seed"] + first) & 0x7FFFFFFF
            bpy.ops.render.render(write_still=True)
            for name, picture in read_passes(exr).items():
                found[name].append(_tiles(picture, columns, rows)[: count - first])
    return {name: np.concatenate(parts) for name, parts in found.items()}


def _tiles(picture: np.ndarray, columns: int, rows: int) -> np.ndarray:
    """The tiles of ``picture`` (C, H, W), (rows * columns, C, h, w), from the bottom left on."""
    channels, height, width = picture.shape
    cut = picture.reshape(channels, rows, height // rows, columns, width // columns)
    return (
        cut[:, ::-1].transpose(1, 3, 0, 2, 4).reshape(rows * columns, channels, height // rows, -1)
    )
