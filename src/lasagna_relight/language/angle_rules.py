"""The ways in which an angle in degrees is said, each with what it settles.

In the text that the rules read, an angle of 45 degrees is "@45". A rule takes its words out of the
text, so that what is left over can be held against what was settled (`angles`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What a rule settles.

    Attributes:
        azimuth: degrees, positive to the right.
        elevation: degrees, positive upwards.
        named: the coordinate was called by its name, which says all.
        aside: degrees from the camera to a side that is said elsewhere.
    """

    azimuth: float | None = None
    elevation: float | None = None
    aside: float | None = None
    named: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Words and what they settle."""

    words: re.Pattern[str]
    settles: Callable[[float, str], Settled]


_N = r"@(?P<n>[+-]?\d+(?:\.\d+)?)"
_MIDDLE = (
    r"(?:camera(?:'s)?|lens(?:'s)?|viewer|viewpoint|photographer|me|us|you|subject|object|it|centre"
    r"|center|middle|front|straight ahead|head[\s-]on|line of sight|view(?:ing)? (?:direction|axis"
    r"|line)|optical axis|axis|sight ?line|frontal|thing|frame|picture|image|dead ahead"
    r"|frontal axis"
    r"|camera position|camera line|camera to subject line|camera-subject axis)(?:[\s-]axis)?"
)
_THE = r"(?:(?:the|my|our|your|its|his|her|where the|where) )?"
_SIDE = (
    r"(?:(?:the|its|my|our|your|picture|frame|screen|camera(?:'s)?|viewer'?s) ?){0,2}[ -]?"
    r"\b(?P<side>left|right)(?:wards?)?\b(?:[ -]hand)?(?: side| edge)?"
)
_ROUND = (
    r"(?:,? ?(?:off|away|around|round|over|out|more|further|across|swung|turned|rotated|shifted"
    r"|moved|offset|about|sideways|along|in azimuth|horizontally|laterally|off[- ]axis|off[- ]cent"
    r"(?:er|re)|off to one side)\b){0,3}"
)
_REF = (
    r"(?:,? ?(?:from|of|than|over|above|below|under|to|off|relative to|with respect to)? ?"
    r"(?:the |its |my |his |her |our |eye |your )?(?:horizon(?:tal)?(?: (?:line|plane))?"
    r"|lens|camera"
    r"|axis|eye ?level|eye ?line|level|line of sight|object|subject|ground|floor|table|plane"
    r"|line|it\b|eyes?|head|view(?:ing)? (?:direction|axis)|optical axis)){0,3}"
)
_UP = (
    r"(?:(?:straight |raised |lifted |further |tilted |angled |pitched )?(?:up(?:wards?)?"
    r"|above|higher|high|over|overhead|elevated|elevation|raised|lifted|from above))\b"
)
_DOWN = (
    r"(?:(?:straight |further )?(?:down(?:wards?)?|below|lower|low|under(?:neath)?|beneath"
    r"|lowered|from below|from under(?:neath)?))\b"
)
_LEVEL = (
    r"(?:(?:the |a )?(?:horizon(?:tal)?(?: plane)?|ground(?: plane)?|floor|table(?:top| top)?))\b"
)
_ZENITH = (
    r"(?:(?:the |a |being )?(?:(?:straight |directly |dead )?(?:vertical|zenith|overhead"
    r"|straight up"
    r"|plumb)|(?:straight|directly|dead) above)|the top)\b"
)
_TO = r"(?: (?:by|to|at|of|about|some|only|just|around|roughly|an angle of|until|is))*:? ?"
_AIMED = (
    r"\b(?:point(?:ed|ing|s)?|aim(?:ed|ing|s)?|direct(?:ed|ing|s)?|look(?:ing|s)|fac(?:ing|es)"
    r"|shin(?:ing|es)|angled|tilted|tipped)\b"
)


def _side(value: float, side: str) -> float:
    return -value if side == "left" else value


def _azimuth(n: float, side: str) -> Settled:
    return Settled(azimuth=_side(n, side))


def _named_azimuth(n: float, side: str) -> Settled:
    return Settled(azimuth=_side(n, side), named=True)


def _rule(words: str, settles: Callable[[float, str], Settled]) -> Rule:
    return Rule(words=re.compile(words), settles=settles)


RULES = (
    # keywords
    _rule(
        r"\b(?:azimuth|az|azi|yaw|pan|heading)\b(?: angle)?[\s:=(]{0,3}(?:(?:of|at|is|to)\s)?"
        r"@?(?P<n>[+-]?\d+(?:\.\d+)?)(?:,? (?:to )?(?:the )?(?P<side>left|right)\b)?",
        _named_azimuth,
    ),
    _rule(rf"{_N} (?:of |in )?(?:azimuth|az|yaw)\b", _named_azimuth),
    _rule(
        r"\b(?:elevation|el|elev|altitude|alt|pitch|tilt|height angle)\b(?: angle)?[\s:=(]{0,3}"
        r"(?:(?:of|at|is|to)\s)?@?(?P<n>[+-]?\d+(?:\.\d+)?)(?: (?:above|over) the horizon)?",
        lambda n, _: Settled(elevation=n),
    ),
    _rule(rf"{_N} (?:of |in )?(?:elevation|elev|el|altitude|alt)\b",
          lambda n, _: Settled(elevation=n)),
    # off the vertical
    _rule(
        rf"{_N},? ?(?:to |on )?{_SIDE} (?:of|from) {_ZENITH}",
        lambda n, side: Settled(azimuth=_side(90, side), elevation=90 - n),
    ),
    _rule(rf"{_N} (?:off|(?:away )?from|short of|down from|below|shy of) {_ZENITH}",
          lambda n, _: Settled(elevation=90 - n)),
    # where the light looks is not where it stands
    _rule(rf"{_N} down[\s-]?tilt(?:ed)?\b|\btilted down by @(?P<m>\d+)",
          lambda n, _: Settled(elevation=n)),
    _rule(rf"{_AIMED},? ?(?:\w+ ){{0,2}}?{_N} down(?:wards?)?\b(?! (?:from|of))"
          rf"|{_AIMED} down(?:wards?)?{_TO}@(?P<m>\d+)"
          r"|\b(?:com|fall|slant|stream|pour)\w* down at (?:an angle of )?@(?P<o>\d+)",
          lambda n, _: Settled(elevation=n)),
    _rule(rf"{_AIMED},? ?(?:\w+ ){{0,2}}?{_N} up(?:wards?)?\b(?! (?:from|of))"
          rf"|{_AIMED} up(?:wards?)?{_TO}@(?P<m>\d+)",
          lambda n, _: Settled(elevation=-n)),
    # behind or before the side
    _rule(
        rf"{_N} (?:behind|back (?:from|of)|further back than|to the rear of|beyond|past) {_THE}"
        r"(?:plane of the (?:picture|image|subject|object)|(?:picture|image|subject|object) plane"
        r"|pure side|side(?: position)?|subject'?s? plane|side-?on)(?: towards? the back)?",
        lambda n, _: Settled(aside=90 + n),
    ),
    _rule(
        rf"{_N} (?:in front of|ahead of|before|forward (?:of|from)|short of) {_THE}"
        r"(?:plane of the (?:picture|image|subject|object)|(?:picture|image|subject|object) plane"
        r"|pure side|side(?: position)?|side-?on)"
        rf"|@(?P<m>\d+) from (?:the )?side,? (?:back )?towards? {_THE}{_MIDDLE}",
        lambda n, _: Settled(aside=90 - n),
    ),
    _rule(
        rf"{_N} (?:off|(?:away )?from|short of) (?:directly |straight |dead |right |being )?"
        r"(?:behind|the (?:back|rear)(?: axis)?|a? ?backlight(?: position)?)\b"
        rf"(?:,? ?(?:to|toward|towards|on) {_SIDE})?",
        lambda n, side: Settled(azimuth=_side(180 - n, side)) if side else Settled(aside=180 - n),
    ),
    _rule(
        rf"{_N} (?:to )?{_SIDE} of (?:being )?(?:directly |straight[ -]|dead |right )?"
        r"(?:behind|the back|the rear)\b",
        lambda n, side: Settled(azimuth=_side(180 - n, side)),
    ),
    _rule(r"@(?P<n>45) behind(?: (?:it|the (?:subject"
        r"|object)))?\b", lambda n, _: Settled(aside=135)),
    _rule(rf"{_SIDE}, @(?P<n>90)(?= ?(?:$|,))", _azimuth),
    # above and below the horizontal
    _rule(rf"{_N} {_UP}(?! (?:left|right|by)\b){_REF}", lambda n, _: Settled(elevation=n)),
    _rule(rf"{_N} {_DOWN}(?! (?:left|right|by)\b){_REF}", lambda n, _: Settled(elevation=-n)),
    _rule(rf"{_N} (?:from|off|to|with|against) {_LEVEL}", lambda n, _: Settled(elevation=n)),
    _rule(
        rf"\b(?:raised|lifted|elevated|raise|lift|elevate|boosted|up(?:wards?)?|above(?: (?:it|me"
        rf"|the \w+))?|higher|high(?: up)?|steep(?:ly)?|(?:at a )?height)\b,?{_TO}{_N}"
        rf"(?! (?:to|from|on|at|off|left|right|of)\b)",
        lambda n, _: Settled(elevation=n),
    ),
    _rule(
        rf"\b(?:lowered|dropped|lower|drop|dipped|dipping|down(?:wards?)?|below(?: (?:it|me|the"
        rf" \w+))?|low|under(?:neath)?|beneath)\b,?{_TO}{_N}(?! (?:to|from|on|at|off|left"
        rf"|right)\b)",
        lambda n, _: Settled(elevation=-n),
    ),
    # to a side of the camera
    _rule(
        rf"{_N}{_ROUND}(?:,? ?(?:from|off|of) {_THE}{_MIDDLE}(?: axis)?,?)?{_ROUND}"
        rf"(?:,? ?(?:and )?(?:to|toward|towards|on|from|at|onto|out to|in))?[ -]{_SIDE}"
        rf"(?:,? ?(?:of|from|off) {_THE}{_MIDDLE}(?: axis)?)?",
        _azimuth,
    ),
    _rule(rf"(?<!above )(?<!upper )(?<!top )(?<!below )(?<!lower )(?<!bottom )(?<!back )"
          rf"(?<!behind )(?<!rear )(?<!front )\b{_SIDE}(?: of {_THE}{_MIDDLE})?(?:,? by|:)?"
          rf"(?: an angle of)? ?{_N}(?! (?:off|from|to|on)\b)", _azimuth),
    _rule(
        rf"{_N}{_ROUND} (?:from|off|to|of|with|against|relative to) {_THE}{_MIDDLE}(?: axis)?\b"
        rf"|@(?P<m>\d+) off[\s-]axis\b|\bby @(?P<o>\d+)\b",
        lambda n, _: Settled(aside=n),
    ),
)  # fmt: skip
