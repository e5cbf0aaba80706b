"""The Blender process: scenes come in as JSON lines on stdin, pictures go out as files.

A program of its own; with ``blender_meshes`` and ``blender_materials`` beside it, it alone imports
``bpy`` (GPL-3.0). It needs bpy, numpy and OpenEXR (pyoidn to denoise) and nothing else of this
project, so that it runs in a virtual environment of its own. Started
by ``lasagna_relight.relit.render``, or by hand::

    echo '{"scene": {...}, "output": "view.npz"}' | python blender_worker.py

A request holds a ``SceneSpec`` as JSON and the file to write; the reply, one JSON line on stdout,
is ``{"ok": true, "coverage": 0.31, "seconds": 1.2}`` or ``{"ok": false, "error": "..."}``; the
first line, before any request, is ``{"ready": true}``. A scene is read once; then its lights are
rendered in turn, each alone, while Cycles keeps what it made of the object (persistent data).
Blender's own chatter goes to stderr. End of input ends the process.

The file has the arrays of a shard's view (``relit.shards``): ``lights`` (L, 3, R, R), ``ambient``,
``albedo``, ``normals`` (3, R, R), all float16, linear, straight (not premultiplied), zero outside
the object; ``alpha`` (1, R, R) uint8; ``directions`` (L, 3) float32.
"""

from __future__ import annotations

import contextlib
import functools
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
import mathutils  # pyright: ignore[reportMissingImports]
import numpy as np
import OpenEXR

# isort: split
# Beside this file, which runs as a program: the package itself is not installed where bpy is.
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

CEILING = 1000.0
"""Radiance above this is cut: mirror images of the sun would overflow half floats."""
MINIMUM_ALPHA = 1 / 255
LEAST_FREE_BYTES = 2**24
LIGHT = "light"
"""The name of the light, and of its light group."""
AMBIENT = "ambient"
"""The light group of the surroundings."""
DENOISED_MARGIN = 8
"""Pixels around the object that the denoiser sees."""


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


def make_light(spec: dict[str, Any]) -> Any:
    """The light of the scene in its light group; ``aim_light`` puts it in its place.

    A sun of strength pi gives a white Lambertian surface that faces it the radiance 1; so does a
    disk of radius r at distance d of pi^2 (d^2 + r^2) watts.
    """
    distance = spec["light_distance"]
    data = bpy.data.lights.new(LIGHT, "SUN" if distance is None else "AREA")
    if distance is None:
        data.energy, data.angle = math.pi, math.radians(spec["softness_deg"])
    else:
        radius = distance * math.tan(math.radians(spec["softness_deg"]) / 2)
        data.shape, data.size = "DISK", max(2 * radius, 1e-3)
        data.energy = math.pi**2 * (distance**2 + radius**2)
    light = bpy.data.objects.new(LIGHT, data)
    light.rotation_mode = "QUATERNION"
    bpy.context.scene.collection.objects.link(light)
    bpy.context.view_layer.lightgroups.add(name=LIGHT)
    light.lightgroup = LIGHT
    return light


def aim_light(light: Any, towards: np.ndarray, distance: float | None) -> None:
    """Let the light shine from ``towards``, a unit vector in world coordinates."""
    vector = mathutils.Vector(towards)
    light.location = vector * (distance or 1.0)
    light.rotation_quaternion = vector.to_track_quat("Z", "Y")


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
    layer.lightgroups.add(name=AMBIENT)
    world.lightgroup = AMBIENT


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


def configure_render(spec: dict[str, Any], exr: Path, threads: int) -> None:
    """Cycles on the CPU, few bounces, transparent film, linear multilayer EXR in 32 bits.

    The light paths of the view are shared out among its lights, at least one for each.
    """
    scene, layer = bpy.context.scene, bpy.context.view_layer
    render, cycles = scene.render, scene.cycles
    render.engine, cycles.device = "CYCLES", "CPU"
    render.threads_mode, render.threads = "FIXED", threads
    render.resolution_x = render.resolution_y = spec["resolution"]
    render.resolution_percentage = 100
    render.film_transparent = True
    cycles.seed = spec["seed"] & 0x7FFFFFFF
    per_light = math.ceil(spec["samples"] / len(spec["lights"]))
    cycles.samples = per_light * len(spec["lights"])
    cycles.use_sample_subset, cycles.sample_subset_length = True, per_light
    cycles.use_adaptive_sampling = cycles.use_denoising = False
    cycles.max_bounces = cycles.diffuse_bounces = cycles.glossy_bounces = spec["bounces"]
    cycles.transmission_bounces, cycles.transparent_max_bounces = spec["bounces"], 8
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_direct, cycles.sample_clamp_indirect = 0.0, 30.0
    layer.use_pass_normal = layer.use_pass_diffuse_color = True
    layer.use_pass_z = False
    scene.view_settings.view_transform = "Raw"
    scene.view_settings.look = "None"
    settings = render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "MULTI_LAYER_IMAGE"
    settings.file_format = "OPEN_EXR_MULTILAYER"
    settings.color_depth, settings.exr_codec = "32", "NONE"
    render.use_file_extension = False
    render.use_persistent_data = True
    render.filepath = str(exr)


def read_passes(exr: Path) -> dict[str, np.ndarray]:
    """What one render gives, float32: alpha (R, R) and pictures (3, R, R).

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

    return {
        "light": picture(f"Combined_{LIGHT}"),
        "ambient": picture(f"Combined_{AMBIENT}"),
        "alpha": picture("Combined", "A")[0],
        "albedo": picture("Diffuse Color"),
        "normals": picture("Normal", "XYZ"),
    }


def render_lights(spec: dict[str, Any], rotation: np.ndarray, exr: Path) -> dict[str, np.ndarray]:
    """The passes of ``read_passes``: of each light, ``lights`` (L, 3, R, R), the rest averaged.

    Each light takes the next samples of one sequence, so that what does not depend on the light
    (alpha, albedo, normals, the surroundings' light) has the samples of all lights together.
    """
    scene, light = bpy.context.scene, make_light(spec)
    lights, shared = [], dict[str, np.ndarray]()
    for index, direction in enumerate(spec["lights"]):
        aim_light(light, rotation @ np.array(direction), spec["light_distance"])
        scene.cycles.sample_offset = index * scene.cycles.sample_subset_length
        scene.update_tag()  # else Cycles does not see that other samples are asked for
        bpy.ops.render.render(write_still=True)
        passes = read_passes(exr)
        lights.append(passes.pop("light"))
        for name, values in passes.items():
            shared[name] = shared[name] + values if name in shared else values
    return {"lights": np.stack(lights), **{n: v / len(lights) for n, v in shared.items()}}


def denoised(
    pictures: np.ndarray, alpha: np.ndarray, albedo: np.ndarray, normals: np.ndarray
) -> np.ndarray:
    """Linear, premultiplied pictures (L, 3, R, R) by OpenImageDenoise, guided by the last two.

    The guides count as clean: they have the samples of all lights. All pictures are denoised on
    one scale, where white is 1, and only the rectangle around the object is looked at.

    Raises:
        RenderError: the denoiser fails.
    """
    import pyoidn  # here, so that the worker runs without it where nothing is to be denoised

    if not alpha.any():
        return pictures
    rows, columns = (
        slice(max(int(n[0]) - DENOISED_MARGIN, 0), int(n[-1]) + 1 + DENOISED_MARGIN)
        for n in (np.flatnonzero(alpha.any(axis)) for axis in (1, 0))
    )

    def cut(picture: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(picture[:, rows, columns].transpose(1, 2, 0))

    images = {"albedo": cut(albedo), "normal": cut(normals)}
    images |= {name: np.zeros_like(images["albedo"]) for name in ("color", "output")}
    device = denoiser()
    clean = np.zeros_like(pictures)
    with pyoidn.Filter(device) as network:
        for name, image in images.items():
            network.set_image(name, image, pyoidn.OIDN_FORMAT_FLOAT3)
        for name in ("hdr", "cleanAux"):
            network.set_bool(name, True)
        network.set_float("inputScale", 1.0)
        network.set_quality(pyoidn.OIDN_QUALITY_FAST)
        network.commit()
        for picture, result in zip(np.minimum(pictures, CEILING), clean, strict=True):
            images["color"][:] = cut(picture)
            network.execute()
            result[:, rows, columns] = np.maximum(images["output"].transpose(2, 0, 1), 0)
    if error := device.get_error():
        raise RenderError(f"OpenImageDenoise: {error}")
    return clean


@functools.cache
def denoiser() -> Any:
    """OpenImageDenoise's device, one for the life of the process."""
    import pyoidn

    device = pyoidn.Device()
    device.commit()
    if error := device.get_error():
        raise RenderError(f"OpenImageDenoise: {error}")
    return device


def view_arrays(
    passes: dict[str, np.ndarray], rotation: np.ndarray, *, denoise: bool
) -> dict[str, np.ndarray]:
    """The arrays of one view, straight and in the camera frame."""
    alpha, world_normals = passes["alpha"], passes["normals"]
    inside = alpha > MINIMUM_ALPHA

    def straight(premultiplied: np.ndarray) -> np.ndarray:
        shown = np.where(inside, premultiplied / np.maximum(alpha, MINIMUM_ALPHA), 0.0)
        return np.clip(shown, 0.0, CEILING).astype(np.float16)

    normals = np.einsum("wc,whx->chx", rotation, world_normals)
    length = np.linalg.norm(normals, axis=0, keepdims=True)
    normals = np.where(inside, normals / np.maximum(length, 1e-6), 0.0)
    pictures = np.concatenate([passes["lights"], passes["ambient"][None]])
    if denoise:
        pictures = denoised(pictures, alpha, passes["albedo"], world_normals)
    pictures = straight(pictures)
    return {
        "lights": pictures[:-1],
        "ambient": pictures[-1],
        "alpha": np.rint(np.clip(alpha, 0, 1) * 255 * inside).astype(np.uint8)[None],
        "albedo": straight(passes["albedo"]),
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
    surround(spec["environment"])
    with tempfile.TemporaryDirectory(prefix="relit-") as folder:
        exr = Path(folder) / "view.exr"
        configure_render(spec, exr, threads)
        passes = render_lights(spec, rotation, exr)
    view = view_arrays(passes, rotation, denoise=spec["denoise"])
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
    """Answer requests from stdin until it ends; argument: the number of threads (default 1)."""
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    os.environ.setdefault("OIDN_NUM_THREADS", str(threads))
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
