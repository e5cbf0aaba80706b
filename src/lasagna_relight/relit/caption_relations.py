"""Two directions in one clause: denied, replaced, opposite, in between, main and second."""

from __future__ import annotations

import random

from lasagna_relight.light_direction import LightDirection, Vector
from lasagna_relight.relit.caption_places import Angles, Place, place
from lasagna_relight.relit.caption_vocabulary import word_list

_DENIED = word_list("""
not {d} but {p}|not {d}, {p}|{p}, not {d}|{p} instead of {d}|{p} rather than {d}
|anything but {d}: {p}|never {d}, only {p}|no light {d}, only {p}|don't light it {d}, light it {p}
|it was lit {d}, now light it {p}|{p} and not {d}|{p}, never {d}|never {d}, always {p}
|instead of {d}, {p}|no longer {d} but {p}|anywhere but {d}, say {p}|not {d}! {p}!|{p} (not {d})
|remove the light {d} and add one {p}|i said {p}, not {d}|{d} is wrong, it should be {p}
|rather {p} than {d}|{p}. not {d}|everything except {d}, so {p}
|the light used to come {d}, it should come {p} now|forget {d}, try {p}|not {d}. {p}.
|the light isn't {d}; it is {p}|{p} (and definitely not {d})|switch from light {d} to light {p}
|{p} and never {d}|without any light {d}, just {p}|it used to be {d}, now {p} please
|instead of light {d} i want light {p}|{p}, no longer {d}|only {p}, never {d}|no, {p}! not {d}
|the light must not come {d}, it has to come {p}|please not {d}, {p}|avoid {d}, use {p}
|do not use light {d}, use light {p}|but {p} and not {d}|it must come {p}, it must not come {d}
|light is {d}; change it to {p}|previously {d}, now {p}|before: {d}, after: {p}
|turn off the lamp {d} and switch on the one {p}|no {d} light, {p} only
|{p} is what i want, not {d}|anything except {d}; best {p}|light that comes {p} and not {d}
|not {d} any more, {p} instead|shadowless {d}? no: {p}|replace the light {d} by one {p}
|swap the lamp {d} for a lamp {p}|{d} is bad, {p} is good|i don't want {d}, i want {p}
|it should not be {d} but rather {p}|no light {d} please, light it {p}|{p} i mean, not {d}
|{d}? no, {p}|stop lighting it {d}, start lighting it {p}|neither {d} nor {e}, but {p}
|not {d}, not {e}, just {p}|the light is no more {d}, it is {p}|everything but {d}: use {p}
|currently lit {d}; relight {p}|was {d}, make it {p}
""")
_DENIED_NAMES = word_list("""
not {d} but {p} light|{p} light instead of {d} light|{p} lighting, not {d}
|change the {d} light to {p} light|no {d} light, use {p} light|{p} rather than {d} lighting
|was {d} lit, make it {p} lit|not {d} lighting, {p} lighting|from {d} light to {p} light
|instead of {d} lighting i want {p} lighting|don't use {d} light. use {p} light
|no {d} light, just light it {p}|not {d}. {p}.|not {d}, {p}!|{p}, not {d}|{p} light (not {d}!)
|remove {d} light, add {p} light|i want {p} light and no {d} light
|{d} lighting is wrong, {p} lighting please|{d} light off, {p} light on|{p} and not {d} light
|replace {d} lighting with {p} lighting|never {d} light, always {p} light
|no {d} lighting; {p} lighting|{d} no, {p} yes|it used to be {d} lit, now {p} lit please
|anything but {d} light: {p} light|forget the {d} light, use a {p} light
""")
_TWO = word_list("""
{K} {p}, {F} {d}|{F} {d}, {K} {p}|{K} {p} and {F} {d}|{F} {d} and {K} {p}|{K} {p} with {F} {d}
|{K} {p} plus {F} {d}|{K} {p}; {F} {d}|lit {p} with a faint rim {d}|mainly {p}, a little fill {d}
|mostly {p}, a hint {d}|{p} with a touch {d}|two lights: {K} {p}, {F} {d}|{K} {p} but also {F} {d}
|mainly {p} with a bit of fill {d}|mostly {p} and slightly {d}|{F} {d} but {K} {p}
|{K} comes {p}, {F} comes {d}|predominantly {p}, with some bounce {d}|two lamps, {F} {d}, {K} {p}
|chiefly {p}, barely any {d}|{K} is {p}, {F} is {d}|most of the light {p}, some of it {d}
|two sources, {K} {p} and {F} {d}|80% of the light {p}, 20% {d}|{p} mainly, and a bit {d}
|lit {p}, filled {d}|light {p}, a reflector {d}|{K} {p}, reflector {d}
""")
_KEY = word_list("""
key light|key|main light|the key|strong light|the strong one|bright light|primary light
|dominant light|hard key light|the main lamp|a powerful light|the main source|the brighter light
|a strong lamp|the key light|intense light|a big softbox
""")
_FILL = word_list("""
fill light|fill|a little fill|a weak light|weak light|the weak one|secondary light|a faint light
|dim light|a soft fill|a reflector|a subtle accent|kicker|rim light|a faint glow|a hint of light
|a weak one|background light|a tiny bit of fill|a bit of fill|a dim lamp|bounce light|second light
|the fainter light|the faint one|a subtle rim|a small lamp|the fill
""")

_SIDES: dict[str, Angles] = {
    "left": (-55, 0), "right": (55, 0), "top": (0, 55), "bottom": (0, -55), "above": (0, 55),
    "below": (0, -55), "front": (0, 0), "back": (180, 45),
}  # fmt: skip
_OPPOSITES = {
    "left": "right", "right": "left", "top": "bottom", "bottom": "top", "above": "below",
    "below": "above", "front": "back", "back": "front",
}  # fmt: skip
_OPPOSITE_OF = word_list("""
light from the opposite of the {d}|the opposite side of the {d}|lit from opposite the {d}
|the opposite of {d} lighting|light from the side opposite to the {d}
|light from across, opposite the {d}|opposite of {d} light|the reverse of {d} light
|light from the side that is not the {d}, the other one|the contrary of {d} lighting
|light from the other side than {d}
""")
_MOVED = word_list("""
move the light from the {d} to the {p}|change the lighting from {d} to {p}
|switch the light from the {d} to the {p}|shift the lamp from the {d} to the {p}
|the light is on the {d}, put it on the {p}|swap the {d} light for a {p} light
|turn {d} light into {p} light|take the light at the {d} and bring it to the {p}
|from {d} lit to {p} lit|flip the light from the {d} to the {p}
|bring the light over from the {d} to the {p}|light {d} to {p}
|swap the light over from the {d} to the {p}|slide the light from {d} to {p}
|carry the lamp from the {d} over to the {p}
""")

_BETWEEN = word_list("""
halfway between the {a} and the {b}|between {a} and {b}|between the {a} and the {b}
|from between the {a} and the {b}|midway between {a} and {b}|somewhere between {a} and {b}
|from a point between the {a} and the {b}|half {a}, half {b}|in the middle between {a} and {b}
|light from {a} and {b} at once|both {a} and {b}|from the {a} and the {b}|{a} and {b}
""")
_NEAR = {  # what nudges a direction -> the vector that is added
    "to the left|to the left side|on the left|leftward|left|toward the left|from the left": (-1, 0,
    0),
    "to the right|to the right side|on the right|rightward|right|toward the right"
    "|from the right": (1, 0, 0),
    "above|higher|up|upward|raised|from above|higher than eye level|above eye level|high": (0, 1,
    0),
    "below|lower|down|downward|lowered|from below|lower than eye level|below eye level"
    "|from underneath": (0, -1, 0),
    "behind|from behind|to the back|further back|behind it|backward|toward the back": (0, 0, -1),
    "in front|from the front|to the front|closer to the camera|forward|toward the camera": (0, 0,
    1),
}  # fmt: skip
_BASES: dict[Angles, str] = {
    (0, 0): "from the front|frontal|front light|from the camera|near the camera|head-on"
    "|straight on",
    (-55, 0): "from the left|on the left|left light|left|from the left side",
    (55, 0): "from the right|on the right|right light|right|from the right side",
    (0, 55): "from above|overhead|top light|from the top|above",
    (0, -55): "from below|underneath|bottom light|from the bottom|below",
    (180, 25): "from behind|backlight|behind it|from the back|behind",
    (-45, 35): "from the upper left|top left", (45, 35): "from the upper right|top right",
    (-45, -35): "from the lower left|bottom left", (45, -35): "from the lower right|bottom right",
    (-125, 0): "from behind on the left|behind left", (125, 0): "from behind on the right"
    "|behind right",
}  # fmt: skip
_NUDGED = word_list("""
{b}, {m} {n}|{b} and {m} {n}|{b} but {m} {n}|{b}, just {m} {n}|{m} {n}, {b}|{b}, only {m} {n}
|{b} with the lamp {m} {n}|{b} and just {m} {n}|{b}, {m} {n} perhaps|mostly {b}, {m} {n}
|nearly {b}, {m} {n}|almost {b}, {m} {n}|{b}, {n} {m}
""")
_SLIGHTLY = word_list(
    "slightly|a little|a bit|a touch|somewhat|a tad|a hair|a little bit|ever so slightly|marginally"
)
_LENS: dict[Vector, str] = {
    (-0.4, 0, 1): "left of|to the left of", (0.4, 0, 1): "right of|to the right of",
    (0, 0.5, 1): "above|higher than|over", (0, -0.5, 1): "below|lower than|under|beneath",
}  # fmt: skip
_LENS_WORDS = word_list(
    "the camera|the lens|the viewer|the viewing axis|the photographer|my head|the camera axis"
)


def not_there_but_here(rng: random.Random) -> Place:
    """One direction denied, replaced or left, the other asked for."""
    draw = rng.random()
    form = "from" if draw < 0.6 else "at" if draw < 0.75 else "adjective"
    here, there, elsewhere = (_plain_or(form, rng) for _ in range(3))
    light = rng.choice(
        ("light ", "lit ", "", "", "", "lighting ", "the light comes ", "a lamp ", "backlit, ")
    )
    if form == "adjective" or light == "backlit, ":
        light = ""
    words = rng.choice(_DENIED_NAMES if form == "adjective" else _DENIED)
    words = words.format(p=here.words, d=there.words, e=elsewhere.words)
    return Place(words=light + words, direction=here.direction)


def _plain_or(form: str, rng: random.Random) -> Place:
    """Half of the time the plainest words for a side, else any place."""
    if rng.random() < 0.5:
        return place(form, rng)
    side, (azimuth, elevation) = rng.choice(list(_SIDES.items()))
    words = {"from": "from the {}", "at": "on the {}", "adjective": "{}"}[form].format(side)
    words = words.replace("the above", "above").replace("the below", "below")
    words = words.replace("on above", "above").replace("on below", "below")
    return Place(
        words=words,
        direction=LightDirection(azimuth_deg=float(azimuth), elevation_deg=float(elevation)),
    )


def moved(rng: random.Random) -> Place:
    """A light carried from one side to another, or put opposite a side."""
    start = rng.choice(list(_SIDES))
    if rng.random() < 0.3:
        end = _OPPOSITES[start]
        words = rng.choice(_OPPOSITE_OF)
    else:
        end = rng.choice([side for side in _SIDES if side != start])
        words = rng.choice(_MOVED)
    azimuth, elevation = _SIDES[end]
    return Place(
        words=words.format(p=end, d=start)
        .replace("the above", "above")
        .replace("the below", "below"),
        direction=LightDirection(azimuth_deg=float(azimuth), elevation_deg=float(elevation)),
    )


def main_of_two(rng: random.Random) -> Place:
    """Two lights: the main one is meant."""
    form = "from" if rng.random() < 0.65 else "at"
    main, other = _plain_or(form, rng), _plain_or(form, rng)
    words = rng.choice(_TWO).format(
        p=main.words, d=other.words, K=rng.choice(_KEY), F=rng.choice(_FILL)
    )
    return Place(words=words, direction=main.direction)


def in_between(rng: random.Random) -> Place:
    """Between two sides, or nudged from one: "almost overhead, a bit to the left"."""
    draw = rng.random()
    light = rng.choice(
        ("light ", "lit ", "", "lighting ", "the light is ", "a lamp ", "light source ")
    )
    if draw < 0.3:
        a, b = rng.sample(["left", "right", "top", "bottom", "front", "back"], 2)
        if _OPPOSITES[a] != b:
            vectors = [_vector((180, 5) if side == "back" else _SIDES[side]) for side in (a, b)]
            words = rng.choice(_BETWEEN).format(a=a, b=b)
            return Place(words=light + words, direction=_sum(*vectors))
    if draw < 0.5:
        vector, many = rng.choice(list(_LENS.items()))
        words = f"{rng.choice(_SLIGHTLY)} {rng.choice(many.split('|'))} {rng.choice(_LENS_WORDS)}"
        return Place(words=light + words, direction=_sum(vector))
    base, said = rng.choice(list(_BASES.items()))
    nudge, nudged = rng.choice([(v, k) for k, v in _NEAR.items()])
    start = _vector(base)
    if sum(a * b for a, b in zip(start, nudge, strict=True)) < -0.3:
        return in_between(rng)
    x, y, z = nudge
    words = rng.choice(_NUDGED).format(
        b=rng.choice(said.split("|")), m=rng.choice(_SLIGHTLY), n=rng.choice(nudged.split("|"))
    )
    return Place(words=light + words, direction=_sum(start, (0.35 * x, 0.35 * y, 0.35 * z)))


def _vector(angles: Angles) -> Vector:
    azimuth, elevation = angles
    return LightDirection(azimuth_deg=float(azimuth), elevation_deg=float(elevation)).vector


def _sum(*vectors: Vector) -> LightDirection:
    x, y, z = (float(sum(parts)) for parts in zip(*vectors, strict=True))
    return LightDirection.from_vector((x, y, z))
