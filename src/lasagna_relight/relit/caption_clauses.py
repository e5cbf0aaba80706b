"""Clauses of light: families of ways to say a direction, from plain names to denials and shadows.

Each family draws words together with the direction that they mean.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS, LightDirection
from lasagna_relight.relit.caption_angles import (
    at_random_degrees,
    by_dataset_id,
    on_a_clock,
    on_a_compass,
)
from lasagna_relight.relit.caption_languages import FOREIGN_SHADOWS, LANGUAGES
from lasagna_relight.relit.caption_places import Angles, Place, place, sided
from lasagna_relight.relit.caption_relations import (
    in_between,
    main_of_two,
    moved,
    not_there_but_here,
)
from lasagna_relight.relit.caption_shadows import shadow
from lasagna_relight.relit.caption_sources import source
from lasagna_relight.relit.caption_terms import SHADOWS, TERMS
from lasagna_relight.relit.caption_vocabulary import (
    IN_ANOTHERS_FRAME,
    LIGHTS,
    QUALITIES,
    REQUESTS,
)


def clause(rng: random.Random) -> Place:
    """A clause of any family, with the direction that it means."""
    families, weights = zip(*_FAMILIES, strict=True)
    return rng.choices(families, weights)[0](rng)


def _plain(rng: random.Random) -> Place:
    """The dataset's twelve names, plainly."""
    name = rng.choice(DIRECTION_NAMES)
    words = rng.choice(
        ("light from the {n}", "{n} light", "{n} lighting", "{n}", "with {n} lighting",
         "from the {n}", "lit from the {n}", "light: {n}", "a light at the {n}", "{n} lit",
         "lighting from {n}"),
    ).format(n=name)  # fmt: skip
    return Place(words=words, direction=NAMED_DIRECTIONS[name])


def _from_somewhere(rng: random.Random) -> Place:
    where = place("from", rng)
    return Place(words=in_a_clause(where.words, rng), direction=where.direction)


def in_a_clause(where: str, rng: random.Random) -> str:
    """Words that answer "where from", with something that shines."""
    words = rng.choice(
        ("light {p}", "lit {p}", "illuminated {p}", "the light comes {p}", "light coming {p}",
         "{p}", "lighting {p}", "{r} {p}", "{q} light {p}", "{q} {l} {p}", "sunlight {p}",
         "the sun shining {p}", "{l} {p}", "{q} glow {p}", "a {q} beam {p}",
         "{q} illumination {p}", "{p}, {q} light", "glowing {p}", "key light {p}",
         "spotlight {p}", "{q}ly lit {p}", "light falling {p}", "light shining {p}",
         "the {l} shines {p}", "a {l} shining {p}", "bathed in {q} light {p}",
         "light hits it {p}", "{p} comes a {q} light", "{q} and {q2} light {p}", "light: {p}",
         "light direction {p}", "sun {p}", "touched by {q} rays {p}", "lit by a {l} {p}",
         "illumination: {p}", "brightly lit {p}", "light ({p})", "moonlight {p}",
         "strike it with light {p}", "{q} light streams {p}", "{p} light", "{r} {p}"),
    )  # fmt: skip
    return _filled(words, where, rng)


def _at_somewhere(rng: random.Random) -> Place:
    where = place("at", rng)
    words = rng.choice(
        ("light source {p}", "the light is {p}", "a {l} {p}", "{l} {p}", "put the {l} {p}",
         "{p} is a {l}", "the sun {p}", "the {l} stands {p}", "{q} light {p}",
         "with the {l} {p}", "{r} with a {l} {p}", "a {q} {l} {p}", "the moon {p}",
         "{l} placed {p}", "there is a {l} {p}", "a {l} shines {p}", "light {p}",
         "the {l} sits {p}", "place a {q} {l} {p}", "lit by a {l} {p}",
         "the light should be {p}", "i hold the {l} {p}", "illuminated by a {q} {l} {p}",
         "{q} glow {p}", "imagine a {l} {p}", "with the sun {p}", "only a {l} {p}",
         "as if a {l} were {p}", "a {l} hangs {p}", "position: {p}"),
    )  # fmt: skip
    return Place(words=_filled(words, where.words, rng), direction=where.direction)


def _lit_somehow(rng: random.Random) -> Place:
    where = place("adjective", rng)
    words = rng.choice(
        ("{p} light", "{p} lighting", "{p} lit", "{p}-lit", "{p} illumination",
         "with {p} lighting", "{p}", "{q} {p} light", "{q} {p} lighting", "{p} {l}",
         "with {q} {p} light", "{p} key light", "light: {p}", "lighting: {p}", "{p} sunlight",
         "give it {p} light", "use {p} lighting", "{p} lights", "set the light to {p}",
         "light position {p}", "light direction: {p}", "in {p} light"),
    )  # fmt: skip
    return Place(words=_filled(words, where.words, rng), direction=where.direction)


def _filled(template: str, where: str, rng: random.Random) -> str:
    return template.format(
        p=where,
        q=rng.choice(QUALITIES),
        q2=rng.choice(QUALITIES),
        l=rng.choice(LIGHTS),
        r=rng.choice(REQUESTS),
    )


def _in_table(table: dict[Angles, str]) -> Callable[[random.Random], Place]:
    entries = [(angles, many.split("|")) for angles, many in table.items()]

    def draw(rng: random.Random) -> Place:
        angles, many = rng.choice(entries)
        return sided(rng.choice(many), angles, rng)

    return draw


_term = _in_table(TERMS)
_shadow_term = _in_table(SHADOWS)


def _foreign(rng: random.Random) -> Place:
    common = rng.random() < 0.8
    language = LANGUAGES[rng.choice(_COMMON_LANGUAGES if common else _ALL_LANGUAGES)]
    name = rng.choice(DIRECTION_NAMES)
    words = rng.choice(language.templates).format(p=rng.choice(language.places[name]))
    return Place(words=words, direction=NAMED_DIRECTIONS[name])


_COMMON_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "pl", "ru", "sv", "tr", "ja", "zh")
_ALL_LANGUAGES = tuple(LANGUAGES)


def _foreign_shadow(rng: random.Random) -> Place:
    """What a shadow does, in another language: the light stands opposite."""
    name, many = rng.choice(list(FOREIGN_SHADOWS.items()))
    return Place(words=rng.choice(many), direction=NAMED_DIRECTIONS[name])


def _in_anothers_frame(rng: random.Random) -> Place:
    """The left or right of somebody in the picture, who may face either way: a coin is tossed."""
    words = rng.choice(("light {p}", "lit {p}", "sun {p}", "the light falls {p}", "glow {p}"))
    azimuth = rng.choice((-55.0, 55.0))
    return Place(
        words=words.format(p=rng.choice(IN_ANOTHERS_FRAME)),
        direction=LightDirection(azimuth_deg=azimuth, elevation_deg=0.0),
    )


_FAMILIES: tuple[tuple[Callable[[random.Random], Place], float], ...] = (
    (_plain, 5),
    (_from_somewhere, 16),
    (_at_somewhere, 9),
    (_lit_somehow, 7),
    (_term, 13),
    (_shadow_term, 8),
    (shadow, 18),
    (source, 18),
    (on_a_clock, 4),
    (on_a_compass, 4),
    (at_random_degrees, 10),
    (by_dataset_id, 1),
    (_foreign, 13),
    (not_there_but_here, 20),
    (moved, 4),
    (main_of_two, 12),
    (in_between, 8),
    (_foreign_shadow, 3),
    (_in_anothers_frame, 0.5),
)
