"""A light that stands somewhere and is mirrored, turned or moved on from there.

"Currently upper right, mirror it horizontally" is light from the upper left: only where both the
place and what is done with it are plain; the rest is the reader's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from lasagna_relight.light_direction import (
    NAMED_DIRECTIONS,
    LightDirection,
    around,
)

_HEIGHT = r"(?:upper|top|lower|bottom)"
_PLACE = (
    rf"(?P<place>(?:{_HEIGHT}[\s-])?(?:left|right)(?:[\s-]hand)?|top|bottom|above|below|overhead"
    r"|underneath)(?: side| corner)?"
    r"(?=\s*(?:[^\w\s]|$|now|at|already|currently|right now|and|but|so))"
)
_STANDS = re.compile(
    r"\b(?:(?:it|light|lamp|sun|source|key)(?:'s| is| was| comes| sits| stands| came)"
    r"|currently|now|so far"
    rf"|at present|have (?:it|the light)|got (?:it|the light)|starting)(?: (?:now|currently"
    rf"|already|lit"
    rf"|coming|standing|from|on|at|in|to|the))* {_PLACE}\b"
    rf"|\b(?:from|was|currently|light's)(?: the)? (?P<other>(?:{_HEIGHT}[\s-])(?:left|right))\b"
)
_OFTEN_RIGHT_NOW = re.compile(
    r"(?<!bottom )(?<!top )(?<!upper )(?<!lower )(?<!the )\bright (?=now\b|here\b|away\b)"
)
_OR_THE_RIGHT = re.compile(r"\b(?:is|'s) right now\b")
_NOT_MOVED = re.compile(
    r"\b(?:shadow\w*|not|never|but (?:from|on)|instead|camera|picture of|photo|image)\b|n't\b"
)

_CLOCKS = {
    "top": 0, "above": 0, "overhead": 0, "right": 90, "bottom": 180, "below": 180,
    "underneath": 180, "left": 270,
}  # fmt: skip


def _sideways(clock: float) -> int:
    return round(math.sin(math.radians(clock)))


def _across(clock: float) -> LightDirection:
    """The other side: of a corner at its own height, of the top the bottom."""
    return around(-clock if _sideways(clock) else 180 - clock)


def _reversed(clock: float) -> LightDirection | None:
    """The opposite of a side; of a corner there are three."""
    return around(clock + 180) if clock % 90 == 0 else None


def _raised(clock: float) -> LightDirection:
    return around((0, 45, 315)[_sideways(clock)])


def _lowered(clock: float) -> LightDirection:
    return around((180, 135, 225)[_sideways(clock)])


def _pushed_back(clock: float) -> LightDirection | None:
    side = _sideways(clock)
    return NAMED_DIRECTIONS["behind right" if side > 0 else "behind left"] if side else None


_DONE: tuple[tuple[str, Callable[[float], LightDirection | None]], ...] = (
    (r"(?:mirror|flip)(?: \w+){0,2} (?:horizontally|sideways|left to right)|swap left and right",
     lambda clock: around(-clock)),
    (r"(?:mirror|flip)(?: \w+){0,2} vertically|swap top and bottom|upside down",
     lambda clock: around(180 - clock)),
    (r"(?:(?:a )?quarter(?: of a)?(?: turn)?|@90|90 degrees) clockwise|clockwise by (?:@90"
        r"|a quarter)",
     lambda clock: around(clock + 90)),
    (r"(?:(?:a )?quarter(?: of a)?(?: turn)?|@90|90 degrees) (?:counter[\s-]?|anti[\s-]?)clockwise"
     r"|(?:counter|anti)[\s-]?clockwise by (?:@90|a quarter)",
     lambda clock: around(clock - 90)),
    (r"half a turn|@180|opposite corner|diametrically", lambda clock: around(clock + 180)),
    (r"other side|opposite side|go across"
     r"|(?:flip|mirror) (?:it|that)(?! \w*ly| sideways| left)", _across),
    (r"(?:the )?(?:exact )?opposite(?! side| corner)|the reverse|reverse it", _reversed),
    (r"(?:push|move|carry|take|bring|shift)(?: \w+){0,4}? behind(?: \w+){0,4}?,? (?:same|that) side"
     r"|(?:push|move|take|bring)(?: \w+){0,3}? back(?: \w+){0,6}? behind",
     _pushed_back),
    (r"(?:lift|raise|hoist)\b(?: (?:it|that|the (?:lamp|light)))?(?: (?:up|higher|as well|too))*"
     r"(?: so (?:that )?it also comes from above)?|bring it (?:straight )?(?:up|higher)|move it up",
     _raised),
    (r"(?:lower|sink)\b (?:it|that|the (?:lamp|light))\b|drop it(?: \w+){0,3}"
     r"|bring it (?:straight )?down|let it (?:sink|drop)|move it down",
     _lowered),
)  # fmt: skip
_OPERATIONS = tuple((re.compile(rf"(?<!\w)(?:{words})"), change) for words, change in _DONE)


def moved_direction(text: str) -> LightDirection | None:
    """Where the light of ``text`` (in lower case) ends; None unless that is plain."""
    if _OR_THE_RIGHT.search(text):
        return None
    text = _OFTEN_RIGHT_NOW.sub("", text)
    if _NOT_MOVED.search(text):
        return None
    found = [(match, change) for words, change in _OPERATIONS for match in words.finditer(text)]
    if len(found) != 1:
        return None
    ((match, change),) = found
    stands = [*_STANDS.finditer(f"{text[: match.start()]} | {text[match.end() :]}")]
    if len(stands) != 1:
        return None
    place = re.sub(r"[\s-]hand", "", stands[0]["place"] or stands[0]["other"])
    rest = f"{text[: match.start()]} | {text[match.end() :]}".replace(stands[0][0], " ", 1)
    if re.search(r"\b(?:left|right|top|bottom|above|below|behind|front|camera)\b", rest):
        return None
    return change(_clock_of(place))


def _clock_of(place: str) -> float:
    *height, side = re.split(r"[\s-]", place)
    if not height:
        return _CLOCKS[side]
    up = height[0] in ("upper", "top")
    return {"left": 315 if up else 225, "right": 45 if up else 135}[side]
