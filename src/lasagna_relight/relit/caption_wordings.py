"""Whole sentences about light: many verbs and nouns, lights that are carried, aimed or travel.

The families of ``caption_clauses`` say "light from the left" in few ways; these say it in as many
as everyday English has, so that the place and not the wording decides. Each draws words together
with the direction that they mean.
"""

from __future__ import annotations

import random
import re

from lasagna_relight.relit.caption_places import Angles, Place, in_table, place
from lasagna_relight.relit.caption_shadows import shadow
from lasagna_relight.relit.caption_vocabulary import QUALITIES, SUBJECTS, word_list

_SHINE = word_list("""
light|the light|some light|a light|the glow|a glow|the shine|a gleam|the gleam|brightness
|the brightness|the radiance|radiance|illumination|the illumination|rays|the rays|rays of light
|sun rays|sunbeams|a sunbeam|a ray of light|a shaft of light|shafts of light|a beam|the beam|beams
|light beams|the sun|sunshine|the sunshine|sunlight|the sunlight|daylight|moonlight|lamplight
|firelight|candlelight|torchlight|starlight|the glare|a shimmer|a glimmer|a flood of light
|a pool of light|a streak of light|a wash of light|a patch of light|a splash of light
|the main light|the key|the only light|all the light|most light|all of the illumination|luminosity
|the spotlight|a spot|a blaze|a flash|the flash|a burst of light|the lamp's light|light waves
|photons|a twinkle|a soft light|{q} light|a {q} light|the {q} light|{q} rays|a {q} glow|{q} glow
|a {q} beam|{q} sunlight|{q} illumination|its light|our light|the source|the light source
""")
_COMES = word_list("""
comes|comes in|falls|falls in|pours|pours in|flows|flows in|streams|streams in|floods in|shines
|shines in|enters|arrives|hits it|strikes it|strikes|reaches it|reaches the object|touches it
|spills in|spills over it|spills|seeps in|leaks in|creeps in|drifts in|slants in|filters in|glows
|blazes|beams|radiates|emanates|originates|issues|bursts in|blasts in|washes over it|sweeps in
|glides in|wraps around it|bathes it|floods it|drenches it|brushes it|grazes it|rakes across it
|warms it|kisses it|kissing its surface|caresses it|cuts in|slices in|pushes in|bursts out
|rolls in|sneaks in|glances in|skims it|dances in|brightens it|illuminates it|lights it
|lights it up|lights up the scene|lights everything
|is coming|is falling|is pouring in|is streaming in|is shining|is flowing in|is cast|is thrown
|is projected|is beamed|is emitted|is directed at it|should come|should fall|should shine
|should hit it|must come|has to come|ought to come|needs to come|could come|may come|will come
|would come|came|fell|shone|coming|coming in|falling|pouring|pouring in|streaming|streaming in
|flowing in|shining|shining in|entering|arriving|spilling in|slanting in|filtering in|glowing
|beaming|radiating|hitting it|striking it|touching it|washing over it|flooding in|cast|thrown
|directed at it|aimed at it|projected|originating|bouncing in|peeking in|breaking in|piercing in
""")
_ASK = word_list("""
i want it lit {p}|i'd like light {p}|i would like the light to come {p}|please have it lit {p}
|can we get light {p}|could we have it lit {p}|would you light it {p}|let's light it {p}
|make it so the light comes {p}|make it look as if lit {p}|i need it lit {p}|we need light {p}
|let it be lit {p}|have it illuminated {p}|it should be lit {p}|it should be illuminated {p}
|it has to be lit {p}|it needs light {p}|it gets its light {p}|it receives light {p}
|brighten it {p}|brighten it up {p}|shine on it {p}|shine a lamp on it {p}|light it up {p}
|illuminate it {p}|illuminate this {p}|pour light in {p}|pour light onto it {p}|send light in {p}
|throw some light on it {p}|cast a glow on it {p}|bring in light {p}|bring some light in {p}
|let sunlight in {p}|flood it with light {p}|bathe it in light {p}|wash it with light {p}
|hit it with a beam {p}|blast it with light {p}|add a light {p}|add some light {p}|add a glow {p}
|put in some light {p}|use light {p}|use a light {p}|apply light {p}|try light {p}|go for light {p}
|give me light {p}|give it light {p}|give it a glow {p}|set up a light {p}|set the light {p}
|do it with light {p}|show me the thing lit {p}|render with light {p}|shoot it with light {p}
|make the light {p}|make lighting {p}|change the light so it is {p}|relight it {p}|relight {p}
|relight this {p}|re-light it {p}|relit {p}|the lighting should be {p}|with light {p}
|with the lighting {p}|with illumination {p}|using light {p}|where light comes {p}
|as though light came {p}|as if the light came {p}|like it's lit {p}|imagine it lit {p}
|picture it lit {p}|it's lit {p}|it is lit {p}|everything is lit {p}|the scene is lit {p}
|all lit {p}|only lit {p}|lit only {p}|lit {p} only|brightly illuminated {p}|nicely lit {p}
|softly lit {p}|dimly lit {p}|strongly lit {p}|faintly lit {p}|the light is {p}|light is {p}
|the light's {p}|the lights are {p}|lights {p}|a source of light {p}|one light {p}|one lamp {p}
|a single lamp {p}|just one light {p}|main light {p}|my light is {p}|make {p} the light direction
|direction of light {p}|light dir {p}|lighting direction: {p}|light angle {p}|light position {p}
|how about light {p}|what if it was lit {p}|what would it look like lit {p}|do {p}|go {p}|{p} pls
|{p} please|{p} thanks|{p}, that's where the light is|{p} is where the light comes in
|{p} is where the lamp is|the brightest {p}|brightest {p}|bright {p}|it's brighter {p}|glow {p}
|shine {p}|rays {p}|beam {p}|sunny {p}|a {q} look with light {p}|{q}, lit {p}|{q} and lit {p}
|{q} and {p}|{q}, and {p}|{p} and {q}|{q}, but {p}|{q}, like a {l}, {p}|{q} as a {l} and {p}
|{q}, like candlelight, {p}|{p}, {q} and {q2}|{q} like a {q2} lamp, {p}
|{q} light, coming {p}|{q}, {q2}, {p}|{q} like a {q2} day, light {p}|it is {q} and the light is {p}
|{q} shimmer {p}|{q} shine {p}|{q} gleam {p}|{q} rays {p}|{q} illumination {p}|{q} lamp {p}
|a {q} and {q2} light {p}|{q} light that comes {p}|{q} light which falls {p}|a {q} source {p}
""")
_PURPOSES = word_list("""
to show the texture|to bring out the texture|for drama|for a dramatic look|to make it pop
|so it looks nice|so that the texture shows|for more depth|to add depth|for a moody feel
|so the colors shine|with nothing else|and nothing else|and make it look good|like in the movies
|if possible|like in a painting|as in a studio|with dark background|against a black backdrop
|and keep the rest dark|and leave the background|so we can see its shape|as a mood|just a bit
|and don't change anything else|because it looks better|to set the mood|with a soft falloff
|with high contrast|on a dark backdrop|white background|in an otherwise dark room
""")

# Where a light is carried to; right-hand form first, as in ``caption_places``.
_TO: dict[Angles, str] = {
    (55, 0): "to the {s}|over to the {s}|to the {s} side|{s}wards|toward the {s}|all the way {s}"
    "|onto the {s} side|to the {s}-hand side|to the {s} of it|across to the {s}|to camera {s}"
    "|to its {s}|further {s}|to the {s} edge|{s}|on the {s}|so it is on the {s}"
    "|so it comes from the {s}|until it is on the {s}|to the {s} of the frame|away from the {o}"
    "|away from the {o} and over to the {s}|out of the {o} and into the {s}|{o} to {s}",
    (45, 35): "to the upper {s}|up and to the {s}|to the top {s}|into the top {s} corner"
    "|to the upper {s} corner|up to the {s}|high up on the {s}|up in the {s} corner"
    "|to the {s} and up|so it comes from the upper {s}|above it on the {s}",
    (45, -35): "to the lower {s}|down and to the {s}|to the bottom {s}|into the bottom {s} corner"
    "|to the lower {s} corner|down to the {s}|onto the floor on the {s}|to the {s} and down",
    (0, 55): "above it|over it|overhead|to the top|up to the ceiling|over its head|up above it"
    "|up high|to the ceiling|straight up above it|so it comes from above|over the top of it"
    "|higher, above it",
    (0, -55): "below it|under it|underneath|to the bottom|down to the floor|onto the floor"
    "|beneath it|to its feet|near the ground|so it comes from below|down below it"
    "|under the object|to floor level",
    (0, 0): "to the front|in front of it|in front|behind the camera|next to the camera"
    "|to the camera|to where i stand|so it comes from the front|on top of the camera"
    "|around to the front|to the viewer's position|beside the lens",
    (180, 42): "behind it|to the back|to the rear|into the background|around to the back"
    "|to the far side|behind the object|so it comes from behind|so that it backlights it"
    "|at the back",
    (125, 2): "behind it on the {s}|to the back {s}|behind it and to the {s}|to the rear {s}"
    "|into the background on the {s}|around to the back on the {s}",
}
_CARRY = word_list("""
move the {l}|shift the {l}|drag the {l}|push the {l}|pull the {l}|bring the {l}|carry the {l}
|slide the {l}|place the {l}|put the {l}|put a {l}|set the {l}|position the {l}|relocate the {l}
|reposition the {l}|swing the {l}|mount a {l}|hang a {l}|hold the {l}|the {l} moves|the {l} goes
|the {l} should go|the {l} should move|the {l} is moved|the {l} has moved|the {l} was moved
|with the {l} moved|with the {l} shifted|with the {l} placed|with the {l} put|a {l} placed
|having moved the {l}|i moved the {l}|let the {l} move|take the {l}|get the {l}|send the {l}
|please move the {l}|can you move the {l}|could you put the {l}|now move the {l}|the {l} belongs
|same picture with the {l} moved|relight with the {l} moved|as if the {l} had been moved
|the {l} wanders|walk the {l}|turn on a {l}|install a {l}|stick a {l}|change the {l} position
""")
_CARRIED = word_list("""
light|lamp|light source|sun|spotlight|key light|main light|softbox|flash|lights|lighting|spot|moon
|key|bulb|lantern|source|strobe|light bulb|torch|candle
""")

# Where the light travels to -> where it then stands.
_TRAVELS: dict[Angles, str] = {
    (-55, 0): "toward the {s}|towards the {s}|from {o} to {s}|from the {o} to the {s}|{s}wards"
    "|from {o} towards {s}|in a {s}ward direction|across it from the {o}|{o} to {s} across it"
    "|from the {o} edge to the {s} edge",
    (0, 57): "down|downward|downwards|down on it|straight down|down onto it|from top to bottom"
    "|toward the floor|toward the ground|down upon it|on it from on high|from head to foot"
    "|vertically down on its head|down from up there|on top of it|onto its top",
    (0, -57): "up|upward|upwards|up at it|straight up|from bottom to top|toward the ceiling"
    "|up into its face|toward the sky|up from its feet|up from under it|skyward|up underneath it"
    "|up the front from below|into the air from the floor|up between its feet|onto its underside",
    (180, 35): "toward us|toward the camera|towards the viewer|into the lens|at the camera"
    "|at the viewer|out of the picture toward us|in our direction|from back to front|into our eyes"
    "|past it toward the camera|from behind it into the camera|around its edges from the back",
    (0, 4): "away from us|away from the camera|into the picture|into the scene|from front to back"
    "|from us to it|from the camera onto it|straight onto it from our side|into the depth"
    "|straight at what the camera sees|the way the camera looks|along with our gaze"
    "|along our line of sight|at it from our viewpoint",
}
_TRAVEL = word_list("""
light shining|light shines|the light shines|light aimed|a lamp pointing|a lamp pointed|a spot aimed
|a light directed|the light is directed|the beam is aimed|beams shooting|rays shooting
|light shooting|light travels|light travelling|the light travels|light running|the light runs
|the rays run|light streaming|beams streaming|light radiating|light blasting|a lamp shining
|a lamp shines|a torch shining|a flashlight pointing|a flashlight aimed|shine the light
|aim the light|aim the lamp|point the lamp|point the light|direct the beam|send the beam
|light projected|the glow rises|spotlight aimed|floodlight aimed|rays falling|light falling
|light sweeping|light fired|beams going|beams shoot
|rays shoot|a searchlight pointing|light thrown|the light is thrown|light cast|light pouring
""")

_carried_to, _travels = in_table(_TO), in_table(_TRAVELS)


def worded(rng: random.Random) -> Place:
    """A sentence of any wording about light from somewhere: "a gleam spills in from the left"."""
    draw = rng.random()
    if draw < 0.45:
        where = place("from", rng)
        words = f"{rng.choice(_SHINE)} {rng.choice(_COMES)} {where.words}"
    else:
        where = place("from" if draw < 0.8 else "at", rng)
        words = rng.choice(_ASK).replace("{p}", where.words)
    return _spoken(words, where, rng)


def carried(rng: random.Random) -> Place:
    """A light that is put or moved somewhere: the place where it ends."""
    where = _carried_to(rng)
    return _spoken(f"{rng.choice(_CARRY)} {where.words}", where, rng)


def travelling(rng: random.Random) -> Place:
    """Which way the light runs: it stands where it comes from."""
    where = _travels(rng)
    return _spoken(f"{rng.choice(_TRAVEL)} {where.words}", where, rng)


def agreeing(rng: random.Random) -> Place:
    """Two clauses that say about the same: "light from above, the underside in shadow"."""
    for _ in range(60):
        form = rng.choice(("from", "at", "adjective"))
        one, other = place(form, rng), shadow(rng)
        if one.direction.angle_to(other.direction) < 22:
            light = f"{one.words} light" if form == "adjective" else f"light {one.words}"
            pair = [light, other.words]
            if rng.random() < 0.3:
                pair.reverse()
            join = rng.choice((", ", ", ", "; ", " and ", ", so ", ". ", " with ", ": "))
            return Place(words=join.join(pair), direction=one.direction)
    return worded(rng)


def _spoken(words: str, where: Place, rng: random.Random) -> Place:
    words = words.replace("{l}", rng.choice(_CARRIED))
    words = words.replace("{q2}", rng.choice(QUALITIES)).replace("{q}", rng.choice(QUALITIES))
    if rng.random() < 0.25:
        words = re.sub(r"\b(it|the object)\b", rng.choice(SUBJECTS), words, count=1)
    if rng.random() < 0.12:
        words = f"{words}{rng.choice((' ', ', '))}{rng.choice(_PURPOSES)}"
    return Place(words=words, direction=where.direction)
