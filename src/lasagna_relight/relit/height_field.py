"""Procedural organic objects under one light at a time: a small renderer in torch.

Diversity of shape is what transfers to photographs (DESIGN.md section 9), and this makes tens of
views a second on one core, thousands on a GPU: all objects of a batch are drawn and rendered at
once, on the device of the generator. Light is direct: Lambert plus a Blinn-Phong highlight, cast
shadows marched through the height map, and an ambient term from the visibility of the same lights.
Units are those of the Blender worker: a white Lambertian surface facing a light has linear value 1.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor

from lasagna_relight.light_direction import NAMED_DIRECTIONS
from lasagna_relight.relit.noise import ridges, value_noise
from lasagna_relight.relit.shards import View
from lasagna_relight.relit.solids import (
    EMPTY,
    MOST_PRIMITIVES,
    Solid,
    random_solids,
    uniform,
)
from lasagna_relight.relit.views import Views

SUPERSAMPLING = 2
SHADOW_STEPS = 40
Field = Float[Tensor, "batch size size"]
Inside = Bool[Tensor, "batch size size"]
PerObject = Float[Tensor, " batch"]


@dataclass(frozen=True, kw_only=True)
class Material:
    """What the surfaces do to light. Colors are linear, in [0, 1]."""

    albedo: Float[Tensor, "batch 3 size size"]
    specular: PerObject
    shininess: PerObject
    metallic: PerObject


def render_organic_view(*, resolution: int, extra_lights: int, seed: int) -> View:
    """One random object under the twelve named lights and some in the front hemisphere.

    Args:
        resolution: side of the pictures, in pixels.
        extra_lights: further lights, within 60 degrees of the camera.
        seed: decides everything.
    """
    views = render_organic_views(
        1, resolution=resolution, extra_lights=extra_lights,
        generator=torch.Generator().manual_seed(seed),
    )  # fmt: skip
    return View(
        lights=views.lights[0],
        directions=views.directions[0],
        ambient=views.ambient[0],
        alpha=views.alpha[0],
        record={"uid": f"organic-{seed}", "title": "object", "source": "organic",
                "licence": "Apache-2.0", "attribution": "procedural", "seed": seed},
    )  # fmt: skip


@torch.no_grad()
def render_organic_views(
    count: int, *, resolution: int, extra_lights: int, generator: torch.Generator
) -> Views:
    """A batch of random objects, all under the same lights; on the device of ``generator``.

    Args:
        count: how many objects.
        resolution: side of the pictures, in pixels.
        extra_lights: further lights beside the twelve named, within 60 degrees of the camera.
        generator: decides everything.
    """
    size = resolution * SUPERSAMPLING
    solid = _with_relief(random_solids(count, size, generator), generator)
    inside = solid.inside
    normals = surface_normals(solid.front, inside)
    material = random_material(solid, generator)
    named = torch.tensor([d.vector for d in NAMED_DIRECTIONS.values()], device=generator.device)
    directions = torch.cat([named, _front_directions(extra_lights, generator)])
    softness = uniform(generator, 0.03, 0.2, count)
    visible = torch.stack([visibility(solid, v, softness) for v in directions.tolist()], 1)
    cosines = torch.einsum("lc,bchw->blhw", directions, normals).clamp(min=0)
    lit = cosines * visible
    openness = lit.sum(1, keepdim=True) / cosines.sum(1, keepdim=True).clamp(min=1e-3)
    lights = shade(material, normals, directions, lit)
    ambient = material.albedo * (0.25 + 0.75 * openness)
    pictures = _shrink(torch.cat([lights, ambient[:, None]], 1), inside)
    return Views(
        lights=pictures[:, :-1],
        directions=directions.expand(count, -1, -1),
        ambient=pictures[:, -1],
        alpha=F.avg_pool2d(inside[:, None].float(), SUPERSAMPLING),
        titles=["object"] * count,
    )


def surface_normals(front: Field, inside: Inside) -> Float[Tensor, "batch 3 size size"]:
    """Unit normals of height maps by differences that do not cross the silhouette."""
    step = 2 / front.shape[-1]
    slope_x = _difference(front, inside, -1) / step
    slope_y = -_difference(front, inside, -2) / step
    normal = torch.stack([-slope_x, -slope_y, torch.ones_like(front)], 1)
    return F.normalize(normal, dim=1)


def visibility(solid: Solid, light: list[float], softness: PerObject) -> Field:
    """How much of the light each visible point receives past the rest of the solid, in [0, 1].

    Rays march in whole pixels; a ray is blocked where it runs between front and back surface, and
    the penumbra widens with the distance of the blocker.

    Args:
        solid: a batch.
        light: unit vector towards the light.
        softness: width of the penumbra, as a share of the distance.
    """
    size = solid.front.shape[-1]
    x, y, z = light
    across = math.hypot(x, y)
    if across < 0.02:
        return torch.ones_like(solid.front)
    front = F.pad(solid.front, (size,) * 4, value=EMPTY)
    back = F.pad(solid.back, (size,) * 4, value=-EMPTY) if z < 0 else front
    blocked = torch.zeros_like(solid.front)
    for index in range(1, SHADOW_STEPS + 1):
        pixels = 1.5 * index * (1 + index / SHADOW_STEPS)
        dx, dy = round(pixels * x / across), round(-pixels * y / across)
        if max(abs(dx), abs(dy)) >= size:
            break
        travelled = math.hypot(dx, dy) * 2 / size / across
        rows, columns = slice(size + dy, 2 * size + dy), slice(size + dx, 2 * size + dx)
        ray = solid.front + travelled * z
        over = front[:, rows, columns] - ray
        if z < 0:
            over = torch.minimum(over, ray - back[:, rows, columns])
        penumbra = (softness * travelled)[:, None, None]
        blocked = torch.maximum(blocked, (over - 0.01) / penumbra)
    return 1 - blocked.clamp(0, 1)


def shade(
    material: Material,
    normals: Float[Tensor, "batch 3 size size"],
    directions: Float[Tensor, "lights 3"],
    lit: Float[Tensor, "batch lights size size"],
) -> Float[Tensor, "batch lights 3 size size"]:
    """Linear light of each directional light: Lambert and normalized Blinn-Phong."""
    halfway = F.normalize(directions + directions.new_tensor([0.0, 0.0, 1.0]), dim=-1)
    aligned = torch.einsum("lc,bchw->blhw", halfway, normals).clamp(min=0)
    shininess, specular, metallic = (
        values[:, None, None, None]
        for values in (material.shininess, material.specular, material.metallic)
    )
    lobe = (shininess + 8) / 8 * aligned**shininess * lit
    diffuse = material.albedo * (1 - 0.8 * metallic)
    tint = torch.lerp(torch.ones_like(material.albedo), material.albedo, metallic) * specular
    return lit[:, :, None] * diffuse[:, None] + lobe[:, :, None] * tint[:, None]


def random_material(solid: Solid, generator: torch.Generator) -> Material:
    """Plain, mottled, striped or part-colored, dull to glazed, seldom metallic."""
    count, size = len(solid.front), solid.front.shape[-1]
    kind = uniform(generator, 0, 1, count)[:, None, None]
    base, other = (_random_colors(count, generator)[..., None, None] for _ in range(2))
    pattern = torch.where(kind > 0.4, _pattern(solid, kind, generator), 0.0)
    albedo = torch.lerp(base, other, pattern[:, None])
    cells = torch.full((count,), 24.0, device=generator.device)
    grain = value_noise(size, cells=cells, octaves=3, gain=0.9, most_cells=24, generator=generator)
    grain = uniform(generator, 0, 0.15, count)[:, None, None] * grain
    albedo = albedo * (1 + grain[:, None]).clamp(0.3, 1.6)
    metallic = uniform(generator, 0.3, 1, count) * (uniform(generator, 0, 1, count) < 0.06)
    specular = uniform(generator, 0.02, 0.25, count) + 0.3 * metallic
    dull = uniform(generator, 0, 1, count) < 0.3
    return Material(
        albedo=albedo.clamp(0.01, 0.98),
        specular=torch.where(dull, 0.0, specular),
        shininess=uniform(generator, math.log(6), math.log(120), count).exp(),
        metallic=metallic,
    )


def _with_relief(solid: Solid, generator: torch.Generator) -> Solid:
    count, size = len(solid.front), solid.front.shape[-1]
    strength = uniform(generator, 0, 1, count) ** 2
    cells = uniform(generator, 2, 7, count).floor()
    coarse = value_noise(size, cells=cells, octaves=4, gain=0.42, most_cells=6, generator=generator)
    creased = uniform(generator, 0, 1, count) < 0.3
    coarse = torch.where(creased[:, None, None], ridges(coarse), coarse)
    cells = uniform(generator, 8, 22, count).floor()
    fine = value_noise(size, cells=cells, octaves=2, gain=0.5, most_cells=21, generator=generator)
    roughness = uniform(generator, 0, 1, count) ** 2
    relief = 0.1 * strength[:, None, None] * coarse + 0.025 * roughness[:, None, None] * fine
    front = torch.where(solid.inside, solid.front + relief, solid.front)
    radius = uniform(generator, 1, 4, count).floor() * (uniform(generator, 0, 1, count) < 0.5)
    for pixels in (1, 2, 3):
        smooth = _smoothed(front, solid.inside, pixels)
        front = torch.where((radius == pixels)[:, None, None], smooth, front)
    return Solid(front=front, back=solid.back, part=solid.part)


def _pattern(solid: Solid, kind: Float[Tensor, "batch 1 1"], generator: torch.Generator) -> Field:
    """How much of the second color each pixel has, in [0, 1]."""
    count, size = len(solid.front), solid.front.shape[-1]
    shares = uniform(generator, 0, 1, count, MOST_PRIMITIVES + 1)
    by_part = shares.gather(1, solid.part.flatten(1)).view_as(solid.front)
    cells = uniform(generator, 2, 9, count).floor()
    field = value_noise(size, cells=cells, octaves=3, gain=0.5, most_cells=8, generator=generator)
    y = torch.linspace(-1, 1, size, device=generator.device)[:, None]
    rate = uniform(generator, 8, 40, count)[:, None, None]
    stripes = torch.sin(rate * (solid.front.clamp(-1, 1) + y) + field)
    contrast = uniform(generator, 2, 20, count)[:, None, None]
    mottled = torch.sigmoid(contrast * torch.where(kind > 0.7, stripes, field))
    return torch.where(kind > 0.85, by_part, mottled)


def _random_colors(count: int, generator: torch.Generator) -> Float[Tensor, "batch 3"]:
    """Linear albedo: half of the colors nearly grey, brightness from coal to paper."""
    value = torch.where(
        uniform(generator, 0, 1, count) < 0.6,
        uniform(generator, 0.03, 0.95, count),
        uniform(generator, 0.35, 0.9, count),
    )
    saturation = torch.where(
        uniform(generator, 0, 1, count) < 0.5,
        uniform(generator, 0, 0.3, count),
        uniform(generator, 0.3, 0.95, count),
    )
    return value[:, None] * (1 - saturation[:, None] * uniform(generator, 0, 1, count, 3))


def _front_directions(count: int, generator: torch.Generator) -> Float[Tensor, "count 3"]:
    """Uniform on the cap within 60 degrees of the camera."""
    z = uniform(generator, 0.5, 1, count)
    turn = uniform(generator, 0, 2 * math.pi, count)
    radius = (1 - z * z).sqrt()
    return torch.stack([radius * turn.cos(), radius * turn.sin(), z], 1)


def _difference(field: Field, inside: Inside, dim: int) -> Field:
    ahead, behind = torch.roll(field, -1, dim), torch.roll(field, 1, dim)
    has_ahead, has_behind = torch.roll(inside, -1, dim), torch.roll(inside, 1, dim)
    forward, backward = ahead - field, field - behind
    one_sided = torch.where(has_ahead, forward, torch.where(has_behind, backward, 0.0))
    return torch.where(has_ahead & has_behind, (forward + backward) / 2, one_sided) * inside


def _smoothed(front: Field, inside: Inside, radius: int) -> Field:
    """Box blur of the surface inside its silhouette."""
    weight = F.avg_pool2d(inside[:, None].float(), 2 * radius + 1, 1, radius)[:, 0]
    total = F.avg_pool2d((front * inside)[:, None], 2 * radius + 1, 1, radius)[:, 0]
    return torch.where(inside, total / weight.clamp(min=1e-6), front)


def _shrink(
    pictures: Float[Tensor, "batch lights 3 size size"], inside: Inside
) -> Float[Tensor, "batch lights 3 small small"]:
    """Averages over the covered samples of each pixel, so that edges stay as bright as inside."""
    samples = inside[:, None].float()
    covered = F.avg_pool2d(samples, SUPERSAMPLING).clamp(min=1 / SUPERSAMPLING**2)
    small = F.avg_pool2d((pictures * samples[:, None]).flatten(0, 1), SUPERSAMPLING)
    return small.unflatten(0, pictures.shape[:2]) / covered[:, None]
