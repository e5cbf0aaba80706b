"""Changes to a written phrase that keep its answer true: a few thousand of them teach more so.

Mirrored copies, words of like meaning, other things said around it, slips of the fingers.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from lasagna_relight.light_direction import LightDirection
from lasagna_relight.relit.caption_negatives import in_style
from lasagna_relight.relit.caption_noise import typed
from lasagna_relight.relit.caption_vocabulary import OBJECTS
from lasagna_relight.relit.captions import LightingPhrase

_SIDE = re.compile(r"left|right", re.IGNORECASE)
_SWAPPABLE = re.compile(r"left|(?<!b)(?<!up)right", re.IGNORECASE)
_NO_SIDE = re.compile(
    r"(?<!\bthe )(?<!upper )(?<!lower )(?<!top )(?<!bottom )(?<!camera )(?<!frame )(?<!stage )"
    r"\bright (?:now|away|angles?|above|below|behind|over|under\w*|beneath|through|in|into|onto"
    r"|at|on|by|beside|next|up|down|back|where|when|then|here|there|before|after|off|between|across"
    r"|against|around|round|for|kind|size|amount|exposure|mood|place|spot|moment|idea|way|along"
    r"|outside|inside|out|this|that|a|as|to the|atop|opposite|overhead|from|ahead|with|it)\b"
    r"|\b(?:all|is|are|it|looks?|gets?|got|feels?|quite|exactly|that's|it's|was|be|as) right\b"
    r"(?! of)"
    r"|\bjust right\b(?! of)|^right\W|\bright\?|\baright|\bfright|\bright[a-z]*(?:eous"
    r"|ful)|\bcopyright|\boutright|\bbirthright|\bplaywright"
    r"|\b(?:i|we|he|she|they|you|who|was|were|is|are|have|has|had|be|nothing|anything|being"
    r"|what's|still|just|got|only|somebody|someone) left\b(?! of)|\bleftover|\bcleft"
    r"|\bleft (?:me|it|the|a|my|alone|over|out|open|on|behind|unlit|blank|by|until|overnight|early"
    r"|for|in|us|him|her|them|his|our|your|off|as)\b",
    re.IGNORECASE,
)
_OTHER_SIDES = re.compile(
    r"(?i:\b(?:north|south|east|west)|clock|\bazimuth|\baz\b|\bhours?\b|\d\s?h\b|\bvermeer"
    r"|\bprompt\b"
    r"|\bport\b|\bstarboard|\bdriv|\breading (?:direction|starts|begins)|\bpage\b|\bheart"
    r"|\bpassenger|\bscroll|\btext\b|\bwriting\b"
    r"|\bO\.?P\b|[-+]\d|\bmenu|\bbutton|\bfirst\b|\bhanded\b|\bwatch\b|\bring finger"
    r"|\bforehand|\bpolitic|\bgoogle|\bquadrant"
    r"|\blinks\b|\brechts\b|\bgauche|\bdroit|\bizquierd|\bderech|\bsinistr|\bdestr|\bartist's"
    r"|\bpainter's)|\b[LR]\b"
)
_SWAPPED = {"left": "right", "right": "left"}

_ALIKE: tuple[tuple[str, ...], ...] = tuple(
    tuple(group.split("|"))
    for group in """
lamp|light|light source|bulb|spotlight|lantern
softbox|octabox|key light|umbrella|beauty dish|strobe|soft box
sunlight|sunshine|daylight|sun
flashlight|torch|headlamp
glow|gleam|shine|radiance
beam|ray|shaft
photo|picture|image|shot|photograph
portrait|headshot
woman|lady|girl|actress|dancer|singer
man|guy|boy|fellow|actor|monk
vase|jug|bowl|teapot|mug|bottle|cup|statue|bust|figurine|helmet|skull
dog|cat|fox|horse|owl|rabbit
car|truck|motorbike|van
apple|pear|lemon|pumpkin|orange
beneath|below|underneath|under
above|over
soft|gentle|mild|diffuse
hard|harsh|crisp
warm|golden|amber|orange
cold|cool|bluish|icy
please|pls|plz|kindly
want|would like|need|wish for
coming|arriving|streaming|falling in|entering
comes|arrives|streams|shines
shining|beaming|glowing
standing|placed|positioned
bright|brilliant|strong|intense
dim|faint|weak
dark|black|unlit|gloomy
rim|rim light|edge light
somewhat|a little|slightly|a bit
big|large|huge
small|little|tiny
object|subject|thing
""".strip().splitlines()
)
_OTHERS = {word: [*group] for group in _ALIKE for word in group}
_WORD = re.compile("|".join(rf"\b{word}\b" for word in sorted(_OTHERS, key=len, reverse=True)))

_AROUND = (
    "{p}, thanks", "hi, {p}", "please: {p}", "ok so {p}", "{p} please", "{o}. {p}", "{o}: {p}",
    "{p} ({o})", "a photo of a {o}, {p}", "{p}, a photo of a {o}", "next one: {p}",
    "{p}, and keep the rest as it is",
    "my note says: {p}", "\"{p}\"", "{o}, {p}", "hey, {p}", "{p} - for the {o}", "like this: {p}",
    "can you do this? {p}", "{p}, that's the idea", "{p} and make it look good", "for the {o}, {p}",
)  # fmt: skip
_ABOUT_LIGHT = re.compile(r"\b(?:light|lit|shadow|shade|shine|sun|lamp|glow)|\?$", re.IGNORECASE)


def mirrored(phrase: LightingPhrase) -> LightingPhrase | None:
    """``phrase`` of the picture's mirror image: left for right, and the answer's azimuth negated.

    None where left and right do not plainly mean sides, or something else tells the sides apart.
    """
    text = re.sub("bright|upright", "", phrase.text, flags=re.IGNORECASE)
    if not _SIDE.search(text) or _NO_SIDE.search(text) or _OTHER_SIDES.search(text):
        return None
    text = _SWAPPABLE.sub(
        lambda found: _in_case_of(found[0], _SWAPPED[found[0].lower()]), phrase.text
    )
    direction = phrase.direction
    if direction is not None:
        direction = LightDirection(
            azimuth_deg=-direction.azimuth_deg, elevation_deg=direction.elevation_deg
        )
    return replace(phrase, text=text, direction=direction)


def changed(
    phrase: LightingPhrase, rng: random.Random, undirected: Sequence[LightingPhrase] = ()
) -> LightingPhrase:
    """A copy of ``phrase`` as somebody else may have put it, its answer as true as before.

    ``undirected``: phrases that name no light's place, to be said beside one that does.
    """
    if rng.random() < 0.5:
        phrase = mirrored(phrase) or phrase
    text = phrase.text
    if rng.random() < 0.5:
        text = _in_other_words(text, rng)
    if rng.random() < 0.15:
        text = text.rstrip(" .!?")
    draw = rng.random()
    if draw < 0.16:
        text = rng.choice(_AROUND).format(p=text, o=rng.choice(OBJECTS))
    elif draw < 0.24:
        text = in_style(text, rng)
    elif draw < 0.30 and phrase.direction is not None and undirected:
        other = rng.choice(undirected).text
        if len(text) + len(other) < 140 and not _ABOUT_LIGHT.search(other):
            text = (
                f"{other.rstrip(' .')}. {text}"
                if rng.random() < 0.5
                else f"{text.rstrip(' .')}. {other}"
            )
    draw = rng.random()
    if draw < 0.15:
        text = text.lower()
    elif draw < 0.5:
        text = typed(text, rng)
    return replace(phrase, text=text)


def _in_other_words(text: str, rng: random.Random) -> str:
    """``text`` with about a third of the words that others can stand for replaced by those."""
    return _WORD.sub(
        lambda found: rng.choice(_OTHERS[found[0]]) if rng.random() < 0.35 else found[0], text
    )


def _in_case_of(model: str, word: str) -> str:
    if model.isupper():
        return word.upper()
    return word.capitalize() if model[0].isupper() else word
