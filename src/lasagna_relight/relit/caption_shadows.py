"""What shadows and bright sides say of the light: it stands opposite the shadow."""

from __future__ import annotations

import random
import re

from lasagna_relight.light_direction import LightDirection
from lasagna_relight.relit.caption_places import Angles, Place, drawn_from
from lasagna_relight.relit.caption_vocabulary import OBJECTS, QUALITIES, SUBJECTS, word_list

# Where a shadow goes -> where the light then stands, for the shadow's right-hand form.
SHADOW_GOES: dict[Angles, str] = {
    (-58, 8): "to the {s}|{s}|on the {s}|toward the {s}|towards the {s} edge|onto the {s} wall"
    "|{s}wards|{s}ward|across the floor to the {s}|to the {s} side of the picture"
    "|on its {s} side|at the {s}|off to the {s}|over to the {s}|across the table to the {s}"
    "|into the {s} half|to the {s} of the object|along the ground to the {s}|out to the {s}"
    "|in the {s} direction|away to the {s}|to its {s}|on the {s}-hand side"
    "|towards the {s} side of the frame|sideways {s}|to the {s} border|on the {s} of the {t}"
    "|to the {s} of the {t}|far to the {s}|over the {s} side|onto the wall on the {s}"
    "|on the wall to the {s}|on the {s} wall|{s} of it|{s} of the object|toward the {s} edge"
    "|beyond it on the {s}|into the {s} corner|{s} across the ground",
    (-45, 35): "to the lower {s}|down and to the {s}|toward the bottom {s} corner"
    "|at the bottom {s}|to the bottom {s}|down to the {s}|towards the lower {s}"
    "|in the lower {s} corner|lower {s}|diagonally down to the {s}|downwards and {s}|bottom {s}"
    "|below and to the {s}|below {s}|below it to the {s}|beneath it on the {s}|on the lower {s}",
    (-45, -35): "to the upper {s}|up and to the {s}|toward the top {s} corner|at the top {s}"
    "|to the top {s}|up to the {s}|towards the upper {s}|up the {s} wall|in the upper {s} corner"
    "|diagonally up to the {s}|upper {s}|upwards and to the {s}|above and to the {s}|above {s}"
    "|above it on the {s}|on the upper {s}",
    (0, 58): "below it|straight down|underneath|beneath it|directly below|right under it|downward"
    "|below|under the object|at its feet|under the {t}|downwards|onto the floor below it"
    "|at the bottom"
    "|to the bottom of the picture|beneath the {t}|right underneath it",
    (0, -58): "above it|upwards|up onto the ceiling|upward|on the ceiling|above"
    "|up the wall above it"
    "|to the top of the picture|over it|at the top|above the {t}|high up on the wall|up",
    (0, 5): "behind it|away from us|away from the camera|backwards|into the background"
    "|behind the {t}"
    "|to the back|on the wall behind it|backward|away from the viewer|onto the backdrop"
    "|behind the object|into the distance|out of sight behind it|toward the background|to the rear",
    (180, 42): "toward us|toward the camera|towards the viewer|forward|forwards|in front of it"
    "|at us"
    "|at the camera|toward the front|to the front|in our direction|toward the lens|our way|to me"
    "|into the foreground|at the viewer|in front of the {t}|towards me|straight at the camera",
    (-135, 20): "forward and to the {s}|towards us on the {s}|toward the viewer and {s}"
    "|to the front {s}"
    "|toward the camera, a bit to the {s}",
    (-40, 10): "behind it and to the {s}|back and to the {s}|into the background on the {s}"
    "|back {s}",
}

_SHADOWS = word_list("""
the shade|the silhouette on the wall|the darkness|the dark patch|the shading|its dark outline
|umbra|the shadow it casts|the shadow|its shadow|shadows|a long shadow|the cast shadow
|the drop shadow|a shadow|the object's shadow|a soft shadow|a hard shadow|the long shadows
|all shadows|the shadow of the {t}|the {t}'s shadow|its long shadow|dark shadows|shadow
|its {q} shadow|the shadows|a deep shadow|short shadow
""")
_FALL = word_list("""
falls|goes|comes|comes straight|stretches|points|is|lies|runs|extends|creeps|reaches|leans|spills
|is cast|is thrown|drops|slides|should fall|should go|must fall|grows|moves|drifts|is projected
|falling|pointing|lying|stretching|going|cast|thrown|fall|go|point|stretch|lie|are|extend|sweeps
|trails|crawls|travels|heads|is pointing|is falling|is stretching|is lying|is going|is running
|slants|tilts|hits|should be|must be|has to be|needs to be|should point|should stretch|will be
|appears|sits|rests|forms|stands|faces|is directed|is seen|gets cast|is drawn|is found
|begins and runs
|trails|crawls|disappears|flows|is visible|fell|will fall|ends up|shows|pools|spreads
""")
_CASTING = word_list("""
casting a shadow|it casts its shadow|throwing a shadow|it throws a long shadow
|make the shadow fall|let the shadow fall|have the shadows go|cast the shadow
|i want the shadow to fall|let the shadow point|the {t} casts a shadow|cast shadows
|make the shadow go|put the shadow|place its shadow|with a shadow|shadows should stretch
|it drops a shadow|shadow it|i'd like to see the shadow|move the shadow|with the shadow
|with shadows|with its shadow|so that the shadow goes|relight it so that the shadow falls
|with shadows falling|leaving a shadow|it leaves its shadow|with the shadow stretching
""")

# The part of the object that the light meets -> where the light stands.
BRIGHT_PART: dict[Angles, str] = {
    (60, 5): "{s} side|{s} half|{s} edge|{s} part|{s} flank|{s} third|{s}-hand side|{s} face"
    "|{s} cheek|{s} shoulder|{s} ear|{s} arm|{s} eye|{s} leg|side that is on the {s}"
    "|{s}|half on the {s}|{s}most part|{s} side of the face|{s} half of the face|part on the {s}"
    "|{s} contour|{s} hand side|{s} portion|side on the {s}|{s} wall|{s} surface|{s} end"
    "|area on the {s}|{s} rim of it",
    (45, 35): "upper {s}|top {s}|upper {s} corner|top {s} part|upper {s} side|top {s} corner"
    "|upper {s} part",
    (45, -35): "lower {s}|bottom {s}|lower {s} corner|bottom {s} part|lower {s} side"
    "|bottom {s} corner",
    (0, 58): "top|upper half|upper side|top half|upper part|crown|top side|top surface|head"
    "|upper end",
    (0, -58): "bottom|lower half|underside|bottom half|lower part|lower side|base|belly|lower end",
    (0, 4): "front|front side|side facing us|side toward the camera|side that we see|visible side",
    (180, 42): "back|back side|rear|far side|side away from us|reverse",
}
_BRIGHT = word_list("""
is bright|is lit|lit|glows|receives the light|catches the light|is highlighted|in the sun|shines
|bathed in light|bright|hit by the light|is brightest|gleams|is illuminated|illuminated|glowing
|should be bright|should receive the light|lights up|gets the light|in full light|in bright light
|must be lit|brightly lit|well lit|is sunlit|highlighted|has the highlights|is the brightest
|brighter|takes the light|faces the light|glistens|is sunny|is the sunny one|is shining|is shiny
|has the light|is in the light
|in the light|turned to the light|is nearest the lamp|is well lit|stands out bright|catches the sun
|is glowing|is gleaming|is flooded with light|is bathed in sun|gets the sun|whitest|lightest
|is bathed
|flooded with light|should catch the light
|sparkles
""")
_DARK = word_list("""
is the darkest spot|gets darker|has the deepest shading|is the shadow side|gets lost in the gloom
|is murky and black|is dark|in shadow|lies in darkness|in the shade|is black|unlit|is dim|shaded
|fades to black|vanishes in shadow|dark|black|gets no light|is murky|in darkness|falls into shadow
|is in shadow|stays dark|should be dark|lies in shadow|sinks into black|remains in the dark
|is unlit|is hidden in shadow|should be the darkest|is the darkest|darkest|disappears in the dark
|is shadowed|lost in shadow|turned away from the light|must stay dark|darker|obscured by shadow
|drowned in shadow|is all black|goes dark|is pitch black|is in the dark|is under shadow
|in deep shadow
|is swallowed by shadow|lies in shade|gets the shadow|has the shadow|is gloomy|fades away
|turns black
|is hard to see|is left dark|is not lit|isn't lit|not lit|receives no light|is shady|in half-shadow
""")
_OPPOSITE_WORDS = {
    "left": "right", "right": "left", "upper": "lower", "lower": "upper", "top": "bottom",
    "bottom": "top", "front": "back", "back": "front",
}  # fmt: skip


def shadow(rng: random.Random) -> Place:
    """What a shadow does, or which part of the object is bright or dark."""
    return _shadow_goes(rng) if rng.random() < 0.6 else _bright_part(rng)


def _shadow_goes(rng: random.Random) -> Place:
    went = drawn_from(SHADOW_GOES, rng)
    start = (
        f"{rng.choice(_SHADOWS)} {rng.choice(_FALL)}"
        if rng.random() < 0.65
        else rng.choice(_CASTING)
    )
    if rng.random() < 0.08:
        start = "shadow" if rng.random() < 0.5 else "shadow:"
    return _spoken(f"{start} {went.words}", went.direction, rng)


def _bright_part(rng: random.Random) -> Place:
    part = drawn_from(BRIGHT_PART, rng)
    other = " ".join(_OPPOSITE_WORDS.get(word, word) for word in part.words.split())
    bright, dark = rng.choice(_BRIGHT), rng.choice(_DARK)
    draw = rng.random()
    if other == part.words or draw < 0.4:
        words = rng.choice(
            ("the {p} {b}", "its {p} {b}", "the {p} of the {{t}} {b}", "only the {p} {b}",
             "{p} {b}", "with the {p} {b}", "let the {p} catch the light",
             "highlights on the {p}", "make its {p} glow", "highlight the {p}",
             "the highlights sit on the {p}", "brighten the {p}",
             "the brightest part is the {p}", "the sunny side is the {p}", "lit {p}",
             "light up the {p}", "light falls on its {p}", "light the {p}", "the {p} in light",
             "the light is on its {p}", "give the {p} some light", "sunlight on the {p}",
             "the {p} faces the lamp", "highlight on the {p}", "shine on the {p}",
             "i want the {p} to be bright",
             "light on the {p} of it", "the light touches the {p}", "the sun hits the {p}"),
        )  # fmt: skip
    elif draw < 0.7:
        words = rng.choice(
            ("the {d} {k}", "its {d} {k}", "the {d} of the {{t}} {k}", "{d} {k}",
             "with the {d} {k}", "shade on the {d}", "shadows on the {d}",
             "let the {d} fall into shadow", "make its {d} dark",
             "the {d} should be in the shade", "darkness on the {d}", "i want the {d} to be dark"),
        )  # fmt: skip
    else:
        words = rng.choice(
            ("bright {p} and dark {d}", "{p} bright, {d} dark", "{d} dark, {p} bright",
             "from a bright {p} to a dark {d}", "the {p} is lit and the {d} isn't",
             "the {p} is brighter than the {d}", "the {d} is darker than the {p}",
             "{p} lit, {d} unlit", "lit {p}, shadowed {d}", "light on the {p}, shadow on the {d}",
             "sun on the {p}, shade on the {d}", "the {d} falls off into the dark, the {p} {b}",
             "sunny {p}, shady {d}", "the sunny side is the {p}, the shady one the {d}",
             "{p} {b}, {d} {k}", "the {p} {b} and the {d} {k}", "{d} {k}, {p} {b}",
             "bright {p}, dark {d}", "the {d} {k} while the {p} {b}",
             "highlights on the {p}, shadows on the {d}", "light {p} and dark {d}",
             "fading from a bright {p} to a dark {d}", "dark {d}, bright {p}",
             "shadows on the {d}, highlights along the {p}", "the {p} {b}, the {d} {k}"),
        )  # fmt: skip
    said = words.format(p=part.words, d=other, b=bright, k=dark)
    return _spoken(said, part.direction, rng)


def _spoken(words: str, direction: LightDirection, rng: random.Random) -> Place:
    """``words`` with their object and quality filled in."""
    if rng.random() < 0.3:
        words = re.sub(r"\b(it|the object)\b", rng.choice(SUBJECTS), words, count=1)
    words = words.replace("{t}", rng.choice(OBJECTS)).replace("{q}", rng.choice(QUALITIES))
    return Place(words=words, direction=direction)
