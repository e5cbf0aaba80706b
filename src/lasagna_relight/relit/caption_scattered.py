"""Places said in parts that stand apart: side, height and depth, in any order, words between them.

"By the wall there is a lantern, low down, and the bear stands before it, so over on the left": the
direction is what the parts say together.
"""

from __future__ import annotations

import random

from lasagna_relight.relit.caption_places import Place
from lasagna_relight.relit.caption_vocabulary import OBJECTS, QUALITIES, word_list

_SOURCES = word_list("""
a lamp|the lamp|a light|the light|one light|a lantern|a candle|two candles|the sun|a low sun
|a window|the only window|a strip light|a neon sign|a fire|the campfire|a torch|a flashlight
|a street lamp|a spot|the spotlight|a softbox|a big octabox|the key|a single bulb|a TV|a screen
|the moon|a floodlight|an open door|a bare bulb|the glow|a bright patch of sky|a strobe
|an LED panel|a projector|a shaft of light|headlights|a brazier|the stove|an explosion|a lava crack
|a glowing crystal|a lit doorway|a beam|a skylight|a desk lamp|a work light|the flame|embers
|a burning barn|a row of bulbs|a lit window|daylight
""")
_THINGS = word_list("""
her|him|it|them|the singer|the couple|the dog|the bottle|my product|the statue|the dancer|the car
|the face|the sitter|the group|the actor|the child|the horse|the vase|the model|the monk
|the drummer|the tree|the bride|the subject|the object|our hero|the kid|the player|the old man
|the fisherman|the bust|the cup
""")
_SIDE = word_list("""
on the {s}|at the {s}|over on the {s}|over to the {s}|off to the {s}|{s} of center|a bit to the {s}
|on the {s} hand side|past the {s} edge|near the {s} margin|by the {s} wall|in the {s} half
|camera {s}|frame {s}|picture {s}|{s} side|to the {s}|from the {s}|{s} of it|on its {s} flank
|out of frame {s}|towards the {s}|{s} as we see it|at the {s} end|along the {s}|down the {s} side
|on our {s}|at far {s}|{s}-hand|in the {s} wing of the house|through the {s} wall|the {s} one
|somewhere {s}
""")
_HIGH = word_list("""
up high|high up|near the ceiling|on the top shelf|up in the gallery|in the rafters|on the roof
|above head height|up on a pole|on a tall stand|up in the branches|well up|from above|up the stairs
|from a balcony|high on the wall|on top of the wardrobe|up the mast|steeply|up there|way up|raised
|slanting down|raining down|coming down at an angle|from overhead|hanging from a beam|on a crane
|two floors up|on the upper bunk|falling from a height|aimed down|higher than {t}|above eye level
|in the upper storey|up on the scaffold|on a boom|lifted over the heads|in the top half
""")
_LOW = word_list("""
on the floor|down low|low down|at ankle height|in the grass|near the ground|on the carpet
|at the feet|in the gutter|on the bottom step|in the pit|below the table edge|from below
|from underneath|in the cellar hatch|on the deck|through a grate in the street|shining up
|glowing up at {t}|tilted up|throwing its light upward|in the snow|in the well|below {t}
|under the desk|lower than {t}|aimed up|at the level of the shoes|lying on the pavement
|down in the valley|on the lowest shelf|from down there|on the bottom bunk|sunk in the ground
|under the chin|in the bottom half|close to the earth
""")
_BEHIND = word_list("""
behind {t}|in back of {t}|at the back of {t}|beyond {t}|further back than {t}|past {t}
|on the far side of {t}|between {t} and the wall|in the background|at the rear of the room
|pointing at the camera|aimed at us|deep in the scene|back there|hidden by {t}|from behind
|at the rear|from the back|so that only the outline glows|leaving our side of {t} dark
|haloing the hair|catching only the edges|turning {t} into a cutout|shining toward us
|at the far end|rimming {t}|drawing a thin bright line|with {t} between it and us
|{t} blocks it from the lens|as a kicker|against the backdrop|as an edge light|way in the back
|farther from us than {t}|on the nape of {t}
""")
_FRONT = word_list("""
in front of {t}|between us and {t}|near the camera|close to the lens|on this side of {t}|facing {t}
|next to the photographer|beside the tripod|from the front|shining in the face|from our side
|before {t}|nearer to us than {t}|from where we stand|into the face|by the camera|in the foreground
|toward the scene
""")
_FRAMES = word_list("""
{x} {a}, {b}, {c}|{x} {a} {b} {c}|{a}, {b}, {c}: {x}|{x} is {a}, {b}, {c}
|{x} stands {a}, {b} and {c}|{a} there is {x}, {b}, {c}|{x} {a}; it is {b}, {c}
|there's {x} {a}, and it is {b} {c}|{t}, {a}, lit by {x}, {b}, {c}|{q} light {a}, {b}, {c}
|put {x} {a}, {b}, {c}|{x}: {a}, {b}, {c}|we placed {x} {a}, {b}, {c}
|{t} is lit by {x} {a}, {b}, {c}|{a} we have {x}; {b}; {c}|{x}, {a}, hits {t}, {b}, {c}
|{a}, {b}, {c}, {q}|a {o} and {x} {a}, {b}, {c}|{x} burns {a}, {b}, {c}
|{a} and {b}, {c}, that is where {x} is|{x} {a}, {q}, {b}, {c}|{x} shines {a}, {b}, {c}, on a {o}
|not much, just {x} {a}, {b}, {c}|I see {x} {a}, {b}, {c}|{a}, {q}, {b}, {c}|lit {a}, {b}, {c}
|move {x} so that it is {a}, {b}, {c}|{x} {a} does it, {b}, {c}|{b}, a {o}, {x} {a}, {c}
""")
_Part = tuple[str, list[str]]


def scattered(rng: random.Random) -> Place:
    """A light whose side, height and depth are said apart from each other."""
    thing = rng.choice(_THINGS)
    while True:
        side, height = rng.choice((-1, 1, -1, 1, 0)), rng.choice((-1, 0, 0, 1))
        depth = rng.choice((-1, -1, 0, 0, 1))  # behind, unsaid, before
        if (side != 0) + (height != 0) + (depth != 0) >= 1 + (rng.random() < 0.8):
            break
    said: list[str] = []
    if side:
        word = "right" if side > 0 else "left"
        said.append(rng.choice(_SIDE).format(s=word))
        if rng.random() < 0.08:
            said[-1] += f", not {rng.choice(_SIDE).format(s='left' if side > 0 else 'right')}"
    if height:
        said.append(rng.choice(_HIGH if height > 0 else _LOW))
    if depth:
        said.append(rng.choice(_BEHIND if depth < 0 else _FRONT))
    rng.shuffle(said)
    parts = dict(zip("abc", [*said, "", ""], strict=False))
    words = rng.choice(_FRAMES).format(
        **parts, x=rng.choice(_SOURCES), t=thing, q=rng.choice(QUALITIES), o=rng.choice(OBJECTS)
    )
    return Place.at(_tidied(words.replace("{t}", thing)), _angles(side, height, depth))


def _angles(side: int, height: int, depth: int) -> tuple[float, float]:
    if depth < 0:
        away = 125.0 if height == 0 else 132.0
        return (side * away if side else 180.0), {-1: -25.0, 0: 5.0 if side else 25.0,
                                                  1: 35.0 if side else 55.0}[height]  # fmt: skip
    if depth > 0:
        return side * 35.0, {-1: -38.0, 0: 0.0, 1: 35.0}[height]
    if side and height:
        return side * 45.0, height * 35.0
    return side * 55.0, height * 55.0


def _tidied(words: str) -> str:
    """``words`` without the commas and blanks of parts that are not there."""
    pieces = words.split(" ")
    kept = [piece for piece in pieces if piece not in ("", ",", ";")]
    text = " ".join(kept)
    for doubled in (", ,", ",,", "; ;", ";,", ": ,", ",;"):
        text = text.replace(doubled, doubled[0])
    for hanging in (" and,", " and;"):
        text = text.replace(hanging, hanging[-1])
    return text.strip(" ,;:").removesuffix(" and")
