"""What a command says it will leave undone."""

from dataclasses import replace

import numpy as np
import pytest

from lasagna_relight.apps.remarks import (
    color_remark,
    colored_picture_remark,
    light_remark,
    reading_remark,
)
from lasagna_relight.language.reader import LightReading
from lasagna_relight.light_direction import LightDirection


@pytest.mark.parametrize(
    "words",
    [
        "light from the left and from the right",
        "Light from the left and another from the right",
        "lit from both sides",
        "a lamp on the left, and one on the right side",
    ],
)
def test_several_lights_in_words_are_told_to_be_mixed(words: str) -> None:
    assert '--light "left"' in (light_remark(words) or "")


@pytest.mark.parametrize(
    "words",
    [
        "light from the left",
        "light from the left, not from the right",
        "light from above and from the left of the picture, soft",
        "the cup on the left and the light on the right",
    ],
)
def test_one_light_in_words_is_remarked_on_only_for_its_color(words: str) -> None:
    remark = light_remark(words)
    assert remark is None or "and from the left" in words


def test_a_colored_light_in_words_is_told_how_to_be_had() -> None:
    remark = light_remark("Warm red light from the left")
    assert remark is not None
    assert '--light "Warm red light from the left"' in remark
    assert light_remark("a red car, light from the left") is None
    assert light_remark("white light from the left") is None


def test_words_without_a_known_color_are_remarked_on() -> None:
    assert "florp" in (color_remark("florp wibble") or "")
    assert color_remark("a red mug") is None


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_picture_in_color_is_told_from_a_gray_one_and_a_drawing(dtype: type) -> None:
    top = np.iinfo(dtype).max
    gray = np.full((300, 400, 3), top // 2, dtype)
    assert colored_picture_remark("a.png", gray) is None
    drawing = gray.copy()
    drawing[:20, :, 0] = top
    assert colored_picture_remark("a.png", drawing) is None
    photo = gray.copy()
    photo[:200, :, 0] = top
    assert "a.png is in color" in (colored_picture_remark("a.png", photo) or "")


def test_a_reading_that_is_not_sure_is_told_with_where_it_stands() -> None:
    direction = LightDirection(azimuth_deg=-50, elevation_deg=20)
    unsure = LightReading(direction=direction, nearest_name="left", confidence=0.4)
    remark = reading_remark("light from\n inside", unsure)
    assert remark is not None
    assert "azimuth -50, elevation 20" in remark
    assert '"light from inside" is read as left' in remark
    assert reading_remark("left", replace(unsure, confidence=0.9)) is None


def test_colors_of_parts_that_are_not_known_are_remarked_on() -> None:
    assert "green" in (color_remark("a yellow house with a red roof and a green door") or "")
    assert color_remark("a yellow house with a red roof") is None
