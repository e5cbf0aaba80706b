"""The Blender process: scenes come in as JSON lines on stdin, pictures go out as files.

A program of its own, and the only file that imports ``bpy`` (GPL-3.0). It needs bpy, numpy and
OpenEXR, and nothing of this project, so that it runs in a virtual environment of its own. Started
by ``lasagna_relight.relit.render``, or by hand::

    echo '{"scene": {...}, "output": "view.npz"}' | python blender_worker.py

A request holds a ``SceneSpec`` as JSON and the file to write; the reply, one JSON line on stdout,
is ``{"ok": true, "coverage": 0.31, "seconds": 1.2}`` or ``{"ok": false, "error": "..."}``; the
first line, before any request, is ``{"ready": true}``. One Cycles render per view gives every
light by itself, through light groups. Blender's own chatter goes to stderr. End of input ends the
process.

The file has the arrays of a shard's view (``relit.shards``): ``lights`` (L, 3, R, R), ``ambient``,
``albedo``, ``normals`` (3, R, R), all float16, linear, straight (not premultiplied), zero outside
the object; ``alpha`` (1, R, R) uint8; ``directions`` (L, 3) float32.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import bpy  # pyright: ignore[reportMissingImports]

# isort: split
# What follows exists only once bpy is imported.
import bmesh  # pyright: ignore[reportMissingImports]
import mathutils  # pyright: ignore[reportMissingImports]
import numpy as np
import OpenEXR

CEILING = 1000.0
"""Radiance above this is cut: mirror images of the sun would overflow half floats."""
MINIMUM_ALPHA = 1 / 255
LEAST_FREE_BYTES = 2**24
COINCIDENCE = 2e-4
"""Faces in one cell of this size, in radii of the object, are one."""
CELL_SHIFT = 0.3819660113
"""Keeps round coordinates off the edges of the cells."""
MAXIMUM_FITTING_POINTS = 20_000


class RenderError(Exception):
    """The scene gives no usable picture; the message says why."""


def light_group(index: int) -> str:
    """The name of the light group of one light."""
    return f"light{index:02d}"


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
    """Vertices of all meshes in world coordinates, (N, 3), thinned evenly if very many."""
    parts = []
    for mesh in meshes:
        points = np.empty(len(mesh.data.vertices) * 3, np.float32)
        mesh.data.vertices.foreach_get("co", points)
        matrix = np.array(mesh.matrix_world, np.float64)
        parts.append(points.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3])
    points = np.concatenate(parts)
    if not np.isfinite(points).all():
        raise RenderError("the mesh has vertices that are not finite")
    stride = math.ceil(len(points) / MAXIMUM_FITTING_POINTS)
    return points[::stride]


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


def place_camera(spec: dict[str, Any], points: np.ndarray) -> np.ndarray:
    """Put the camera so that the object fills ``spec["fill"]`` of the frame.

    Returns:
        Rotation (3, 3) from camera to world; its columns are right, up and towards the camera.
    """
    azimuth, elevation = (math.radians(spec[k]) for k in ("azimuth_deg", "elevation_deg"))
    back = np.array([
        math.sin(azimuth) * math.cos(elevation),
        -math.cos(azimuth) * math.cos(elevation),
        math.sin(elevation),
    ])  # fmt: skip
    right = np.array([math.cos(azimuth), math.sin(azimuth), 0.0])
    rotation = np.stack([right, np.cross(back, right), back], axis=1)
    local = points @ rotation
    half = math.tan(math.radians(spec["field_of_view_deg"]) / 2)
    center, distance = np.zeros(3), 1.0 + 1.0 / half
    for _ in range(20):
        seen = local - center
        depth = np.maximum(distance - seen[:, 2], 1e-3)
        plane = seen[:, :2] / depth[:, None] / half
        low, high = plane.min(0), plane.max(0)
        center[:2] += (low + high) / 2 * half * distance
        distance *= float((high - low).max()) / 2 / spec["fill"]
        distance = max(distance, float(local[:, 2].max()) + 0.05)
    data = bpy.data.cameras.new("camera")
    data.sensor_width, data.sensor_fit = 36.0, "HORIZONTAL"
    data.angle = math.radians(spec["field_of_view_deg"])
    data.clip_start, data.clip_end = 0.001, 1000.0
    camera = bpy.data.objects.new("camera", data)
    matrix = mathutils.Matrix(rotation.tolist()).to_4x4()
    matrix.translation = mathutils.Vector(rotation @ (center + np.array([0, 0, distance])))
    camera.matrix_world = matrix
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera
    return rotation


def place_lights(spec: dict[str, Any], rotation: np.ndarray) -> None:
    """One light for each direction, each in its light group, and the world in another.

    A sun of strength pi gives a white Lambertian surface that faces it the radiance 1; so does a
    disk of radius r at distance d of pi^2 (d^2 + r^2) watts.
    """
    scene, layer = bpy.context.scene, bpy.context.view_layer
    distance = spec["light_distance"]
    for index, direction in enumerate(spec["lights"]):
        data = bpy.data.lights.new(light_group(index), "SUN" if distance is None else "AREA")
        if distance is None:
            data.energy, data.angle = math.pi, math.radians(spec["softness_deg"])
        else:
            radius = distance * math.tan(math.radians(spec["softness_deg"]) / 2)
            data.shape, data.size = "DISK", max(2 * radius, 1e-3)
            data.energy = math.pi**2 * (distance**2 + radius**2)
        light = bpy.data.objects.new(light_group(index), data)
        towards = mathutils.Vector(rotation @ np.array(direction))
        light.location = towards * (distance or 1.0)
        light.rotation_mode = "QUATERNION"
        light.rotation_quaternion = towards.to_track_quat("Z", "Y")
        scene.collection.objects.link(light)
        layer.lightgroups.add(name=light_group(index))
        light.lightgroup = light_group(index)
    surround(spec["environment"])


def surround(environment: dict[str, Any]) -> None:
    """A world whose radiance goes from ``below`` at the nadir to ``above`` at the zenith."""
    scene, layer = bpy.context.scene, bpy.context.view_layer
    world = bpy.data.worlds.new("world")
    world.use_nodes = True
    nodes, links = world.node_tree.nodes, world.node_tree.links
    background = nodes["Background"]
    background.inputs["Strength"].default_value = 1.0
    if environment["above"] == environment["below"]:
        background.inputs["Color"].default_value = (*environment["above"], 1.0)
    else:
        place, split = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeSeparateXYZ")
        height, mix = nodes.new("ShaderNodeMapRange"), nodes.new("ShaderNodeMix")
        height.inputs["From Min"].default_value = -1.0
        mix.data_type = "RGBA"
        below, above = (i for i in mix.inputs if i.type == "RGBA")
        below.default_value = (*environment["below"], 1.0)
        above.default_value = (*environment["above"], 1.0)
        links.new(place.outputs["Generated"], split.inputs["Vector"])
        links.new(split.outputs["Z"], height.inputs["Value"])
        links.new(height.outputs["Result"], mix.inputs[0])
        links.new(next(o for o in mix.outputs if o.type == "RGBA"), background.inputs["Color"])
    world.cycles.sampling_method = "NONE"
    scene.world = world
    layer.lightgroups.add(name="ambient")
    world.lightgroup = "ambient"


def lay_ground(points: np.ndarray, albedo: list[float]) -> None:
    """A floor under the object that only bounces light: unseen, and without a shadow of its own."""
    bpy.ops.mesh.primitive_plane_add(size=12, location=(0, 0, float(points[:, 2].min())))
    floor = bpy.context.object
    paint = bpy.data.materials.new("ground")
    paint.use_nodes = True
    surface = paint.node_tree.nodes["Principled BSDF"].inputs
    surface["Base Color"].default_value = (*albedo, 1.0)
    surface["Roughness"].default_value = 1.0
    floor.data.materials.append(paint)
    floor.visible_camera = floor.visible_shadow = floor.visible_transmission = False


def tweak_materials(change: dict[str, Any]) -> None:
    """Vary the albedo, and the roughness where it is given, of every material there is."""
    for material in bpy.data.materials:
        if not material.use_nodes:
            continue
        nodes, links = material.node_tree.nodes, material.node_tree.links
        for surface in [n for n in nodes if n.type == "BSDF_PRINCIPLED"]:
            base = surface.inputs["Base Color"]
            turned = nodes.new("ShaderNodeHueSaturation")
            turned.inputs["Hue"].default_value = 0.5 + change["hue_turn"]
            turned.inputs["Saturation"].default_value = change["saturation"]
            turned.inputs["Value"].default_value = change["value"]
            if base.is_linked:
                links.new(base.links[0].from_socket, turned.inputs["Color"])
            else:
                turned.inputs["Color"].default_value = base.default_value
            links.new(turned.outputs["Color"], base)
            if change["roughness"] is not None:
                rough = surface.inputs["Roughness"]
                for link in list(rough.links):
                    links.remove(link)
                rough.default_value = change["roughness"]


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


def glaze(meshes: list[Any], material: dict[str, Any]) -> None:
    """Cover every mesh with one plain material."""
    plain = bpy.data.materials.new("glaze")
    plain.use_nodes = True
    surface = plain.node_tree.nodes["Principled BSDF"].inputs
    surface["Base Color"].default_value = (*material["albedo"], 1.0)
    surface["Roughness"].default_value = material["roughness"]
    surface["Metallic"].default_value = material["metallic"]
    for mesh in meshes:
        mesh.data.materials.clear()
        mesh.data.materials.append(plain)


def shade_by_vertex_color(meshes: list[Any]) -> None:
    """A material for each mesh that has vertex colors and no material, as PLY files have.

    Float attributes named ``roughness`` and ``metallic`` are shaded with, where there are any.
    """
    for mesh in meshes:
        colors = mesh.data.color_attributes
        if not len(colors) or any(slot.material for slot in mesh.material_slots):
            continue
        painted = bpy.data.materials.new("vertex color")
        painted.use_nodes = True
        nodes, links = painted.node_tree.nodes, painted.node_tree.links
        surface = nodes["Principled BSDF"]
        sources = {"Base Color": (colors[0].name, "Color")}
        for name in ("roughness", "metallic"):
            if name in mesh.data.attributes:
                sources[name.capitalize()] = (name, "Fac")
        for socket, (attribute, output) in sources.items():
            node = nodes.new("ShaderNodeAttribute")
            node.attribute_name = attribute
            links.new(node.outputs[output], surface.inputs[socket])
        mesh.data.materials.clear()
        mesh.data.materials.append(painted)


def repair_materials(meshes: list[Any]) -> None:
    """Plain grey where a material is absent; no magenta where a texture is; nothing glows."""
    missing = [i for i in bpy.data.images if i.source == "FILE" and not (i.size[0] and i.size[1])]
    for material in bpy.data.materials:
        if not material.use_nodes:
            continue
        for node in list(material.node_tree.nodes):
            if node.type == "TEX_IMAGE" and (node.image is None or node.image in missing):
                material.node_tree.nodes.remove(node)
            elif node.type == "BSDF_PRINCIPLED":
                node.inputs["Emission Strength"].default_value = 0.0
    grey = bpy.data.materials.new("grey")
    grey.use_nodes = True
    for mesh in meshes:
        if not any(slot.material for slot in mesh.material_slots):
            mesh.data.materials.clear()
            mesh.data.materials.append(grey)


def configure_render(spec: dict[str, Any], exr: Path, threads: int) -> None:
    """Cycles on the CPU, few bounces, transparent film, linear multilayer EXR in 32 bits.

    The light tree is off: it breaks the even share of samples among the lights, and every light's
    picture matters here as much as their sum.
    """
    scene, layer = bpy.context.scene, bpy.context.view_layer
    render, cycles = scene.render, scene.cycles
    render.engine, cycles.device = "CYCLES", "CPU"
    render.threads_mode, render.threads = "FIXED", threads
    render.resolution_x = render.resolution_y = spec["resolution"]
    render.resolution_percentage = 100
    render.film_transparent = True
    cycles.samples, cycles.seed = spec["samples"], spec["seed"] & 0x7FFFFFFF
    cycles.use_adaptive_sampling = cycles.use_denoising = False
    cycles.max_bounces = cycles.diffuse_bounces = cycles.glossy_bounces = spec["bounces"]
    cycles.transmission_bounces, cycles.transparent_max_bounces = spec["bounces"], 8
    cycles.use_light_tree = False
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_direct, cycles.sample_clamp_indirect = 0.0, 30.0
    layer.use_pass_normal = layer.use_pass_diffuse_color = True
    scene.view_settings.view_transform = "Raw"
    scene.view_settings.look = "None"
    settings = render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "MULTI_LAYER_IMAGE"
    settings.file_format = "OPEN_EXR_MULTILAYER"
    settings.color_depth, settings.exr_codec = "32", "NONE"
    render.use_file_extension = False
    render.filepath = str(exr)


def denoised(picture: np.ndarray, albedo: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """A linear, premultiplied picture (3, R, R) by OpenImageDenoise, guided by the two others."""
    import pyoidn  # here, so that the worker runs without it where nothing is to be denoised

    rows = [np.ascontiguousarray(x.transpose(1, 2, 0)) for x in (picture, albedo, normals)]
    clean = pyoidn.denoise(rows[0], albedo=rows[1], normal=rows[2], hdr=True, quality="fast")
    return np.maximum(clean.transpose(2, 0, 1), 0)


def read_view(
    exr: Path, lights: int, rotation: np.ndarray, *, denoise: bool
) -> dict[str, np.ndarray]:
    """The arrays of one view from Blender's multilayer EXR, straight and in the camera frame.

    Raises:
        RenderError: a pass is missing or holds values that are not finite.
    """
    with OpenEXR.File(str(exr), separate_channels=True) as file:
        channels = {
            name.removeprefix("ViewLayer."): channel.pixels
            for part in range(len(file.parts))
            for name, channel in file.channels(part).items()
        }

    def picture(name: str, axes: str = "RGB") -> np.ndarray:
        try:
            stacked = np.stack([channels[f"{name}.{axis}"] for axis in axes])
        except KeyError as error:
            raise RenderError(f"Blender wrote no pass {error}, only {sorted(channels)}") from error
        if not np.isfinite(stacked).all():
            raise RenderError(f"pass {name} has values that are not finite")
        return stacked.astype(np.float32)

    alpha = picture("Combined", "A")
    inside = alpha > MINIMUM_ALPHA

    def straight(premultiplied: np.ndarray) -> np.ndarray:
        shown = np.where(inside, premultiplied / np.maximum(alpha, MINIMUM_ALPHA), 0.0)
        return np.clip(shown, 0.0, CEILING).astype(np.float16)

    world_normals = picture("Normal", "XYZ")
    normals = np.einsum("wc,whx->chx", rotation, world_normals)
    length = np.linalg.norm(normals, axis=0, keepdims=True)
    normals = np.where(inside, normals / np.maximum(length, 1e-6), 0.0)
    names = [*(light_group(i) for i in range(lights)), "ambient"]
    groups = [picture(f"Combined_{name}") for name in names]
    albedo = picture("Diffuse Color")
    if denoise:
        groups = [denoised(np.minimum(g, CEILING), albedo, world_normals) for g in groups]
    groups = [straight(group) for group in groups]
    return {
        "lights": np.stack(groups[:-1]),
        "ambient": groups[-1],
        "alpha": np.rint(np.clip(alpha, 0, 1) * 255 * inside).astype(np.uint8),
        "albedo": straight(albedo),
        "normals": normals.astype(np.float16),
    }


def render_scene(spec: dict[str, Any], threads: int) -> dict[str, np.ndarray]:
    """The arrays of the view that ``spec`` describes."""
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
        lay_ground(points, spec["ground"]["albedo"])
    rotation = place_camera(spec["camera"], points)
    place_lights(spec, rotation)
    with tempfile.TemporaryDirectory(prefix="relit-") as folder:
        exr = Path(folder) / "view.exr"
        configure_render(spec, exr, threads)
        bpy.ops.render.render(write_still=True)
        view = read_view(exr, len(spec["lights"]), rotation, denoise=spec["denoise"])
    return {**view, "directions": np.array(spec["lights"], np.float32)}


def answer(request: dict[str, Any], threads: int) -> dict[str, Any]:
    """Render what the request asks for, write it beside and rename; what came of it."""
    started = time.perf_counter()
    output = Path(request["output"])
    view = render_scene(request["scene"], threads)
    partial = output.with_name(f".{output.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            np.savez(file, allow_pickle=False, **view)
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
    """Answer requests from stdin until it ends; argument: the number of threads (default 1)."""
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    print('{"ready": true}', file=replies, flush=True)
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line), threads)
        except Exception as error:
            reply = {"ok": False, "error": f"{type(error).__name__}: {error}".splitlines()[0]}
            reply["disk_full"] = is_disk_full(Path(json.loads(line)["output"]).parent)
        replies.write(json.dumps(reply) + "\n")
        with contextlib.suppress(BrokenPipeError):
            replies.flush()


if __name__ == "__main__":
    main()
