"""Sun and moon stand above the horizon, whatever a reader makes of "low"."""

from __future__ import annotations

import re
from dataclasses import replace

from lasagna_relight.light_direction import LightDirection

LOW_DEG = 8.0
"""Elevation of a sun that stands low."""
_SKY_LIGHT = re.compile(r"\b(?:sun|sunlight|sunshine|sunset|sunrise|moon|moonlight)\b")
_FROM_BELOW = re.compile(
    r"\b(?:reflect\w*|mirror\w*|bounc\w*|below|under\w*|beneath|bottom|lower|water|snow|sea|lake"
    r"|pond|south\w*|puddle\w*|ice|upward\w*|floor|down there|ground)\b"
)


def above_horizon(words: str, direction: LightDirection) -> LightDirection:
    """``direction``, raised where ``words`` (lower case) tell of a sun or moon and nothing else.

    Light that they throw up from water, snow or floors stays below, and so does the south of a map.
    """
    if direction.elevation_deg >= 0 or not _SKY_LIGHT.search(words) or _FROM_BELOW.search(words):
        return direction
    return replace(direction, elevation_deg=LOW_DEG)
