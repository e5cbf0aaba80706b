"""Clauses of light: families of ways to say a direction, from plain names to denials and shadows.

Each family draws words together with the direction that they mean.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS, LightDirection
from lasagna_relight.relit.caption_abroad import abroad
from lasagna_relight.relit.caption_angles import (
    at_random_degrees,
    by_dataset_id,
    by_minute_hand,
    in_the_picture_plane,
    on_a_clock,
    on_a_compass,
    over_the_horizon,
)
from lasagna_relight.relit.caption_bearings import by_bearing
from lasagna_relight.relit.caption_foreign import foreign, foreign_sentence, foreign_shadow
from lasagna_relight.relit.caption_heights import at_a_height
from lasagna_relight.relit.caption_layouts import in_a_layout
from lasagna_relight.relit.caption_moves import carried_on
from lasagna_relight.relit.caption_places import Angles, Place, in_table, place, sided
from lasagna_relight.relit.caption_qualities import of_a_quality
from lasagna_relight.relit.caption_relations import (
    in_between,
    main_of_two,
    moved,
    not_there_but_here,
)
from lasagna_relight.relit.caption_scattered import scattered
from lasagna_relight.relit.caption_scenes import scene, turned
from lasagna_relight.relit.caption_shadows import shadow
from lasagna_relight.relit.caption_sources import source
from lasagna_relight.relit.caption_stories import story
from lasagna_relight.relit.caption_switches import switched
from lasagna_relight.relit.caption_terms import SHADOWS, TERMS
from lasagna_relight.relit.caption_viewer import from_our_side
from lasagna_relight.relit.caption_vocabulary import (
    IN_ANOTHERS_FRAME,
    LIGHTS,
    OBJECTS,
    QUALITIES,
    REQUESTS,
)
from lasagna_relight.relit.caption_wordings import agreeing, carried, travelling, worded

_BARE: dict[str, Angles] = {
    "{s}": (55, 0), "on the {s}": (55, 0), "from the {s}": (55, 0), "to the {s}": (55, 0),
    "at the {s}": (55, 0), "{s} side": (55, 0), "on the {s} side": (55, 0), "top": (0, 55),
    "above": (0, 55), "overhead": (0, 58), "from above": (0, 55), "from the top": (0, 55),
    "at the top": (0, 55), "below": (0, -55), "bottom": (0, -55), "underneath": (0, -55),
    "from below": (0, -55), "at the bottom": (0, -55), "front": (0, 0), "from the front": (0, 0),
    "in front": (0, 0), "behind": (180, 45), "back": (180, 45), "from behind": (180, 45),
    "at the back": (180, 45), "in the back": (180, 45), "from the back": (180, 45),
    "top {s}": (45, 35), "upper {s}": (45, 35), "bottom {s}": (45, -35), "lower {s}": (45, -35),
    "behind {s}": (125, 0), "back {s}": (125, 0), "the {s}": (55, 0),
}  # fmt: skip


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


def bare(rng: random.Random) -> Place:
    """A place and nothing else: "on the right". Beside an object it would be the object's place."""
    draw = rng.random()
    if draw < 0.4:
        side, angles = rng.choice(list(_BARE.items()))
        return sided(side, angles, rng)
    return place("from" if draw < 0.6 else "at" if draw < 0.85 else "adjective", rng)


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


_named_term = in_table(TERMS)


def _term(rng: random.Random) -> Place:
    """What a photographer, a painter or everybody calls a light, at times with words around it."""
    meant = _named_term(rng)
    if rng.random() < 0.65:
        return meant
    words = rng.choice(
        ("{t} portrait", "a portrait with {t}", "portrait, {t}", "use {t}", "{t}, {q}", "{q} {t}",
         "give it {t}", "i want {t}", "{t} please", "with {t}", "{t} on the {o}", "try {t}",
         "{t} look", "{t} effect", "like {t}", "shot with {t}", "a {o} with {t}", "classic {t}",
         "{t} for the {o}", "{t}, {q} and {q2}", "make it {t}", "strong {t}", "soft {t}",
         "{t} as in a movie", "{t} style", "relight with {t}", "a studio shot with {t}"),
    ).format(
        t=meant.words, o=rng.choice(OBJECTS), q=rng.choice(QUALITIES), q2=rng.choice(QUALITIES)
    )  # fmt: skip
    return Place(words=words, direction=meant.direction)


_shadow_term = in_table(SHADOWS)


def _in_anothers_frame(rng: random.Random) -> Place:
    """The left or right of somebody in the picture: usually the picture's, but less surely so."""
    words = rng.choice(("light {p}", "lit {p}", "sun {p}", "the light falls {p}", "glow {p}"))
    where = rng.choice(IN_ANOTHERS_FRAME)
    said, other = (-55.0, 55.0) if "left" in where else (55.0, -55.0)
    azimuth = said if rng.random() < 0.85 else other
    return Place(
        words=words.format(p=where),
        direction=LightDirection(azimuth_deg=azimuth, elevation_deg=0.0),
    )


_FAMILIES: tuple[tuple[Callable[[random.Random], Place], float], ...] = (
    (_plain, 7),
    (_from_somewhere, 14),
    (_at_somewhere, 9),
    (_lit_somehow, 8),
    (worded, 18),
    (carried, 11),
    (travelling, 4),
    (agreeing, 5),
    (_term, 20),
    (_shadow_term, 9),
    (shadow, 20),
    (source, 20),
    (on_a_clock, 5),
    (by_minute_hand, 2),
    (in_the_picture_plane, 2),
    (over_the_horizon, 3),
    (scene, 22),
    (turned, 5),
    (from_our_side, 30),
    (at_a_height, 10),
    (in_a_layout, 14),
    (carried_on, 18),
    (by_bearing, 6),
    (story, 28),
    (switched, 15),
    (of_a_quality, 18),
    (abroad, 14),
    (on_a_compass, 4),
    (at_random_degrees, 10),
    (by_dataset_id, 2),
    (foreign, 20),
    (foreign_sentence, 12),
    (foreign_shadow, 3),
    (not_there_but_here, 22),
    (moved, 4),
    (main_of_two, 13),
    (in_between, 10),
    (_in_anothers_frame, 3),
    (scattered, 60),
)
