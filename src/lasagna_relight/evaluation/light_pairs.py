"""Which two of an object's photographs make a pair: from the light nearest the camera to others."""

from collections.abc import Mapping

from lasagna_relight.light_direction import LightDirection

SIDES = {"left": (-1.0, 0.0), "right": (1.0, 0.0), "top": (0.0, 1.0), "bottom": (0.0, -1.0)}
LEAST_ASIDE = 0.15
"""A light counts for a side if it stands at least so far (x or y of its unit vector) towards it."""

FRONT = LightDirection(azimuth_deg=0, elevation_deg=0)


def frontal_light(lights: Mapping[str, LightDirection]) -> str:
    """Name of the picture whose light stands nearest the camera."""
    return min(lights, key=lambda name: lights[name].angle_to(FRONT))


def side_lights(lights: Mapping[str, LightDirection]) -> dict[str, str]:
    """For each side that some light stands on, the picture whose light stands farthest to it.

    A light that is nearer to another side than to this one does not count for it.
    """
    chosen = {}
    for side, (across, up) in SIDES.items():

        def aside(name: str, across: float = across, up: float = up) -> float:
            x, y, _ = lights[name].vector
            return across * x + up * y

        fitting = [name for name in lights if _side_of(lights[name]) == side]
        best = max(fitting, key=aside, default=None)
        if best is not None and aside(best) >= LEAST_ASIDE:
            chosen[side] = best
    return chosen


def _side_of(light: LightDirection) -> str:
    x, y, _ = light.vector
    return max(SIDES, key=lambda side: SIDES[side][0] * x + SIDES[side][1] * y)
