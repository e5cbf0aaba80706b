"""Light by the compass where the words say which way the camera looks: "we look north, sun in the
east" is light from the right. Without that, north is the top of the picture, and the reader's."""

from __future__ import annotations

import re

from lasagna_relight.light_direction import LightDirection

_BEARINGS = {
    "north": 0, "northeast": 45, "east": 90, "southeast": 135, "south": 180, "southwest": 225,
    "west": 270, "northwest": 315,
}  # fmt: skip
_NAMED = re.compile(r"\b(?:(north|south)[\s-]?(east|west)|(north|south|east|west))\b")
_HALF_POINT = re.compile(r"\b(?:north|south|east|west)[\s-](?:north|south)")
_LOOKS = re.compile(
    r"\b(?:(?:we|i|camera|lens|view|viewer|photographer|picture)(?: \w+){0,2}? )?(?:looks?|looking"
    r"|faces?|facing|shoot|shooting|points?|pointing|aimed|turned|view is)(?: (?:out|due|to|the"
    r"|towards?|straight))* (?P<point>(?:north|south)[\s-]?(?:east|west)|north|south|east|west)\b"
)
_SOMETHING_ELSE_LOOKS = re.compile(
    r"\b(?:light|lamp|sun|window|house|wall|statue|door|she|he|it|subject|object|they|figure|face)"
    r"(?:'s)?(?: \w+)? (?:looks?|looking|faces?|facing|points?|pointing|turned)\b"
)
_SUN = re.compile(r"\b(?:sun\w*|light\w*|lamp|moon\w*|lit|rays?|illuminat\w*)\b")
_MORNING = re.compile(r"\b(?:sunrise|dawn|morning sun\w*|rising sun|sun is rising|sun rises)\b")
_EVENING = re.compile(r"\b(?:sunset|dusk|evening sun\w*|setting sun|sun is setting|sun sets)\b")

_HEIGHT = re.compile(r"@(\d{1,2})(?= (?:up|high|above|over|of (?:elevation|altitude))\b)")

LOW_SUN_DEG = 10.0
"""Elevation of a light of which only the bearing is said."""

RIGHT_AHEAD_DEG = 30.0
"""Elevation of one straight ahead, which the object would hide at its own height."""


def bearing_direction(text: str) -> LightDirection | None:
    """Where a light stands by the compass, as the camera looks; None unless both are said.

    ``text`` is in lower case. The sun rises in the east and sets in the west.
    """
    if _HALF_POINT.search(text):
        return None
    looks = [*_LOOKS.finditer(text)]
    looks = [found for found in looks if not _SUN.search(found[0])]
    if len(looks) != 1 or _SOMETHING_ELSE_LOOKS.search(text):
        return None
    rest = f"{text[: looks[0].start()]} {text[looks[0].end() :]}"
    said = ["".join(filter(None, found)) for found in _NAMED.findall(rest)]
    if not said and bool(_MORNING.search(rest)) != bool(_EVENING.search(rest)):
        said = ["east" if _MORNING.search(rest) else "west"]
    if len(said) != 1 or not _SUN.search(rest + (" sun" if _MORNING.search(rest) else "")):
        return None
    heights = _HEIGHT.findall(rest)
    if len(heights) > 1 or rest.count("@") != len(heights):
        return None
    ahead = _BEARINGS[re.sub(r"[\s-]", "", looks[0]["point"])]
    azimuth = (ahead - _BEARINGS[said[0]]) % 360 - 180
    straight_on = abs(azimuth) == 180
    elevation = RIGHT_AHEAD_DEG if straight_on else LOW_SUN_DEG
    return LightDirection(
        azimuth_deg=float(azimuth), elevation_deg=float(heights[0]) if heights else elevation
    )
