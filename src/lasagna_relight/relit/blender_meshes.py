"""The object in Blender: read from its file, brought to size and pose, doubled faces removed.

Part of the worker's program (``blender_worker``): needs bpy and numpy, nothing of this project.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import bpy  # pyright: ignore[reportMissingImports]

# isort: split
# What follows exists only once bpy is imported.
import bmesh  # pyright: ignore[reportMissingImports]
import mathutils  # pyright: ignore[reportMissingImports]
import numpy as np

COINCIDENCE = 2e-4
"""Faces in one cell of this size, in radii of the object, are one."""
CELL_SHIFT = 0.3819660113
"""Keeps round coordinates off the edges of the cells."""


class RenderError(Exception):
    """The scene gives no usable picture; the message says why."""


def import_asset(path: Path) -> list[Any]:
    """The mesh objects of the file at ``path``, alone in an empty scene."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    match path.suffix.lower():
        case ".obj":
            bpy.ops.wm.obj_import(filepath=str(path))
        case ".glb" | ".gltf":
            bpy.ops.import_scene.gltf(filepath=str(path))
        case ".ply":
            bpy.ops.wm.ply_import(filepath=str(path))
        case ".stl":
            bpy.ops.wm.stl_import(filepath=str(path))
        case ".usdz":
            bpy.ops.wm.usd_import(filepath=str(path))
        case suffix:
            raise RenderError(f"no importer for {suffix}")
    for unwanted in [o for o in bpy.data.objects if o.type in ("LIGHT", "CAMERA")]:
        bpy.data.objects.remove(unwanted)
    meshes = [o for o in bpy.data.objects if o.type == "MESH" and len(o.data.polygons)]
    if not meshes:
        raise RenderError("the file holds no faces")
    return meshes


def world_points(meshes: list[Any]) -> np.ndarray:
    """Vertices of all meshes in world coordinates, (N, 3)."""
    parts = []
    for mesh in meshes:
        points = np.empty(len(mesh.data.vertices) * 3, np.float32)
        mesh.data.vertices.foreach_get("co", points)
        matrix = np.array(mesh.matrix_world, np.float64)
        parts.append(points.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3])
    points = np.concatenate(parts)
    if not np.isfinite(points).all():
        raise RenderError("the mesh has vertices that are not finite")
    return points


def pose_meshes(meshes: list[Any], pose_deg: list[float]) -> np.ndarray:
    """Centre the meshes, scale them into the unit ball, turn them; their points, (N, 3)."""
    bpy.context.view_layer.update()
    points = world_points(meshes)
    center = (points.min(0) + points.max(0)) / 2
    radius = float(np.linalg.norm(points - center, axis=1).max())
    if not radius > 0:
        raise RenderError("the mesh has no size")
    turn = mathutils.Euler([math.radians(a) for a in pose_deg]).to_matrix().to_4x4()
    change = turn @ mathutils.Matrix.Scale(1 / radius, 4) @ mathutils.Matrix.Translation(-center)
    roots = [o for o in bpy.data.objects if o.parent is None]
    for root in roots:
        root.matrix_world = change @ root.matrix_world
    bpy.context.view_layer.update()
    return (points - center) / radius @ np.array(turn.to_3x3()).T


def face_keys(mesh: Any) -> np.ndarray:
    """Where each face lies and how large it is, (F, 4) whole numbers, whichever way it faces."""
    vertices = np.empty(len(mesh.data.vertices) * 3, np.float32)
    mesh.data.vertices.foreach_get("co", vertices)
    corners = np.empty(len(mesh.data.loops), np.int32)
    mesh.data.loops.foreach_get("vertex_index", corners)
    starts, counts = (np.empty(len(mesh.data.polygons), np.int32) for _ in range(2))
    mesh.data.polygons.foreach_get("loop_start", starts)
    mesh.data.polygons.foreach_get("loop_total", counts)
    matrix = np.array(mesh.matrix_world)
    points = vertices.reshape(-1, 3).astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
    centers = np.add.reduceat(points[corners], starts) / counts[:, None]
    offsets = points[corners] - np.repeat(centers, counts, axis=0)
    sizes = np.sqrt(np.add.reduceat((offsets**2).sum(1), starts) / counts)
    cells = np.concatenate([centers, sizes[:, None]], axis=1) / COINCIDENCE
    return np.floor(cells + CELL_SHIFT).astype(np.int64)


def keep_faces(mesh: Any, kept: np.ndarray) -> None:
    """Delete the faces of ``mesh`` where ``kept`` (F,) is false; shading normals stay as they are.

    Blender stores custom normals relative to the faces around, so they are read and set again.
    """
    counts = np.empty(len(kept), np.int32)
    mesh.data.polygons.foreach_get("loop_total", counts)
    normals = np.empty(len(mesh.data.loops) * 3, np.float32)
    mesh.data.corner_normals.foreach_get("vector", normals)
    edited = bmesh.new()
    edited.from_mesh(mesh.data)
    edited.faces.ensure_lookup_table()
    surplus = [edited.faces[i] for i in np.flatnonzero(~kept)]
    bmesh.ops.delete(edited, geom=surplus, context="FACES")
    edited.to_mesh(mesh.data)
    edited.free()
    mesh.data.normals_split_custom_set(normals.reshape(-1, 3)[np.repeat(kept, counts)])


def drop_coincident_faces(meshes: list[Any]) -> list[Any]:
    """Delete all but one of the faces that lie on one another; the meshes that have faces left.

    Models made for rasterizers double their sheets, one face for each side; a ray tracer then
    finds either of the two at random, and specks of the lit side shine through.
    """
    keys = [face_keys(mesh) for mesh in meshes]
    _, first = np.unique(np.concatenate(keys), axis=0, return_index=True)
    kept = np.zeros(sum(map(len, keys)), bool)
    kept[first] = True
    left, start = [], 0
    for mesh, faces in zip(meshes, keys, strict=True):
        own = kept[start : start + len(faces)]
        start += len(faces)
        if not own.any():
            bpy.data.objects.remove(mesh)
            continue
        if not own.all():
            keep_faces(mesh, own)
        left.append(mesh)
    return left
