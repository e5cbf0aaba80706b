"""Light told by the scene: who stands where, what it falls upon, which way it runs, what is turned.

Whole clauses, each with the direction that it means. What they tell apart are kinds that an author
who never saw this grammar found it wanting in (`tests/language/development_phrases_2.tsv`).
"""

from __future__ import annotations

import random

from lasagna_relight.relit.caption_places import Angles, Place, in_table
from lasagna_relight.relit.caption_relations import NAMED_SIDES, OPPOSITES
from lasagna_relight.relit.caption_vocabulary import word_list

_SCENES: dict[Angles, str] = {
    (0, 0): "the way a cyclist sees the road by the lamp on the handlebar"
    "|by the lamp on my forehead|with the headlights of our own car on it"
    "|our car's headlights are on it|from this side of the screen|from this side of the picture"
    "|shine it straight into the picture|into the picture, the way we look"
    "|my phone's torch, held next to my eyes|the screen i am looking at lights it"
    "|as flat as a passport photo|the flash on top of my camera|flat, no shading on either side"
    "|lit the way i am looking|i hold the lamp in front of it"
    "|it looks at the lamp and so do we, from behind the lamp",
    (180, 40): "shoot into the light|shot into the sun|shooting straight into the lamp"
    "|i'm blinded by the lamp behind it|it stands between me and the lamp"
    "|the object is between us and the light|the thing blocks the sun for me"
    "|it stands in front of the lamp|we look into the light|i have to squint, looking at it"
    "|facing the light, we see it dark|with a glowing outline|only its outline glows"
    "|a halo all around it|its hair glows at the edges|the window is in the background"
    "|out of the depth, coming towards us|an eclipse, it hides the sun",
    (0, 60): "a downlight|downlights in the ceiling|downlight from the grid"
    "|from the lighting grid|a lamp in the roof aimed at the ground"
    "|a spotlight in the roof, with it standing underneath|lit like a billiard table"
    "|lit like a kitchen table, the lamp hangs over it|like a street lamp over a parked car"
    "|where snow would settle it is bright|the light falls where rain would fall"
    "|what faces the sky is bright|its top catches all the light"
    "|everything that faces up catches the light|the sun at its zenith|noon in the tropics"
    "|the lampshade hangs over it|the way a shower wets it, but with light",
    (0, -60): "its underside catches all the light|it's the underside that is lit"
    "|what faces the floor is bright|the surfaces that rain never reaches are lit"
    "|it hovers over a glowing chest|it floats above a lit pool"
    "|it stands on a glass floor with a lamp in it|light escapes from the open box below it"
    "|lava under it lights it|from the deep, straight up|rising from the cellar|footlights"
    "|like a ghost story told over a torch|a light table under it|it stands on a glowing tile"
    "|the campfire at its feet",
    (55, 0): "pour it in from the {s}"
    "|bathe the {s} half in brightness, let it fade toward the {o}"
    "|the {s} half is bright, the {o} half fades|rays travel {o}wards"
    "|the rays are travelling {o}wards|light travelling {o}wards across the frame"
    "|the light flies {o}wards|the light moves across the frame, {s} to {o}"
    "|light runs from {s} to {o}|it goes dark toward the {o}"
    "|its {s} cheek glows, its {o} cheek is black|window side on the {s}|the window is on the {s}"
    "|light enters at the {s} edge and leaves at the {o}|the lamp stands beside it, {s} of it"
    "|halfway down the {s} edge|at half height on the {s} edge",
    (45, 35): "rays slope down toward the {o}|downhill rays, from upper {s} to lower {o}"
    "|starting upper {s}, ending lower {o}|the rays run down to the lower {o}"
    "|it slants down, {s} to {o}|aimed down and to the {o}"
    "|high on the {s}, shining down to the {o}|a lamp in the upper {s} corner of the room"
    "|over the {s} edge, from high up|diagonally down toward the {o}",
    (45, -35): "rays climb toward the {o}|uphill rays, from lower {s} to upper {o}"
    "|aimed up and to the {o}|starting low on the {s}, going up to the {o}"
    "|low and on the {s}, shining upwards to the {o}|it slants up, {s} to {o}"
    "|a lamp on the floor, {s} of it|diagonally up toward the {o}",
    (125, 5): "from back there on the {s}|back there, {s}"
    "|at the rear of the scene, on the {s}-hand side|somewhere at the back, {s}, shining forward"
    "|from the back of the scene, {s}, toward us|backlit, but shifted to the {s}"
    "|backlit, a bit over to the {s}|a backlight, moved over to the {s}"
    "|keep it a backlight but on the {s}|keep the backlight, shifted to the {s}"
    "|out of the depth on the {s}, coming towards me|out of the background on the {s}"
    "|from upstage, {s} of frame|kicker at the back, frame {s}"
    "|a kicker behind the subject, camera {s}|a kicker on the {s}"
    "|three-quarter back light, camera {s}|three quarter backlight from the {s}"
    "|an accent edge on its {s} side, from the back|rear {s}, shining back at us|far side, {s}"
    "|beyond it, on the {s}|a rim along its {s} edge|hair light from the back {s}"
    "|push it back behind the object, {s} side",
    (130, 40): "a hair light high behind it on the {s}|from high up behind, {s}"
    "|from the back, high, frame {s}",
    (40, 5): "halfway between the camera and the {s}-hand side|from the front {s}, level with it"
    "|from the front and {s}, midway|between the lens and the {s}",
    (35, 35): "over my {s} shoulder|light over the painter's {s} shoulder"
    "|over the artist's {s} shoulder|coming over your {s} shoulder from behind you",
}  # fmt: skip
# Angles are those of the light; its shadow falls the other way.
_FLOOR_SHADOWS: dict[Angles, str] = {
    (180, 40): "a long shadow on the floor comes toward us|the shadow comes towards the viewer"
    "|its shadow ends at my feet|the shadow stretches toward the camera"
    "|the shadow falls out of the picture toward us|its shadow points at us",
    (0, 30): "the shadow runs away from us|the shadow falls away from the camera, to the back"
    "|its shadow falls straight behind it|the shadow points away from me"
    "|its shadow lies on the wall right behind it",
    (125, 20): "the shadow comes towards us and to the {o}"
    "|the shadow on the floor reaches toward me and {o}|its shadow points to the front {o}"
    "|the shadow falls to the near {o}|the shadow runs towards the viewer, veering {o}"
    "|its shadow comes forward and {o}|shadow toward the camera, drifting {o}"
    "|long shadow running forward and to the {o}|the shadow comes at us, a little {o}"
    "|shadow falls to the front, bending {o}|a shadow toward us, leaning {o}",
    (45, 20): "the shadow runs away from us to the {o}|the shadow goes off to the back {o}"
    "|its shadow points to the back {o}|the shadow falls behind it, to the {o}"
    "|the shadow runs backwards and to the {o}|the shadow runs away from us, backwards and {o}"
    "|shadow to the far {o}|its shadow recedes to the {o}, into the depth",
    (55, 8): "evening shadows run off to the {o}"
    "|long shadows running off to the {o} side of the picture|a long, low shadow to the {o}"
    "|shadows like in the evening, all to the {o}",
    (45, -35): "the gloom sits at its upper {o}|its upper {o} is in the dark"
    "|the dark part is up on the {o}|darkness gathers at the top {o}",
    (45, 35): "the gloom sits at its lower {o}|its lower {o} is in the dark"
    "|the dark part is down on the {o}|darkness gathers at the bottom {o}",
    (0, -55): "the gloom sits at its top|darkness gathers at the top|the dark part is on top",
    (0, 55): "the gloom sits at its foot|darkness gathers at the bottom"
    "|the dark part is underneath",
}  # fmt: skip

_TURNED = word_list("""
swap the light to the other side; it is on the {d} now|it's lit from the {d}, flip that
|it is lit from the {d} at present, flip it|flip it, it's on the {d} now
|wrong side, the light is on the {d}, go across|you've got it on the {d}, go to the other side
|currently {d}, mirror it|it comes from the {d} now, put it on the opposite side
|light is on the {d}; other side please|it is {d} now, make it the other way round
|turn it around: it is on the {d} now|from the {d} now; reverse it
|mirror the light, it is on the {d}|the lamp is {d}, carry it across to the other side
|lit from the {d}. the other side, please|i see it comes from the {d}. opposite, please
""")
_MIRRORED = (
    "left", "right", "top", "bottom", "above", "below", "upper left", "upper right", "top left",
    "top right", "lower left", "lower right", "bottom left", "bottom right", "front", "back",
)  # fmt: skip
"""Sides whose last word has an opposite: there the light goes."""
_SAME_SIDE: dict[Angles, str] = {
    (45, -35): "was top {s}; drop it to the bottom, same side"
    "|it was upper {s}, lower it, keep the side|from the {s}, but lower it to the floor"
    "|on the {s} already, just put it low down",
    (45, 35): "was bottom {s}; raise it to the top, same side"
    "|it was lower {s}, lift it up high, keep the side|on the {s} already, just raise it up high"
    "|keep it {s} but from higher up",
    (125, 0): "it is on the {s} already, just push it back behind the object"
    "|keep it {s} but move it behind it|still {s}, but further back, behind it",
    (40, 5): "it is on the {s}, bring it round toward the camera"
    "|keep it {s} but closer to the camera",
}  # fmt: skip

_scene, _floor_shadow, _same_side = map(in_table, (_SCENES, _FLOOR_SHADOWS, _SAME_SIDE))


def scene(rng: random.Random) -> Place:
    """What the light does, told without the words of a place: "its underside catches it all"."""
    return _floor_shadow(rng) if rng.random() < 0.3 else _scene(rng)


def turned(rng: random.Random) -> Place:
    """A light that is somewhere and is to go elsewhere: to the other side, or along its side."""
    if rng.random() < 0.45:
        return _same_side(rng)
    said = rng.choice(_MIRRORED)
    *height, side = said.split()
    across = NAMED_SIDES[" ".join((*height, OPPOSITES[side]))]
    return Place.at(rng.choice(_TURNED).replace("{d}", said), across)
