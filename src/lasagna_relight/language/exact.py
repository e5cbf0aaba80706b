"""Directions said in numbers or bearings: read by rules before the network, which reads them badly.

The rules answer where they understand every number and nothing else in the words speaks against
it; all else is left to the network.
"""

from __future__ import annotations

import re

from lasagna_relight.language.about_light import speaks_of_light
from lasagna_relight.language.angles import degrees_direction, marked
from lasagna_relight.language.bearings import (
    bearing_direction,
    heading_direction,
    point_on_picture,
    with_points_spelled,
)
from lasagna_relight.language.clock import clock_direction
from lasagna_relight.language.coordinates import coordinates_direction
from lasagna_relight.language.moves import moved_direction
from lasagna_relight.language.numerals import with_digits
from lasagna_relight.language.said_aside import without_asides
from lasagna_relight.language.stage import stage_direction
from lasagna_relight.language.tokenizer import normalized
from lasagna_relight.light_direction import LightDirection

_AT_SIGN = re.compile(r"(?<!\S)@\s?(?=\d|\s|$)")
_HOUR_SIGN = re.compile(r"\b(1[0-2]|[1-9])\s?h\b(?=.*\b(?:dial|clock|face)\b)")
_ANOTHERS = re.compile(
    r"\b(?:(?:his|her|their|your own|own|'s|subject'?s?|sitter'?s?|model'?s?"
    r"|s) (?:own )?(?:left|right)"
    r"|stage[\s-](?:left|right)|house[\s-](?:left|right)|upstage|downstage|proper (?:left"
    r"|right))\b"
    r"|'s (?:left|right)\b"
)
_QUOTED_FRAME = re.compile(
    r"\b(?:camera|picture|viewer|lens|frame|image|photographer)'s (?=left|right)"
)
_OF_ANOTHER_KIND = re.compile(
    r"\bzenith\b|\bhalf as much again\b|\b(?:a|one) third\b"
    r"|\b(?:dead|right) (?:astern|ahead|on the)\b|\bof (?:the vertical|plumb|dead astern)\b"
    r"|\bfall-?off\b|"
    r"\bsorry\b|\bscratch that\b|^heading\b.*\baltitude,|\bpitch\b.*(?:\bstraight down\b"
    r"|\bris(?:es|ing)\b)"
)
_CONVENTION = re.compile(
    r"[,;(]? ?\b(?:in the convention |where |with |if )?(?:(?:(?:the )?(?:my )?(?:lens|camera|cam)"
    r"(?: is|:)? ?=? ?(?:0|zero|at az(?:imuth)? 0)|(?:0|zero) ?(?:is|=|at) ?(?:the |my )?(?:lens"
    r"|camera))"
    r"|(?:plus|positive|\+) ?(?:is|means|=|runs to) ?(?:to )?(?:the )?(?:picture'?s? )?right"
    r"|right (?:is |= ?)?(?:plus|positive)"
    r"|(?:yaw )?(?:minus|negative) ?(?:is|means|=)? ?(?:the )?(?:picture )?left"
    r"|left (?:is |= ?)?(?:minus|negative))\)?(?![\w-])"
)
_COORDINATES = (
    (re.compile(r"\((?:above|below) (?:the )?horizon\)"), " "),
    (re.compile(r"\belev\. "), "elevation "),
    (re.compile(r"\bazim?\. "), "azimuth "),
    (re.compile(r"\b(?:h|horizontal|horizontally)[:=] ?(?=[+-]?\d)"), "azimuth "),
    (re.compile(r"\b(?:v|vertical|vertically)[:=] ?(?=[+-]?\d)"), "elevation "),
    (re.compile(r"(?<=\d) ?l\b(?= ?(?:of (?:the )?lens|of (?:the )?camera|[(,;/])|\s*$)"), " left"),
    (
        re.compile(r"(?<=\d) ?r\b(?= ?(?:of (?:the )?lens|of (?:the )?camera|[(,;/])|\s*$)"),
        " right",
    ),
)
_SHADOW = re.compile(r"\bshad(?:ow|ows|e|ed|ing)\b|\bdark(?:ness)?\b|\bsilhouette")
_ONE_OF_TWO = re.compile(
    r"\b(?:second|another|the other|both lights|each|opposite|counterpart|currently|now"
    r"|moved from|swap\w*"
    r"|mirror\w*)\b"
)
_DENIALS = (
    re.compile(r"\bneither\b[^,;.]*(?:[,;.]|$)"),
    re.compile(r"(?:\bnot|n't|\bnever|\bno\b|instead of|rather than)\b(?: \w+){0,3}? [^,;]*?"
               r"(?:\bbut\b(?: rather)?|;|, (?:it'?s )?(?=@?\d|at|from|make|use))"),
    re.compile(r"[,;(-] ?(?:and |but )?(?:not|never|no|instead of|rather than)\b[^,;.]*"),
    re.compile(r" (?:instead of|rather than|and not|but not)\b[^,;.]*"),
    re.compile(r"[,;] ?(?:and |but )?nothing (?:at all )?(?:from|at|on)\b[^,;.]*"),
)  # fmt: skip
_BOTH_NAMED = re.compile(r"\bazimuth\b.*\belevation\b")
_COMPASS = re.compile(
    r"\b(?:north|south|east|west)(?:ern)?\b|\b(?:north|south)[\s-]?(?:east|west)\b"
)
_KEY = re.compile(r"\b(?:key|main)\b")
_LESSER_LIGHT = re.compile(
    r"(?:[,;.+&]| and| with| plus) ?(?:and |with |plus )?(?:an? |the |no |one "
    r"|some )?(?:(?!key)\w+ ){0,2}?"
    r"(?:fill|rim|kicker|hair ?light|background|backdrop|reflector|bounce|edge light)\b[^,;.]*"
)
_ABOUT_A_THING = re.compile(
    r"\b(?:turned|rotated|tilted|leaning|leans|looking|looks|facing|faces|crop\w*|bent|twisted"
    r"|angled)\b"
)
_A_LIGHT = re.compile(r"light|\b(?:lit|key|lamp|sun|flash|strobe|softbox|source|spot|bulb)\b")
_DENIED = re.compile(
    r"\b(?:not|no|never|neither|nor|without|except|avoid|instead|don't|isn't|shouldn't"
    r"|doesn't|can't"
    r"|anything but|anywhere but|rather than|forget|wrong|stop|remove|turn off|less|opposite)\b"
)


def exact_direction(prompt: str) -> LightDirection | None:
    """What ``prompt`` says by degrees, hours of a clock, bearings or the sides of a stage.

    None where it has none of them, or where the rules are not sure of them.
    """
    text = _AT_SIGN.sub("at ", normalized(with_points_spelled(prompt)).replace("_", " "))
    on_stage = stage_direction(text, prompt)
    if on_stage is not None:
        return on_stage
    by_coordinates = coordinates_direction(with_digits(text))
    if by_coordinates is not None:
        return None if _DENIED.search(text) or _SHADOW.search(text) else by_coordinates
    text = _CONVENTION.sub(" ", text)
    for short, spelled in _COORDINATES:
        text = short.sub(spelled, text)
    text = marked(without_asides(_HOUR_SIGN.sub(r"\1 o'clock", with_digits(text))))
    text = _QUOTED_FRAME.sub("camera ", text)
    if "hundred" in text or _ANOTHERS.search(text) or _OF_ANOTHER_KIND.search(text):
        return None
    moved = moved_direction(text)
    if moved is not None:
        return moved
    on_picture = point_on_picture(prompt)
    if on_picture is not None:
        return on_picture
    if not speaks_of_light(text):
        return None
    if not _DENIED.search(text) and not _SHADOW.search(text) and not _ONE_OF_TWO.search(text):
        by_compass = heading_direction(text) or bearing_direction(text)
        if by_compass is not None:
            return by_compass
    text = _of_the_light_alone(_without_denials(text))
    if _DENIED.search(text) or _ONE_OF_TWO.search(text):
        return None
    on_clock = clock_direction(text)
    if on_clock is not None:
        return None if "@" in text else on_clock
    if _SHADOW.search(text) and not _BOTH_NAMED.search(text):
        return None
    by_bearing = bearing_direction(text)
    if by_bearing is not None or _COMPASS.search(text):
        return by_bearing
    return degrees_direction(text)


def _without_denials(text: str) -> str:
    """``text`` without the places that it rules out: "at 40 degrees, not 30" keeps the first."""
    for denial in _DENIALS:
        text = denial.sub(" ", text)
    return text


def _of_the_light_alone(text: str) -> str:
    """``text`` without the lights beside a key light, and without angles of things."""
    key = _KEY.search(text)
    if key:
        text = text[: key.end()] + _LESSER_LIGHT.sub(" ", text[key.end() :])
    clauses = re.split(r"(?<=[,;])|(?<=\.)(?!\d)", text)
    kept = [
        clause
        for clause in clauses
        if not ("@" in clause and _ABOUT_A_THING.search(clause) and not _A_LIGHT.search(clause))
    ]
    return "".join(kept) if any("@" in c and _A_LIGHT.search(c) for c in kept) else text
