"""Light by the compass where the words say which way the camera looks: "we look north, sun in the
east" is light from the right. Without that, north is the top of the picture, and the reader's."""

from __future__ import annotations

import re

from lasagna_relight.light_direction import CLOCK_OFF_AXIS_DEG, LightDirection, around

_BEARINGS = {
    "north": 0, "northeast": 45, "east": 90, "southeast": 135, "south": 180, "southwest": 225,
    "west": 270, "northwest": 315,
}  # fmt: skip
_NAMED = re.compile(r"\b(?:(north|south)[\s-]?(east|west)|(north|south|east|west))\b")
_HALF_POINT = re.compile(r"\b(?:north|south|east|west)[\s-](?:north|south)")
_LOOKS = re.compile(
    r"\b(?:(?:we|i|camera|lens|view|viewer|photographer|picture)(?: \w+){0,2}? )?(?:looks?|looking"
    r"|faces?|facing|shoot|shooting|points?|pointing|aimed|aims|stares|filming|turned|view is"
    r"|(?:lens|camera)(?= towards?))(?: (?:out|due|to|at|the|towards?"
    r"|straight))* (?P<point>(?:north|south)[\s-]?(?:east|west)|north|south|east|west)\b"
)
_SOMETHING_ELSE_LOOKS = re.compile(
    r"\b(?:light|lamp|sun|window|house|wall|statue|door|she|he|it|subject|object|they|figure|face)"
    r"(?:'s)?(?: \w+)? (?:looks?|looking|faces?|facing|points?|pointing|turned)\b"
    r"|\bsub-?solar\b"
)
_SUN = re.compile(r"\b(?:sun\w*|light\w*|lamp|moon\w*|lit|rays?|illuminat\w*)\b")
_MORNING = re.compile(r"\b(?:sunrise|dawn|morning sun\w*|rising sun|sun is rising|sun rises)\b")
_EVENING = re.compile(r"\b(?:sunset|dusk|evening sun\w*|setting sun|sun is setting|sun sets)\b")

_POINTS = r"(?:(?:north|south)[\s-]?(?:east|west)|north|south|east|west)"
_IS_AT = r"(?: (?:is|sits|stands|to|at|of|also|towards?|exactly|due|straight|the)|:| ?=)*"
_LOOKS_AT = re.compile(
    r"\b(?:(?:camera|cam|lens|view|we|i)(?:'m|'re| is| are)? )?(?:heading|looks?|looking|faces?"
    rf"|facing|shoots?|shooting|points?|pointing|aimed){_IS_AT} "
    rf"(?P<where>\d{{1,3}}|{_POINTS})\b,?"
)
_SUN_AT = re.compile(
    r"\b(?:(?:solar|sun|sun's|light|moon|lamp)(?: (?:azimuth|bearing|heading))?"
    rf"|bearing)(?:{_IS_AT} (?<!sun )(?<!light ))(?P<where>\d{{1,3}}|{_POINTS})\b(?!\.\d)"
)
_ALTITUDE = re.compile(r"\b(?:altitude|elevation)[ :=]*(\d{1,2})\b|\b(\d{1,2}) (?:up|high)\b")
_ABBREVIATED = re.compile(r"(?<![\w.'])(N|S)?(E|W)(?![\w'])|(?<![\w.'])(N|S)(?![\w'])")
_SPELLED = {"N": "north", "S": "south", "E": "east", "W": "west"}

_HEIGHT = re.compile(
    r"@(\d{1,2})(?= (?:up|high|above|over|(?:of )?(?:elevation|altitude))\b)"
    r"|\b(?:altitude|elevation)(?: (?:about|of|is))* @?(\d{1,2})\b"
)
_ON_PICTURE = re.compile(
    r"(?<![\w.°'])(NNE|ENE|ESE|SSE|SSW|WSW|WNW|NNW|NE|SE|SW|NW)(?![\w.]\w|[\w'])"
)
_SIXTEENTHS = (
    "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE",
    "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW",
)  # fmt: skip
_OF_A_PICTURE = re.compile(
    r"\b(?:lights?|lit|lamps?|sun|glow\w*|k|north (?:is )?up)\b|please|\b(?:of|on"
    r"|in) the (?:picture"
    r"|image|photo|frame)\b|\bpicture north"
)
_OTHER_PLACE = re.compile(
    r"\b(?:left|right|top|bottom|above|below|behind|front|look\w*|fac\w+|camera|lens|shad\w+"
    r"|coast|bank|corner of the (?:house|city|town)|wind|airport|road|street|station|not"
    r"|scratch\w*|caption|logo"
    r"|label|arrow)\b"
)

LOW_SUN_DEG = 10.0
"""Elevation of a light of which only the bearing is said."""

RIGHT_AHEAD_DEG = 30.0
"""Elevation of one straight ahead, which the object would hide at its own height."""


def with_points_spelled(prompt: str) -> str:
    """``prompt`` with "southwest" for "SW" where it says which way somebody looks."""
    if (
        not re.search(r"(?i)\b(?:looking|facing|faces|heading|camera|compass|lens)\b", prompt)
        or prompt.isupper()
    ):
        return prompt
    return _ABBREVIATED.sub(
        lambda found: "".join(_SPELLED[letter] for letter in found.groups() if letter), prompt
    )


def point_on_picture(prompt: str) -> LightDirection | None:
    """Where "NNE, please" is with north at the top of the picture; None unless that is sure."""
    points = set(_ON_PICTURE.findall(prompt))
    text = prompt.lower()
    if len(points) != 1 or _OTHER_PLACE.search(text) or not _OF_A_PICTURE.search(text):
        return None
    return around(22.5 * _SIXTEENTHS.index(points.pop()), CLOCK_OFF_AXIS_DEG)


def heading_direction(text: str) -> LightDirection | None:
    """Where a light stands whose bearing and the camera's are both said.

    "Camera heading 60, sun bearing 240, altitude 35" is light from the front. ``text`` is in
    lower case with "@45" for an angle of 45 degrees.
    """
    text = text.replace("@", "")
    looks = [*_LOOKS_AT.finditer(text)]
    if len(looks) != 1 or _SOMETHING_ELSE_LOOKS.search(text.replace("light of", " ")):
        return None
    rest = f"{text[: looks[0].start()]} | {text[looks[0].end() :]}"
    lights = [*_SUN_AT.finditer(rest)]
    if len(lights) != 1:
        return None
    rest = f"{rest[: lights[0].start()]} | {rest[lights[0].end() :]}"
    heights = [*_ALTITUDE.finditer(rest)]
    rest = _ALTITUDE.sub(" ", rest)
    if len(heights) > 1 or re.search(r"\d", rest) or _NAMED.search(rest):
        return None
    ahead, sun = (_degrees(found[0]["where"]) for found in (looks, lights))
    if ahead > 360 or sun > 360:
        return None
    return _seen(ahead, sun, [found[1] or found[2] for found in heights])


def _seen(ahead: float, bearing: float, heights: list[str]) -> LightDirection:
    """Where a light at ``bearing`` stands for a camera that looks ``ahead``."""
    azimuth = float((ahead - bearing) % 360 - 180)
    elevation = RIGHT_AHEAD_DEG if azimuth == -180 else LOW_SUN_DEG
    return LightDirection(
        azimuth_deg=azimuth, elevation_deg=float(heights[0]) if heights else elevation
    )


def _degrees(where: str) -> float:
    return float(where) if where.isdigit() else _BEARINGS[re.sub(r"[\s-]", "", where)]


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
    heights = [found[0] or found[1] for found in _HEIGHT.findall(rest)]
    if len(heights) > 1 or rest.count("@") > len(heights):
        return None
    return _seen(_degrees(looks[0]["point"]), _BEARINGS[said[0]], heights)
