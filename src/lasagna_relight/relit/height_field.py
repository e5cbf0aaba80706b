"""Procedural organic objects under one light at a time: a small renderer in torch.

Diversity of shape is what transfers to photographs (DESIGN.md section 9), and this makes tens of
views a second on one core. Light is direct: Lambert plus a Blinn-Phong highlight, cast shadows
marched through the height map, and an ambient term from the visibility of the same lights. Units
are those of the Blender worker: a white Lambertian surface facing a light has linear value 1.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.light_direction import NAMED_DIRECTIONS
from lasagna_relight.relit.noise import ridges, value_noise
from lasagna_relight.relit.shards import View
from lasagna_relight.relit.solids import Solid, random_solid, uniform

SUPERSAMPLING = 2
SHADOW_STEPS = 40
Field = Float[Tensor, "size size"]


@dataclass(frozen=True, kw_only=True)
class Material:
    """What the surface does to light. Colors are linear, in [0, 1]."""

    albedo: Float[Tensor, "3 size size"]
    specular: float
    shininess: float
    metallic: float


def render_organic_view(*, resolution: int, extra_lights: int, seed: int) -> View:
    """One random object under the twelve named lights and some in the front hemisphere.

    Args:
        resolution: side of the pictures, in pixels.
        extra_lights: further lights, within 60 degrees of the camera.
        seed: decides everything.
    """
    generator = torch.Generator().manual_seed(seed)
    size = resolution * SUPERSAMPLING
    solid = _with_relief(random_solid(size, generator), generator)
    inside = solid.inside
    normals = surface_normals(solid.front, inside)
    material = random_material(solid, generator)
    directions = torch.cat(
        [
            torch.tensor([direction.vector for direction in NAMED_DIRECTIONS.values()]),
            torch.stack([_front_direction(generator) for _ in range(extra_lights)])
            if extra_lights
            else torch.empty(0, 3),
        ]
    )
    softness = uniform(generator, 0.03, 0.2)
    visible = torch.stack([visibility(solid, light, softness) for light in directions])
    cosines = torch.einsum("lc,chw->lhw", directions, normals).clamp(min=0)
    lit = cosines * visible
    openness = lit.sum(0) / cosines.sum(0).clamp(min=1e-3)
    lights = shade(material, normals, directions, lit) * inside
    ambient = material.albedo * (0.25 + 0.75 * openness) * inside
    return View(
        lights=_shrink(lights, inside),
        directions=directions,
        ambient=_shrink(ambient[None], inside)[0],
        alpha=F.avg_pool2d(inside[None].float(), SUPERSAMPLING),
        record={"uid": f"organic-{seed}", "title": "object", "source": "organic",
                "licence": "Apache-2.0", "attribution": "procedural", "seed": seed},
    )  # fmt: skip


def surface_normals(front: Field, inside: Tensor) -> Float[Tensor, "3 size size"]:
    """Unit normals of a height map by differences that do not cross the silhouette."""
    step = 2 / front.shape[-1]
    slope_x = _difference(front, inside, -1) / step
    slope_y = -_difference(front, inside, -2) / step
    normal = torch.stack([-slope_x, -slope_y, torch.ones_like(front)])
    return F.normalize(normal, dim=0)


def visibility(solid: Solid, light: Float[Tensor, "3"], softness: float) -> Field:
    """How much of the light each visible point receives past the rest of the solid, in [0, 1].

    Rays march in whole pixels; a ray is blocked where it runs between front and back surface, and
    the penumbra widens with the distance of the blocker.
    """
    size = solid.front.shape[-1]
    x, y, z = light.tolist()
    across = math.hypot(x, y)
    if across < 0.02:
        return torch.ones_like(solid.front)
    blocked = torch.zeros_like(solid.front)
    for index in range(1, SHADOW_STEPS + 1):
        pixels = 1.5 * index * (1 + index / SHADOW_STEPS)
        dx, dy = round(pixels * x / across), round(-pixels * y / across)
        if max(abs(dx), abs(dy)) >= size:
            break
        travelled = math.hypot(dx, dy) * 2 / size / across
        ray = solid.front + travelled * z
        over = _shifted(solid.front, dx, dy, -10.0) - ray
        if z < 0:
            over = torch.minimum(over, ray - _shifted(solid.back, dx, dy, 10.0))
        blocked = torch.maximum(blocked, (over - 0.01) / (softness * travelled))
    return 1 - blocked.clamp(0, 1)


def shade(
    material: Material,
    normals: Float[Tensor, "3 size size"],
    directions: Float[Tensor, "lights 3"],
    lit: Float[Tensor, "lights size size"],
) -> Float[Tensor, "lights 3 size size"]:
    """Linear light of each directional light: Lambert and normalized Blinn-Phong."""
    halfway = F.normalize(directions + torch.tensor([0.0, 0.0, 1.0]), dim=-1)
    aligned = torch.einsum("lc,chw->lhw", halfway, normals).clamp(min=0)
    lobe = (material.shininess + 8) / 8 * aligned**material.shininess * lit
    diffuse = material.albedo * (1 - 0.8 * material.metallic)
    tint = torch.lerp(torch.ones_like(material.albedo), material.albedo, material.metallic)
    return lit[:, None] * diffuse + material.specular * lobe[:, None] * tint


def random_material(solid: Solid, generator: torch.Generator) -> Material:
    """Plain, mottled, striped or part-colored, dull to glazed, seldom metallic."""
    size = solid.front.shape[-1]
    kind = uniform(generator, 0, 1)
    base = _random_color(generator)
    albedo = base[:, None, None].expand(3, size, size)
    if kind > 0.4:
        other = _random_color(generator)[:, None, None]
        albedo = torch.lerp(albedo, other.expand_as(albedo), _pattern(solid, kind, generator))
    grain = value_noise(size, cells=24, octaves=3, gain=0.9, generator=generator)
    albedo = albedo * (1 + uniform(generator, 0, 0.15) * grain).clamp(0.3, 1.6)
    glazed = uniform(generator, 0, 1)
    metallic = uniform(generator, 0.3, 1) if uniform(generator, 0, 1) < 0.06 else 0.0
    return Material(
        albedo=albedo.clamp(0.01, 0.98),
        specular=0.0 if glazed < 0.3 else uniform(generator, 0.02, 0.25) + 0.3 * metallic,
        shininess=math.exp(uniform(generator, math.log(6), math.log(120))),
        metallic=metallic,
    )


def _with_relief(solid: Solid, generator: torch.Generator) -> Solid:
    size = solid.front.shape[-1]
    strength = uniform(generator, 0, 1) ** 2
    coarse = value_noise(
        size, cells=int(uniform(generator, 2, 7)), octaves=4, gain=0.42, generator=generator
    )
    if uniform(generator, 0, 1) < 0.3:
        coarse = ridges(coarse)
    fine = value_noise(size, cells=int(uniform(generator, 8, 22)), octaves=2, gain=0.5,
                       generator=generator)  # fmt: skip
    relief = 0.1 * strength * coarse + 0.025 * uniform(generator, 0, 1) ** 2 * fine
    front = torch.where(solid.inside, solid.front + relief, solid.front)
    if uniform(generator, 0, 1) < 0.5:
        front = _smoothed(front, solid.inside, int(uniform(generator, 1, 4)))
    return Solid(front=front, back=solid.back, part=solid.part)


def _pattern(solid: Solid, kind: float, generator: torch.Generator) -> Field:
    """How much of the second color each pixel has, in [0, 1]."""
    size = solid.front.shape[-1]
    if kind > 0.85:
        return torch.rand(16, generator=generator)[solid.part]
    field = value_noise(
        size, cells=int(uniform(generator, 2, 9)), octaves=3, gain=0.5, generator=generator
    )
    if kind > 0.7:
        y = torch.linspace(-1, 1, size)[:, None]
        field = torch.sin(uniform(generator, 8, 40) * (solid.front.clamp(-1, 1) + y) + field)
    return torch.sigmoid(uniform(generator, 2, 20) * field)


def _random_color(generator: torch.Generator) -> Float[Tensor, "3"]:
    """Linear albedo: half of the colors nearly grey, brightness from coal to paper."""
    value = uniform(generator, 0.03, 0.95) if uniform(generator, 0, 1) < 0.6 else uniform(
        generator, 0.35, 0.9)  # fmt: skip
    saturation = uniform(generator, 0, 0.3) if uniform(generator, 0, 1) < 0.5 else uniform(
        generator, 0.3, 0.95)  # fmt: skip
    return value * (1 - saturation * torch.rand(3, generator=generator))


def _front_direction(generator: torch.Generator) -> Float[Tensor, "3"]:
    """Uniform on the cap within 60 degrees of the camera."""
    z = uniform(generator, 0.5, 1)
    turn = uniform(generator, 0, 2 * math.pi)
    radius = math.sqrt(1 - z * z)
    return torch.tensor([radius * math.cos(turn), radius * math.sin(turn), z])


def _difference(field: Field, inside: Tensor, dim: int) -> Field:
    ahead, behind = torch.roll(field, -1, dim), torch.roll(field, 1, dim)
    has_ahead, has_behind = torch.roll(inside, -1, dim), torch.roll(inside, 1, dim)
    forward, backward = ahead - field, field - behind
    one_sided = torch.where(has_ahead, forward, torch.where(has_behind, backward, 0.0))
    return torch.where(has_ahead & has_behind, (forward + backward) / 2, one_sided) * inside


def _shifted(field: Field, dx: int, dy: int, outside: float) -> Field:
    """The field as seen ``dx`` columns to the right and ``dy`` rows down."""
    size = field.shape[-1]
    result = torch.full_like(field, outside)
    rows, columns = slice(max(0, -dy), size - max(0, dy)), slice(max(0, -dx), size - max(0, dx))
    from_rows = slice(max(0, dy), size - max(0, -dy))
    from_columns = slice(max(0, dx), size - max(0, -dx))
    result[rows, columns] = field[from_rows, from_columns]
    return result


def _smoothed(front: Field, inside: Tensor, radius: int) -> Field:
    """Box blur of the surface inside its silhouette."""
    weight = F.avg_pool2d(inside[None].float(), 2 * radius + 1, 1, radius)[0]
    total = F.avg_pool2d((front * inside)[None], 2 * radius + 1, 1, radius)[0]
    return torch.where(inside, total / weight.clamp(min=1e-6), front)


def _shrink(pictures: Float[Tensor, "batch 3 size size"], inside: Tensor) -> Tensor:
    """Averages over the covered samples of each pixel, so that edges stay as bright as inside."""
    covered = F.avg_pool2d(inside[None].float(), SUPERSAMPLING)
    return F.avg_pool2d(pictures, SUPERSAMPLING) / covered.clamp(min=1 / SUPERSAMPLING**2)
