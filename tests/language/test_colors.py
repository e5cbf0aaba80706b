"""Color words and the basic terms of colors."""

import numpy as np
import pytest
import torch

from lasagna_relight.language.colors import (
    BASIC_TERMS,
    basic_terms,
    color_lexicon,
    color_words,
    lab,
    main_color,
)
from lasagna_relight.priors.color_words import (
    COLOR_FEATURES,
    TABLE_WIDTH,
    ColorWords,
    word_features,
)


def test_every_basic_term_is_the_term_of_its_own_color() -> None:
    colors = [color_lexicon()[term] for term in BASIC_TERMS]
    assert basic_terms(colors) == list(BASIC_TERMS)


def test_the_longest_name_is_one_word() -> None:
    found = color_words("A Light Blue car with yellow stripes")
    assert [word.name for word in found] == ["light blue", "yellow"]
    assert (found[0].first, found[0].last) == (1, 2)


@pytest.mark.parametrize(
    ("said", "main"),
    [
        ("a red sneaker with a white sole", "red"),
        ("blue with yellow stripes", "blue"),
        ("a shoe with a white sole, the rest green", "green"),
        ("a wooden chair", "wooden"),
        ("golden crown", "golden"),
        ("a chair", None),
    ],
)
def test_the_main_color_is_that_of_the_thing(said: str, main: str | None) -> None:
    found = main_color(said)
    assert (None if found is None else found.name) == main


def test_lab_is_that_of_opencv() -> None:
    import cv2

    rgb = np.random.default_rng(0).random((4, 4, 3)).astype(np.float32)
    assert np.abs(lab(rgb) - cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)).max() < 0.2


def test_a_color_word_brings_its_color_and_silence_is_zero(generator: torch.Generator) -> None:
    features = word_features(["a red shoe", "a rad shoe", ""])
    colors = features[:, :, TABLE_WIDTH : TABLE_WIDTH + COLOR_FEATURES]
    assert colors[0, 2, 0] == 1
    assert colors[1].abs().sum() == 0
    states = ColorWords()(torch.stack([features[0], torch.zeros_like(features[0])]))
    assert states[0].abs().sum() > 0
    assert states[1].abs().sum() == 0
