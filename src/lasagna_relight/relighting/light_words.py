"""A light from words: where it stands, its color, its softness, its intensity.

``left, warm, 0.8`` and ``warm light from the upper left`` are both read. Color and softness are
words of a short list; where the light stands is the reader's to tell (`language.reader`), unless
it is one of the twelve names.
"""

from __future__ import annotations

import re

from lasagna_relight.errors import InputError
from lasagna_relight.language.reader import read_light, read_lights
from lasagna_relight.light_direction import NAMED_DIRECTIONS, LightDirection
from lasagna_relight.relighting.lights import (
    STRONGEST,
    WHITE,
    Color,
    LightSource,
    color_of_hex,
    direction_of,
)

COLORS = {
    "candle": "#ff9a3c", "candlelight": "#ff9a3c", "fire": "#ff8a30", "tungsten": "#ffc58f",
    "golden": "#ffca70", "gold": "#ffca70", "sunset": "#ffab6b", "sunrise": "#ffb98a",
    "warm": "#ffd2a1", "amber": "#ffbf5e", "daylight": "#fff4e8", "white": "#ffffff",
    "neutral": "#ffffff", "cool": "#cfe1ff", "cold": "#b9d2ff", "moonlight": "#a9c4ff",
    "sky": "#b8d4ff", "red": "#ff5a4a", "orange": "#ffa04a", "yellow": "#ffe16b",
    "green": "#7dff8e", "teal": "#5fffe0", "cyan": "#72f1ff", "blue": "#6b9bff",
    "purple": "#b57bff", "violet": "#a77bff", "magenta": "#ff6bea", "pink": "#ff9ecb",
}  # fmt: skip
"""Color words, as gels are called; no part of the direction of a light."""

SOFT = {"soft": 0.6, "softly": 0.6, "diffuse": 0.8, "diffused": 0.8, "hard": 0.0, "harsh": 0.0}
AMOUNTS = {"faint": 0.3, "dim": 0.4, "weak": 0.5, "strong": 1.5, "bright": 1.5}

LEAST_SURE = 0.6
"""Confidence of a reading below which a single word is taken for no place."""

EXAMPLE = '--light "left, warm, 0.8"'

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)")
_HEX = re.compile(r"#[0-9a-fA-F]+")
_ANGLES = re.compile(
    r"azimuth\s+([-+]?\d+\.?\d*)(?:\s+elevation\s+([-+]?\d+\.?\d*))?", re.IGNORECASE
)
_SOFTNESS = re.compile(r"softness\s+(\d*\.?\d+)", re.IGNORECASE)


def light_from_words(words: str) -> LightSource:
    """The light that ``words`` describe; parts may stand in any order, divided by commas.

    - where: "left", "behind right", "azimuth -40 elevation 20", or any words that tell it;
    - color: "#88aaff", or a word of `COLORS`; softness: "soft", "hard", "softness 0.5";
    - intensity: a number from 0 to 4, or "faint", "dim", "strong".

    Raises:
        DirectionError: they do not tell where the light stands.
        InputError: a color or a number cannot be used.
    """
    intensity: float | None = None
    color: Color | None = None
    softness: float | None = None
    places: list[str] = []
    for part in filter(None, (part.strip() for part in words.split(","))):
        if _NUMBER.fullmatch(part):
            if intensity is not None:
                raise InputError(f'"{words}" has two intensities: leave one number out')
            intensity = float(part)
            if not 0 <= intensity <= STRONGEST:
                raise InputError(f'the intensity {part} in "{words}" is outside 0..{STRONGEST:g}')
        elif part.startswith("#"):
            color = _once(color, color_of_hex(part), words)
        elif found := _SOFTNESS.fullmatch(part):
            softness = float(found[1])
        else:
            places.append(part)
    _refuse_unknown(places, words)
    where = " ".join(places)
    for word in re.findall(r"[a-z]+|" + _HEX.pattern, where.lower()):
        if word in COLORS or word.startswith("#"):
            color = color or color_of_hex(str(COLORS.get(word, word)))
        softness = SOFT.get(word, softness) if softness is None else softness
        intensity = AMOUNTS.get(word, intensity) if intensity is None else intensity
    return LightSource(
        direction=_direction(where, words),
        intensity=1.0 if intensity is None else intensity,
        softness=softness or 0.0,
        color=color or WHITE,
    )


def _once(before: Color | None, color: Color, words: str) -> Color:
    if before is not None:
        raise InputError(f'"{words}" has two colors: leave one out')
    return color


def _refuse_unknown(places: list[str], words: str) -> None:
    """Raise where one of several parts is a single word that says nothing: a misspelt color."""
    for part in places if len(places) > 1 else []:
        known = {*COLORS, *SOFT, *AMOUNTS, *NAMED_DIRECTIONS}
        if part.lower() in known or not part.isalpha():
            continue
        if _place(part) is None:
            raise InputError(
                f'"{part}" in "{words}" is no color, softness, amount or place: write colors as '
                f"#rrggbb, or {EXAMPLE}"
            )


def _direction(where: str, words: str) -> LightDirection:
    angles = _ANGLES.search(where)
    if angles is not None:
        return direction_of(float(angles[1]), float(angles[2] or 0))
    known = {*COLORS, *SOFT, *AMOUNTS}
    bare = " ".join(word for word in where.lower().split() if word not in known)
    if bare in NAMED_DIRECTIONS:
        return NAMED_DIRECTIONS[bare]
    if not bare:
        raise InputError(f'"{words}" does not say where the light stands: {EXAMPLE}')
    if " " in bare:
        return read_light(where).direction
    return _place(bare) or read_light(where).direction


def _place(word: str) -> LightDirection | None:
    """Where a light "from the ``word``" stands; None if that is not at all sure."""
    (reading,) = read_lights([f"light from the {word}"])
    return None if reading is None or reading.confidence < LEAST_SURE else reading.direction
