"""Everyday things that shine, each at its own height, put somewhere about the object."""

from __future__ import annotations

import random
import re

from lasagna_relight.relit.caption_places import Angles, Place, drawn_from, sided
from lasagna_relight.relit.caption_vocabulary import OBJECTS, QUALITIES, SUBJECTS, word_list

_HIGH = word_list("""
ceiling lamp|chandelier|street lamp|streetlight|skylight|moon|full moon|lamp post|stadium light
|pendant lamp|sun|star|ceiling light|ceiling spot|high window|attic window|street lantern
|floodlight mast|drone light|UFO|hanging bulb|bare bulb|paper lantern|disco ball|traffic light
|kitchen lamp|roof window|crane lamp|helicopter searchlight|comet|lampion|spotlight
|fluorescent tube|neon tube on the ceiling|strip light|overhead projector lamp
|dome light|glass roof|glass ceiling|open roof|hole in the roof|light well|hatch above|canopy lights
|plane|airplane light|helicopter|drone|flying saucer|satellite|blimp|lightning cloud
|gap in the clouds
|hole in the clouds|midday sky|bright sky|crescent moon|harvest moon|stage rig|lighting rig
|rigging spot|heat lamp|range hood light|lantern on a pole|lantern on a tree|street light|lamppost
|flood light|tower light|billiard lamp|dining lamp|surgical lamp|dentist's lamp|interrogation lamp
""")
_LEVEL = word_list("""
window|door|open door|TV|television|monitor|computer screen|fridge|refrigerator|fireplace
|neon sign|aquarium|lighthouse|shop window|headlight|lantern|oven|vending machine
|mirror with lights|bedside lamp|table lamp|desk lamp|jukebox|projector|lightning flash|explosion
|torch|welding arc|big screen|doorway|balcony door|bay window|curtain|stained glass window|stove
|open fridge|laptop|phone|tablet|lit doorway|slot machine|porch light|glowing portal|fish tank
|candle|oil lamp|signpost|car|bus with its headlights on|lit-up shop|advertising screen
|reading lamp|chimney fire|billboard|wall lamp|sconce|train|lamp|light|bulb|softbox|strobe|flash
|octabox|beauty dish|umbrella|LED panel|light panel|studio light|studio lamp|ring light|light box
|flashlight|cinema screen|movie screen|display|screen|mobile phone|smartphone|cell phone|iPad
|computer|french window|kitchen window|large window|small window|sunlit window|sunny window
|glass door
|patio door|garage door|barn door|curtains|open curtains|blinds|shutters|hallway|corridor
|lit hallway
|bathroom light|night light|lava lamp|salt lamp|fairy lights|string of lights|Christmas tree
|lit tree
|candelabra|candlestick|candles|row of candles|birthday cake with candles|menorah|jack-o'-lantern
|kerosene lamp|gas lamp|gas flame|burner|furnace|forge|kiln|toaster oven|microwave|grill|bar sign
|LED sign|neon tube|neon lights|shop sign|exit sign|ad column|bus stop|phone booth|taxi|motorbike
|police car|ambulance|locomotive|truck|beacon|searchlight|laser|welder|blast|fireball|firework
|fireworks|burning house|burning car|burning tree|burning building|bolt of lightning|lightning
|muzzle flash|magic wand|magic orb|glowing orb|glowing crystal|crystal ball|glowing mushroom|firefly
|sparkler|glow stick|match|lit match|cigarette lighter|lighter|pinball machine|arcade machine
|photocopier|greenhouse|city skyline|lit building|bonfire on the beach|heater|radiant heater
|sunlight
|sunbeam|sunshine|moonbeam|floodlight|stage light|spotlight|reflector|portal|hologram|aurora
""")
_LOW = word_list("""
campfire|candle on the floor|bonfire|lava stream|bed of embers|lantern on the ground|floor spot
|garden light|footlight|glowing coals|torch on the ground|flashlight on the floor
|phone lying on the floor|tea light on the ground|uplight|lava|pool light|candle at floor level
|fire on the ground|floor lamp pointing up|glowing puddle|burning logs|brazier|fire pit
|fire|ember|embers|glowing ashes|hot coals|candles on the ground|tealight|row of tea lights
|lights in the floor|glass floor|lit floor|lit dance floor|swimming pool|lit pond|manhole|volcano
|crater|glowing lava|magma|lit staircase|light table|glowing screen on the table|phone on the table
|tablet on the ground|lamp on the floor|lamp on the ground|spot on the ground|torch in the sand
|ground light|floor light|path light|well full of light|stage lights at the feet|fireplace below
|headlamp dropped on the floor|candle in the grass|lit treasure chest|floor panel
|light strip on the floor|glow stick below
""")

# Where a thing at eye level is put -> where its light comes from.
_SPOTS: dict[Angles, str] = {
    (56, 4): "on the {s}|to the {s}|at the {s}|off to the {s}|over on the {s}|on the {s} hand side"
    "|on its {s}|at {s}|to its {s}|on the {s} side|beyond the {s} edge|near the {s} edge|far {s}"
    "|to the {s} of the object|to the {s} of her|standing {s}|in the {s} part of the room|{s}",
    (42, 2): "in front and to the {s}|at the front {s}|in the {s} foreground",
    (125, 4): "behind it on the {s}|behind and to the {s}|in the background on the {s}"
    "|at the back {s}"
    "|behind it to the {s}|behind its {s} side|in the {s} background"
    "|peeking out behind it on the {s}",
    (180, 30): "behind it|in the background|behind the object|at its back|behind her|behind him"
    "|right behind it|directly behind the subject|behind the {t}",
    (0, 4): "in front of it|behind the camera|behind me|behind the photographer|in front of him"
    "|in front of her|in front of its face|beside the camera|next to my camera|in front|behind us"
    "|in my hand|held by the photographer|at my back|behind the viewer|held by the viewer"
    "|in our hand",
}
_CORNERS: dict[Angles, str] = {
    (45, 35): "in the upper {s}|up in the {s} corner|high up to the {s}|high on the {s}|upper {s}"
    "|in the {s} corner of the sky|above on the {s}|at the top {s}|up {s}|up high on the {s}"
    "|top {s}"
    "|over the {s} shoulder|hanging above to the {s}",
    (45, -35): "in the lower {s}|down on the {s}|on the ground at the {s}|on the floor to the {s}"
    "|at the bottom {s}|lower {s}|dropped on the ground at the {s}|lying on the {s}|down {s}",
}
_OVER = word_list("""
over it|above it|overhead|above|directly above|over the table|above the {t}|over the {t}
|hanging above it|over its head|up
""")
_BENEATH_IT = word_list("""
under the glow of a {x}|beneath the light of a {x}|in the light of a {x} above
|lit like something under the {x}|under a {x}|beneath a {x}|below a {x}|standing under a {x}
|sitting under the {x}|right under the {x}|under the {x}|placed beneath the {x}
|a {x} beams down on it|the {x} shines down on it|lit by the {x}|illuminated by a {x}
|in the {x}'s cone|a {x} hangs over it|a {x} hovers above it|the {x} over the table is on
|sitting beneath the {x}'s light|below the bright {x}|the {x} above lights it|with a {x} overhead
|the {x} above it|a {x} directly overhead|the glow of the {x} above|light falls from the {x}
""")
_ABOVE_IT = word_list("""
above a {x}|over a {x}|standing over a {x}|hovering over the {x}|leaning over a {x}
|right above the {x}|over the {x}|held over a {x}|looking down into a {x}
|the {x} lights it from underneath|lit by a {x}|hanging above a {x}|face over a {x}
|the {x} glows below it|a {x} beneath it|a {x} under its feet
|floating over a {x}|above the glow of the {x}|with a {x} underneath|bent over the {x}
|lit from below by a {x}|a {x} glowing under it|the {x} at its feet lights it|cooking over a {x}
""")
_FACING = word_list("""
facing a {x}|looking at a {x}|staring into a {x}|turned toward the {x}
|in the glow of a {x} in front|caught in the {x}|gazing at the {x} before it|sitting at a {x}
|watching a {x}|the {x} shines straight at it|facing the {x}
""")
_AGAINST = word_list("""
silhouetted against a {x}|with its back to a {x}|against a bright {x}|with a {x} behind it
|standing before a bright {x}|a {x} glowing behind it|in front of a bright {x}
|seen against the {x}|hiding the {x} behind it|the {x} is behind it|blocking the {x}
|outlined by the {x} behind it
""")
_SHINES = word_list("""
a {x} {p}|the {x} is {p}|a {x} glows {p}|{x} {p}|light pouring in through a {x} {p}
|a {x} burns {p}|lit by a {x} {p}|the {x} stands {p}|a {q} {x} {p}|a {x} flickers {p}
|light from a {x} {p}|with a {x} {p}|only a {x} {p}|a {x} shining {p}|someone opened a {x} {p}
|the glow of a {x} {p}|a {x} turned on {p}|light of the {x} {p}|illuminated by the {x} {p}
|a lit {x} {p}|the {x} shines {p}|there is a {x} {p}|put a {x} {p}|{p} a {x} glows
|{p} stands a {x}|a {x} crackles {p}|my {x} is {p}|we put a {x} {p}|place the {x} {p}|a {x} sits {p}
|its only light is a {x} {p}|light comes from a {x} {p}|light comes through the {x} {p}|{x}: {p}
|a {x} going off {p}|a {x} lights it {p}|the {x} lights the scene {p}|as if a {x} were {p}
|imagine a {x} {p}|lit by the light of a {x} {p}|lit only by a {x} {p}|next to a {x} {p}
|near a {x} {p}
|somebody turned on the {x} {p}|the {x} {p} is on|the {x} {p} is glowing|the {x} {p} lights it up
|beside a {x} {p}|a {x} gleams {p}|a {x} blazes {p}|a {x} is burning {p}|a {x} is shining {p}
|a {x} hangs {p}|a {x} is placed {p}|add a {x} {p}|use a {x} {p}|with the {x} {p} turned on
|a {q} light from the {x} {p}|{q} light of a {x} {p}|in the light of a {x} {p}
|by the light of a {x} {p}
|just a {x} {p}|one {x} {p}|a large {x} {p}|a small {x} {p}|bright {x} {p}|a bright {x} {p}
""")

_SUN: dict[Angles, str] = {
    (60, 10): "{d} at the {s} edge|{d} on the {s}|{d} over on the {s}|{d} from the {s}"
    "|{d} to the {s}"
    "|the sun {v} on the {s}|the sun {v} over on the {s}|low sun on the far {s}"
    "|the sun {v} in the {s}"
    "|sun {v} at the {s} edge|the sun is {v} to the {s}|{d} light from the {s} side|a low {s} sun",
    (180, 15): "{d} behind it|{d} in the background|the sun {v} behind it|against the {d}"
    "|{d} behind|in front of the {d}|the sun is {v} right behind the object"
    "|photographed against the {d}|the sun {v} behind the hills|the sun {v} behind the mountains"
    "|the sun {v} behind the trees|the sun {v} behind the house|{d} over the hills behind it"
    "|{d} behind the mountains",
    (0, 10): "facing the {d}|{d} behind the camera|the {d} is behind me|looking into the {d}"
    "|the sun is {v} behind the photographer|with the {d} at my back|the sun {v} behind us",
    (125, 12): "{d} behind it on the {s}|the sun {v} behind it to the {s}"
    "|the sun peeks out from behind"
    " it on the {s}|the sun {v} behind its {s} side",
    (0, 75): "the sun at its zenith|noon sun|midday sun|sun at high noon|noon in the tropics"
    "|summer sun at midday|the sun stands right overhead|noonday light|12 noon sunshine"
    "|sun at the zenith"
    "|the sun directly above|merciless noon sun|midday in summer with the sun up high",
    (45, 38): "the sun high on the {s}|the sun in the upper {s}|sun up in the {s} corner"
    "|the sun up on the {s}|afternoon sun high up to the {s}|the moon up in the {s} corner",
}
_DUSK = word_list(
    "sunset|sunrise|setting sun|rising sun|evening sun|morning sun|dawn|golden hour sun|dusk"
)
_SINKS = word_list(
    "setting|rising|low|going down|coming up|sinking|just above the horizon|close to the horizon"
)


def source(rng: random.Random) -> Place:
    """A thing that shines and where it is: "a lantern on the ground to the left"."""
    family = rng.choices((_level, _cornered, _fixed, _sun), (4, 3, 3, 2))[0]
    return family(rng)


def _level(rng: random.Random) -> Place:
    return _put(rng.choice(_LEVEL), _SPOTS, rng)


def _cornered(rng: random.Random) -> Place:
    """A high or a low thing at a side stands in an upper or a lower corner."""
    draw = rng.random()
    if draw < 0.3:
        return _put(rng.choice((*_LEVEL, *_LOW, *_HIGH)), _CORNERS, rng)
    elevation, things = (35, _HIGH) if draw < 0.65 else (-35, _LOW)
    spot = {(45, elevation): _SPOTS[56, 4], (130, elevation): _SPOTS[125, 4]}
    return _put(rng.choice(things), spot, rng)


def _put(thing: str, spots: dict[Angles, str], rng: random.Random) -> Place:
    where = drawn_from(spots, rng)
    return _said(rng.choice(_SHINES).replace("{p}", where.words), thing, where, rng)


def _fixed(rng: random.Random) -> Place:
    """A thing whose height or name says it all: under a lamp, over a fire, facing a screen."""
    draw = rng.random()
    if draw < 0.2:
        words = rng.choice(_SHINES).replace("{p}", rng.choice(_OVER))
        return _said(words, rng.choice((*_HIGH, *_LEVEL)), sided("", (0, 56), rng), rng)
    if draw < 0.45:
        return _said(rng.choice(_BENEATH_IT), rng.choice(_HIGH), sided("", (0, 56), rng), rng)
    if draw < 0.7:
        return _said(rng.choice(_ABOVE_IT), rng.choice(_LOW), sided("", (0, -56), rng), rng)
    if draw < 0.85:
        return _said(rng.choice(_FACING), rng.choice(_LEVEL), sided("", (0, 4), rng), rng)
    return _said(rng.choice(_AGAINST), rng.choice(_LEVEL), sided("", (180, 25), rng), rng)


def _sun(rng: random.Random) -> Place:
    angles, many = rng.choice(list(_SUN.items()))
    words = rng.choice(many.split("|"))
    words = words.replace("{d}", rng.choice(_DUSK)).replace("{v}", rng.choice(_SINKS))
    return sided(words, angles, rng)


def _said(words: str, thing: str, where: Place, rng: random.Random) -> Place:
    words = words.replace("{x}", thing).replace("{q}", rng.choice(QUALITIES))
    if rng.random() < 0.3:
        words = re.sub(r"\b(it|the object|her)\b", rng.choice(SUBJECTS), words, count=1)
    return Place(words=words.replace("{t}", rng.choice(OBJECTS)), direction=where.direction)
