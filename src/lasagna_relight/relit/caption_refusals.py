"""Sentences with words of direction or of light that ask for no light from anywhere.

Built from parts, so that what is to be refused is as varied as what is to be read: edits of the
picture, points of view, colors and amounts of light, remarks with "right", "left" and "top".
"""

from __future__ import annotations

import random
import re

from lasagna_relight.relit.caption_vocabulary import QUALITIES, UNLIT_OBJECTS, word_list

_VIEWS = word_list("""
{v} {x} from {a}|{v} {x} from {a}, {b}|{v} {x} from a {b}|a {b} of {x}|{b}, please|{x} from a {b}
|{x} seen from {a}|i want to see {x} from {a}|let me see {x} from {a}|as seen from {a}
|move the camera {m}|tilt the camera {m}|turn the camera {m}|place the camera {m}|camera {m}
|the camera looks {m}|the photographer stands {m}|step {m} with the camera|change the view to {a}
|put the viewpoint {m}|a picture taken from {a}|a photo shot from {a}|rather a {b}|the view from {a}
|{x} turned away from us|{x} facing {m2}|{x} looking {m2}|turn {x} to face {m2}|show its {p}
|let {x} look {m2}|show {x} from its {p}|i want {x} to look {m2}
""")
_VERBS = word_list("show me|show|draw|photograph|film|paint|take|shoot|render|view|picture|depict")
_ASPECTS = word_list("""
above|below|behind|the side|the left|the right|the front|the back|the top|further away|up close
|a low angle|a high angle|a different angle|over there|the bottom|the street|the window|a plane
|the left side|the right side|far above|the rear|underneath|overhead|straight above|the other side
""")
_POINTS = word_list("""
bird's-eye view|bird's eye view|worm's-eye view|low-angle shot|high angle shot|top-down view
|top view|side view|front view|rear view|back view|profile view|aerial view|frontal view|close-up
|wide shot|drone shot|overhead shot|three-quarter view|plan view|left side view|right side view
""")
_WAYS = word_list("""
to the left|to the right|up|down|higher|lower|back a bit|forward|above it|below it|behind it
|in front of it|over its shoulder|30 degrees down|20 degrees to the left|10 degrees up|closer
|a little to the right|45 degrees to the side|upwards|overhead
""")
_GAZES = word_list("""
left|right|up|down|to the left|to the right|at the sky|up at the sky|at us|away|back
|over the shoulder|to the front|upwards|at the floor|30 degrees to the left
""")
_SIDES_OF = word_list("back|front|left side|right side|underside|top|bottom|rear")

_EDITS = word_list("""
{t} {y} {n} degrees {r}|{t} {y} by {n} degrees|{t} {y} {n}° {r}|{t} {y} {f}|please {t} {y} {f}
|{t} {y} {f} a bit|could you {t} {y} {f}|{c} the {l} of {y}|{c} the {l}|crop the {l} third of {y}
|write {w} in the {l} corner|put {w} in the {l} corner|put a logo at the {l}|add {w} at the {l}
|remove the {o} on the {h}|delete the {o} at the {h}|put {g} on the {k} at the {h}
|add a second {o} behind the first one|add another {o} to the {h}|put the {o} on top of the {o2}
|the {o} should stand to the {h} of the {o2}|turn the {o} so its handle points {f}
|let the {o} lean {f}|move the {o} a little {f}|shift the {o} {f}|make the {l} half sharper
|blur the {l} part|copy the {o} from the {h} to the {l}|paint over the {l} corner
|the horizon slants to the {h}, fix that|undo the last step|go back one step|scale it up by {n}%
|{s} the {z}|{s} the {z} a bit|replace the {z} by a {q} one|swap the {z} for a starry night
|the {z} should be {q}|make the {z} {q}|a {q} {z} please|give it a {q} {z}
""")
_TURNS = word_list("rotate|turn|flip|mirror|tilt|skew|straighten|shift|spin|twist|rock")
_SHEETS = word_list("""
the picture|the image|the photo|it|the canvas|the frame|the whole thing|this|my photo|the scan
|the {o}|the page|the drawing
""")
_ROUND = word_list("clockwise|counterclockwise|anticlockwise|to the left|to the right")
_FLIPS = word_list("""
horizontally|vertically|upside down|to the left|to the right|sideways|left to right|a quarter turn
|by a quarter|around|over|clockwise|upwards|to the back|half a turn
""")
_CUTS = word_list("crop|trim|cut|cut off|shave off|extend|widen|pad|keep only|frame|select|mask")
_EDGES = word_list("""
left|right|top|bottom|top left|top right|bottom left|bottom right|upper|lower|left-hand|right-hand
""")
_TEXTS = word_list(
    "my name|the date|a caption|hello|a watermark|the title|a signature|copyright 2024"
)
_GEAR = word_list("sunglasses|a hat|a red scarf|earrings|a mask|a helmet|a tie|a flower|a badge")
_BACKDROPS = word_list("""
sky|background|foreground|grass|water|clouds|horizon|wall in the back|floor color|carpet|curtains
|sea|snow|street|forest in the back|wallpaper|tablecloth|backdrop color
""")
_CHANGES = word_list(
    "darken|brighten|replace|blur|change|recolor|paint|remove|extend|clean|sharpen"
)

_LIGHTS = word_list("""
change {i} to a {q} colour|change {i} to a {q} color|make {i} {q}|make {i} more {q}|{i} in {q}
|turn {i} {q}|give {i} a {q} tint|tint {i} {q}|{i} should be {q}|{i} should look {q}|less {q} {j}
|{q}, {q2} {j}|{q} and {q2} {j}|{q} {q2} {j}|{j} that is {q}|{j}: {q}|softer {j}|harder {j}
|dim {i}|dim {i} a little|turn {i} down|turn {i} off|switch {i} off|boost {i} a bit
|set {i} to {n}%|{n}% more {j}|{n} percent less {j}|double the intensity of {i}|halve {i}
|warmer {j}|cooler {j}|change {i} to a warmer colour|change {i} to a cooler tone|{i} at {n} percent
|adjust {i}|improve {i}|fix {i}|i don't like {i}|what about {i}|keep {i} as it is|{i} is too {q}
|raise the exposure by one stop|lower the exposure|increase the exposure by two stops
|let it be {q}|so {q}|something more {q}|a bit {q}|as {q} as possible|{q} mood|a {q} feeling
|{q} pastel {j}|cozy {q} {j}|warm cozy {j}|dreamy {q} {j}|{j} like on a {q} day
""")
_THE_LIGHT = word_list("""
the light|the lights|the lighting|the sun|the lamp|the sunlight|the illumination|the glow|the key
|the ambient light|the colour of the light|the light's color|the shadows|the moonlight
""")
_LIGHT = word_list("light|lighting|glow|illumination|sunlight|daylight|moonlight|shadows|shine")

_REMARKS = word_list("""
the right {u}|that is the right {u}|is that the right {u}|it's not the right {u}|find the right {u}
|top {u2}|a top {u2}|the top {u2}|bottom {u3}|the {e} of {C}|in the {e} of {C}|{e}ern {C}
|a trip to the {e} of {C}|nothing left to {V}|what is left to {V}|whatever is left of the {o}
|delete whatever is left of the {o}|there's no {o} left|{N} {o}s left|all right, {V} it
|all right, go on|that's all right, {V} it|right, {V} it now|{V} it right now|{V} it right away
|up to you|what's up|it's up to you|i'm fed up with the {o}|over and out|left and right
|{T} looks up|{T} looks down|{T} sits on the {h}|{T} is on the {h}|{T} comes from the {h}
|{T} looks to the {h}|{T} stands behind the {o}|{T} turns {h}|{T} went down|{T} is above the {o}
|a right-hand {o}|photo of a right-hand {o} on a table|a left-hand {o}|the {h}-hand {o}
|a {o} in front of a fireplace|a {o} next to the window|a {o} beside a lamp|a {o} by the window
|a {o} in front of a fireplace, drawing|a chair in front of a mantelpiece|a lamp shop in {C}
|a light {o}|a light {q} {o}|light {q} paint on the {o}|make the {o} light blue|a lightweight {o}
|light {q} background|a {q} backlight button|the {o} in front|the front {o}|the back {o}
|put a lamp on the {o}|place a candle on the {o}|add a lamp to the table|a light switch on the wall
|add a light switch on the {h} wall|the {h} window is dirty|the {h} {o} is too {q}|back it up first
|the sky on the {h} is too dark|the {o} on the {h} is too dark|the {h} door is {q}, paint it
|right, that's enough|right, that's enough for today|right, let's stop|left as it is
|leave it at that
|top it off with a {o}|front up the money|upload it|upgrade it|back to the start|back to square one
|paint the {h} {o} {q}|the {h} {o} is dirty|the {h} {o} needs paint|lift the {o} onto the {o2}
|under the {o} there is a {o2}|behind the {o} there is a {o2}|above the {o} hangs a {o2}
|move the whole thing {W}|shift everything {W} a bit|nudge the {o} {W}|bring the {o} {W}
|remove the lamp in the background|take the lamp out of the picture|there is a lamp too many
|remove the shadow {under}|take away the shadow {under}|soften the shadow {under}
|right click on the {o}
|brighter {z}|darker {z}|a brighter {z}|more contrast on the {h} side|more contrast at the {l}
|less noise on the {h} side|sharper on the {h}|left click on the {o}|a house on the {h}|the {h} bank
|up the contrast|down with the saturation|a sunset colored {o}|look at the bottom of the page
|turn {h} at the next corner|a {h} turn sign|a {o} under the {o2}|the {o} over the {o2}
|a bottom-up approach|the top of the class
""")
_RIGHT_THINGS = word_list("""
answer|thing to do|idea|person|time|address|word|size|decision|place|way|moment|color|choice|tool
|question|number|angle for a shot|wing|spirit|attitude|amount|kind of {o}|sort of mood|impression
""")
_TOP_THINGS = word_list("""
secret|gear|marks|hat|hats|model|chef|quality|price|speed|score|ten list|of the pops|notch work
|athlete|dog|banana|priority|brand|shelf
""")
_BOTTOM_THINGS = word_list(
    "line|dollar|of the barrel|of the ninth|feeder|drawer|shelf|up economics"
)
_LANDS = word_list("""
France|Italy|Spain|England|America|Africa|Germany|Japan|China|Norway|Texas|Europe|London|Berlin
|Paris|India|Wales|Russia|the country|town|the city|Sweden|Chile
""")
_DOINGS = word_list("""
say|do|lose|eat|see|add|save|send|print|try|fix|change|keep|use|learn|wear|export|finish|paint
|save it as a PNG|crop
""")
_PEOPLE = word_list("""
she|he|the cat|the dog|it|the man|my son|the bird|the girl|the boy|somebody|the horse|a woman
|the old man|the statue|everyone|the actor|the car
""")
_BLANKS = {
    "v": _VERBS, "a": _ASPECTS, "b": _POINTS, "m": _WAYS, "m2": _GAZES, "p": _SIDES_OF,
    "t": _TURNS, "y": _SHEETS, "r": _ROUND, "f": _FLIPS, "c": _CUTS, "l": _EDGES, "w": _TEXTS,
    "g": _GEAR, "z": _BACKDROPS, "s": _CHANGES, "i": _THE_LIGHT, "j": _LIGHT, "u": _RIGHT_THINGS,
    "u2": _TOP_THINGS, "u3": _BOTTOM_THINGS, "C": _LANDS, "V": _DOINGS, "T": _PEOPLE,
    "k": ("man", "woman", "cat", "boy", "statue", "dog", "girl"), "h": ("left", "right"),
    "e": ("north", "south", "east", "west"), "q": QUALITIES, "q2": QUALITIES,
    "o": UNLIT_OBJECTS, "o2": UNLIT_OBJECTS, "n": ("5", "10", "15", "20", "30", "45", "90", "180"),
    "W": ("up", "down", "left", "right", "to the left", "back", "forward", "up a bit"),
    "under": ("under the chin", "under the nose", "on the wall", "at the left", "on the right side",
              "behind him", "below the {o}", "in the background"),
    "N": ("two", "three", "no", "some"),
}  # fmt: skip
_SUBJECTS = word_list("the picture|it|the scene|me the {o}|the {o}|her|him|this|the house|the cat")
_FAMILIES = (_VIEWS, _EDITS, _EDITS, _LIGHTS, _LIGHTS, _REMARKS, _REMARKS)


def unlit_request(rng: random.Random) -> str:
    """A sentence that asks for no light from anywhere: "rotate the photo 90 degrees clockwise"."""
    words = rng.choice(rng.choice(_FAMILIES)).replace("{x}", rng.choice(_SUBJECTS))
    while blanks := re.findall(r"\{(\w+)\}", words):
        words = words.replace(f"{{{blanks[0]}}}", rng.choice(_BLANKS[blanks[0]]), 1)
    return words
