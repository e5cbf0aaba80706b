"""A scene as data: one object, one camera, some lights. It knows no renderer.

Lights and normals are in the camera frame: x to the picture's right, y up, z towards the camera.
"""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from lasagna_relight.light_direction import DIRECTION_NAMES, Vector

UnitInterval = Annotated[float, Field(ge=0, le=1)]


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


class SceneSpec(_Frozen):
    """Everything that decides the pixels of one view.

    ``lights`` are unit vectors towards distant lights, each rendered by itself: the twelve named
    directions in id order come first. Every light has irradiance pi on a surface that faces it,
    so that white Lambertian has radiance 1 there; ``softness_deg`` is its apparent diameter. The
    ambient picture is lit by radiance 1 from all around. ``pose_deg`` are Euler angles (x, y, z)
    that turn the upright object, before the camera is placed; there is no ground.
    """

    asset: str
    camera: Camera
    lights: tuple[Vector, ...]
    pose_deg: Vector = (0.0, 0.0, 0.0)
    glaze: Glaze | None = None
    softness_deg: Annotated[float, Field(ge=0, le=90)] = 4.0
    resolution: Annotated[int, Field(ge=8, le=4096)] = 64
    samples: Annotated[int, Field(ge=1, le=65536)] = 128
    bounces: Annotated[int, Field(ge=0, le=32)] = 3
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
