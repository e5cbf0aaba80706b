"""Lights as a photographer sets them, and what each asks of the basis.

A light is distant: a direction, an intensity, a softness and a color. Softness widens it to a disk
on the sky, of up to 80 degrees around its direction, whose total is that of the hard light. The
studio computes the same in the browser (web/src/lights.ts); tests compare the two.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.color import srgb_to_linear
from lasagna_relight.errors import DirectionError, InputError
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.relighting.basis import basis_weights

Color = tuple[float, float, float]
WHITE: Color = (1.0, 1.0, 1.0)

WIDEST_DEG = 80.0
"""Half the opening angle of a light of softness 1: little less than half of the sky."""

DISK_SAMPLES = 64
STRONGEST = 4.0
MOST_EXPOSURE = 4.0

DirectionWeights = Float[Tensor, "lights 3"]
"""How much red, green and blue light comes from each direction of the basis, in linear light."""


@dataclass(frozen=True, kw_only=True)
class LightSource:
    """One light.

    Attributes:
        direction: towards it.
        intensity: 1 is as bright as the light that the picture was taken under; 0..4.
        softness: 0 is a spot, 1 a dome; 0..1.
        color: sRGB-encoded, each channel in [0, 1]; its brightness does not count, its hue does.

    Raises:
        InputError: a value is outside its range, or the color is black.
    """

    direction: LightDirection
    intensity: float = 1.0
    softness: float = 0.0
    color: Color = WHITE

    def __post_init__(self) -> None:
        _check("intensity", self.intensity, STRONGEST)
        _check("softness", self.softness, 1.0)
        if not all(0 <= channel <= 1 for channel in self.color):
            raise InputError(f"a light of color {self.color} cannot be: channels lie in 0..1")
        if max(self.color) == 0:
            raise InputError("a black light gives no light: choose a color, or intensity 0")

    @property
    def tint(self) -> Color:
        """The color in linear light; its largest channel is 1, as through a colored gel."""
        linear = srgb_to_linear(torch.tensor(self.color, dtype=torch.float64))
        red, green, blue = (linear / linear.max()).tolist()
        return red, green, blue

    @property
    def weights(self) -> Float[Tensor, " lights"]:
        """Non-negative weights of the basis, without intensity and color."""
        vectors = disk_vectors(self.direction, self.softness)
        return basis_weights(torch.as_tensor(vectors, dtype=torch.float32)).mean(0)


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The light of a surrounding, as `environment.read_environment` projects it.

    Attributes:
        weights: (34, 3); brightness on the whole as one light of intensity 1.
        intensity: 0..4.
        name: what it is called in layers.
    """

    weights: DirectionWeights
    intensity: float = 1.0
    name: str = "Environment"

    def __post_init__(self) -> None:
        _check("intensity of the environment", self.intensity, STRONGEST)


@dataclass(frozen=True, kw_only=True)
class LightRig:
    """All lights of a picture. They add up in linear light; one that is off is left out.

    Attributes:
        lights: in the order of their layers, the lowest first.
        fill: light from the camera, white; 0..4.
        environment: or None.
        exposure_stops: of the whole mix, -4..4.

    Raises:
        InputError: a value is outside its range.
    """

    lights: tuple[LightSource, ...] = ()
    fill: float = 0.0
    environment: Environment | None = None
    exposure_stops: float = 0.0

    def __post_init__(self) -> None:
        _check("fill", self.fill, STRONGEST)
        if not abs(self.exposure_stops) <= MOST_EXPOSURE:
            raise InputError(f"an exposure of {self.exposure_stops:g} stops is outside -4..4")

    @property
    def is_empty(self) -> bool:
        """No light at all is set up: the picture stays as it is."""
        return not self.lights and self.fill == 0 and self.environment is None

    @property
    def is_colored(self) -> bool:
        """Some light is not white, so that the gain has three channels."""
        environment = self.environment
        colored_sky = environment is not None and not torch.allclose(
            environment.weights, environment.weights[:, :1].expand(-1, 3)
        )
        return colored_sky or any(light.tint != WHITE for light in self.lights)


def disk_vectors(direction: LightDirection, softness: float) -> Float[np.ndarray, "samples 3"]:
    """Unit vectors spread evenly over the disk of a light; one for a hard light.

    A golden spiral over the spherical cap around ``direction``.
    """
    center = np.asarray(direction.vector)
    if softness == 0:
        return center[None]
    index = np.arange(DISK_SAMPLES) + 0.5
    height = 1 - index / DISK_SAMPLES * (1 - math.cos(math.radians(softness * WIDEST_DEG)))
    radius = np.sqrt(1 - height**2)
    angle = index * math.pi * (3 - math.sqrt(5))
    aside = np.array([0.0, 1.0, 0.0] if abs(center[1]) < 0.9 else [0.0, 0.0, 1.0])
    across = np.cross(aside, center)
    across /= np.linalg.norm(across)
    along = np.cross(center, across)
    return (
        height[:, None] * center
        + (radius * np.cos(angle))[:, None] * across
        + (radius * np.sin(angle))[:, None] * along
    )


def color_of_hex(written: str) -> Color:
    """The color that ``#88aaff`` or ``#8af`` writes.

    Raises:
        InputError: it is no such color.
    """
    digits = written.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    try:
        red, green, blue = bytes.fromhex(digits)
    except ValueError as error:
        raise InputError(f'"{written}" is no color: write it as #ffcc88') from error
    return red / 255, green / 255, blue / 255


def direction_of(azimuth_deg: float, elevation_deg: float) -> LightDirection:
    """A direction from angles that may be any finite numbers; they are brought into range.

    Raises:
        DirectionError: one is not finite.
    """
    if not (math.isfinite(azimuth_deg) and math.isfinite(elevation_deg)):
        raise DirectionError("a light needs two angles: give finite numbers")
    return LightDirection(
        azimuth_deg=(azimuth_deg + 180) % 360 - 180, elevation_deg=max(-90, min(90, elevation_deg))
    )


def _check(name: str, value: float, most: float) -> None:
    if not 0 <= value <= most:
        raise InputError(f"{name} {value:g} is outside 0..{most:g}")
