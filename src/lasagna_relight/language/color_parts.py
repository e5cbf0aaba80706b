"""Words for parts of things: where a part is likely to be, and which color a sentence gives it."""

from __future__ import annotations

from dataclasses import dataclass

from lasagna_relight.language.colors import Rgb, color_words, main_color
from lasagna_relight.language.tokenizer import split

_PARTS_OF_PLACES = {
    "top": "top|lid|cap|hat|roof|head|hair|leaves|stem|upper part|leaf",
    "bottom": "bottom|sole|base|feet|foot|wheels|legs|stand|lower part|underside",
    "left": "left side|left half|left part|tail|handle",
    "right": "right side|right half|right part|handle|spout",
    "middle": "center|middle|belly|core|face|button|label",
    "edge": "edge|rim|border|frame|edges|outline",
    "spots": "spots|dots|polka dots|speckles|buttons|eyes",
    "stripes": "stripes|bands|lines|bars|stripe",
    "": "parts|details|trim|ornaments|pieces|part|accents",
}
PLACE_WORDS = {place: words.split("|") for place, words in _PARTS_OF_PLACES.items()}
"""Words for parts by the place or pattern that they usually are of; "" is anywhere."""

JOINING = {"and", "with", ",", "the", "rest"}


@dataclass(frozen=True, kw_only=True)
class PartColor:
    """The color of a part: ``place`` is a key of ``PLACE_WORDS``."""

    rgb: Rgb
    place: str


def part_colors(sentence: str) -> list[PartColor]:
    """Parts whose word says where they are, in the order of a sentence: "with a white sole"."""
    pieces, main = split(sentence), main_color(sentence)
    found: list[PartColor] = []
    for word in color_words(sentence):
        if word == main:
            continue
        said: list[str] = []
        for piece in pieces[word.last + 1 :]:
            if piece in JOINING:
                break
            said.append(piece)
        place = _place_of(" ".join(said))
        if place is not None:
            found.append(PartColor(rgb=word.rgb, place=place))
    return found


def _place_of(said: str) -> str | None:
    for place, words in PLACE_WORDS.items():
        for word in words:
            if place and said in (word, f"{word}s", word.removesuffix("s")):
                return place
    return None
