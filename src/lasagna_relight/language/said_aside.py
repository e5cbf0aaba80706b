"""What is said in passing beside a light, and must not be taken for its place.

Apertures, focal lengths, color temperatures, distances, sizes, counts, years and hours of the day.
"""

from __future__ import annotations

import re

_N = r"[+-]?\d+(?:[.,]\d+)?"
_LENGTH = (
    r"(?:mm|cm|m|km|met(?:er|re)s?|centimet(?:er|re)s?|feet|foot|ft|inch(?:es)?|in\.|yards?"
    r"|steps?|paces?)"
)
_AMOUNT = (
    r"(?:%|percent|per cent|watts?|w|kw|ws|lumens?|lux|stops?|ev|px|pixels?|dpi|fps|hz|hours?|hrs?"
    r"|secs?|seconds?|s|kg|lbs?|lights?|lamps?|softboxes|strobes?|flashes|candles|people|times|x"
    r"|years?|st|nd|rd|th|k|p)"
)
_ASIDE = re.compile(
    "|".join(
        (
            r"\bf\s?/?\s?\d+(?:\.\d+)?\b(?! degrees)",
            r"\b1/\d+\s?(?:s|sec|seconds?)?\b",
            r"\biso\s?\d+",
            r"\b(?:low|high|top)(?:ly)?[\s-](?:poly|key|contrast|detail\w*|res\w*|quality|dynamic)\b",
            r"\b\d{3,5}\s?-?\s?k(?:elvin)?s?\b",
            rf"{_N}\s?[x×]\s?{_N}(?:\s?{_LENGTH}\b)?",
            rf"{_N}\s?-?\s?(?:°|degrees?|deg)\s?-?\s?(?:celsius|centigrade|fahrenheit"
            rf"|[cf]\b|outside"
            r"|outdoors|(?:warm|cold|hott|cool)er|grids?|beam|cones?|snoots?|reflectors?"
            r"|honeycombs?"
            r"|spread|field of view|fov|lens\b|panorama|turn\b|view\b)",
            r"\bdutch (?:angle|tilt)[^,.;]*",
            r"\b360\s?-?\s?(?:°|degrees?)",
            rf"{_N}\s?-?\s?{_LENGTH}\b(?:[ -](?:lens|away|wide|tall|long|off|distant|strip\w*"
            r"|octa\w*|softbox))?",
            rf"{_N}\s?-?\s?{_AMOUNT}(?![\w'])(?!\s?o'?\s?clock)",
            r"\b(?:19|20)\d\d\b",
            r"\b\d\s?/\s?\d\b|\b3[\s-]quarters?\b",
            r"\b\d{1,2}(?:[:.]\d\d)?\s?(?:o'?\s?clock\s)?(?:in the (?:morning|afternoon|evening)"
            r"|at night|a\.?m\b|p\.?m\b|sharp|gmt|utc|local time|tea\b|news|shadow)",
        )
    )
)


def without_asides(text: str) -> str:
    """``text`` (lower case, numbers in digits) without what says nothing of the light's place."""
    return _ASIDE.sub(" ", text)
