"""Whether numbers are about a light, and not about a thing, the camera or the time."""

from __future__ import annotations

import re

_LIGHT = re.compile(
    r"\b(?:\w*lights?\b|lighting|lit|lamps?|sun\w*|moon\w*|key|fill|kicker|\w*flash\w*|strobes?"
    r"|soft ?box(?:es)?|\w*lit|(?:spot|flood|head|foot)\w*|lanterns?|candles?|torch\w*|illuminat\w*"
    r"|shin(?:e|es|ing)|glow\w*|beams?|rays?|bulbs?|relight\w*|azimuth|elevation|az|el|source|led"
    r"|octa\w*|rim|beauty dish|dish|strip|para|kino\w*|skypanel|monolight|hmi|highlights?"
    r"|raking|grazing|bright\w*|shadows?|speedlight|fresnel"
    r"|strip ?box|umbrella|illumination|radiance|sunbeam)\b"
)
_MOVES_A_THING = re.compile(
    r"\b(?:rotate|turn|tilt|lean|flip|crop|move|shift|pan|spin|straighten|skew)(?:ed|ing|s)?\b"
    r"(?: (?!light|lamp|source|key|sun\b|spot|flash|strobe|it\b|by\b|to\b|about\b|around\b|round\b"
    r"|along\b|up\b|down\b|left\b|right\b|\d)\w+){1,3}"
)
_MOVES_A_LIGHT = re.compile(
    r"\b(?:rotate|turn|tilt|move|shift|pan|spin)(?:ed|ing|s)? (?:\w+ ){0,3}?(?:\w*lights?|lamps?"
    r"|source|key|sun|spot\w*|flash|strobe|softbox|torch|lantern|candle)\b"
)
_TURNS = re.compile(r"\b(?:rotate|tilt|turn|flip|pan)s?\b")
_CAMERA_MOVES = re.compile(
    r"\b(?:seen|viewed|photographed|shot|taken|camera|view|head|face|body|looking"
    r"|facing) (?:is |at "
    r"|from |turned |tilted |rotated |placed |set |angle ?)+@\d"
    r"|^(?:\w+ )?(?:the )?camera @\d"
)
_PLAIN_WORDS = frozenset(re.findall(r"\S+", """
a about above almost an and angle anticlockwise approximately are around as at away axis back be
behind below between big bit bottom but by camera center centre clock clockwise come comes
coming counter counterclockwise deg degree degrees degress dial direction directly down dropped
e elevated exactly eye face frame from front further gentle half hand hands height high higher
horizon horizontal hour i if image imaginary in is it its just left lens let level lifted line
little low lower lowered make me middle minute more my nearly no noon not o o'clock object
oclock of off on only or our over overhead past photographer picture pitch place placed plane please
position put quite raised rear right roughly round same say seen set sharp side sight slightly
so steep steeply straight straight-on subject sure swing swung than that the then this to top
toward towards under up upper us vertical very viewer viewing watch where with would yaw zenith
"""))  # fmt: skip
_STARTS_WITH_A_PLACE = re.compile(
    r"(?:(?:from|at|on|to|in|by|where|behind|directly|straight|exactly|between|halfway|midway"
    r"|somewhere|tilted|pointing|aimed|swung"
    r"|just|exactly|about|roughly|around|nearly|almost|high|low|steep\w*|left|right|upper|lower|top"
    r"|counter\w*|anticlockwise|clockwise|position\w*|walk|go|sweep|swing|straight"
    r"|(?:put|place|set|raise|lift|lower|move|bring|swing) it|(?:the )?(?:minute|hour|big"
    r"|long|short)"
    r" hand|both hands)\b|[@+-]{0,2}\d)"
)
_OF_A_SETUP = re.compile(
    r"@\d+ (?:up|down|high|above|below)\b|\b(?:camera|lens|eye|horizon\w*|zenith|overhead"
    r"|vertical|axis|viewing|line of sight"
    r"|clock|o'?clock"
    r"|dial|watch|hands?|picture plane|image plane|height|object|subject|counter\w*|clockwise)\b"
)
_OF_PEOPLE = re.compile(r"\b(?:we|they|he|she|you|who|there (?:is|are|was))\b")


def speaks_of_light(text: str) -> bool:
    """Whether the numbers of ``text`` can be a light's: a light is named, or nothing else is.

    ``text`` is in lower case with "@45" for an angle of 45 degrees (`angles.marked`).
    """
    if _CAMERA_MOVES.search(text):
        return False
    if _MOVES_A_THING.search(text) and not _MOVES_A_LIGHT.search(text):
        return False
    if _LIGHT.search(text):
        return True
    if _TURNS.search(text) or _OF_PEOPLE.search(text):
        return False
    if re.match(r"@\d+ (?:\w+ ){0,2}(?:left|right|up|down|above|below)\b", text.strip()):
        return True
    if _STARTS_WITH_A_PLACE.match(text.strip()) and _OF_A_SETUP.search(text):
        return True
    return all(word in _PLAIN_WORDS for word in re.findall(r"[a-z'-]*[a-z]", text))
