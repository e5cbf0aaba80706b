"""Small stories: who holds the lamp, what opens, which side goes dark, what is imagined where.

Composed of parts, so that the place decides and not the wording around it.
"""

from __future__ import annotations

import random

from lasagna_relight.relit.caption_places import Angles, Place
from lasagna_relight.relit.caption_vocabulary import OBJECTS, QUALITIES, word_list

_SPOTS: dict[Angles, str] = {
    (57, 0): "on the {s}|to the {s}|to its {s}|at the {s} edge|off to the {s}|far off to the {s}"
    "|just outside the {s} of the frame|beyond the {s} border|over on the {s}|{s} of the picture"
    "|in the {s} wall|next to it, on the {s}|on the sideboard to the {s}|on the {s} hand side"
    "|on a table to the {s}|across the room on the {s}|out of frame {s}|past the {s} margin"
    "|on the {s}, level with it|by the wall on the {s}|just {s} of it|away to the {s}",
    (45, 37): "in the upper {s}|up on the {s}|high on the {s}|in the upper {s} corner"
        "|up and to the {s}"
    "|at the top {s}|on a ladder on the {s}|on a high shelf to the {s}|up a tree on the {s}"
    "|on the balcony to the {s}|on the roof on the {s}|pinned to the upper {s} corner"
    "|hovering up and to the {s}|on a tall stand to the {s}|on a mast to the {s}|high up, {s}",
    (45, -37): "in the lower {s}|down on the {s}|low on the {s}|in the lower {s} corner"
    "|on the floor to the {s}|at the bottom {s}|down and to the {s}|on the ground, {s} of it"
    "|crouching at the lower {s}|lying on the floor on the {s}|in the grass to the {s}"
    "|kneeling on the {s}|in a hole to the {s}|at ankle height on the {s}|at the {s} foot of it",
    (0, 58): "above it|over it|right over it|overhead|up on the ceiling|on the roof above"
        "|over its head"
    "|high above it|in the sky above it|in the rafters|dangling right over it|at the zenith"
    "|straight above it|hanging over it|on the floor above, through a hole|up in the lamp grid",
    (0, -58): "below it|under it|beneath it|underneath|in the floor|under the glass|at its feet"
    "|in the cellar below|under the floorboards|in the pit beneath it|face up under it"
    "|under the table top of glass|right under it|in the water below it|below its chin",
    (0, 1): "beside the camera|next to the lens|at the camera|behind the photographer|behind us"
    "|in my hands|where i stand|right beside me|on my forehead|at my back|where the viewer stands"
    "|behind my back|on top of the camera|on our side of it|between the viewer and it|behind me",
    (180, 40): "behind it|at its back|on the far side of it|in the background|right behind it"
    "|hidden behind it|beyond it|at the back of the stage|at the far end of the room, behind it"
    "|behind it, facing us|behind it and pointing at us|behind its back",
    (127, 4): "behind it on the {s}|behind its {s} edge|at the back, {s}"
        "|in the background on the {s}"
    "|behind it, off to the {s}|peeking past its {s} edge from behind|on the far side, {s}"
    "|at the back of the room on the {s}|behind its {s} shoulder|beyond it, {s}",
}  # fmt: skip
_HELD = word_list("""
someone {d} {p} {v} a {l}|somebody {p} {v} a {l}|a man {p} {v} a {l}|a child {p} {v} a {l}
|my assistant is {p} and {v} a {l}|a friend {p} {v} a {l}|imagine a {l} {p}|picture a {l} {p}
|pretend there is a {l} {p}|pretend that there's a {q} {l} {p}|think of a {l} {p}
|let there be a {l} {p}
|as if there were a {l} {p}|as if a {l} stood {p}|a {q} {l} {p}|the only lamp is {p}|one {l}, {p}
|the only light in the room is {p}|the only {l} stands {p}|something bright is {p}|a glow {p}
|something {q} and bright {p}|there is something shining {p}|the brightest thing is {p}
|what lights it is {p}|the thing that lights it is {p}|its light comes from a {l} {p}
|there's a {l} {p} and nothing else|all it gets is a {l} {p}|{p} a {l} is burning
|{p} there is a {l}, light comes from there|light comes from there: {p}|a door opens {p}
|the {l} i always use is {p}, light comes from there|the window is {p}, light comes in there
|someone opens a door {p} and light pours in|a curtain is drawn back {p}, sun comes in
|the sun is {p}|if the picture were a room, the {l} would be {p}|let the {l} be {p}
|have somebody {p} hold a {l}|get a {l} {p}|a {l} stands {p} and shines at it
|{p}, that's where the {l} is|it has a {l} {p}|the photographer put a {l} {p}
|i set my {l} {p}|i left the {l} {p}|they lit it with a {l} {p}|lit by whoever stands {p} with a {l}
|the {t} gets its light from a {l} {p}|a {t} and, {p}, a {l} that lights it
""")
_DOES = word_list("standing|sitting|crouching|kneeling|waiting|lying|squatting|leaning|floating")
_SHINES = word_list("""
shines|points|holds|aims|switches on|lights|swings|raises|waves|directs|turns on|carries|is holding
""")
_LAMPS = word_list("""
torch|lamp|flashlight|lantern|spotlight|candle|floodlight|light|bulb|bright window|open door|fire
|screen|neon tube|projector|lighthouse|shop window|strobe|softbox|headlight|light panel|sun|star
|desk lamp|street lamp|bonfire|burning torch|lit doorway|TV|glowing orb|LED panel|searchlight
""")

_PARTS: dict[Angles, str] = {
    (58, 3): "{s} half|{s} side|{s} edge|{s} cheek|{s} part|{s} flank|{s} border|{s} third|{s} face"
    "|{s}-hand side|side on the {s}|{s} shoulder|half on the {s}",
    (0, 58): "top|upper half|upper part|upper side|crown|roof|head|top side",
    (0, -58): "bottom|lower half|lower part|underside|base|belly|lower side",
    (45, 35): "upper {s}|top {s} corner|upper {s} part|top {s}|upper {s} corner",
    (45, -35): "lower {s}|bottom {s} corner|lower {s} part|bottom {s}|lower {s} corner",
}  # fmt: skip
_OPPOSITE = {"left": "right", "right": "left", "top": "bottom", "bottom": "top", "upper": "lower",
             "lower": "upper", "crown": "base", "roof": "floor", "head": "feet", "base": "crown",
             "underside": "upper side", "belly": "back"}  # fmt: skip
_BRIGHT = word_list("""
glares|is bright|shines|glows|burns bright|is lit|blazes|should glare|should be bright|is lit up
|gets all the light|gleams|is sunny|stays bright|is in the sun|should glow|is washed in light|lit
|bright|stands in the light|turns white|is blown out|should shine|radiates|catches everything
""")
_DARK = word_list("""
falls off|goes to black|goes black|drops into black|sinks into black|fades|fades away|stays dark
|melts into the dark|is swallowed by darkness|turns dark|loses itself in shadow|stays unlit
|disappears|in shadow|is black|is dark|dark|goes dark|gets nothing|is left in the dark|falls away
|vanishes in shadow|drowns in black|is in the shade|sinks into darkness|stays in shadow|black
""")
_CONTRASTS = word_list("""
everything on the {p} {b} while the {r} {k}|the {p} {b} while the {r} {k}
|the {r} {k} and the {p} {b}
|{p} {b}, {r} {k}|{r} {k}, {p} {b}|{r} {k}, {p} {b}, as we see it|{r} {k}|the {r} {k}|its {r} {k}
|let the {r} be the part that {k}|only the {p} {b}|the {p} {b}, the rest {k}|{p} {b}, all else {k}
|the {r} of the {t} {k}|the {p} of the {t} {b}|the {p} {b} but the {r} {k}|all of the {r} {k}
|whatever is on the {p} {b}|whatever lies {r} {k}|i want a picture where the {r} {k}
|i'd like it if the {p} {b}|have it so that the {r} {k}
|the {r}, seen from here, {k}|seen from here the {p} {b} and the {r} {k}|{p} {b}; {r} {k}
|from {p} to {r} it gets darker|it darkens from {p} to {r}|brightness drops from the {p} to the {r}
|light grows toward the {p}|the nearer to the {p}, the brighter|the farther {r}, the darker
""")
_FACES: dict[Angles, str] = {
    (0, 57): "the eyes vanish in the shadow of the brow|the brow shades the eyes"
    "|the nose throws its shadow on the lips|dark eye sockets|the hat brim shades the face"
    "|the chin shades the neck|the shadow of the nose falls on the mouth"
    "|shadow gathers in a small puddle at its feet|its shadow is a puddle around its feet"
    "|its shadow hides under it|the table's shadow lies right under the table"
    "|short midday shadow|a short noon shadow"
    "|midday shadows|noon shadows, hardly any|its shadow is as short as at noon"
    "|a tiny midday shadow",
    (0, -57): "the nose throws its shadow up the forehead|its chin glows and its brow is dark"
    "|shadows run up the face|the nostrils are bright, the forehead dark"
    "|light it from a light table|on a light box|lit like a slide on a light table"
    "|a light box under it|the lower face is bright, the forehead sinks into shadow"
    "|uplit like a monument|like a church tower lit at night, from its feet"
    "|its shadow is huge on the ceiling|the shadow climbs up the wall behind and above it",
    (0, 3): "no shadow can be seen, it is hidden behind it|the shadow is tucked away behind it"
    "|not one shadow to be seen from where we are|its face is evenly bright, no modelling",
    (50, 12): "the nose throws its shadow on the {o} cheek|the shadow of the nose points {o}"
    "|the nose shadow lies on the cheek at the {o} of the picture|the nose shadow goes {o}",
    (180, 40): "its ears glow through from behind|its hair is a halo|we only see its outline"
    "|make it look like it's eclipsing the lamp|it turns into a dark shape before the light"
    "|a black cut-out in front of the glow|the leaf glows because the light is behind it"
    "|rim only|just a rim|nothing but a rim of light|rim and no front light|outline only, please"
    "|just a bright fringe remains around it|hide the lamp behind it so that only a fringe shines"
    "|a photo taken straight into the sunset|as in a photo taken straight into the sun"
    "|looking straight into the lamp|shot right into the sun|straight into the light"
    "|its shadow stretches right up to the camera|the shadow runs right up to my feet"
    "|its shadow points right at us|the window that it stands in front of|the shadow reaches me",
}  # fmt: skip
_OPENINGS = word_list("please,|so,|ok,|hi,|listen:|could you do this:|i'd like this:|hm,|well,")


def story(rng: random.Random) -> Place:
    """A small story of where the light is: "someone crouching at the lower left holds a torch"."""
    draw = rng.random()
    side = rng.choice(("left", "right"))
    table = _SPOTS if draw < 0.6 else _PARTS if draw < 0.88 else _FACES
    angles, many = rng.choice(list(table.items()))
    chosen = rng.choice(many.split("|"))
    where = chosen.replace("{s}", side).replace("{o}", _OPPOSITE[side])
    azimuth = -angles[0] if side == "left" and where != chosen else angles[0]
    if table is _SPOTS:
        words = _spoken(_HELD, rng).replace("{p}", where)
    elif table is _PARTS:
        words = _spoken(_CONTRASTS, rng).replace("{p}", where)
        rest = " ".join(_OPPOSITE.get(word, word) for word in where.split())
        rest = rest.replace("left-hand", "R-hand").replace("right-hand", "left-hand")
        words = words.replace("{r}", rest.replace("R-hand", "right-hand"))
    else:
        words = where
    if rng.random() < 0.12:
        words = f"{rng.choice(_OPENINGS)} {words}"
    return Place.at(words, (azimuth, angles[1]))


def _spoken(many: tuple[str, ...], rng: random.Random) -> str:
    words = rng.choice(many)
    for blank, choices in (
        ("{d}", _DOES), ("{v}", _SHINES), ("{l}", _LAMPS), ("{q}", QUALITIES), ("{t}", OBJECTS),
        ("{b}", _BRIGHT), ("{k}", _DARK),
    ):  # fmt: skip
        words = words.replace(blank, rng.choice(choices))
    return words
