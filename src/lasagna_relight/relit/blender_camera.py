"""The camera in Blender: fitted to the object, and one that sees many copies of it side by side.

Part of the worker's program (``blender_worker``): needs bpy and numpy, nothing of this project.
"""

from __future__ import annotations

import functools
import hashlib
import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy  # pyright: ignore[reportMissingImports]

# isort: split
# What follows exists only once bpy is imported.
import _cycles  # pyright: ignore[reportMissingImports]
import mathutils  # pyright: ignore[reportMissingImports]
import numpy as np

# isort: split
from blender_meshes import RenderError  # pyright: ignore[reportMissingImports]

FIT_STEPS = 20
FIT_TOLERANCE = 1e-9
MAXIMUM_FITTING_POINTS = 20_000
MARGIN = 4
"""Least number of pixels around the object in its tile; the denoiser looks that far."""
SHADER = Path(__file__).with_name("blender_tiles.osl")


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where the camera stands; columns of ``rotation`` are right, up and towards the camera."""

    rotation: np.ndarray
    location: np.ndarray
    half_angle: float


@dataclass(frozen=True, kw_only=True)
class Window:
    """The rectangle of the frame that is rendered, in pixels; it may reach beyond the frame."""

    left: int
    top: int
    width: int
    height: int

    def shown(self, resolution: int) -> tuple[slice, slice]:
        """Rows and columns of the frame of ``resolution`` that the window covers."""
        return (
            slice(max(self.top, 0), min(self.top + self.height, resolution)),
            slice(max(self.left, 0), min(self.left + self.width, resolution)),
        )

    def framed(self, picture: np.ndarray, resolution: int) -> np.ndarray:
        """``picture`` (..., height, width) in its place in a black frame."""
        frame = np.zeros((*picture.shape[:-2], resolution, resolution), picture.dtype)
        rows, columns = self.shown(resolution)
        frame[..., rows, columns] = picture[
            ...,
            rows.start - self.top : rows.stop - self.top,
            columns.start - self.left : columns.stop - self.left,
        ]
        return frame


def fit_camera(spec: dict[str, Any], points: np.ndarray) -> Placement:
    """Where the object of ``points`` (N, 3) fills ``spec["fill"]`` of the frame."""
    azimuth, elevation = (math.radians(spec[k]) for k in ("azimuth_deg", "elevation_deg"))
    back = np.array([
        math.sin(azimuth) * math.cos(elevation),
        -math.cos(azimuth) * math.cos(elevation),
        math.sin(elevation),
    ])  # fmt: skip
    right = np.array([math.cos(azimuth), math.sin(azimuth), 0.0])
    rotation = np.stack([right, np.cross(back, right), back], axis=1)
    local = points[:: math.ceil(len(points) / MAXIMUM_FITTING_POINTS)] @ rotation
    half = math.tan(math.radians(spec["field_of_view_deg"]) / 2)
    center, distance = np.zeros(3), 1.0 + 1.0 / half
    for _ in range(FIT_STEPS):
        depth = np.maximum(distance - local[:, 2], 1e-3)
        plane = (local[:, :2] - center[:2]) / depth[:, None] / half
        low, high = plane.min(0), plane.max(0)
        moved = (low + high) / 2 * half * distance
        center[:2] += moved
        before = distance
        distance *= float((high - low).max()) / 2 / spec["fill"]
        distance = max(distance, float(local[:, 2].max()) + 0.05)
        if max(abs(moved[0]), abs(moved[1]), abs(distance - before)) < FIT_TOLERANCE:
            break
    return Placement(
        rotation=rotation,
        location=rotation @ (center + np.array([0, 0, distance])),
        half_angle=half,
    )


def object_window(placement: Placement, points: np.ndarray, resolution: int) -> Window:
    """The rectangle that holds all ``points`` (N, 3), with a margin."""
    seen = (points - placement.location) @ placement.rotation
    plane = seen[:, :2] / np.maximum(-seen[:, 2:], 1e-3) / placement.half_angle
    low, high = np.clip(plane.min(0), -1, 1), np.clip(plane.max(0), -1, 1)
    margin = max(MARGIN, resolution // 64)
    left, top = (math.floor((1 + edge) / 2 * resolution) - margin for edge in (low[0], -high[1]))
    right, bottom = (math.ceil((1 + edge) / 2 * resolution) + margin for edge in (high[0], -low[1]))
    return Window(left=left, top=top, width=right - left, height=bottom - top)


@functools.cache
def tiles_shader() -> tuple[str, str]:
    """The camera's program, compiled once for the life of the process, and its hash."""
    with tempfile.TemporaryDirectory(prefix="relit-") as folder:
        compiled = Path(folder) / "tiles.oso"
        if not _cycles.osl_compile(str(SHADER), str(compiled)):
            raise RenderError(
                f"Blender cannot compile {SHADER.name}: it takes Blender 5.0 or later"
            )
        code = compiled.read_text()
    return code, hashlib.md5(code.encode(), usedforsecurity=False).hexdigest()


def tiled_camera(placement: Placement, window: Window, resolution: int, places: np.ndarray) -> Any:
    """A camera whose picture is tiles of ``window``, each seen from its place.

    ``places`` (L, 3) are where the copies of the object stand, on a circle around the origin in
    equal steps; see ``show_tiles``.
    """
    code, code_hash = tiles_shader()
    data = bpy.data.cameras.new("camera")
    distance = float(np.linalg.norm(placement.location))
    data.clip_start, data.clip_end = 0.001, distance + 2.0  # else it sees other copies far behind
    data.type = "CUSTOM"
    data.custom_bytecode, data.custom_bytecode_hash = code, code_hash
    first = places[0]
    quarter_turn = np.array([-first[1], first[0], 0.0])
    values = data.cycles_custom
    values["count"] = len(places)
    values["start"], values["quarter"] = (
        _in_camera(placement, vector) for vector in (first, quarter_turn)
    )
    scale = 2 * placement.half_angle / resolution
    values["width"], values["height"], values["scale"] = window.width, window.height, scale
    values["corner"] = [
        (window.left - resolution / 2) * scale,
        (resolution / 2 - window.top - window.height) * scale,
        0.0,
    ]
    return place_camera(data, placement)


def place_camera(data: Any, placement: Placement) -> Any:
    """The scene's camera of these ``data``, where ``placement`` has it."""
    camera = bpy.data.objects.new("camera", data)
    matrix = mathutils.Matrix(placement.rotation.tolist()).to_4x4()
    matrix.translation = mathutils.Vector(placement.location)
    camera.matrix_world = matrix
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera
    return camera


def show_tiles(camera: Any, first: int, columns: int, rows: int) -> None:
    """Show the copies from ``first`` on, row by row from the bottom left."""
    values = camera.data.cycles_custom
    values["first"], values["columns"], values["rows"] = first, columns, rows
    camera.data.update_tag()


def _in_camera(placement: Placement, vector: np.ndarray) -> list[float]:
    """``vector`` as Cycles' cameras count: x to the right, y up, z forward."""
    x, y, z = vector @ placement.rotation
    return [float(x), float(y), float(-z)]
