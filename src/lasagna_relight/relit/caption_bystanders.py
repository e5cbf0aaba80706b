"""People, animals and things with places and directions of their own, beside the light's.

"The fox looks to the left, a lamp on the right": whatever looks, points, leans, moves or stands
somewhere says nothing of where the light is, and neither do captions, crops and other edits.
"""

from __future__ import annotations

import random

from lasagna_relight.relit.caption_vocabulary import word_list

_WHO = word_list("""
the dog|a cat|the fox|a horse|the old man|a girl|the boy|my sister|the groom|the bride|a soldier
|the king|the queen|a monk|the fisherman|a dancer|the singer|the guitarist|a violinist|the chef
|the baker|a smith|the judge|an angel|a witch|the dragon|a robot|the astronaut|the goalkeeper
|a cyclist|the runner|a nurse|the model|she|he|the child|two kids|the twins|the crowd|the parrot
|an owl|the stag|a bull|the hen|three geese|a swan|the whale|a shark|the snail|a statue|the bust
|a scarecrow|the snowman|a knight|the pirate|the pilgrim|a tourist|my uncle|grandma|the barista
|the clown
""")
_WHO_DOES = word_list("""
looks {w}|is looking {w}|stares {w}|glances {w}|gazes {w}|is facing {w}|faces {w}|turns {w}
|has turned {w}|points {w}|is pointing {w}|leans {w}|walks {w}|runs {w}|is walking {w}|rides {w}
|swims {w}|flies {w}|jumps {w}|waves {w}|stretches an arm {w}|raises the {s} hand
|holds a cup in the {s} hand|has a scar on the {s} cheek|with the head tilted {w}
|whose nose points {w}|peeks {w}|marches {w}|stands {a}|sits {a}|waits {a}|sleeps {a}|kneels {a}
|crouches {a}|is {a}|lies {a}|hides {a}|enters from the {s}|comes in from the {s}
|walks in from the {s}|approaches from the {s}|throws a ball {w}|looks over the {s} shoulder
|carries a bag over the {s} shoulder|bends down {w}|leaps {w}|crawls {w}|sneaks {w}|dances {a}
|nods {w}|squints {w}|drifts {w}
""")
_WHAT = word_list("""
the chair|a sofa|the table|a bookshelf|the vase|a bowl|the ladder|a bicycle|the car|a truck
|the train|a boat|the ship|the plane|a kite|the tree|a bare oak|the fence|the church|a barn
|the bridge|the river|a road|the sign|an arrow|the flag|the smoke|a cloud|the cactus|the guitar
|an amplifier|the bottle|its label|the teapot|the spout|the handle|a knife|the spoon|two apples
|a pear|the cake|the sword|his hat|her braid|the cap|the mirror|a painting|the clock on the wall
|the door|a stone|the anchor|a suitcase|the piano|the stool|an umbrella stand|a plant|the curtain
|the stairs|a bucket|the hammer
""")
_WHAT_DOES = word_list("""
is {a}|stands {a}|lies {a}|leans {w}|points {w}|runs {w}|drives {w}|sails {w}|flies {w}|moves {w}
|opens {w}|hangs {a}|sits {a}|rests {a}|rises {a}|tilts {w}|drifts {w}|turns {w}|is turned {w}
|slopes {w}|bends {w}|curves {w}|faces {w}|blows {w}|goes {a}|is missing {a}|is cut off {a}
|floats {a}|falls {w}|rolls {w}
""")
_EDITS = word_list("""
crop the {s} third|cut away the {s} side|put the title {a}|put my logo {a}|the caption goes {a}
|move the headline {a}|write SALE {a}|remove the bird {a}|erase the man {a}|delete the pole {a}
|rotate it 20 degrees to the {s}|shift the mug a bit to the {s}|turn the chair to the {s}
|flip the bottle so that its label faces {s}|add a plant {a}|blur what is {a}|leave some room {a}
|move the vase further to the {s}|let the dog look {w}|open the eyes a bit|the watermark stays {a}
|straighten the horizon, it slants {w}|copy the cup over {a}|replace the poster {a}
""")
_WAYS = word_list("""
left|right|to the left|to the right|up|down|upwards|back|at us|at me|into the camera|away from us
|away|toward the left|towards the right|to the upper left|to the lower right|to the lower left
|to the upper right|off to the left|off to the right|leftward|rightward|forward|skyward
|from left to right|from right to left|at the ceiling|at the floor|straight ahead|sideways
""")
_PLACES = word_list("""
on the left|on the right|at the left|at the right|in the middle|in the background|in the foreground
|in the back|in front|behind it|at the bottom|at the top|in the upper left|in the lower right
|top left|in the top right corner|bottom left|in the bottom right corner|to the left|to the right
|far left|far right|at the left edge|at the right edge|on the left wall|on the right side|below
|above|center|in the lower left|upper right|left of center|right of center|next to her
|beside the door
""")
_THEN_LIGHT = (
    "{b}, {c}", "{b}; {c}", "{b}. {c}", "{b} and {c}", "{b}, but {c}", "{b} while {c}",
    "{b}, with {c}", "{b} - {c}", "{b}, and {c}", "{b}, {b2}, {c}", "{b}, {b2}; {c}",
    "{b}; {b2}. {c}", "although {b}, {c}", "{b} (that says nothing). {c}",
    "no matter that {b}: {c}",
)  # fmt: skip
_AFTER_LIGHT = (
    "{c}, {b}", "{c}; {b}", "{c}. {b}", "{c} while {b}", "{c} and {b}", "{c}, though {b}",
    "{c} as {b}", "{c}, {b}, {b2}", "{c} - {b}", "{c} where {b}", "{c}, even if {b}",
)  # fmt: skip
_ALONE = (
    "{b}", "{b}", "{b}, {b2}", "{b} and {b2}", "{b}; {b2}", "{b}, oil on canvas", "{b}, please",
    "a picture where {b}", "{b}. {b2}.", "in the picture {b}", "{b} and {b2}, that is all",
    "can you make it so that {b}", "{b}, cartoon style", "{b} at dusk", "I see that {b}",
)  # fmt: skip


def beside_others(light: str, rng: random.Random) -> str:
    """``light``, words that say where light is, with somebody or something else before or after."""
    frames = _THEN_LIGHT if rng.random() < 0.65 else _AFTER_LIGHT
    return rng.choice(frames).format(b=_bystander(rng), b2=_bystander(rng), c=light)


def bystanders_alone(rng: random.Random) -> str:
    """Somebody or something with a place or a direction, and no light."""
    return rng.choice(_ALONE).format(b=_bystander(rng), b2=_bystander(rng))


def _bystander(rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.5:
        words = f"{rng.choice(_WHO)} {rng.choice(_WHO_DOES)}"
    elif draw < 0.85:
        words = f"{rng.choice(_WHAT)} {rng.choice(_WHAT_DOES)}"
    else:
        words = rng.choice(_EDITS)
    return words.format(w=rng.choice(_WAYS), a=rng.choice(_PLACES), s=rng.choice(("left", "right")))
