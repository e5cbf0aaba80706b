"""Lamps that are switched, kept, exchanged: of several sides the one that stays lit."""

from __future__ import annotations

import random
import re

from lasagna_relight.relit.caption_places import Angles, Place
from lasagna_relight.relit.caption_relations import NAMED_SIDES, OPPOSITES
from lasagna_relight.relit.caption_vocabulary import word_list

_SWITCHES = word_list("""
off with the {d} {l}, on with the {p}|off with the {d} one, on with the {p} one|{d} off, {p} on
|kill the {d} {l}, keep the {p} {l}|kill the {d} {l}, keep the {p} one
|keep the {p} {l}, kill the {d}
|every {l} except the {p} one is off|all {l}s but the {p} one are off
|all {l}s off except the {p} one
|only the {p} {l} is on|turn on the {p} {l} only|switch on only the {p} {l}|use only the {p} {l}
|use the {p} {l} alone|only the {p} {l} stays on|the {d} {l} stays off, the {p} one is on
|the {d} {l} broke, the {p} one works|the {d} {l} is dead, the {p} {l} burns|unplug the {d} {l}
 and use the {p} one|leave the {p} {l} on and switch the rest off|leave on the {p} {l}, cut the {d}
|swap the {d} {l} for a {p} one|swap the {d} {l} for a {p} {l}|exchange the {d} {l} for a {p} one
|ditch the {d} {l} and use a {p} {l}|ditch the {d} {l}, use the {p} one
|lose the {d} {l}, add a {p} {l}
|get rid of the {d} {l}, i want the {p} {l}|a {p} {l} in place of the {d} {l}
|out with the {d} {l}, in with the {p} {l}|down with the {d} {l}, hello {p} {l}
|in place of the {d} {l}, a {p} {l}|trade the {d} {l} for one at the {p}
|block the {d} {l}, let the {p} {l} through|cover the {d} window, open the {p} one
|close the curtains on the {d}, open those on the {p}
|the {d} {l} is the one to go, the {p} one stays
""")
_QUESTIONS = word_list("""
lit from the {d}? please no. from the {p}.|lit from the {d}? no thanks. from the {p}
|{d}? please no. {p}.|{d}? no way. {p}!|from the {d}? nah, from the {p}
|{d}? not again. {p} this time
|light from the {d}? no. from the {p}? yes|should it be {d}? no, {p}|{d} or {p}? {p}|{p} or {d}? {p}
|{d} or {p}? i'd say {p}|not {d}? right, {p}|you lit it from the {d}? i asked for {p}
|why {d}? {p}!|from the {d}? wrong. from the {p}? correct|i never said {d}, i said {p}
|did i say {d}? i meant {p}|wrong, not the {d}: i mean the {p}|stop, not {d}... {p}
|no more of that {d} light. {p} from now on|{d} bores me, give me {p}
|{d} light is boring, light it {p}
|{d} was yesterday, {p} is today|everybody does {d}; i want {p}|the light should not come from the
 {d} but from the {p}|it should not fall from the {d} but from the {p}
|i can do without {d}; {p} please
|i don't care for the {d}, go {p}|i don't care for {d}, i care for {p}|enough of {d}, now {p}
|last time it was {d}, this time {p}|{p} this time, not {d} like last time|{p}, not {d} like before
|if not {d} then {p}|far less {d}, far more {p}|anything {d} looks boring, so {p}
|{d} was a mistake, the {p} is what i meant|ignore what i said about {d}, light it from the {p}
|never mind the {d}, use the {p}|the client hates {d}, the client wants {p}|scrap {d}, take {p}
""")
_COUNTERPARTS = word_list("""
not the {d} but its counterpart at the {p}|not the {d}, its counterpart at the {p}
|the {d}'s counterpart at the {p}|same corner, but at the {p} instead of the {d}
|the corner {q} the {d}|straight {q} the {d} corner|not {d} but the corner {q} it
""")
_LIGHTS = word_list(
    "lamp|light|lamp|light|spot|bulb|torch|light source|softbox|strobe|flash|lights"
)


def switched(rng: random.Random) -> Place:
    """One lamp off, another on; or a side that is asked about and refused."""
    draw = rng.random()
    if draw < 0.08:
        return _counterpart(rng)
    p, d = rng.sample(list(NAMED_SIDES), 2)
    if rng.random() < 0.55 and p in OPPOSITES:
        d = OPPOSITES[p]
    words = rng.choice(_SWITCHES if draw < 0.5 else _QUESTIONS)
    words = words.format(p=p, d=d, l=rng.choice(_LIGHTS))
    words = re.sub(r"\b(?:from|on|at) (?:the )?(above|below|behind|overhead)\b", r"from \1", words)
    words = re.sub(r"\bthe (above|below|behind|overhead)(?! (?:left|right))\b", r"\1", words)
    return Place.at(words, NAMED_SIDES[p])


def _counterpart(rng: random.Random) -> Place:
    side, up = rng.choice((-1, 1)), rng.random() < 0.5
    said = "left" if side < 0 else "right"
    words = rng.choice(_COUNTERPARTS).format(
        d=f"{'lower' if up else 'upper'} {said}", p="top" if up else "bottom",
        q="above" if up else "below",
    )  # fmt: skip
    angles: Angles = (45 * side, 35 if up else -35)
    return Place.at(words, angles)
