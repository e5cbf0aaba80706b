"""The sides of a stage are the actor's: its left is the picture's right."""

import pytest

from lasagna_relight.language.exact import exact_direction
from lasagna_relight.light_direction import LightDirection


@pytest.mark.parametrize(
    ("prompt", "azimuth", "elevation"),
    [
        ("a boom in the wings stage left", 78, 15),
        ("a boom in the wings stage right, at head height", -78, 0),
        ("shaft of light from upstage left", 132, 15),
        ("a crisp rim from the USR perch", -132, 35),
        ("key her from downstage left, up on the bridge", 48, 35),
        ("spot in the house left box", -48, 15),
        ("the audience's right: one lamp, high", 48, 35),
        ("all lamps on the prompt side", 70, 15),
        ("lamps OP, low", -70, -30),
        ("opposite prompt, a single lamp", -70, 15),
        ("SR trap, red glow", -70, -30),
        ("a beam from upstage centre", 180, 15),
    ],
)
def test_a_side_of_the_stage_places_the_light(prompt: str, azimuth: float, elevation: float):
    read = exact_direction(prompt)
    assert read is not None
    expected = LightDirection(azimuth_deg=azimuth, elevation_deg=elevation)
    assert read.angle_to(expected) < 0.1


@pytest.mark.parametrize(
    "prompt",
    [
        "lamps stage left and stage right",
        "light not from stage left",
        "he exits stage left, light from above",
        "her shadow falls stage right",
        "stage left, please",
        "a lamp stage left, on the right of the picture",
        "the op shop on the corner, lit nicely",
        "move the lamp stage right",
        "the singer stands stage left, light from above",
        "PS: make the light warmer",
        "shot on a Leica SL, warm light",
        "OP wants a warm light",
    ],
)
def test_what_is_not_one_plain_side_is_left_to_the_reader(prompt: str):
    assert exact_direction(prompt) is None


@pytest.mark.parametrize(
    ("prompt", "azimuth", "elevation"),
    [
        ("stage left boom, head-high", 78, 0),
        ("shinbusters stage right, green, feet first", -70, -18),
        ("stage left tower, head height, onto the choirboys", 78, 0),
        ("the one candle's on a stool at stage left, pillow-high", 70, 0),
        ("one follow spot from stage right, 70-200 from the balcony", -70, 15),
        ("ladder position stage right, up, slightly front", -78, 35),
    ],
)
def test_how_high_it_stands(prompt: str, azimuth: float, elevation: float):
    read = exact_direction(prompt)
    assert read is not None
    assert read.azimuth_deg == pytest.approx(azimuth, abs=1)
    assert read.elevation_deg == pytest.approx(elevation, abs=1)


def test_a_top_light_upstage_is_left_to_the_reader():
    assert exact_direction("toplight pushed one bar upstage") is None
