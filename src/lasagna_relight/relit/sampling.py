"""Which views of an asset to render: cameras, poses, extra lights and materials, drawn at random.

The scene depends on the asset's uid, the view's number and the seed alone, so that a dataset can
be grown, resumed or rendered in any order.
"""

from __future__ import annotations

import colorsys
import math
from dataclasses import dataclass

import torch

from lasagna_relight.light_direction import NAMED_DIRECTIONS, Vector
from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.scene import Camera, Environment, Glaze, Ground, SceneSpec, Tweak
from lasagna_relight.seeding import generator

EXTRA_OFF_AXIS_DEG = 60.0


@dataclass(frozen=True, kw_only=True)
class ViewSampling:
    """Ranges of what is drawn; angles in degrees, shares and probabilities in [0, 1].

    ``samples`` are light paths per pixel, shared out among the lights. Twelve lights and four make
    sixteen, so that a power of two of samples gives each a stretch of the Sobol sequence that is
    even by itself.
    """

    elevation_deg: tuple[float, float] = (0.0, 40.0)
    field_of_view_deg: tuple[float, float] = (18.0, 45.0)
    fill: tuple[float, float] = (0.65, 0.88)
    extra_lights: int = 4
    glaze_probability: float = 0.25
    metallic_probability: float = 0.15
    tilt_probability: float = 0.25
    tilt_deg: float = 40.0
    softness_deg: tuple[float, float] = (2.0, 16.0)
    near_light_probability: float = 0.4
    light_distance: tuple[float, float] = (2.5, 8.0)
    ground_probability: float = 0.35
    tweak_probability: float = 0.4
    environment_probability: float = 0.5
    resolution: int = 128
    samples: int = 32
    denoise: bool = True


def _uniform(rng: torch.Generator, low: float, high: float) -> float:
    return low + (high - low) * torch.rand((), generator=rng, dtype=torch.float64).item()


def extra_directions(count: int, rng: torch.Generator) -> tuple[Vector, ...]:
    """``count`` unit vectors within 60 degrees of the camera's axis, one in each sector.

    Uniform over the cap as a whole; stratified around the axis, so that no side is left dark.
    """
    start = _uniform(rng, 0.0, 1.0)
    directions = []
    for index in range(count):
        clock = math.tau * (start + (index + _uniform(rng, 0.0, 1.0)) / count)
        z = _uniform(rng, math.cos(math.radians(EXTRA_OFF_AXIS_DEG)), 1.0)
        radius = math.sqrt(1 - z * z)
        directions.append((radius * math.sin(clock), radius * math.cos(clock), z))
    return tuple(directions)


def sample_glaze(rng: torch.Generator, *, metallic_probability: float) -> Glaze:
    """A plain material: any hue, mostly muted, dull to glossy, now and then metal."""
    metallic = _uniform(rng, 0.0, 1.0) < metallic_probability
    encoded = colorsys.hsv_to_rgb(
        _uniform(rng, 0.0, 1.0), _uniform(rng, 0.0, 1.0) ** 2 * 0.9, _uniform(rng, 0.3, 0.95)
    )
    red, green, blue = (round(channel**2.2, 6) for channel in encoded)
    roughness = _uniform(rng, 0.25, 0.6) if metallic else _uniform(rng, 0.2, 1.0)
    return Glaze(albedo=(red, green, blue), roughness=roughness, metallic=float(metallic))


def sample_tweak(rng: torch.Generator) -> Tweak:
    """A variation of the object's own materials: another hue, paler or darker, duller or glossier.

    Half of them keep the roughness that the materials have.
    """
    kept = _uniform(rng, 0.0, 1.0) < 0.5
    return Tweak(
        hue_turn=_uniform(rng, -0.5, 0.5),
        saturation=_uniform(rng, 0.2, 1.4),
        value=_uniform(rng, 0.5, 1.3),
        roughness=None if kept else _uniform(rng, 0.15, 1.0),
    )


def sample_environment(rng: torch.Generator) -> Environment:
    """Surroundings of mean luminance about one, brighter above or below by up to a factor of four.

    Both ends are tinted a little, as a sky and a floor are.
    """
    tilt = _uniform(rng, -0.6, 0.6)

    def tinted(level: float) -> tuple[float, float, float]:
        red, green, blue = (level * _uniform(rng, 0.85, 1.15) for _ in range(3))
        return (red, green, blue)

    return Environment(above=tinted(1 + tilt), below=tinted(1 - tilt))


def view_seed(uid: str, view: int, seed: int) -> int:
    """The seed of one view of one asset, in [0, 2**31)."""
    rng = generator(seed, "relit", uid, view)
    return int(torch.randint(2**31 - 1, (), generator=rng).item())


def sample_scene(asset: Asset, view: int, *, seed: int, sampling: ViewSampling) -> SceneSpec:
    """View number ``view`` of ``asset``: twelve named lights, extra ones, camera and material.

    The azimuths of an asset's views are spread by the golden angle from a random start.
    """
    number = view_seed(asset.uid, view, seed)
    rng = generator(number, "scene")
    start = _uniform(generator(seed, "relit", asset.uid), 0.0, 360.0)
    azimuth = (start + view * 137.508 + _uniform(rng, -25.0, 25.0)) % 360.0
    pose = (0.0, 0.0, 0.0)
    if _uniform(rng, 0.0, 1.0) < sampling.tilt_probability:
        tilt = sampling.tilt_deg
        pose = (_uniform(rng, -tilt, tilt), _uniform(rng, -tilt, tilt), 0.0)
    glaze = None
    if _uniform(rng, 0.0, 1.0) < sampling.glaze_probability:
        glaze = sample_glaze(rng, metallic_probability=sampling.metallic_probability)
    named = tuple(direction.vector for direction in NAMED_DIRECTIONS.values())
    chosen = generator(number, "surroundings")
    tweak, ground, environment, distance = None, None, Environment(), None
    if _uniform(chosen, 0.0, 1.0) < sampling.tweak_probability and glaze is None:
        tweak = sample_tweak(chosen)
    if _uniform(chosen, 0.0, 1.0) < sampling.ground_probability:
        ground = Ground(albedo=sample_glaze(chosen, metallic_probability=0).albedo)
    if _uniform(chosen, 0.0, 1.0) < sampling.environment_probability:
        environment = sample_environment(chosen)
    if _uniform(chosen, 0.0, 1.0) < sampling.near_light_probability:
        distance = _uniform(chosen, *sampling.light_distance)
    return SceneSpec(
        asset=str(asset.path.resolve()),
        camera=Camera(
            azimuth_deg=azimuth,
            elevation_deg=_uniform(rng, *sampling.elevation_deg),
            field_of_view_deg=_uniform(rng, *sampling.field_of_view_deg),
            fill=_uniform(rng, *sampling.fill),
        ),
        lights=named + extra_directions(sampling.extra_lights, rng),
        pose_deg=pose,
        glaze=glaze,
        tweak=tweak,
        ground=ground,
        environment=environment,
        light_distance=distance,
        softness_deg=_uniform(rng, *sampling.softness_deg),
        resolution=sampling.resolution,
        samples=sampling.samples,
        denoise=sampling.denoise,
        seed=number,
    )
