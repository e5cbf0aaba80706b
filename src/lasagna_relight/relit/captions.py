"""Captions of light: any direction in words, and phrases to teach the reader with.

``caption`` says a given direction (a training pair's caption for the diffusion prior);
``lighting_phrase`` draws a phrase together with the direction that it means, or with None when it
means none. Both draw from the same wide grammar, whose tables are the ``caption_*`` modules.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch

from lasagna_relight.light_direction import LightDirection
from lasagna_relight.relit.caption_angles import in_degrees
from lasagna_relight.relit.caption_bystanders import beside_others, bystanders_alone
from lasagna_relight.relit.caption_clauses import bare, clause, in_a_clause
from lasagna_relight.relit.caption_negatives import in_style, made_up_word, undirected
from lasagna_relight.relit.caption_noise import typed
from lasagna_relight.relit.caption_vocabulary import MISLEADING, OBJECTS, QUALITIES

CAPTION_WITHIN_DEG = 18.0
"""A caption's own direction lies this close to the one that it is drawn for."""

_BRIEFLY = (
    "think {c}", "just {c}", "nothing but {c}", "i want {c}", "go for {c}", "{c} if you can",
    "{c}, ok?", "can i have {c}", "{c}, that's all",
    "only {c}", "{c} and nothing else", "how about {c}",
    "try {c}", "a bit of {c}", "so: {c}", "mood: {c}", "as with {c}", "give me {c}",
)  # fmt: skip
_DRAWS = 300
_BARE_SHARE = 0.05
_BESIDE_OTHERS_SHARE = 0.15


@dataclass(frozen=True, kw_only=True)
class LightingPhrase:
    """A prompt and the direction that it means, or None."""

    text: str
    direction: LightDirection | None
    weight: float = 1.0
    """How much the direction counts in training: less where the words leave it open."""


def caption(direction: LightDirection, generator: torch.Generator, title: str | None = None) -> str:
    """A prompt that asks for light from ``direction``, at times naming the object ``title``.

    Words are drawn until they mean a direction within ``CAPTION_WITHIN_DEG``; a direction that no
    words come close to, and one in ten others, is said in degrees.
    """
    rng = _rng(generator)
    if rng.random() < 0.9:
        for _ in range(_DRAWS):
            meant = clause(rng)
            if meant.direction.angle_to(direction) <= CAPTION_WITHIN_DEG:
                return _within_a_prompt(meant.words, rng, title)
    return _within_a_prompt(in_a_clause(in_degrees(direction, rng).words, rng), rng, title)


def lighting_phrase(
    generator: torch.Generator, undirected_share: float = 0.2, titles: tuple[str, ...] = ()
) -> LightingPhrase:
    """A random prompt, as somebody may type it, and the direction that it means.

    ``undirected_share`` of them mean none. ``titles`` are further objects to speak of.
    """
    rng = _rng(generator)
    if rng.random() < undirected_share:
        none = bystanders_alone if rng.random() < _BESIDE_OTHERS_SHARE else undirected
        return LightingPhrase(text=typed(none(rng), rng), direction=None)
    if rng.random() < _BARE_SHARE:
        meant = bare(rng)
        said = f"{meant.words} please" if rng.random() < 0.1 else meant.words
        return LightingPhrase(text=typed(said, rng), direction=meant.direction)
    meant = clause(rng)
    if rng.random() < _BESIDE_OTHERS_SHARE:
        said = beside_others(meant.words, rng)
        return LightingPhrase(text=typed(said, rng), direction=meant.direction)
    title = rng.choice(titles) if titles and rng.random() < 0.3 else None
    text = _within_a_prompt(meant.words, rng, title)
    return LightingPhrase(text=typed(text, rng), direction=meant.direction)


def _rng(generator: torch.Generator) -> random.Random:
    """Python's generator, seeded by one draw from torch's: its choices are ten times as fast."""
    return random.Random(int(torch.randint(2**62, (), generator=generator)))


def _within_a_prompt(light: str, rng: random.Random, title: str | None) -> str:
    """``light`` on its own, or with an object or a misleading one, a style, a request."""
    draw = rng.random()
    if draw < 0.05:
        core = rng.choice(_BRIEFLY).format(c=light)
    elif draw < 0.42 and (title is None or draw < 0.1):
        core = light
    else:
        thing = title or rng.choice(OBJECTS)
        if title is None and rng.random() < 0.1:
            thing = made_up_word(rng)
        elif title is None and rng.random() < 0.3:
            thing = rng.choice(MISLEADING).removeprefix("a ").removeprefix("an ")
        core = rng.choice(
            ("a {o}, {c}", "{o}, {c}", "a photo of a {o} with {c}", "a photo of a {o}, {c}",
             "A photo of a {o} {c}",
             "{c}, {o}", "the {o}: {c}", "a {q} {o}, {c}", "{c} on a {o}", "photo of a {o}. {c}",
             "the {o} {c}", "{c} for the {o}", "a {o} {c}", "{o} - {c}", "an image of a {o}; {c}",
             "{c}. a {o}"),
        ).format(o=thing, c=light, q=rng.choice(QUALITIES))  # fmt: skip
    return in_style(core, rng)
