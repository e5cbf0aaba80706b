"""A scene as data: one object, one camera, some lights. It knows no renderer.

Lights and normals are in the camera frame: x to the picture's right, y up, z towards the camera.
"""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from lasagna_relight.light_direction import DIRECTION_NAMES, Vector

UnitInterval = Annotated[float, Field(ge=0, le=1)]
Radiance = Annotated[float, Field(ge=0, le=10)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Camera(_Frozen):
    """A perspective camera that looks at the object.

    ``azimuth_deg`` turns around the vertical axis, ``elevation_deg`` rises above the horizon;
    ``fill`` is the share of the frame's side that the object's longer extent takes.
    """

    azimuth_deg: Annotated[float, Field(ge=-360, le=360)]
    elevation_deg: Annotated[float, Field(gt=-90, lt=90)]
    field_of_view_deg: Annotated[float, Field(ge=5, le=90)] = 35.0
    fill: Annotated[float, Field(gt=0, le=1)] = 0.75


class Glaze(_Frozen):
    """One plain material over the whole object; ``albedo`` is linear Rec. 709."""

    albedo: tuple[UnitInterval, UnitInterval, UnitInterval]
    roughness: UnitInterval
    metallic: UnitInterval = 0.0


class Tweak(_Frozen):
    """How the object's own materials are varied.

    ``hue_turn`` is a share of the color circle, ``saturation`` and ``value`` are factors on the
    albedo, ``roughness`` replaces the materials' own where it is given.
    """

    hue_turn: Annotated[float, Field(ge=-0.5, le=0.5)] = 0.0
    saturation: Annotated[float, Field(ge=0, le=2)] = 1.0
    value: Annotated[float, Field(ge=0, le=2)] = 1.0
    roughness: UnitInterval | None = None


class Ground(_Frozen):
    """A level floor that the object stands on and takes bounced light from; linear ``albedo``.

    The camera does not see it and it casts no shadow, so that lights from below reach the object.
    """

    albedo: tuple[UnitInterval, UnitInterval, UnitInterval]


class Environment(_Frozen):
    """Radiance of the surroundings in the ambient picture, from straight below to straight above.

    Linear; it changes evenly with the height of the direction, so the mean of the two is the mean
    over the sphere.
    """

    above: tuple[Radiance, Radiance, Radiance] = (1.0, 1.0, 1.0)
    below: tuple[Radiance, Radiance, Radiance] = (1.0, 1.0, 1.0)


class SceneSpec(_Frozen):
    """Everything that decides the pixels of one view.

    ``lights`` are unit vectors towards the lights, each rendered by itself: the twelve named
    directions in id order come first. Every light has irradiance pi on a surface that faces it
    at the object's center, so that white Lambertian has radiance 1 there; ``softness_deg`` is its
    apparent diameter from there. ``light_distance`` is in radii of the object's bounding ball;
    None is infinitely far. ``pose_deg`` are Euler angles (x, y, z) that turn the upright object,
    before the camera is placed. ``samples`` are light paths per pixel, shared out evenly among the
    lights, at least one each. ``denoise`` asks for OpenImageDenoise on every picture, guided by
    albedo and normals.
    """

    asset: str
    camera: Camera
    lights: tuple[Vector, ...]
    pose_deg: Vector = (0.0, 0.0, 0.0)
    glaze: Glaze | None = None
    tweak: Tweak | None = None
    ground: Ground | None = None
    environment: Environment = Environment()
    light_distance: Annotated[float, Field(ge=2, le=1000)] | None = None
    softness_deg: Annotated[float, Field(ge=0, le=90)] = 4.0
    resolution: Annotated[int, Field(ge=8, le=4096)] = 64
    samples: Annotated[int, Field(ge=1, le=65536)] = 128
    bounces: Annotated[int, Field(ge=0, le=32)] = 3
    denoise: bool = False
    seed: Annotated[int, Field(ge=0)] = 0

    @field_validator("lights")
    @classmethod
    def _check_lights(cls, lights: tuple[Vector, ...]) -> tuple[Vector, ...]:
        if len(lights) < len(DIRECTION_NAMES):
            raise ValueError(f"{len(lights)} lights: the {len(DIRECTION_NAMES)} named come first")
        for light in lights:
            if abs(math.hypot(*light) - 1) > 1e-5:
                raise ValueError(f"{light} is not of length 1")
        return lights
