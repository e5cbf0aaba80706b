"""Places by coordinates: "90% across, 10% down", keys of a number pad, vectors of 3D programs.

Places on the picture stand off the axis as those on a clock do. A vector counts only where the
words say which way the camera looks.
"""

from __future__ import annotations

import math
import re

from lasagna_relight.light_direction import CLOCK_OFF_AXIS_DEG, LightDirection, around

_N = r"([+-]?\d+(?:\.\d+)?)"
_PERCENT = r" ?(?:%|percent|per cent)"
_ACROSS_DOWN = re.compile(
    rf"\b{_N}{_PERCENT} (?:across|of the (?:picture|frame|image)'?s? width),? (?:and )?"
    rf"{_N}{_PERCENT} down\b"
)
_SHARES = re.compile(rf"\b{_N}{_PERCENT} ?/ ?{_N}{_PERCENT}")
_X_Y = re.compile(rf"\b[xu] ?=? ?{_N}(?:{_PERCENT})? ?,? ?(?:and )?[yv] ?=? ?{_N}(?:{_PERCENT})?")
_PIXEL = re.compile(r"\bpixel \(?(\d+), ?(\d+)\)? (?:of|in) an? (\d+) ?(?:x|by) ?(\d+)\b")
_FROM_TOP_LEFT = re.compile(
    r"\borigin (?:is |in the |at the |at )*(?:top|upper) left|\bcounts? down|\bdownwards?\b"
    r"|\bfrom the top\b"
)
_KEY = re.compile(r"\b(?:numpad|num pad|number pad)(?: (?:key|position))? ([1-9])\b(?! keys|\))")
_ROW_AND_COLUMN = re.compile(r"\brow ([1-3])\b,? (?:and )?col(?:umn)? ([1-3])\b")
_NINE_FIELDS = re.compile(r"\btic[\s-]?tac[\s-]?toe|\bnine[\s-](?:square|field)|\b3 ?x ?3\b")
_VECTOR = re.compile(rf"\(? ?{_N}, ?{_N}, ?{_N} ?\)?")
_A_LIGHT = re.compile(
    r"light|\b(?:lamp|sun|spot\w*|omni|source|l\b|torch|glow\w*|firefly|brazier|heater|bulb|lantern"
    r"|flash)\b"
)
_CAMERA_ON_Z = re.compile(
    r"\b(?:cam|camera)\b[^;]{0,20}(?:\+z\b|plus z\b|\(0, ?0, ?\d+\))"
    r"|\bcamera down -z\b|\+z (?:to(?:wards?)? )?(?:the )?(?:viewer|camera)"
)
_Y_DOWN = re.compile(r"\by[\s-]down\b|\bz[\s-]up\b|\bview matrix\b")


def coordinates_direction(text: str) -> LightDirection | None:
    """Where the coordinates in ``text`` (lower case, numbers in digits) are; None unless sure."""
    if not _A_LIGHT.search(text) or re.search(r"\bmove the (?!light|lamp|sun|spot)", text):
        return None
    on_picture = _on_picture(text)
    if on_picture is not None:
        x, y = on_picture
        if math.hypot(x, y) < 0.25:
            return LightDirection(azimuth_deg=0.0, elevation_deg=0.0)
        return around(math.degrees(math.atan2(x, y)), CLOCK_OFF_AXIS_DEG)
    if not _CAMERA_ON_Z.search(text) or _Y_DOWN.search(text):
        return None
    vectors = [tuple(map(float, found)) for found in _VECTOR.findall(text)]
    lights = [v for v in vectors if v[:2] != (0.0, 0.0) or v[2] < 0]
    if len(lights) != 1 or math.hypot(*lights[0]) == 0:
        return None
    x, y, z = lights[0]
    return LightDirection.from_vector((x, y, z))


def _on_picture(text: str) -> tuple[float, float] | None:
    """Right and up, each from -1 to 1."""
    shares = _ACROSS_DOWN.search(text)
    if shares is None and _FROM_TOP_LEFT.search(text):
        shares = _SHARES.search(text) or _X_Y.search(text)
    if shares is not None:
        across, down = float(shares[1]), float(shares[2])
        whole = 100.0 if re.search(r"%|percent|per cent", text) else 1.0
        if not (0 <= across <= whole and 0 <= down <= whole):
            return None
        return 2 * across / whole - 1, 1 - 2 * down / whole
    pixel = _PIXEL.search(text)
    if pixel is not None:
        x, y, width, height = (float(number) for number in pixel.groups())
        return (2 * x / width - 1, 1 - 2 * y / height) if x <= width and y <= height else None
    key = _KEY.search(text)
    if key is not None:
        row, column = divmod(int(key[1]) - 1, 3)
        return column - 1.0, row - 1.0
    field = _ROW_AND_COLUMN.search(text)
    if field is not None and _NINE_FIELDS.search(text):
        return int(field[2]) - 2.0, 2.0 - int(field[1])
    return None
