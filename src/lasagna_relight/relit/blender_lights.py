"""Light in Blender: the surroundings, the ground, and a copy of the object for every light.

All lights of a view are rendered at once. Each shines on a copy of the object of its own (light
linking), and the copies stand far apart on a circle, every one before its own tile of the picture
(``blender_camera``). Part of the worker's program (``blender_worker``): needs bpy and numpy.
"""

from __future__ import annotations

import math
from typing import Any

import bpy  # pyright: ignore[reportMissingImports]

# isort: split
# What follows exists only once bpy is imported.
import mathutils  # pyright: ignore[reportMissingImports]
import numpy as np

# isort: split
from blender_materials import blacken_from_afar  # pyright: ignore[reportMissingImports]

LIGHT = "light"
"""The light group of the lights."""
AMBIENT = "ambient"
"""The light group of the surroundings."""
APART = 60.0
"""Distance between neighboring copies, in radii of the object."""
GROUND_SIDE = 12.0


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


def lay_ground(points: np.ndarray, albedo: list[float]) -> Any:
    """A floor under the object that only bounces light: unseen, and without a shadow of its own."""
    bpy.ops.mesh.primitive_plane_add(size=GROUND_SIDE, location=(0, 0, float(points[:, 2].min())))
    floor = bpy.context.object
    paint = bpy.data.materials.new("ground")
    paint.use_nodes = True
    surface = paint.node_tree.nodes["Principled BSDF"].inputs
    surface["Base Color"].default_value = (*albedo, 1.0)
    surface["Roughness"].default_value = 1.0
    floor.data.materials.append(paint)
    floor.visible_camera = floor.visible_shadow = floor.visible_transmission = False
    return floor


def copy_places(directions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each light's copy of the object stands, so that no other copy stands in its light.

    Args:
        directions: (L, 3) unit vectors towards the lights, in world coordinates.

    Returns:
        Places (L, 3) on a circle around the origin in equal steps, and the order (L,) in which the
        lights take them: the light ``order[i]`` has the place ``i``. Around the circle they go
        by azimuth, turned so that light comes from outside the circle.
    """
    count = len(directions)
    azimuth = np.arctan2(directions[:, 1], directions[:, 0])
    order = np.argsort(azimuth, kind="stable")
    steps = 2 * math.pi * np.arange(count) / count
    level = np.hypot(directions[order, 0], directions[order, 1])
    turn = np.angle((level * np.exp(1j * (azimuth[order] - steps))).sum())
    radius = 0.0 if count == 1 else APART / 2 / math.sin(math.pi / count)
    places = radius * np.stack([np.cos(steps + turn), np.sin(steps + turn), 0 * steps], axis=1)
    return places, order


def is_shaded(index: int, direction: np.ndarray, places: np.ndarray, spec: dict[str, Any]) -> bool:
    """Whether another copy may stand between the copy ``index`` and its light."""
    between = np.delete(places, index, axis=0) - places[index]
    distance = np.linalg.norm(between, axis=1)
    nearer = distance < (spec["light_distance"] or math.inf)
    cosine = np.clip(between @ direction / distance, -1, 1)
    apart = math.radians(spec["softness_deg"]) / 2 + 2 / distance
    return bool((nearer & (np.arccos(cosine) < apart)).any())


def light_copies(
    originals: list[Any], spec: dict[str, Any], directions: np.ndarray, places: np.ndarray
) -> None:
    """Replace all objects by a copy of ``originals`` at each of ``places``, each in its own light.

    Args:
        directions: (L, 3) unit vectors towards the light of each place, in world coordinates.
    """
    scene, replaced = bpy.context.scene, list(bpy.data.objects)
    blacken_from_afar(APART / 2)
    bpy.context.view_layer.lightgroups.add(name=LIGHT)
    for index, (direction, place) in enumerate(zip(directions, places, strict=True)):
        lit = bpy.data.collections.new(f"copy {index}")
        for original in originals:
            twin = original.copy()
            twin.parent = None
            twin.matrix_world = mathutils.Matrix.Translation(place) @ original.matrix_world
            scene.collection.objects.link(twin)
            lit.objects.link(twin)
        light = new_light(spec, direction, place)
        light.light_linking.receiver_collection = lit
        if is_shaded(index, direction, places, spec):
            light.light_linking.blocker_collection = lit
        scene.collection.objects.link(light)
    for each in replaced:
        bpy.data.objects.remove(each)


def new_light(spec: dict[str, Any], direction: np.ndarray, place: np.ndarray) -> Any:
    """A light of the scene in its light group, shining on ``place`` from ``direction``.

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
    towards = mathutils.Vector(direction)
    light.rotation_mode = "QUATERNION"
    light.rotation_quaternion = towards.to_track_quat("Z", "Y")
    light.location = mathutils.Vector(place) + towards * (distance or 1.0)
    light.lightgroup = LIGHT
    return light
