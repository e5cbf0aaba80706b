"""Captions of recolored pictures: which color the thing has, and which color its parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lasagna_relight.language.color_parts import PLACE_WORDS
from lasagna_relight.language.colors import (
    BASIC_TERMS,
    Rgb,
    basic_terms,
    color_lexicon,
)

ADJECTIVES = {"stripes": ("striped",), "spots": ("spotted", "dotted")}
NOUNS = [
    "thing", "object", "toy", "shape", "cup", "car", "shirt", "shoe", "sneaker", "hat", "bag",
    "flower", "house", "ball", "chair", "fish", "bird", "cat", "dog", "dress", "vase", "lamp",
    "box", "boat", "bottle", "balloon", "bike", "truck", "train", "umbrella", "teapot", "mug",
    "pot", "kite", "jacket", "apple", "sofa", "table", "robot", "butterfly", "dragon",
    "horse", "mushroom", "cake", "book", "guitar", "rocket",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class NamedColor:
    """A color and what it is called here."""

    name: str
    rgb: Rgb


def random_color(draws: np.random.Generator) -> NamedColor:
    """Often a basic term, of a shade that bears it; else a finer name or a material."""
    names, by_term = _palettes()
    if draws.random() < 0.68:
        term = BASIC_TERMS[int(draws.integers(len(BASIC_TERMS)))]
        if draws.random() < 0.65:
            rgb = color_lexicon()[term]
        else:
            shades = by_term[term]
            rgb = color_lexicon()[shades[int(draws.integers(len(shades)))]]
        shown = "grey" if term == "gray" and draws.random() < 0.5 else term
        return NamedColor(name=shown, rgb=_jittered(rgb, draws, 0.03))
    name = names[int(draws.integers(len(names)))]
    return NamedColor(name=name, rgb=_jittered(color_lexicon()[name], draws, 0.02))


def caption(
    title: str, colors: list[NamedColor], relations: list[str], draws: np.random.Generator
) -> str:
    """A sentence about a thing: the color of its body, then those of its parts."""
    noun = title if title and draws.random() < 0.6 else NOUNS[int(draws.integers(len(NOUNS)))]
    body = colors[0].name
    if len(colors) == 1:
        forms = [
            f"{_article(body)} {body} {noun}", f"{body} {noun}", f"{noun}, {body}", body,
            f"{_article(noun)} {noun} in {body}", f"the {noun} is {body}",
            f"make the {noun} {body}",
            f"{_article(body)} {body} {noun}", f"a picture of {_article(body)} {body} {noun}",
            f"all {body}", f"{_article(noun)} {noun} that is {body}",
        ]  # fmt: skip
        return forms[int(draws.integers(len(forms)))]
    parts = []
    for color, relation in zip(colors[1:], relations, strict=True):
        kind = relation if draws.random() < 0.85 else ""
        words = PLACE_WORDS[kind]
        parts.append((color.name, words[int(draws.integers(len(words)))], relation))
    first = parts[0]
    said = " and ".join(f"{_some(color, part)} {part}" for color, part, _ in parts)
    forms = [
        f"{_article(body)} {body} {noun} with {said}", f"{body} {noun} with {said}",
        f"{body} with {said}", f"{_article(noun)} {noun} in {body} with {said}",
        f"{_article(body)} {body} {noun}, {' and '.join(f'{c} {p}' for c, p, _ in parts)}",
        f"{_article(body)} {body} {noun} and {said}",
    ]  # fmt: skip
    if len(parts) == 1:
        forms.append(f"{_article(body)} {body} and {first[0]} {noun}")
        forms.append(f"{noun} with {said}, the rest {body}")
        for adjective in ADJECTIVES.get(first[2], ()):
            forms += [f"{_article(body)} {body} {noun}, {first[0]} {adjective}"]
    return forms[int(draws.integers(len(forms)))]


def observed_colors(rgbs: np.ndarray, draws: np.random.Generator) -> list[NamedColor]:
    """What the colors of a picture (K, 3) are called: basic terms, some said with a shade."""
    found = []
    for rgb, term in zip(rgbs, basic_terms(rgbs), strict=True):
        name = term
        if term not in ("black", "white") and draws.random() < 0.3:
            light = float(rgb.mean())
            name = f"light {term}" if light > 0.72 else f"dark {term}" if light < 0.3 else term
        found.append(NamedColor(name=name, rgb=(float(rgb[0]), float(rgb[1]), float(rgb[2]))))
    return found


def _palettes() -> tuple[list[str], dict[str, list[str]]]:
    if not _CACHE:
        names = list(color_lexicon())
        terms = basic_terms(np.array([color_lexicon()[name] for name in names]))
        by_term: dict[str, list[str]] = {term: [] for term in BASIC_TERMS}
        for name, term in zip(names, terms, strict=True):
            if name.split()[-1] == term and name.split()[0] not in (
                "greenish",
                "bluish",
                "reddish",
            ):
                by_term[term].append(name)
        _CACHE.append((names, by_term))
    return _CACHE[0]


_CACHE: list[tuple[list[str], dict[str, list[str]]]] = []


def _jittered(rgb: Rgb, draws: np.random.Generator, spread: float) -> Rgb:
    red, green, blue = (np.array(rgb) + draws.normal(0, spread, 3)).clip(0, 1).tolist()
    return red, green, blue


def _article(word: str) -> str:
    return "an" if word[:1] in "aeiou" else "a"


def _some(color: str, part: str) -> str:
    plural = part.endswith("s") or part in ("hair", "trim", "feet")
    return color if plural else f"{_article(color)} {color}"
