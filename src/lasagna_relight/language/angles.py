"""Directions said in degrees: "45° left of the lens, 30° up", "azimuth 40, elevation 20"."""

from __future__ import annotations

import re
from dataclasses import replace

from lasagna_relight.language.angle_rules import RULES, Settled
from lasagna_relight.light_direction import LightDirection, around

IN_PLANE_OFF_AXIS_DEG = 75.0
"""How far off the axis a light stands of which an angle in the picture's plane is said: between the
named directions (55) and the plane itself (90)."""

SIDE_DEG = 70.0
"""Azimuth of "on the right" beside a height in degrees: between the named right and the edge."""

RIGHT_BEHIND_DEG = 30.0
"""Elevation of a light right behind the object, which would hide one at its own height."""

_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_DEGREES = re.compile(
    rf"({_NUMBER})\s?-?\s?(?:°|º|degr?e+s*\b|degress\b|degs?\b\.?|dgrs?\b|'(?=\s|$))"
)
_RANGE = re.compile(
    r"\b(?:between )?(\d+)\s?(?:-|to|and|or)\s?(\d+)(?=\s?-?\s?(?:°|degr?e+s*\b|degs?\b))"
)
_BARE = re.compile(
    r"(?<![@\d.:/+-])([+-]?\d{1,3})(?=,? (?:(?:to|on|from|towards?|at) (?:the "
    r"|camera )*)?(?:up|down|under"
    r"|left|right|above|below|high|higher|lower|over)\b)|(?<=\bby )(\d{1,3})\b"
)
_AFTER_ITS_VERB = re.compile(
    r"(?:(?<=\braised )|(?<=\blifted ))(\d{1,2})\b(?! ?(?:@|o'clock|stops?|cm|m\b|met|f[et]))"
)
_BEFORE_ITS_NAME = re.compile(
    rf"(?<![@\d.:/])({_NUMBER})(?= (?:of |in )?(?:azimuth|elevation|altitude)\b)"
)
_COUNTED = re.compile(
    r"\b(?P<counter>counter[\s-]?clockwise|anti[\s-]?clockwise|ccw)\b|\bclockwise\b"
)
_SCALE = re.compile(
    r"\(?(?:,? ?(?:where|with|and|as|counting|so that))?\s?@?(?:0|90|180|270)\s?(?:is"
    r"|being|=|at|means)?"
    r" (?:the )?(?:straight )?(?:right|up|top|left)\b(?: edge)?(?: and)?\)?"
)
_FROM_TOP = re.compile(r"\b(?:top|straight up|up|vertical|12(?: o'?clock)?|noon)\b")
_FROM_RIGHT = re.compile(
    r"\b(?:from|of|at|than) (?:the )?right\b|\b0 (?:is |at |= ?|being )?right\b|\bmath\w*"
    r"|\bpolar\b"
)
_IN_PLANE = re.compile(
    r"(?:\b(?:in|on|within|across) the |^)(?:(?:picture|image|frame)[\s-]plane|plane of the"
    r" (?:picture|image|frame))\b"
)
_SEEN_FROM_ABOVE = re.compile(r"\bfrom above\b|\bfrom overhead\b|\bplan view\b|\btop view\b")
_LEVEL = re.compile(
    r"\b(?:at|on|to) (?:the |its |subject |object )?(?:same )?(?:eye|subject|object|lens"
    r"|camera|head)?"
    r"[\s-]?(?:'s )?(?:height|level)\b(?: (?:as|of) (?:the |it)?\w*)?|\blevel with\b"
    r"|\bhorizontal(?:ly)?\b"
    r"|\bno elevation\b|\beye[\s-]level\b|\bsame (?:height|level)\b"
)
_LITTLE = re.compile(r"\b(?:slight(?:ly)?|a (?:bit|little|touch|hair)|somewhat)\b")
_AIMS = re.compile(
    r"\b(?:point\w*|aim\w*|look\w*|angled|tilted|direct\w*|shin\w+|fac\w+)\b(?: \w+){0,2}? "
    r"(?:up|down|upwards?|downwards?)\b(?: at| on| onto| to)?|\bup to\b|\bset up\b|\blight up\b"
    r"|\blit up\b|\bput(?: \w+){0,2} down\b|\bclose up\b|\bup the \w+\b"
    r"|\bcounted from the camera\b"
    r"|\bstraight down\b"
)
_LOW_SUN = re.compile(r"\blow(?:,| \w+)? sun\b")
_LEFT, _RIGHT = re.compile(r"\bleft\w*"), re.compile(r"\bright\b|\bright(?:-|ward)\w*")
_BACK = re.compile(
    r"\b(?:behind|contre[\s-]?jour|against the light|backlit|backlight|far side|(?:left"
    r"|right)[ -](?:back|rear)|(?:back"
    r"|rear)[ -](?:left"
    r"|right)|(?:from|at|to|in) the (?:back|rear)(?! of (?:a|an|the)\b))\b"
)
_FRONT = re.compile(r"\b(?:front|frontal)\b")
_RAISED = re.compile(
    r"\b(?:raised|high|higher|elevated|overhead|from (?:above|below)|above (?:it"
    r"|the (?:lens|camera))"
    r"|lowered|low)\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:from|on|to|at) (?:the |its |her |his )(?!camera|lens|front|subject|object|same"
    r"|height|axis"
    r"|middle|back|rear|far|horizon|floor|ground)\w+"
)
_ABOVE = re.compile(r"\b(?:above|over|overhead|up|upper|top|high|higher|raised|ceiling|steep\w*)\b")
_BELOW = re.compile(r"\b(?:below|under|underneath|beneath|down|lower|low|bottom|floor)\b")
_LEANS_UP = 20.0, 40.0


def degrees_direction(text: str) -> LightDirection | None:
    """The direction that the degrees of ``text`` say; None unless each of them is understood.

    ``text`` is as `marked` returns it. Of two coordinates the one that has no
    number comes from the words ("from the right rear"), or is 0.
    """
    counted = _COUNTED.search(text)
    if counted or _IN_PLANE.search(text):
        return _counted(text, clockwise=bool(counted) and not counted["counter"])
    settled, rest = _settled(text)
    if settled is None or "@" in rest or re.search(r"\d", rest):
        return None
    rest = _LOW_SUN.sub("sun", _AIMS.sub(" ", rest))
    level = _LEVEL.search(rest) is not None
    rest = "" if settled.named else _LEVEL.sub(" ", rest)
    direction = _completed(settled, rest, level)
    return direction if direction and _agrees(direction, rest) else None


def marked(text: str) -> str:
    """``text`` (in lower case, numbers in digits) with "@45" for each angle of 45 degrees."""
    text = _RANGE.sub(lambda match: f"{(int(match[1]) + int(match[2])) / 2:g}", text)
    text = _DEGREES.sub(r" @\1 ", text)
    if "@" in text:
        text = _AFTER_ITS_VERB.sub(r"@\1", text)
    text = _BEFORE_ITS_NAME.sub(r"@\1", text)
    if "@" in text or len(_BARE.findall(text)) > 1:
        text = _BARE.sub(lambda match: f"@{match[1] or match[2]}", text)
    return re.sub(r"\s+", " ", re.sub(r"\s+([,.;)])", r"\1", text)).strip()


def _settled(text: str) -> tuple[Settled | None, str]:
    """What the rules settle together, and the words that none of them took; None if they clash."""
    found = Settled()
    for rule in RULES:
        while match := rule.words.search(text):
            groups = match.groupdict()
            number = float(next(groups[name] for name in "nmo" if groups.get(name) is not None))
            said = rule.settles(number, groups.get("side") or "")
            for name in ("azimuth", "elevation", "aside", "named"):
                value = getattr(said, name)
                if value is None:
                    continue
                if getattr(found, name) is not None:
                    return None, text
                found = replace(found, **{name: value})
            text = f"{text[: match.start()]} | {text[match.end() :]}"
    return (None if found == Settled() else found), text


def _completed(settled: Settled, rest: str, level: bool) -> LightDirection | None:
    azimuth, elevation, aside = settled.azimuth, settled.elevation, settled.aside
    side = bool(_RIGHT.search(rest)) - bool(_LEFT.search(rest))
    if side == 0 and _RIGHT.search(rest):
        return None
    if aside is not None:
        if azimuth is not None or not (side or aside in (0, 180)):
            return None
        azimuth = (side or 1) * aside
    if azimuth is None:
        behind, before = _BACK.search(rest), _FRONT.search(rest)
        if (behind and before) or (not side and _ELSEWHERE.search(rest)):
            return None
        apart = 130.0 if behind else 45.0 if before else SIDE_DEG
        azimuth = side * apart if side else 180.0 if behind else 0.0
    if elevation is None:
        elevation = 0.0
        up, down = _ABOVE.search(rest), _BELOW.search(rest)
        if up or down:
            if level or bool(up) == bool(down) or not _RAISED.search(rest):
                return None
            elevation = (1 if up else -1) * _LEANS_UP[0 if _LITTLE.search(rest) else 1]
        elif aside == 180 and not level:
            elevation = RIGHT_BEHIND_DEG
    if abs(azimuth) > 360 or abs(elevation) > 90:
        return None
    return LightDirection(azimuth_deg=(azimuth + 180) % 360 - 180, elevation_deg=elevation)


def _agrees(direction: LightDirection, rest: str) -> bool:
    """Whether the words left over say nothing against ``direction``."""
    x, y, z = direction.vector
    steep = abs(direction.elevation_deg) > 75
    against = (
        _LEFT.search(rest) and x > -0.05 and not steep,
        _RIGHT.search(rest) and x < 0.05 and not steep,
        _BACK.search(rest) and z > 0.1,
        _FRONT.search(rest) and z < -0.1,
        _ABOVE.search(rest) and y < 0.05,
        _BELOW.search(rest) and y > 0.3,
    )
    return not any(against)


def _counted(text: str, clockwise: bool) -> LightDirection | None:
    """An angle counted on the picture from its right edge or its top, or around the object."""
    bare = _SCALE.sub(" ", text)
    angles = re.findall(rf"@({_NUMBER})", bare) or re.findall(r"\b(\d{1,3})\b", bare)
    turned = re.search(r"\b(?:rotate|turn|move|take|walk|carry)\b", text)
    if len(angles) != 1 or abs(float(angles[0])) > 360:
        return None
    degrees = float(angles[0])
    if _SEEN_FROM_ABOVE.search(text) and re.search(r"\b(?:camera|lens|me|viewer)\b", text):
        azimuth = -degrees if clockwise else degrees
        return LightDirection(azimuth_deg=(azimuth + 180) % 360 - 180, elevation_deg=0.0)
    if turned:
        return None
    if _FROM_TOP.search(bare) and not _FROM_RIGHT.search(bare):
        clock = degrees if clockwise else -degrees
    elif clockwise:
        return None
    elif _FROM_RIGHT.search(text) or _IN_PLANE.search(text):
        clock = 90 - degrees
    else:
        return None
    return around(clock, IN_PLANE_OFF_AXIS_DEG)
