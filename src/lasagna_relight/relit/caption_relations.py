"""Two directions in one clause: denied, replaced, opposite, in between, main and second."""

from __future__ import annotations

import random
import re

from lasagna_relight.light_direction import LightDirection, Vector
from lasagna_relight.relit.caption_places import Angles, Place, place
from lasagna_relight.relit.caption_vocabulary import word_list

_DENIED = word_list("""
not {d} but {p}|not {d}, {p}|{p}, not {d}|{p} instead of {d}|{p} rather than {d}
|anything but {d}: {p}|never {d}, only {p}|no light {d}, only {p}|don't light it {d}, light it {p}
|it was lit {d}, now light it {p}|{p} and not {d}|{p}, never {d}|never {d}, always {p}
|instead of {d}, {p}|less {d}, rather {p}|less {d} and more {p}|not so much {d}, more {p}
|no longer {d} but {p}|anywhere but {d}, say {p}|not {d}! {p}!|{p} (not {d})
|remove the light {d} and add one {p}|i said {p}, not {d}|{d} is wrong, it should be {p}
|rather {p} than {d}|{p}. not {d}|everything except {d}, so {p}
|the light used to come {d}, it should come {p} now|forget {d}, try {p}|not {d}. {p}.
|the light isn't {d}; it is {p}|{p} (and definitely not {d})|switch from light {d} to light {p}
|{p} and never {d}|without any light {d}, just {p}|it used to be {d}, now {p} please
|instead of light {d} i want light {p}|{p}, no longer {d}|only {p}, never {d}|no, {p}! not {d}
|the light must not come {d}, it has to come {p}|please not {d}, {p}|avoid {d}, use {p}
|do not use light {d}, use light {p}|but {p} and not {d}|it must come {p}, it must not come {d}
|light is {d}; change it to {p}|previously {d}, now {p}|before: {d}, after: {p}
|turn off the lamp {d} and switch on the one {p}|no {d} light, {p} only|{p} is what i want, not {d}
|anything except {d}; best {p}|light that comes {p} and not {d}|not {d} any more, {p} instead
|shadowless {d}? no: {p}|replace the light {d} by one {p}|swap the lamp {d} for a lamp {p}
|{d} is bad, {p} is good|i don't want {d}, i want {p}|it should not be {d} but rather {p}
|no light {d} please, light it {p}|{p} i mean, not {d}|{d}? no, {p}
|stop lighting it {d}, start lighting it {p}|neither {d} nor {e}, but {p}|not {d}, not {e}, just {p}
|the light is no more {d}, it is {p}|everything but {d}: use {p}|currently lit {d}; relight {p}
|was {d}, make it {p}
""")
_DENIED_SIDES = word_list("""
not {d}, {p}|not {d} but {p}|{p} not {d}|{p}, not {d}|{p} and not {d}|no {d}, {p}|no, not {d}, {p}
|not {d}. {p}|not {d}! {p}|not {d}: {p}|not the {d}, the {p}|not the {d}. the {p}
|the {p}, not the {d}|not the {d} but the {p}|not the {d} one, the {p} one|{d}? no, {p}
|{d}? nope, {p}|{d} no, {p} yes|{d} -> {p}|anywhere but {d}: {p}|anywhere but {d}, say {p}
|anywhere but the {d}, take the {p}|anything but the {d}, so the {p}
|from anywhere but the {d}, say {p}|from anywhere except {d}, e.g. {p}
|everywhere but {d}... let's say {p}|wherever, just not {d}; {p} maybe|any side but {d}, maybe {p}
|any direction except {d}, for example {p}|don't do {d}, do {p}|don't use {d}, use {p}
|use {p}, not {d}|never {d}, always {p}|never {d}: {p}|never {d}. only {p}|{p} instead of {d}
|instead of {d}: {p}|{p} rather than {d}|rather {p} than {d}|i meant {p}, not {d}
|i said {p}, not {d}|sorry, {p}, not {d}|oops, not {d}, {p}|wrong side! not {d}, {p}
|{d} is wrong, {p} is right|{d} was wrong, {p} please|{d} is too boring, {p}|less {d}, more {p}
|more {p} and less {d}|less from the {d}, more from the {p}|it's {d} now, i want {p}
|it was {d}, make it {p}|change {d} to {p}|swap {d} for {p}|replace {d} with {p}
|forget {d}, take {p}|scratch {d}, go {p}|skip {d}, try {p}|{p} this time, not {d}
|previously {d}, now {p}|so far {d}, from now on {p}|no more {d}, {p} please|no longer {d} but {p}
|no light from the {d}, light from the {p}|nothing from the {d}, everything from the {p}
|neither {d} nor {e}: {p}|neither {d} nor {e} but {p}|not {d}, not {e}, but {p}|not {d} or {e}, {p}
|it shouldn't be {d}, it should be {p}|it shouldn't come from the {d}, take the {p}
|i don't want {d}, i want {p}|i don't like {d}, choose {p}|please no {d}; {p}|without {d}, with {p}
|not from the {d} this time, from the {p}|turn off the {d} light and turn on the {p} light
|switch off the {d} lamp, switch on the {p} lamp|turn off {d}, turn on {p}|{d} off, {p} on
|kill the {d} light, light it from the {p}|the {d} lamp is off, the {p} lamp is on
|the light is not on the {d}, it is on the {p}|the light isn't at the {d} but at the {p}
|on the {p}, not the {d}|from the {p} and definitely not the {d}|{p}, absolutely not {d}
|definitely {p}, certainly not {d}|move it from {d} to {p}|away from the {d}, over to the {p}
|far from the {d}, close to the {p}|opposite of {d}, so {p}|opposite the {d}, i.e. {p}
|the reverse: not {d} but {p}|the side that isn't {d}, {p}|all but {d}, so {p}|except {d}, so {p}
|i said {d}, scratch that, i mean {p}|{d}... scratch that, {p}|{d}, sorry, i meant {p}
|{d}, no wait, {p}|{d} is no good, so not there; {p} please
|get rid of the light on the {d}, have it on the {p} only|no no no not {d}!! {p}!!|not {d}!!! {p}!!!
|by no means the {d}; {p}|by no means {d}, but {p}
""")
_RULED_OUT = word_list("""
not {d}|not the {d}|not from the {d}|not on the {d}|no {d}|never {d}|never from the {d}
|anywhere but {d}|anywhere but the {d}|anywhere but from the {d}|anything but {d}
|anything but the {d}|everything but {d}|everywhere except {d}|anywhere except the {d}
|any side but the {d}|don't use {d}|don't light it {d}|avoid {d}|avoid the {d}|without {d}
|skip the {d}|forget {d}|forget the {d}|ignore the {d}|drop the {d}|{d} is wrong|{d} is bad
|{d} looks bad|{d} doesn't work|i don't want {d}|i don't like {d}|i hate {d}|no light from the {d}
|no light on the {d}|light from the {d} is wrong|light from the {d} is dull
|light from the {d} looks bad|the {d} is boring|the {d} won't do|it shouldn't be {d}
|it must not be {d}|it isn't {d}|the light is not {d}|the light isn't from the {d}|please not {d}
|definitely not {d}|absolutely not {d}|certainly not the {d}|by no means {d}|rather not {d}
|neither {d} nor {e}|not {d} or {e}|so far {d}|currently {d}|it was {d}|it used to be {d}
|it used to be on the {d}|before it was {d}|previously from the {d}|now it's {d}|it's {d} now
|you lit it from the {d}|instead of {d}|instead of the {d}
""")
_WANTED = word_list("""
{p}|{p}|{p}|the {p}|from the {p}|on the {p}|{p} please|make it {p}|make it the {p}|say {p}|take {p}
|use {p}|use the {p}|take the {p}|take the {p} one|go {p}|go for {p}|rather {p}|rather from the {p}
|but {p}|but from the {p}|let's do {p}|put it {p}|put it on the {p}|i want {p}
|i want it from the {p}|try {p}|choose {p}|choose the {p}|pick {p}|only {p}|just {p}|do it {p}
|do it from the {p}|instead {p}|light it {p}|light it from the {p}|{p} instead|{p} it is|so {p}
|better {p}|better from the {p}|it should be {p}|it should come from the {p}|now {p}
|now from the {p}|change it to {p}|give me {p}|give me light from the {p}|i need {p} light|{p} light
|use {p} light|maybe {p}|perhaps from the {p}|for example {p}|always {p}|have it {p}
|turn it to the {p}|set it to {p}|i mean {p}|i meant the {p}|the light goes {p}|{p} this time
""")
_THEN = (
    ", ",
    ", ",
    ", ",
    ". ",
    ": ",
    "; ",
    "! ",
    " - ",
    " ",
    ", so ",
    ", then ",
    ", no, ",
    ", please ",
)
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
|two lights: {K} {p}, {F} {d}|{K} {p} but also {F} {d}|mainly {p} with a bit of fill {d}
|{F} {d} but {K} {p}|{K} comes {p}, {F} comes {d}|predominantly {p}, with some bounce {d}
|two lamps, {F} {d}, {K} {p}|chiefly {p}, barely any {d}|{K} is {p}, {F} is {d}
|most of the light {p}, some of it {d}|two sources, {K} {p} and {F} {d}
|80% of the light {p}, 20% {d}|lit {p}, filled {d}|light {p}, a reflector {d}|{K} {p}, reflector {d}
""")
_UNEQUAL_SIDES = word_list("""
{S} {p} light, {W} {d} light|{W} {d} light, {S} {p} light|{S} {p} light and {W} {d} light
|the {p} light is {S}, the {d} one {W}|the {d} lamp is {W}, the {p} lamp {S}|{p} {S}, {d} {W}
|{S} on the {p}, {W} on the {d}|{W} from the {d}, {S} from the {p}|{S} {p}, {W} {d}
|the light on the {p} is {S}, that on the {d} is {W}|{p} lamp {S}, {d} lamp {W}
|{S} light from the {p} and {W} light from the {d}|two lamps, the {p} one {S}, the {d} one {W}
|{p} light at 100%, {d} light at 10%|{p} lamp full, {d} lamp at a fraction
|the {p} lamp at high power and the {d} lamp at low power|ninety percent {p}, ten percent {d}
|70% {p}, 30% {d}|the {p} lamp outshines the {d} lamp|{p} brighter than {d}
|the {p} light is brighter than the {d} light|more light from the {p} than from the {d}
|the {d} light is weaker than the {p} light|less light from the {d} than from the {p}
|the {p} one does the work, the {d} one only fills|key on the {p}, fill on the {d}
|main lamp {p}, second lamp {d}|key: {p}; fill: {d}|{p} key, {d} fill|{d} fill, {p} key
|{p} as the key and {d} as the fill|sun on the {p}, reflector on the {d}
|the sun on the {p}, bounced back a little on the {d}|a big lamp {p}, a small lamp {d}
|mostly {p} light, hardly any {d} light|dominated by {p} light, just a trace of {d} light
|primarily {p} lit, a dash of {d} light|light from the {p}, and a whisper of light from the {d}
""")
_STRONG = word_list("""
strong|bright|powerful|intense|main|full|brilliant|dominant|the strong one|brighter|blazing|heavy
|high|stronger|glaring
""")
_WEAK = word_list("""
weak|dim|faint|soft|low|feeble|subtle|slight|gentle|secondary|weaker|dimmer|very weak|barely there
|fainter
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
NAMED_SIDES = _SIDES | {
    "behind": (180, 45), "overhead": (0, 58), "top left": (-45, 35), "top right": (45, 35),
    "upper left": (-45, 35), "upper right": (45, 35), "bottom left": (-45, -35),
    "bottom right": (45, -35), "lower left": (-45, -35), "lower right": (45, -35),
    "left side": (-55, 0), "right side": (55, 0), "right-hand side": (55, 0),
    "left-hand side": (-55, 0), "behind left": (-125, 0), "behind right": (125, 0),
}  # fmt: skip
OPPOSITES = {
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
|switch the light from the {d} to the {p}|move the light away from the {d} to the {p}
|take the lamp off the {d} and put it on the {p}|pull the light out of the {d}, over to the {p}
|with the light moved from the {d} to the {p}|the light wanders from the {d} to the {p}
|the light moved from {d} to {p}|relight it: lamp from {d} to {p}|the {d} light goes to the {p}
|make the {d} light a {p} light|turn it from {d} lit to {p} lit
|shift the lamp from the {d} to the {p}|the light is on the {d}, put it on the {p}
|swap the {d} light for a {p} light|turn {d} light into {p} light
|take the light at the {d} and bring it to the {p}|from {d} lit to {p} lit
|flip the light from the {d} to the {p}|bring the light over from the {d} to the {p}
|light {d} to {p}|swap the light over from the {d} to the {p}|slide the light from {d} to {p}
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
mostly {b} and {m} {n}|mostly {b} but {m} {n}|mainly {b}, {m} {n}|{b} mainly, and {m} {n}
|largely {b} but also {m} {n}|{b} with a hint {n}|{b} with a touch {n}|{b} and just a hair {n}
|{m} {n} and otherwise {b}|for the most part {b}, {m} {n}|nearly {b} but {m} {n}
|almost {b} and {m} {n}|more {b} than {n}, but {m} of both|{b}, leaning {m} {n}|{b}, tilted {m} {n}
|{b}, shifted {m} {n}|{b}, nudged {m} {n}|{b}, offset {m} {n}|{b}, angled {m} {n}|{b}, {m} {n}
|{b} and {m} {n}|{b} but {m} {n}|{b}, just {m} {n}|{m} {n}, {b}|{b}, only {m} {n}
|{b} with the lamp {m} {n}|{b} and just {m} {n}|{b}, {m} {n} perhaps|mostly {b}, {m} {n}
|nearly {b}, {m} {n}|almost {b}, {m} {n}|{b}, {n} {m}
""")
_SLIGHTLY = word_list(
    "slightly|a little|a bit|a touch|somewhat|a tad|a hair|a little bit|ever so slightly|marginally"
)
_LENS: dict[Vector, str] = {
    (-0.4, 0, 1): "left of|to the left of", (0.4, 0, 1): "right of|to the right of",
    (0, 0.5, 1): "above|higher than|over", (0, -0.5, 1): "below|lower than|under|beneath",
    (-0.4, 0.45, 1): "above and left of|above and to the left of|up and to the left of",
    (0.4, 0.45, 1): "above and right of|above and to the right of|up and to the right of",
    (-0.4, -0.45, 1): "below and left of|below and to the left of|down and left of",
    (0.4, -0.45, 1): "below and right of|below and to the right of|down and right of",
}  # fmt: skip
_LENS_WORDS = word_list(
    "the camera|the lens|the viewer|the viewing axis|the photographer|my head|the camera axis"
)


_AXES: dict[Angles, str] = {
    (0, 0): "center|dead center|straight ahead|the center|frontal|head-on|the axis",
    (0, 75): "overhead|straight up|straight above|the zenith|directly above|vertical",
    (180, 10): "directly behind|straight behind|being right behind it|dead behind",
}
_OFF_AXIS: dict[Vector, str] = {
    (-0.36, 0, 0): "left of|to the left of|off to the left of|leftward from",
    (0.36, 0, 0): "right of|to the right of|off to the right of|rightward from",
}


def not_there_but_here(rng: random.Random) -> Place:
    """One direction denied, replaced or left, the other asked for."""
    if rng.random() < 0.4:
        if rng.random() < 0.5:
            return _sides_apart(rng.choice(_DENIED_SIDES), rng)
        parts = rng.choice(_RULED_OUT), rng.choice(_WANTED)
        return _sides_apart(rng.choice(_THEN).join(parts), rng)
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


def _sides_apart(words: str, rng: random.Random) -> Place:
    """``words`` about two or three different sides, plainly named; the light stands at ``{p}``."""
    p, d, e = rng.sample(list(NAMED_SIDES), 3)
    if rng.random() < 0.4 and p in OPPOSITES:
        d = OPPOSITES[p]
    words = words.format(p=p, d=d, e=e, S=rng.choice(_STRONG), W=rng.choice(_WEAK))
    words = re.sub(r"\b(?:from|on|at|to) the (above|below|behind|overhead)\b", r"\1", words)
    words = re.sub(r"\b(?:the) (above|below|behind|overhead)\b", r"\1", words)
    return Place.at(words, NAMED_SIDES[p])


def _plain_or(form: str, rng: random.Random) -> Place:
    """Half of the time the plainest words for a side, else any place."""
    if rng.random() < 0.5:
        return place(form, rng)
    side, angles = rng.choice(list(_SIDES.items()))
    words = {"from": "from the {}", "at": "on the {}", "adjective": "{}"}[form].format(side)
    words = words.replace("the above", "above").replace("the below", "below")
    words = words.replace("on above", "above").replace("on below", "below")
    return Place.at(words, angles)


def moved(rng: random.Random) -> Place:
    """A light carried from one side to another, or put opposite a side."""
    start = rng.choice(list(_SIDES))
    if rng.random() < 0.3:
        end = OPPOSITES[start]
        words = rng.choice(_OPPOSITE_OF)
    else:
        end = rng.choice([side for side in _SIDES if side != start])
        words = rng.choice(_MOVED)
    words = words.format(p=end, d=start)
    return Place.at(words.replace("the above", "above").replace("the below", "below"), _SIDES[end])


def main_of_two(rng: random.Random) -> Place:
    """Two lights: the main one is meant."""
    if rng.random() < 0.35:
        return _sides_apart(rng.choice(_UNEQUAL_SIDES), rng)
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
        if OPPOSITES[a] != b:
            vectors = [_vector((180, 5) if side == "back" else _SIDES[side]) for side in (a, b)]
            words = rng.choice(_BETWEEN).format(a=a, b=b)
            return Place(words=light + words, direction=_sum(*vectors))
    if draw < 0.5:
        vector, many = rng.choice(list(_LENS.items()))
        words = f"{rng.choice(_SLIGHTLY)} {rng.choice(many.split('|'))} {rng.choice(_LENS_WORDS)}"
        return Place(words=light + words, direction=_sum(vector))
    if draw < 0.56:
        axis, axis_words = rng.choice(list(_AXES.items()))
        offset, many = rng.choice(list(_OFF_AXIS.items()))
        words = f"{rng.choice(_SLIGHTLY)} {rng.choice(many.split('|'))} "
        words += rng.choice(axis_words.split("|"))
        return Place(words=light + words, direction=_sum(_vector(axis), offset))
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
