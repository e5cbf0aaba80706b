"""Where a light stands, in the frame of the camera, and the twelve directions with a name.

Angles are in degrees. Azimuth: 0 from the camera, +90 from the right edge of the picture, 180 from
behind, -90 from the left. Elevation: +90 from above. Unit vectors have x to the picture's right,
y up and z towards the camera.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lasagna_relight.errors import DirectionError

Vector = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class LightDirection:
    """The direction towards a distant light.

    Raises:
        DirectionError: azimuth outside [-180, 180], elevation outside [-90, 90], or not finite.
    """

    azimuth_deg: float
    elevation_deg: float

    def __post_init__(self) -> None:
        if not -180 <= self.azimuth_deg <= 180:
            raise DirectionError(
                f"azimuth {self.azimuth_deg:g} is outside -180..180 degrees: "
                "0 is the camera, 90 the right edge, -90 the left edge, 180 behind"
            )
        if not -90 <= self.elevation_deg <= 90:
            raise DirectionError(
                f"elevation {self.elevation_deg:g} is outside -90..90 degrees: 90 is above"
            )

    @classmethod
    def from_vector(cls, vector: Vector) -> LightDirection:
        """The direction of ``vector`` (any length): x right, y up, z towards the camera.

        Raises:
            DirectionError: the vector has no length, or is not finite.
        """
        length = math.hypot(*vector)
        if not (math.isfinite(length) and length > 0):
            raise DirectionError(f"{vector} is no direction: give three numbers, not all zero")
        x, y, z = (component / length for component in vector)
        return cls(
            azimuth_deg=round(math.degrees(math.atan2(x, z)), 9) + 0.0,
            elevation_deg=round(math.degrees(math.asin(max(-1.0, min(1.0, y)))), 9) + 0.0,
        )

    @property
    def vector(self) -> Vector:
        """Unit vector: x right, y up, z towards the camera."""
        azimuth, elevation = math.radians(self.azimuth_deg), math.radians(self.elevation_deg)
        return (
            math.sin(azimuth) * math.cos(elevation),
            math.sin(elevation),
            math.cos(azimuth) * math.cos(elevation),
        )

    def angle_to(self, other: LightDirection) -> float:
        """Degrees between the two directions, 0..180."""
        cosine = sum(a * b for a, b in zip(self.vector, other.vector, strict=True))
        return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))

    @property
    def nearest_name(self) -> str:
        """The closest of the twelve named directions."""
        return min(NAMED_DIRECTIONS, key=lambda name: self.angle_to(NAMED_DIRECTIONS[name]))


CLOCK_OFF_AXIS_DEG = 55.0
RIM_OFF_AXIS_DEG = 125.0


def around(clock_deg: float, off_axis_deg: float = CLOCK_OFF_AXIS_DEG) -> LightDirection:
    """The direction ``off_axis_deg`` away from the viewing axis, clockwise from the top.

    As far off as the eight directions on a clock face have it, unless said otherwise.
    """
    clock, off_axis = math.radians(clock_deg), math.radians(off_axis_deg)
    radius = math.sin(off_axis)
    return LightDirection.from_vector(
        (radius * math.sin(clock), radius * math.cos(clock), math.cos(off_axis))
    )


CLOCK_NAMES = (
    "top", "top right", "right", "bottom right", "bottom", "bottom left", "left", "top left",
)  # fmt: skip
RIM_CLOCK_DEG = {"behind left": -90.0, "behind right": 90.0, "behind top": 0.0}

NAMED_DIRECTIONS: dict[str, LightDirection] = {
    **{name: around(45.0 * i) for i, name in enumerate(CLOCK_NAMES)},
    "front": LightDirection(azimuth_deg=0.0, elevation_deg=0.0),
    **{name: around(clock, RIM_OFF_AXIS_DEG) for name, clock in RIM_CLOCK_DEG.items()},
}
"""The twelve named directions; the position of a name is its id in the dataset format."""

DIRECTION_NAMES = tuple(NAMED_DIRECTIONS)
