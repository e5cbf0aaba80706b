"""A light that stands somewhere and is lifted, lowered, mirrored, turned or carried in depth."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from lasagna_relight.light_direction import LightDirection, around
from lasagna_relight.relit.caption_places import Place
from lasagna_relight.relit.caption_vocabulary import word_list

_CLOCK = {
    0: "top|above|overhead", 45: "top right|upper right", 90: "right|right side|right-hand side",
    135: "bottom right|lower right", 180: "bottom|below|underneath",
    225: "bottom left|lower left", 270: "left|left side|left-hand side",
    315: "top left|upper left",
}  # fmt: skip
_NOW = word_list("""
it comes from the {d} now|it's {d} now|the light is on the {d}|the light is at the {d}
|currently {d}|it is lit from the {d} at present|you have the light at the {d}|it's at the {d}
|the lamp is {d} at the moment|right now it is {d}|so far the light came from the {d}
|light's on the {d} already|at the moment {d}|the {d} light|it was {d}|the light's {d}
|from the {d}|from {d}|take it from the {d}|starting from the {d}
""")
_THEN = (", ", "; ", ". ", ", please ", ", so ", ": ", ", now ", " - ", ", but ")
_TURNS: dict[int, str] = {
    90: "take it a quarter turn clockwise around the picture|turn it a quarter clockwise"
    "|rotate it clockwise by 90 degrees around the object|move it 90 degrees clockwise"
    "|three hours on, clockwise|a quarter turn clockwise with the light"
    "|walk it a quarter clockwise",
    -90: "take it a quarter turn counterclockwise around the picture"
    "|turn it a quarter counterclockwise|rotate the light anticlockwise by 90 degrees"
    "|move it 90 degrees counterclockwise|a quarter turn anticlockwise with the light"
    "|three hours back, counterclockwise|walk it a quarter anticlockwise",
    180: "take it half a turn around the picture|turn it by half a circle|rotate it 180 degrees"
    "|to the exact opposite|carry it half around the picture"
    "|to the diametrically opposite place|put it opposite|i want the reverse|do the reverse"
    "|i want the opposite|reverse it|the opposite of that",
}  # fmt: skip
_MIRRORS = word_list("""
mirror it horizontally|flip it horizontally|swap left and right|mirror the light left to right
|mirror it along the vertical axis|flip the light sideways|as in a mirror, please
""")
_UPENDS = word_list("""
turn that upside down|flip it vertically|mirror it vertically|swap top and bottom
|put it upside down|the same from below instead of above or the other way round
""")
_LIFTS = word_list("""
lift it so it also comes from above|raise it as well|lift it up|raise the lamp|bring it higher
|push it up to the top, same side|add height|up with it|take it up to the ceiling
|lift it into the upper corner|bring it straight up|raise it up|let it climb|higher with it
|now from higher up
""")
_LOWERS = word_list("""
lower it so it also comes from below|lower it as well|drop it to the floor|bring it down low
|drop it to the bottom, same side|down with it|put it on the floor on that side|lower the lamp
|let it down to the ground|bring it straight down|let it sink|down to the floor with it
|now from lower down
""")
_BACK = word_list("""
just push it back behind the object on that side|push it behind the object, same side
|move it back so it comes from behind on that side|take it round to the back, same side
|further back, behind it, but same side|carry it behind the object, keep the side
|let it peek out from behind on that side
""")
_TO_FRONT = word_list("""
bring the light forward from behind, all the way to the camera|bring it round to the front
|bring the light round from the back to the front|from the back to the front with it
|bring the light from behind to the camera|pull it forward to the camera
|take the backlight and put it at the camera|it's behind; bring it all the way to the lens
|pull the light away from the side and park it at the camera|carry it over to the camera
|walk it from behind over to where i stand|not behind any more, take it to the front
|bring the lamp from the back up to the camera position|move the light to me, to the camera
""")
_TO_BACK = word_list("""
walk the light round to the back|carry the lamp around to the back of it|take it behind the object
|from the front to the back with it|push the light from the camera to behind the subject
|move the light away from the camera, all the way behind it|bring it round to the back
|it's at the camera; take it behind the subject|slide the front light round to the rear
""")
_SHIFT_BACKLIGHT = word_list("""
keep it a backlight but shift it over to the {s}|keep the backlight, move it to the {s}
|it's behind it; move it {s} a good bit|backlight, but bring it over to the {s}
|still from behind, but on the {s}|a backlight, moved {s}|leave it behind, but take it to the {s}
""")


def carried_on(rng: random.Random) -> Place:
    """A light is somewhere, then it is moved: the place where it ends."""
    draw = rng.random()
    if draw < 0.13:
        return Place.at(rng.choice(_TO_FRONT), (0, 0))
    if draw < 0.22:
        return Place.at(rng.choice(_TO_BACK), (180, 42))
    if draw < 0.32:
        side = rng.choice((-1, 1))
        words = rng.choice(_SHIFT_BACKLIGHT).format(s="left" if side < 0 else "right")
        return Place.at(words, (128 * side, 6))
    start = rng.choice(list(_CLOCK))
    now = rng.choice(_NOW).format(d=rng.choice(_CLOCK[start].split("|")))
    now = now.replace("the above", "above").replace("the below", "below")
    now = now.replace("the overhead", "overhead").replace("the underneath", "underneath")
    asked, end = rng.choice(_CHANGES)(start, rng)
    return Place(words=f"{now}{rng.choice(_THEN)}{asked}", direction=end)


def _turn(start: int, rng: random.Random) -> tuple[str, LightDirection]:
    by = rng.choice(list(_TURNS))
    return rng.choice(_TURNS[by].split("|")), around(start + by)


def _mirror(start: int, rng: random.Random) -> tuple[str, LightDirection]:
    return rng.choice(_MIRRORS), around(-start)


def _upend(start: int, rng: random.Random) -> tuple[str, LightDirection]:
    return rng.choice(_UPENDS), around(180 - start)


def _height(start: int, rng: random.Random) -> tuple[str, LightDirection]:
    side = math.sin(math.radians(start))
    up = rng.random() < 0.5
    end = {0: 0, 1: 45, -1: 315}[round(side)] if up else {0: 180, 1: 135, -1: 225}[round(side)]
    return rng.choice(_LIFTS if up else _LOWERS), around(end)


def _depth(start: int, rng: random.Random) -> tuple[str, LightDirection]:
    side = round(math.sin(math.radians(start)))
    if side == 0:
        return _turn(start, rng)
    return rng.choice(_BACK), LightDirection(azimuth_deg=125.0 * side, elevation_deg=4.0)


_CHANGES: tuple[Callable[[int, random.Random], tuple[str, LightDirection]], ...] = (
    _turn, _turn, _mirror, _upend, _height, _depth,
)  # fmt: skip
