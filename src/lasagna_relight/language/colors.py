"""What color words look like: a lexicon of names, and the color words of a sentence.

The colors of names are medians of the XKCD color survey (Munroe, 2010, public domain, CC0): some
200,000 people named random colors on their screens. Materials ("wooden", "golden") are our own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np

from lasagna_relight.language.tokenizer import split

BASIC_TERMS = ("black", "white", "red", "green", "yellow", "blue", "brown", "orange", "pink",
               "purple", "gray")  # fmt: skip
"""The eleven basic color terms. Source: Berlin and Kay, "Basic Color Terms" (1969)."""

LONGEST_NAME = 3
NEAREST = 5
"""Named colors that vote on the basic term of a color."""

ALIKE = 2.0
"""Distance in L*a*b* below which colors look alike: a name so near to the color of a basic term
that is not its own has no vote. The survey's median of "pale grey" is #fdfdfe, a white."""

Rgb = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class ColorWord:
    """A color word of a sentence.

    Attributes:
        name: as the lexicon has it, "light blue".
        first: index of its first piece among `tokenizer.split`.
        last: index of its last piece.
        rgb: sRGB-encoded in [0, 1].
    """

    name: str
    first: int
    last: int
    rgb: Rgb


@lru_cache(maxsize=1)
def color_lexicon() -> dict[str, Rgb]:
    """Every color name that is known, with its sRGB-encoded color in [0, 1]."""
    text = (resources.files("lasagna_relight") / "data" / "words" / "colors.tsv").read_text()
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    return {name: rgb_of_hex(color) for name, color, _source in rows}


def rgb_of_hex(color: str) -> Rgb:
    """sRGB-encoded values in [0, 1] of "#rrggbb"."""
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def color_words(sentence: str) -> list[ColorWord]:
    """The color words of ``sentence`` in their order, longest names first: "light blue" is one."""
    pieces = split(sentence)
    lexicon = color_lexicon()
    found: list[ColorWord] = []
    index = 0
    while index < len(pieces):
        for length in range(min(LONGEST_NAME, len(pieces) - index), 0, -1):
            name = " ".join(pieces[index : index + length])
            if name in lexicon:
                last = index + length - 1
                found.append(ColorWord(name=name, first=index, last=last, rgb=lexicon[name]))
                index = last
                break
        index += 1
    return found


def main_color(sentence: str) -> ColorWord | None:
    """The color word that a sentence gives to the thing itself, or None.

    The first before "with"; else the one after "rest"; else the first.
    """
    found = color_words(sentence)
    pieces = split(sentence)
    if not found:
        return None
    parts_from = pieces.index("with") if "with" in pieces else len(pieces)
    if found[0].first < parts_from:
        return found[0]
    if "rest" in pieces:
        after = [word for word in found if word.first > pieces.index("rest")]
        return after[0] if after else found[0]
    return found[0]


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of sRGB-encoded values in [0, 1], last axis 3."""
    rgb = np.asarray(rgb, dtype=np.float64)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = linear @ to_xyz.T / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


def basic_terms(colors: Sequence[Rgb] | np.ndarray) -> list[str]:
    """The basic color term that people would use for each of some sRGB-encoded colors.

    A vote of the nearest named colors of the survey, each for the basic term that its name ends
    with ("dark red" votes red), weighted by the inverse of its distance in L*a*b*.
    """
    points, votes = _named_points()
    found = []
    for row in lab(np.asarray(colors)).reshape(-1, 3):
        distance = np.linalg.norm(points - row, axis=1)
        near = np.argsort(distance)[:NEAREST]
        totals = np.zeros(len(BASIC_TERMS))
        np.add.at(totals, votes[near], 1 / (distance[near] + 1))
        found.append(BASIC_TERMS[int(totals.argmax())])
    return found


@lru_cache(maxsize=1)
def _named_points() -> tuple[np.ndarray, np.ndarray]:
    centers = lab(np.array([color_lexicon()[term] for term in BASIC_TERMS]))
    points, votes = [], []
    for name, rgb in color_lexicon().items():
        term = name.split()[-1].replace("grey", "gray")
        if term not in BASIC_TERMS:
            continue
        point, vote = lab(np.array(rgb)), BASIC_TERMS.index(term)
        distance = np.linalg.norm(centers - point, axis=1)
        if distance[vote] < ALIKE or distance.min() >= ALIKE:
            points.append(point)
            votes.append(vote)
    return np.array(points), np.array(votes)
