"""Places on a clock: on the picture as its face, or on one that lies flat around the object.

On the face of the picture 12 is the top and 3 the right edge, 55 degrees off the axis as the named
directions are. Of a clock seen from above the hour of the camera must be said.
"""

from __future__ import annotations

import re

from lasagna_relight.light_direction import (
    CLOCK_OFF_AXIS_DEG,
    RIM_OFF_AXIS_DEG,
    LightDirection,
    around,
)

_HOUR = r"(?P<hour>1[0-2]|[1-9])"
_OCLOCK = r"(?:o'?\s?-?clock|oclock|o clock|uhr\b)"
_TIMEPIECE = re.compile(r"\b(?:clock\s?-?face|clock|dial|watch|wristwatch|clockface)\b")
_BETWEEN = re.compile(
    rf"\b(?:between|from|halfway from|midway from)\s+(?P<one>1[0-2]|[1-9])(?:\s?{_OCLOCK})?"
    rf"\s+(?:and|to)\s+(?P<other>1[0-2]|[1-9])\b(?!:)(?:\s?{_OCLOCK})?"
)
_HALFWAY = re.compile(r"\b(?:half[\s-]?way|mid[\s-]?way|middle)\b")
_HALF_PAST = re.compile(rf"\bhalf[\s-]past[\s-]{_HOUR}\b")
_HALF = re.compile(rf"\b{_HOUR}(?::|\.|\s)30\b(?!\s*(?:°|deg|%))(?:\s?{_OCLOCK})?")
_AT_OCLOCK = re.compile(rf"(?<![\d:]){_HOUR}(?P<zeros>:00)?[\s-]?-?{_OCLOCK}")
_FULL_HOUR = re.compile(rf"(?<![\d:]){_HOUR}:00\b")
_ON_DIAL = re.compile(
    rf"\b(?:the|at|from|a|number|of|is|shows?|on|say|and)\s+{_HOUR}\b(?!\d|[:.]\d)"
)
_MINUTE_HAND = re.compile(r"\b(?:minute|big|long|large)[\s-]hands?\b")
_HANDS = re.compile(r"\bhands?\b")
_MINUTES = re.compile(r"\b(?P<minutes>\d{1,2})(?: minutes?)? (?P<way>past|after|to|before)\b")
_QUARTER = {"quarter past": 15, "quarter after": 15, "half past": 30, "quarter to": 45,
            "quarter before": 45, "full hour": 0, "top of the hour": 0, "midnight": 0,
            "noon": 0}  # fmt: skip
_FLAT = re.compile(
    r"\b(?:seen|viewed|looked at|drawn|looking down|as)\s(?:\w+\s){0,3}from (?:directly "
    r"|straight )?"
    r"(?:above|overhead)|\b(?:plan|top[\s-]down|bird'?s?[\s-]eye|overhead) (?:view|map|plan|clock)"
    r"|\b(?:laid|lying|lies|placed|put|painted|drawn) (?:flat|on the (?:floor|ground|table))"
    r"|\b(?:overhead )?(?:overhead|floor|ground|top[\s-]down|lighting) (?:sketch|diagram"
    r"|drawing|plan|map)|\b(?:bird'?s?[\s-]eye|top) diagram|\bdiagram from above|\bin plan\b"
    r"|\bflat on the (?:floor|ground|table)|\bclock (?:is )?on the (?:floor|ground|table)"
    r"|\bhorizontal clock|\b(?:floor|seating|top|room) plan\b|\b(?:on|in) (?:the|our|a) plan\b"
    r"|\bplan of (?:the|our|a)\b|\bfrom (?:the ceiling|(?:a|the) helicopter)\b|\blooking down\b"
    r"|\bbird overhead\b|^from above\b|\bclock flat\b"
)
_CAMERA_AT = re.compile(
    rf"\b(?:camera|cam|tripod|lens|viewer|photographer|i|i'm|me|we|us)\b(?: \w+){{0,4}}?(?: at"
    rf"| is at| is"
    rf"| on|:|) (?:the )?"
    rf"{_HOUR}(?:\s?{_OCLOCK})?|\b(?P<other>1[0-2]"
    rf"|[1-9])(?:\s?{_OCLOCK})? is (?:at )?(?:the |me|us)"
    rf"(?:camera|lens|viewer|photographer)?"
)
_BEHIND = re.compile(
    r"\b(?:(?<!wall )behind|rear|back(?:lit|light|lights)?(?! (?:an?|1|to|by) )|rim)\b"
)
_HIGH = re.compile(r"\b(?:high|above|overhead|raised)\b")
_LOW = re.compile(r"\b(?:low|below|beneath|lowered)\b")
_LITTLE = re.compile(r"\b(?:slightly|a (?:bit|little|touch)|just)\b")
_SHADOW = re.compile(r"\bshad(?:ow|e|y|ows|ing)\b|\bdark\w*|\bsilhouette")
_CLAUSE_END = re.compile(r"[,;] |\. ")
_AN_HOUR = re.compile(r"\bat (?:the )?(?:1[0-2]|[1-9])(?: o'?clock)?\s*$")
_A_LIGHT = re.compile(r"light|\b(?:lamp|sun|moon|candle|lantern|torch|flash|spot|key)\b")
_GRAZES = re.compile(r"\b(?:raking|rakes?|grazing|skims?|skimming|low[\s-]angled?)\b")
_SHADOW_FALLS = re.compile(
    r"\bshadows?\b[^,;.]{0,30}\b(?:at|to|toward|towards|on|points?|falls?|falling|goes|going)\b"
)
_CARRIED = re.compile(
    r"\b(?:move|shift|bring|carry|swing|slide|drag|push|pull|take|turn|walk|rotate"
    r"|change)(?:e?d|ing|s)?\b"
)
_TRAVELS = re.compile(r"\b(?:travel|shin|go|run|stream|beam|fall|point|ray|cross|sweep)\w*")
_ASKS_TIME = re.compile(
    r"\b(?:it(?:'s| is) (?:about |nearly |only )?\d|see you|meet(?:ing)? (?:me|you|us|up)|until"
    r"|since|around the clock|alarm|time is|shows? the time"
    r"|(?:party|concert|show|event|class|doors?|bus|train|movie|game|match|school|shop"
    r"|store|museum)"
    r" (?:starts?|begins?|opens?|closes?|leaves?|ends?)|sho\w*ng 1?\d(?::\d\d)? ?o'?clock"
    r"|lunch|dinner|appointment|set the hands|watch ad\w*|(?:clock|watch) (?:on|over|above) the"
    r" (?:wall|tower|door|mantel\w*) (?:at|shows?|says|strikes)|ring of|(?:1[3-9]|2[0-4]) ?h"
    r"|logo|caption|headline|tick\w*)\b"
)


_SUN = re.compile(r"\b(?:sun\w*|daylight)\b")
_OF_THE_DAY = re.compile(
    r"\bin[\s-]the[\s-](?:morning|afternoon|evening)\b|\b\d ?[ap]\.?m\b|\bnearly down\b"
    r"|^(?!.*\b(?:clock|dial|face|hand|position|spot)\b).*\bhalf[\s-]past\b"
)


def clock_direction(text: str) -> LightDirection | None:
    """Where the one hour that ``text`` names stands; None unless that is sure.

    ``text`` is in lower case with its numbers in digits.
    """
    if _ASKS_TIME.search(text) or (_SUN.search(text) and _OF_THE_DAY.search(text)):
        return None
    flat = _FLAT.search(text) is not None
    camera = _CAMERA_AT.search(text) if flat or _TIMEPIECE.search(text) else None
    if camera is not None:
        text = text[: camera.start()] + " " + text[camera.end() :]
    clauses = _CLAUSE_END.split(text)
    if sum(_AN_HOUR.search(clause) is not None for clause in clauses) > 1:
        of_light = [c for c in clauses if _AN_HOUR.search(c) and _A_LIGHT.search(c)]
        if len(of_light) == 1 and not (flat or camera or _SHADOW.search(text)):
            (text,) = of_light
            text = text if re.search(_OCLOCK, text) else f"{text} o'clock"
    hours = _hours(text, flat and camera is not None)
    if len(hours) != 1:
        return None
    (hour,) = hours
    if _SHADOW.search(text):
        if not _SHADOW_FALLS.search(text) or flat or "light" in text.replace("lighting", ""):
            return None
        hour += 6
    if flat or camera is not None:
        text = _FLAT.sub(" ", text)
        at = float(camera["hour"] or camera["other"]) if camera else 6.0
        return _around_the_object(hour, at, text) if camera else None
    return _on_the_picture(hour, text)


def _hours(text: str, flat: bool = False) -> set[float]:
    """The hours that ``text`` names as places, 0.5 for half past twelve."""
    if _TIMEPIECE.search(text) or _HANDS.search(text):
        by_hand = _by_minute_hand(text)
        if by_hand is not None:
            return {by_hand}
    between = _BETWEEN.search(text)
    if between and (re.search(_OCLOCK, text) or _TIMEPIECE.search(text)):
        one, other = float(between["one"]), float(between["other"])
        gap = (other - one) % 12
        if gap in (1, 2) or (gap == 3 and _HALFWAY.search(text)):
            return {(one + gap / 2) % 12}
        carried, travels = _CARRIED.search(text), _TRAVELS.search(text)
        return {other % 12} if carried else {one % 12} if travels else set()
    halves = [*_HALF_PAST.finditer(text)]
    if halves and _AT_OCLOCK.search(_HALF_PAST.sub(" ", text)):
        return set()
    if not halves and (
        _TIMEPIECE.search(text) or re.search(r"\d:30|\d 30 (?:position|light)", text)
    ):
        halves = [*_HALF.finditer(text)]
    if halves:
        return {(float(found["hour"]) + 0.5) % 12 for found in halves}
    for pattern in (_AT_OCLOCK, _FULL_HOUR):
        exact = [*pattern.finditer(text)]
        if exact:
            return {float(found["hour"]) % 12 for found in exact}
    if _TIMEPIECE.search(text):
        return {float(found["hour"]) % 12 for found in _ON_DIAL.finditer(text)}
    where = re.findall(r"\bwhere the (1[0-2]|[1-9]) (?:is|sits|stands|goes|would be)\b", text)
    if len(where) == 1:
        return {float(where[0]) % 12}
    if flat:
        halves = [*_HALF.finditer(text)]
        if halves:
            return {(float(found["hour"]) + 0.5) % 12 for found in halves}
        return {float(found["hour"]) % 12 for found in _ON_DIAL.finditer(text)}
    if re.search(r"\bhour hand|\bshort hand|\blittle hand|\bsmall hand", text):
        return {float(found) % 12 for found in re.findall(r"\b(1[0-2]|[1-9])\b", text)}
    return set()


def _by_minute_hand(text: str) -> float | None:
    """The hour at which the minute hand points: 3 at "quarter past"."""
    both = re.search(r"\b(?:both|the two|all) hands\b", text)
    if not _MINUTE_HAND.search(text) and not both:
        return None
    counted = _MINUTES.search(text)
    if counted:
        minutes = int(counted["minutes"])
        return (minutes if counted["way"] in ("past", "after") else 60 - minutes) % 60 / 5
    for words, minutes in _QUARTER.items():
        if words in text:
            return minutes / 5
    at = re.findall(r"\b(1[0-2]|[1-9])\b", text)
    return float(at[0]) % 12 if len(at) == 1 and "minutes" not in text else None


def _on_the_picture(hour: float, text: str) -> LightDirection | None:
    off_axis = CLOCK_OFF_AXIS_DEG
    grazes = _GRAZES.search(text) is not None
    if grazes:
        off_axis = 80.0
    elif any(_BEHIND.search(sentence) for sentence in _of_the_hour(text)):
        off_axis = 105.0 if _LITTLE.search(text) else RIM_OFF_AXIS_DEG
    x, y, z = around(30 * hour, off_axis).vector
    if not grazes and bool(_HIGH.search(text)) != bool(_LOW.search(text)):
        lifted = 0.5 if _HIGH.search(text) else -0.5
        if y * lifted < -0.2:
            return None
        y = lifted if abs(y) < 0.1 else y
    return LightDirection.from_vector((x, y, z))


def _of_the_hour(text: str) -> list[str]:
    """The sentences of ``text`` that name an hour; all where it is one."""
    return [s for s in re.split(r"(?<=[a-z])\. ", text) if re.search(r"\d|noon", s)] or [text]


def _around_the_object(hour: float, camera: float, text: str) -> LightDirection:
    """On a clock seen from above whose hour ``camera`` is the camera's."""
    azimuth = (30 * (camera - hour) + 180) % 360 - 180
    text = text.replace("from above", " ")
    if re.search(r"\b(?:on|almost on|nearly) (?:the )?(?:floor|table|level)\b", text):
        text = _LOW.sub(" ", text)
    raised = 12.0 if _LITTLE.search(text) else 35.0
    elevation = raised * (bool(_HIGH.search(text)) - bool(_LOW.search(text)))
    return LightDirection(azimuth_deg=azimuth, elevation_deg=elevation)
