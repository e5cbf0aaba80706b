"""A rig of lights as JSON: what the studio sends, what sessions and NPZ files keep."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import BaseModel, ConfigDict, Field, field_validator

from lasagna_relight.relighting.basis import basis_size
from lasagna_relight.relighting.lights import (
    MOST_EXPOSURE,
    STRONGEST,
    Environment,
    LightRig,
    LightSource,
    color_of_hex,
    direction_of,
)
from lasagna_relight.relighting.lit import Finish

Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0, le=STRONGEST)]
MOST_LIGHTS = 16


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class SceneLight(_Strict):
    """One light; ``refined`` names a solve of it, where there is one."""

    id: Annotated[str, Field(max_length=40)] = ""
    on: bool = True
    azimuth: float
    elevation: float
    intensity: Amount = 1.0
    softness: Share = 0.0
    color: Annotated[str, Field(pattern="^#[0-9a-fA-F]{6}$")] = "#ffffff"
    refined: Annotated[str, Field(max_length=80)] | None = None

    @field_validator("color")
    @classmethod
    def _not_black(cls, color: str) -> str:
        if color == "#000000":
            raise ValueError("a black light gives no light")
        return color

    def source(self) -> LightSource:
        """The light itself."""
        return LightSource(
            direction=direction_of(self.azimuth, self.elevation),
            intensity=self.intensity,
            softness=self.softness,
            color=color_of_hex(self.color),
        )


Radiance = Annotated[float, Field(ge=0, le=1e4)]
OneDirection = Annotated[list[Radiance], Field(min_length=3, max_length=3)]


class SceneEnvironment(_Strict):
    """A surrounding, projected already: a row of red, green, blue for each direction of the basis.

    Earlier files have rows for the first of them alone, the twelve named ones.
    """

    on: bool = True
    name: Annotated[str, Field(max_length=80)] = "Environment"
    intensity: Amount = 1.0
    weights: Annotated[list[OneDirection], Field(min_length=1, max_length=basis_size())]

    def environment(self) -> Environment:
        """The surrounding itself."""
        weights = torch.zeros(basis_size(), 3)
        weights[: len(self.weights)] = torch.tensor(self.weights)
        return Environment(weights=weights, intensity=self.intensity, name=self.name)


class Scene(_Strict):
    """All lights, and what happens to their mix afterwards."""

    lights: Annotated[list[SceneLight], Field(max_length=MOST_LIGHTS)] = []
    fill: Amount = 0.0
    exposure: Annotated[float, Field(ge=-MOST_EXPOSURE, le=MOST_EXPOSURE)] = 0.0
    environment: SceneEnvironment | None = None
    strength: Annotated[float, Field(ge=0, le=2)] = 1.0
    shading: Share = 1.0
    lighting: Share = 1.0

    @property
    def lit(self) -> list[SceneLight]:
        """The lights that are on, in their order."""
        return [light for light in self.lights if light.on]

    def rig(self) -> LightRig:
        """The lights that are on."""
        around = self.environment
        environment = around.environment() if around is not None and around.on else None
        return LightRig(
            lights=tuple(light.source() for light in self.lit),
            fill=self.fill,
            environment=environment,
            exposure_stops=self.exposure,
        )

    def finish(self) -> Finish:
        """Strength and opacities."""
        return Finish(strength=self.strength, shading=self.shading, lighting=self.lighting)


def scene_of(rig: LightRig, finish: Finish) -> Scene:
    """The scene that `Scene.rig` and `Scene.finish` read back."""
    around = rig.environment
    return Scene(
        lights=[
            SceneLight(
                azimuth=light.direction.azimuth_deg,
                elevation=light.direction.elevation_deg,
                intensity=light.intensity,
                softness=light.softness,
                color="#" + "".join(f"{round(255 * channel):02x}" for channel in light.color),
            )
            for light in rig.lights
        ],
        fill=rig.fill,
        exposure=rig.exposure_stops,
        environment=None
        if around is None
        else SceneEnvironment(
            name=around.name, intensity=around.intensity, weights=around.weights.tolist()
        ),
        strength=finish.strength,
        shading=finish.shading,
        lighting=finish.lighting,
    )
