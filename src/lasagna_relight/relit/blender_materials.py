"""What the object is made of in Blender: mended, and varied as the scene asks.

Part of the worker's program (``blender_worker``): needs bpy, nothing of this project.
"""

from __future__ import annotations

from typing import Any

import bpy  # pyright: ignore[reportMissingImports]


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


def blacken_from_afar(distance: float) -> None:
    """Let every material be black to rays that bounce off something farther than ``distance``.

    So copies of the object that stand apart take no light from one another.
    """
    for material in bpy.data.materials:
        output = material.use_nodes and material.node_tree.get_output_node("CYCLES")
        if not output or not output.inputs["Surface"].is_linked:
            continue
        nodes, links = material.node_tree.nodes, material.node_tree.links
        path, far = nodes.new("ShaderNodeLightPath"), nodes.new("ShaderNodeMath")
        bounced, mix = nodes.new("ShaderNodeMath"), nodes.new("ShaderNodeMixShader")
        far.operation, bounced.operation = "GREATER_THAN", "SUBTRACT"
        far.inputs[1].default_value = distance
        bounced.use_clamp = True
        links.new(path.outputs["Ray Length"], far.inputs[0])
        links.new(far.outputs[0], bounced.inputs[0])
        links.new(path.outputs["Is Camera Ray"], bounced.inputs[1])
        links.new(bounced.outputs[0], mix.inputs[0])
        links.new(output.inputs["Surface"].links[0].from_socket, mix.inputs[1])
        links.new(mix.outputs[0], output.inputs["Surface"])
