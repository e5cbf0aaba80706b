"""Numbers in words become digits: "forty-five degrees" is "45 degrees"."""

from __future__ import annotations

import re

SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
"""Numbers that are one word in English, by their value."""

_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "ninty": 90,
}  # fmt: skip
_VALUES = {word: value for value, word in enumerate(SMALL)} | _TENS

_UNIT = "|".join(SMALL[1:10])
_BELOW_HUNDRED = rf"(?:{'|'.join(_TENS)})(?:[\s-]+(?:{_UNIT})\b)?|(?:{'|'.join(SMALL)})\b"
_NUMBER = re.compile(
    rf"\b(?:(?P<hundreds>a|one|two"
    rf"|three)[\s-]+hundred(?:(?:\s+and)?[\s-]+(?P<rest>{_BELOW_HUNDRED}))?"
    rf"|(?P<sign>minus\s+|negative\s+)?(?P<small>{_BELOW_HUNDRED}))"
)
_ONE_TWENTY = re.compile(
    rf"\bone[\s-](?P<rest>(?:{'|'.join(_TENS)})(?:[\s-](?:{_UNIT}))?|ten"
    rf"|fifteen)(?= (?:degrees?|deg|(?:to the )?(?:left|right))\b)"
)
_SIGNED_DIGITS = re.compile(r"\b(minus|negative|plus)\s+(?=\d)")
_RIGHT_ANGLE = re.compile(
    r"\b(?:(?<!half )a |at )?right[\s-]+angles?\b|\bperpendicular(?:ly)?\b(?! down)"
)
_SHARE_OF = re.compile(
    r"\b(?:(?P<half>half(?: of)?)|(?P<times>a|an|one|1|2|3|5|7)[\s-]+(?P<part>thirds?|quarters?"
    r"|sixths?"
    r"|eighths?|tenths?|twelfths?)(?: of)?|(?P<quarter>quarter)(?: of)?)[\s-]+(?:(?:a|the|one) )?"
    r"(?P<whole>(?:full |whole )?(?:circle|turn|revolution|rotation)|way a?round(?! (?:to"
    r"|towards?)\b)"
    r"|90(?: degrees)?)(?!\d)"
)
_PARTS_OF = {"third": 3, "quarter": 4, "sixth": 6, "eighth": 8, "tenth": 10, "twelfth": 12}
_AT_45_45 = re.compile(r"\b(?:at )?(\d\d)\s?/\s?(\d\d)\b(?!\s?(?:mm|s\b|sec))")
_AT_45_45_ASIDE = re.compile(
    r"\b(?:at )?(\d\d)\s?/\s?(\d\d),? (?:(?:on|at|to|from) )?(?:the )?"
    r"((?:camera |frame )?(?:left|right))\b"
)
_WAY_UP = re.compile(
    r"\b(?:(?P<half>half|halfway)|(?P<top>1|2|3|a)[\s-]+(?P<bottom>thirds?|quarters?))"
    r"(?: of the)?(?: way)?[\s-]+(?P<where>up|down"
    r"|a?round(?: (?:to|towards?) the (?:back|rear))?|to(?:wards?)? the (?:back|rear))\b"
)
_PARTS = {"third": 3, "quarter": 4}


def with_digits(text: str) -> str:
    """``text`` (in lower case) with its numbers in digits; right angles are "90 degrees".

    Shares of the way up (to the zenith) or around (to the back) are degrees too: "two thirds of the
    way up" is "60 degrees up".
    """
    text = _ONE_TWENTY.sub(lambda match: str(100 + _below_hundred(match["rest"])), text)
    text = _NUMBER.sub(_digits, text)
    text = _SIGNED_DIGITS.sub(lambda match: "+" if match[1] == "plus" else "-", text)
    text = _RIGHT_ANGLE.sub("90 degrees", text)
    text = _AT_45_45_ASIDE.sub(r"\1 degrees \3, \2 degrees up", text)
    text = _AT_45_45.sub(r"\1 degrees, \2 degrees up,", text)
    text = _SHARE_OF.sub(_share_of, text)
    text = text.replace("half a 90 degrees", "45 degrees")
    return _WAY_UP.sub(_share_of_the_way, text)


def _share_of(match: re.Match[str]) -> str:
    """Degrees of "three eighths of a turn" or of "half a right angle"."""
    whole = 90 if match["whole"][0] in "9n" else 360
    turn = match["whole"].endswith("turn") and (match["half"] or match["quarter"])
    if turn or (match["quarter"] and match["whole"].startswith("way")):
        return match[0]
    if match["half"]:
        return f"{whole // 2} degrees"
    times = 1 if (match["times"] or "a") in ("a", "an", "one") else int(match["times"])
    return f"{times * whole / _PARTS_OF[(match['part'] or 'quarter').rstrip('s')]:g} degrees"


def _digits(match: re.Match[str]) -> str:
    if match["hundreds"]:
        value = 100 * _VALUES.get(match["hundreds"], 1) + _below_hundred(match["rest"] or "zero")
    else:
        value = _below_hundred(match["small"])
    return f"-{value}" if match["sign"] else str(value)


def _below_hundred(words: str) -> int:
    return sum(_VALUES[word] for word in re.split(r"[\s-]+", words))


def _share_of_the_way(match: re.Match[str]) -> str:
    if not re.search(r"\bway\b", match[0]) and match["where"] in ("up", "down"):
        return match[0]
    where = match["where"] if match["where"] in ("up", "down") else "around"
    whole = 180 if where == "around" else 90
    if match["half"]:
        return f"{whole // 2} degrees {where}"
    times = 1 if match["top"] == "a" else int(match["top"])
    return f"{times * whole / _PARTS[match['bottom'].rstrip('s')]:g} degrees {where}"
