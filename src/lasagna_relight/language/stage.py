"""Light by the sides of a stage: its left is the actor's, the picture's right.

"Boom in the wings stage right" is light from the left, "upstage left" from behind on the right,
"house left" (the audience's) from the left. Only where one such side is said and no other.
"""

from __future__ import annotations

import re

from lasagna_relight.light_direction import LightDirection

_TERMS: tuple[tuple[str, int, int], ...] = (
    # words, side of the picture (1: right), depth (1: upstage)
    (r"up[\s-]?stage[\s-]left(?! of)", 1, 1),
    (r"up[\s-]?stage[\s-]right(?! of)", -1, 1),
    (r"(?:down|front)[\s-]?stage[\s-]left", 1, -1),
    (r"(?:down|front)[\s-]?stage[\s-]right", -1, -1),
    (r"stage[\s-]left|(?<!opposite )(?<!opposite-)prompt[\s-](?:side|corner)", 1, 0),
    (r"stage[\s-]right|(?:opposite[\s-]prompt|op)[\s-](?:side|corner)|opposite[\s-]prompt", -1, 0),
    (r"(?:house|audience|audience's)[\s-]left", -1, -1),
    (r"(?:house|audience|audience's)[\s-]right", 1, -1),
    (r"up[\s-]?stage", 0, 1),
    (r"down[\s-]?stage", 0, -1),
)
_SHORT = (
    ("USL", 1, 1), ("USR", -1, 1), ("DSL", 1, -1), ("DSR", -1, -1), ("(?<!Leica )SL", 1, 0),
    ("SR", -1, 0), ("(?<!^)OP", -1, 0), ("(?:(?<=from )|(?<=on )|(?<=the ))PS(?!:)", 1, 0),
)  # fmt: skip
_SPELLED = tuple((re.compile(rf"\b(?:{words})\b"), *where) for words, *where in _TERMS)
_ABBREVIATED = tuple((re.compile(rf"\b{letters}\b"), *where) for letters, *where in _SHORT)
_UPSTAGE, _DOWNSTAGE = re.compile(r"\bup[\s-]?stage\b"), re.compile(r"\bdown[\s-]?stage\b")
_A_LIGHT = re.compile(
    r"light|\w*lit\b|\b(?:lamps?|booms?|spots?|profiles?|fresnels?|specials?|ladder|wings?|moon\w*"
    r"|sun\w*|beams?|glow\w*|blast\w*|shaft|key|kicker|rim|wash|candle|fire\w*|torch|strobe|par"
    r"|source|birdie|box|tree|shins?"
    r"|shinbusters?|bridge|gallery|tower|perch|lantern|flame|flood\w*|trap|pole|shine\w*"
    r"|brightness)\b"
)
_SPEAKS_AGAINST = re.compile(
    r"\bshad|\bstraight down|\bnot\b|n't\b|\bnever\b|\bno longer|\binstead|\bwas\b|\bused to"
    r"|\bswap|\bmirror|\bmove|\boff\b(?! stage)"
    r"|\bkill|\bcut\b|\bdead\b|\btake (?:out|the)|\bout\b(?! of)|\bother side"
    r"|\bopposite(?![\s-]prompt)|\bacross\b"
    r"|\b(?:to|towards?|into|(?:aim|point)\w* at|facing|faces|looks?|looking|exits?|walks?|runs?)"
    r"(?: the)? (?:(?:up|down)?[\s-]?stage|(?:house|audience)[\s-](?:left|right))"
)
_SOMEBODY_THERE = re.compile(
    r"(?<!lamp )(?<!light )(?<!boom )(?<!spot )(?<!ladder )(?<!source )(?<!it )\b(?:stands?"
    r"|standing|sits?|sitting|enters?|comes? in|waits?|danc\w+|kneels?|poses?|sings?)\b"
    r"(?: \w+){0,2} (?:(?:up|down)?[\s-]?stage|house|audience)[\s-](?:left|right)"
)
_SIDE = re.compile(r"(?<!as )\b(?:left|right)\b|-(?:left|right)\b")
_HIGH = re.compile(
    r"\b(?:high|above|overhead|upper|top|bridge|gallery|catwalk|fl(?:y|ies)|grid|truss|balcony|gods"
    r"|circle|perch|steep\w*|up(?: (?:on|in|at|there)|(?=,))|over|roof|ceiling|raised|tower)\b"
)
_LOW = re.compile(
    r"\b(?:low|floor\w*|foot\w*|trap\w*|pit|below|beneath|under\w*"
    r"|upligh?t\w*|from the deck|glows? up|up(?:ward)?s|birdie|apron|sunk)\b"
)
_KNEE_HEIGHT = re.compile(
    r"\bshin(?:s|[\s-]?busters?|[\s-]?kickers?)?\b(?:[\s-](?:height|high|level))?"
    r"|\b(?:knee|ankle|calf)[\s-](?:height|high|level)\b|\b(?:ankles|calves)\b"
)
_FROM_THE_SIDE = re.compile(
    r"\b(?:wings?|(?<!box )(?<!proscenium )booms?|ladder|tower|side[\s-]?light|tormentor)\b"
)
_FAR_UP = re.compile(
    r"\bfar up\b|\b(?:wing|entrance) (?:three|four|five|[3-5])\b|\b(?:third|fourth|fifth) (?:wing"
    r"|entrance)\b|\bdown (?:front )?(?:at|in) stage\b"
)
_BEHIND = re.compile(
    r"\b(?:back ?-?light\w*|behind|rear|rim|from the back|back)\b(?! the proscenium)"
)
_HEAD_HEIGHT = re.compile(
    r"\b(?:head|eye|chest|face|shoulder)[\s-](?:height|level|high)\b"
    r"|\b(?!shin|knee|ankle|calf)\w+-high\b"
)
_CAMERA_FROM = re.compile(r"\b\d+(?:-\d+)?(?: ?mm)? from the \w+")
_TOP_LIGHT = re.compile(r"\btop[\s-]?light")


def stage_direction(text: str, as_written: str) -> LightDirection | None:
    """Where the light stands that ``text`` places by one side of a stage; None unless that is sure.

    ``text`` is in lower case; ``as_written`` has abbreviations in capitals.
    """
    found, rest = _terms(text, as_written)
    if len(found) != 1 or _SIDE.search(rest) or _SPEAKS_AGAINST.search(text):
        return None
    if not _A_LIGHT.search(text) or _SOMEBODY_THERE.search(text):
        return None
    ((side, depth),) = found
    if depth <= 0 and (_UPSTAGE.search(text) or _BEHIND.search(rest)):
        depth = 1
    elif depth == 0 and _DOWNSTAGE.search(text):
        depth = -1
    level = _HEAD_HEIGHT.search(rest) is not None
    rest = _HEAD_HEIGHT.sub(" ", _CAMERA_FROM.sub(" ", rest))
    high, low = _HIGH.search(rest), _LOW.search(rest)
    if (high and low and not level) or _TOP_LIGHT.search(text) or _FAR_UP.search(text):
        return None
    at_the_knees = _KNEE_HEIGHT.search(rest) is not None
    elevation = (
        0.0 if level else -18.0 if at_the_knees else 35.0 if high else -30.0 if low else 15.0
    )
    if depth == -1 and not _DOWNSTAGE.search(text) and _FROM_THE_SIDE.search(text):
        depth = 0
    aside = {1: 132.0, 0: 78.0 if _FROM_THE_SIDE.search(text) else 70.0, -1: 48.0}[depth]
    azimuth = side * aside if side else 90.0 + 90.0 * depth
    return LightDirection(azimuth_deg=azimuth, elevation_deg=elevation)


def _terms(text: str, as_written: str) -> tuple[list[tuple[int, int]], str]:
    """The sides that are said, each once, and the words beside them."""
    found: list[tuple[int, int]] = []
    for words, side, depth in _SPELLED:
        text, times = words.subn(" | ", text)
        found += [(side, depth)] * times
    for words, side, depth in _ABBREVIATED:
        times = len(words.findall(as_written))
        if times:
            text = re.sub(words.pattern, " | ", text, flags=re.IGNORECASE)
            found += [(side, depth)] * times
    sides = [where for where in dict.fromkeys(found) if where[0]]
    return sides or found, text
