"""A side together with a height or a depth: "down low on the left", "not up there"."""

from __future__ import annotations

import random

from lasagna_relight.light_direction import LightDirection, Vector
from lasagna_relight.relit.caption_places import Place
from lasagna_relight.relit.caption_vocabulary import word_list

_HEIGHTS: dict[Vector, str] = {
    (0, 0.75, 0): "up there|high up|way up|up high|near the ceiling|at ceiling height|up top|up"
    "|from up high|well above it|above eye level|at the top|high|far up|in the air",
    (0, -0.75, 0): "down there|low down|down low|near the floor|at floor level|at ankle height"
    "|close to the ground|on the floor|at the bottom|low|down|at foot level|below it"
    "|knee-high|near the ground|way down",
    (0, 0, 0): "level|at eye level|at its own height|neither high nor low|halfway up"
    "|at the same height|at mid height|straight across",
    (0, 0.05, -1.45): "at the back|in the back|back there|behind it|at the rear|in the background"
    "|further back, behind it|on the far side|in the rear",
}  # fmt: skip
_SIDED = word_list("""
{h} on the {s} is where the light should sit|{h} on the {s} is where the lamp belongs
|the light belongs {h}, on the {s}|the light should sit {h} on the {s}|the lamp goes {h}, {s}
|{h} and on the {s}|on the {s}, {h}|{h}, on the {s}|{s}, {h}|{h}, {s}|on the {s} but {h}
|i imagine the light {h}, over to the {s}|have the lamp {h} on the {s}-hand side
|{h} and to the {s}|to the {s} and {h}|the light hides {h}, to the {s}|from {h} on the {s}
|somewhere {h} on the {s} there's the light|light, {h}, {s} side|{s} side, {h}, that's the light
|put it {h} on the {s}|it sits {h}, on the {s}|off to the {s} and {h}|the {s}, and {h}
|light coming from {h} on the {s}|i want it {h}, on the {s}, please|over on the {s}, {h}
""")
_APART = word_list("""
no, not {g} on the {s} - {h} on the {s}|not {g} on the {s}, {h} on the {s}|on the {s}, {h}, not {g}
|{h} on the {s}, not {g}|same side, the {s}, but {h} instead of {g}|still {s}, but {h}
|the {s} is fine, but {h}, not {g}|not {g}! {h}! on the {s}|{h} rather than {g}, on the {s}
|it's {g} on the {s} now, i want it {h} on the {s}|no no, {h} on the {s}, not {g}
|on the {s} yes, {g} no: {h}|by no means {g}; {h}, and {s}|by no means {g}: {h} and {s}
|don't put it {g} on the {s}, put it {h} on the {s}|{s} and {h}, anything but {g}
|not {h} on the {o} but {h} on the {s}|{h} on the {s}, not {h} on the {o}|{h}, but {s}, not {o}
|don't put it {h} on the {o}, put it {h} on the {s}|{h} and {s}, not {h} and {o}
""")
_ONE_OF_TWO = word_list("""
from the side that isn't the {o}|the side that is not the {o} one|whichever side isn't {o}
|not the {o}, so the other side|not from the {o}; the other side|of the two sides, the {s}
|whichever side is {s}most should be the bright one|the {s}most side should be the bright one
|the opposite of the {o}|the side across from the {o}|any side, as long as it isn't the {o} one
|left or right? {s}|{s} or {o}? {s}|the {s} of the two|it isn't the {o} side that is lit
|the side away from the {o}|it comes from the side that {o} isn't|the {o} side is not it
|if not the {o}, then the other one
""")
_DEPTHS = word_list("""
less frontal, rather coming {b}|less frontal, more {b}|not so frontal, {b}|rather {b} than frontal
|less from the front, more {b}|not flat from the front: {b}|pull it round until it comes {b}
|from the front? no, {b}|not in front of it any more, {b}|frontal is dull, let it come {b}
""")
_BEHIND = ("from behind", "from the back", "from the rear", "from behind it", "from its back")


def at_a_height(rng: random.Random) -> Place:
    """A side with a height or a depth, at times with what is denied."""
    draw = rng.random()
    side = rng.choice((-1, 1))
    sides = {"s": "left" if side < 0 else "right", "o": "right" if side < 0 else "left"}
    if draw < 0.15:
        return Place.at(rng.choice(_ONE_OF_TWO).format(**sides), (57 * side, 0))
    if draw < 0.22:
        return Place.at(rng.choice(_DEPTHS).format(b=rng.choice(_BEHIND)), (180, 40))
    (lift, many), (_, other) = rng.sample(list(_HEIGHTS.items()), 2)
    words = rng.choice(_SIDED if draw < 0.7 else _APART).format(
        h=rng.choice(many.split("|")), g=rng.choice(other.split("|")), **sides
    )
    _, y, z = lift
    return Place(words=words, direction=LightDirection.from_vector((side, y, z + 0.7)))
