"""What words and pictures ask for that a command does not do, as one line each for the user."""

from __future__ import annotations

import re

import numpy as np

from lasagna_relight.language.color_parts import part_colors
from lasagna_relight.language.colors import color_words, main_color
from lasagna_relight.language.reader import LightReading
from lasagna_relight.relighting.light_words import COLORS

UNCOLORED = frozenset({"white", "neutral", "daylight", "sky"})
COLORED_PIXEL = 0.12
"""Difference of the largest and the smallest channel from which a pixel is colored, of 1."""
COLORED_SHARE = 0.1
"""Share of colored pixels from which a picture is no gray photograph and no drawing."""

SURE = 0.7
"""Confidence below which a reading of words is remarked on."""

_COLOR = "|".join(sorted(set(COLORS) - UNCOLORED))
_LIGHT = r"(?:\w*light\w*|lamps?|glow\w*|neon|gels?|beams?|rays?|shine|sun|spot\w*|rim|key)"
_COLORED_LIGHT = re.compile(rf"\b({_COLOR})(?:[ -]\w+)? {_LIGHT}\b")
_SIDE = (
    r"(?:the |my |its )?(?:far |upper |lower |very )?"
    r"(left|right|above|below|top|bottom|behind|front)"
)
_TWO_LIGHTS = re.compile(
    rf"\b(?:from|on) {_SIDE}(?: side)?,?(?: and|,| plus| &) (?:also )?(?:another |one )?"
    rf"(?:light |lamp )?(?:from|on) {_SIDE}\b"
)
_BOTH_SIDES = re.compile(r"\b(?:from|on|at) (?:both sides|either side|left and right)\b")


def light_remark(words: str) -> str | None:
    """What of ``words`` about a light `lasagna relight` leaves undone; None if nothing is known."""
    said = " ".join(words.lower().split())
    if _asks_for_two(said):
        return (
            'of several lights in words the main one is taken: mix them with --light "left" '
            '--light "right"'
        )
    colored = _COLORED_LIGHT.search(said)
    if colored is not None:
        return (
            f'words place the light and do not color it: --light "{words.strip()}" does '
            f"({colored[1]})"
        )
    return None


def reading_remark(words: str, reading: LightReading) -> str | None:
    """A line where ``words`` about a light are read without much confidence."""
    if reading.confidence >= SURE:
        return None
    direction = reading.direction
    return (
        f'"{" ".join(words.split())}" is read as {reading.nearest_name} (azimuth '
        f"{direction.azimuth_deg:.0f}, elevation {direction.elevation_deg:.0f}), which is not "
        "sure: say it otherwise, or give --azimuth and --elevation"
    )


def color_remark(words: str) -> str | None:
    """A line where ``words`` for `lasagna colorize` name no color, or parts that are not known."""
    named = color_words(words)
    if not named:
        return f'"{words.strip()}" names no color that is known: what comes is a guess'
    main = main_color(words)
    lost = [word.name for word in named if word != main]
    if len(lost) <= len(part_colors(words)):
        return None
    return (
        f"of several colors those of parts are placed whose names are known (roof, sole, lid, "
        f"handle, stripes): not all of {', '.join(lost)} are; dots of color by --hints are exact"
    )


def colored_picture_remark(name: str, pixels: np.ndarray) -> str | None:
    """A line where ``pixels`` (H, W, 3), uint8 or uint16, are in color already."""
    small = pixels[:: max(pixels.shape[0] // 256, 1), :: max(pixels.shape[1] // 256, 1)]
    spread = (small.max(-1) - small.min(-1)) / np.iinfo(pixels.dtype).max
    if (spread > COLORED_PIXEL).mean() < COLORED_SHARE:
        return None
    return (
        f"{name} is in color: colorize is for drawings and gray photographs, and its own colors "
        "show through"
    )


def _asks_for_two(said: str) -> bool:
    if re.search(r"\b(?:not|no|never|without|instead|isn't|don't)\b", said):
        return False
    two = _TWO_LIGHTS.search(said)
    return bool(_BOTH_SIDES.search(said) or (two is not None and two[1] != two[2]))
