"""The grammar of captions, and the training that reads it."""

import random
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS, LightDirection
from lasagna_relight.relit.caption_angles import in_degrees, on_a_clock, on_a_compass
from lasagna_relight.relit.caption_languages import LANGUAGES
from lasagna_relight.relit.caption_noise import typed
from lasagna_relight.relit.caption_places import Place, place
from lasagna_relight.relit.caption_relations import (
    in_between,
    main_of_two,
    moved,
    not_there_but_here,
)
from lasagna_relight.relit.caption_shadows import shadow
from lasagna_relight.relit.caption_sources import source
from lasagna_relight.relit.captions import caption, lighting_phrase
from lasagna_relight.seeding import generator as seeded
from lasagna_relight.training.words import WordsModel, WordsRecipe, train_words


@settings(deadline=None, max_examples=30)
@given(st.integers(-180, 180), st.integers(-90, 90), st.integers(0, 2**31))
def test_any_direction_has_a_caption(azimuth: int, elevation: int, seed: int):
    direction = LightDirection(azimuth_deg=azimuth, elevation_deg=elevation)
    said = caption(direction, seeded(seed))
    assert said.strip() == said
    assert "{" not in said


def test_captions_repeat_with_their_generator_and_vary_along_it():
    left = NAMED_DIRECTIONS["left"]
    one, other = seeded(3), seeded(3)
    assert [caption(left, one) for _ in range(9)] == [caption(left, other) for _ in range(9)]
    assert len({caption(left, one) for _ in range(50)}) > 40


def test_a_title_is_often_spoken_of():
    draws = seeded(1)
    said = [caption(NAMED_DIRECTIONS["top"], draws, "Zyx9") for _ in range(100)]
    assert 40 < sum("Zyx9" in text for text in said) <= 100


@pytest.mark.parametrize("form", ["from", "at", "adjective"])
def test_a_place_that_says_left_is_left_of_the_axis(form: str):
    rng = random.Random(0)
    for _ in range(2000):
        drawn = place(form, rng)
        words = drawn.words.split()
        assert "{" not in drawn.words
        if "left" in words and "right" not in words:
            assert drawn.direction.vector[0] < 0, drawn
        if "below" in words and "slightly" not in words:
            assert drawn.direction.vector[1] < 0, drawn


def test_clock_and_compass_agree_with_the_named_directions():
    rng = random.Random(0)
    for _ in range(1000):
        clock = on_a_clock(rng)
        if " 3 o'clock" in clock.words and "half" not in clock.words:
            assert clock.direction.nearest_name == "right"
        compass = on_a_compass(rng)
        if "southwest" in compass.words:
            assert compass.direction.vector[0] < 0 > compass.direction.vector[1]


@settings(deadline=None)
@given(st.integers(-180, 180), st.integers(-90, 90))
def test_degrees_are_said_exactly(azimuth: int, elevation: int):
    direction = LightDirection(azimuth_deg=azimuth, elevation_deg=elevation)
    assert in_degrees(direction, random.Random(0)).direction == direction


def test_every_language_says_every_direction():
    for language in LANGUAGES.values():
        assert set(language.places) == set(DIRECTION_NAMES)
        assert all("{p}" in template for template in language.templates)
        assert all(
            words.strip() == words != "" for many in language.places.values() for words in many
        )


def test_no_foreign_phrase_means_two_directions():
    for code, language in LANGUAGES.items():
        said = [words for many in language.places.values() for words in many]
        assert len(said) == len(set(said)), code


def test_phrases_name_no_direction_about_as_often_as_asked():
    draws = seeded(0)
    missing = sum(lighting_phrase(draws, 0.3).direction is None for _ in range(1000))
    assert 240 < missing < 360


def test_typing_leaves_numbers_alone():
    rng = random.Random(0)
    assert all("-45" in typed("azimuth -45 degrees", rng) for _ in range(300))


def test_training_learns_to_tell_left_from_right():
    recipe = WordsRecipe(steps=12, batch_size=64, batches_per_pool=4)
    model = WordsModel.fresh(0)
    losses = [step.cosine for step in train_words(recipe, model)]
    assert len(losses) == 12
    assert sum(losses[-4:]) < sum(losses[:4])


def test_training_is_the_same_for_the_same_seed():
    recipe = WordsRecipe(steps=2, batch_size=16, batches_per_pool=2)
    one, other = WordsModel.fresh(5), WordsModel.fresh(5)
    assert [s.likelihood for s in train_words(recipe, one)] == [
        s.likelihood for s in train_words(recipe, other)
    ]
    assert torch.equal(one.encoder.table.weight, other.encoder.table.weight)


@pytest.mark.parametrize(
    "family", [shadow, source, in_between, main_of_two, moved, not_there_but_here]
)
def test_every_family_fills_in_its_words(family: Callable[[random.Random], Place]):
    rng = random.Random(0)
    for _ in range(1000):
        said = family(rng).words
        assert "{" not in said, said
        assert said


def test_the_light_stands_opposite_its_shadow():
    rng = random.Random(0)
    checked = 0
    for _ in range(3000):
        drawn = shadow(rng)
        if "shadow" in drawn.words and drawn.words.endswith(" to the right"):
            checked += "highlight" not in drawn.words
            assert drawn.direction.vector[0] < 0 or "highlight" in drawn.words, drawn
    assert checked > 5
