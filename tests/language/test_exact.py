"""Directions in numbers are read by rules, and only where the rules are sure."""

import pytest

from lasagna_relight.errors import DirectionError
from lasagna_relight.language.exact import exact_direction
from lasagna_relight.language.reader import read_light, read_lights


@pytest.mark.parametrize(
    ("prompt", "azimuth", "elevation"),
    [
        ("azimuth 40, elevation 20", 40, 20),
        ("a teapot, f/8, 85 mm lens, light 45 degrees to the left", -45, 0),
        ("place the softbox 60 degrees to the right of the camera, 2 m away", 60, 0),
        ("not from 40 degrees left but 40 right", 40, 0),
        ("key 40 degrees left, not 60", -40, 0),
        ("forty-five to the left, thirty up", -45, 30),
        ("light at a right angle to the lens, from the left", -90, 0),
        ("light at 3 o'clock, 5600 K, ISO 200, 1/125", 55, 0),
        ("light from 3 o'clock instead of 9 o'clock", 55, 0),
        ("not 9 o'clock but 3 o'clock", 55, 0),
        ("a bottom drawer with azimuth of -120 degrees", -120, 0),
        ("light perpendicular from above", 0, 90),
        ("LIGHT 30° TO CAMERA'S LEFT", -30, 0),
        ("minus seventy azimuth, ten elevation", -70, 10),
        ("straight down, 90 degrees of elevation", 0, 90),
        ("raise it 50 degrees above the horizon, straight over the lens", 0, 50),
        ("go a quarter circle to the right, starting at the camera", 90, 0),
        ("key 40 degrees camera right, 30 up; fill two stops down from the left", 40, 30),
        ("the bust is turned 20 degrees left, and the key sits 60 degrees to the right", 60, 0),
        ("light @ 3h on the dial", 55, 0),
        ("the clock on the wall behind has stopped; light from 9 o'clock", -55, 0),
        ("strip box one-twenty left, fifteen up", -120, 15),
        ("nudge the dish twenty right of camera, twenty above it", 20, 20),
        ("eighty to the left and ten under eye level", -80, -10),
        ("key: front, 35 deg down-tilt", 0, 35),
        ("two thirds of a right angle to camera left, level", -60, 0),
        ("an eighth of a circle to the right of the camera, level", 45, 0),
        ("octa at 45/45, camera left", -45, 45),
        ("looking east, sun due south, 20 degrees above the sea", 90, 20),
        ("key light at azimuth -45, elevation 35, shadows on", -45, 35),
        ("seen in plan, with the camera at 6, the lamp stands at 9", -90, 0),
        ("on my floor sketch the camera is six o'clock and the softbox is drawn at 4", 60, 0),
    ],
)
def test_numbers_that_say_a_direction_are_read_exactly(
    prompt: str, azimuth: float, elevation: float
):
    read = exact_direction(prompt)
    assert read is not None
    assert read.azimuth_deg == pytest.approx(azimuth, abs=0.1)
    assert read.elevation_deg == pytest.approx(elevation, abs=0.1)


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "light from the left",
        "f/8, ISO 200, 1/125, 85 mm lens, 5600 K",
        "shot at 10 o'clock in the morning",
        "5 o'clock shadow",
        "turn the chair 30 degrees to the left",
        "rotate 90 degrees to the left",
        "rotate the picture 90 degrees clockwise",
        "the cat is 30 degrees to the left",
        "photographed from 30 degrees above",
        "head turned 45 degrees to the left, light from the right",
        "20 degrees outside",
        "a 45 degree slope",
        "not above 30 degrees, from the left",
        "light 20 degrees to her left",
        "30 degrees from stage left",
        "lights at 45 degrees on both sides",
        "one light at 45 degrees left and one at 45 degrees right",
        "light 30 degrees to the left, shadow at 120 degrees",
        "light 30 degrees left, from the right",
        "azimuth 400 elevation 10",
        "a clock showing 2 o'clock, light from the left",
        "place the camera 10 degrees up",
        "light 20 degrees up from the rigjt",
        "light 30 degrees to the left of a drawer at the bottom",
        "light 120 degrees above the horizon",
        "ten past nine",
        "30% brighter on the left",
        "copyright 2024",
    ],
)
def test_other_numbers_are_left_to_the_network(prompt: str):
    assert exact_direction(prompt) is None


def test_numbers_are_read_with_full_confidence_among_other_words():
    degrees, words, nothing = read_lights(["azimuth 33 elevation 12", "from the left", "nice"])
    assert degrees is not None
    assert (degrees.direction.azimuth_deg, degrees.direction.elevation_deg) == (33, 12)
    assert degrees.confidence == 1
    assert words is not None
    assert words.confidence < 1
    assert nothing is None


@pytest.mark.parametrize("prompt", ["85 mm at f/8", "copyright 2024", "5 o'clock tea"])
def test_numbers_of_other_things_are_refused_in_one_line(prompt: str):
    with pytest.raises(DirectionError) as error:
        read_light(prompt)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("prompt", "azimuth", "elevation"),
    [
        ("elev. 35, azim. 130 L (0 = camera)", -130, 35),
        ("az +165 / el -10, lens = 0, right is plus", 165, -10),
        ("h: 150 L of lens / v: 40 up", -150, 40),
        ("yaw -60, pitch +45 (yaw negative = picture left)", -60, 45),
        ("contre-jour, sun twenty degrees high", 180, 20),
        ("low sun perpendicular to the lens, frame-left", -90, 0),
    ],
)
def test_coordinates_with_their_convention(prompt: str, azimuth: float, elevation: float):
    read = exact_direction(prompt)
    assert read is not None
    assert abs(read.azimuth_deg) == pytest.approx(abs(azimuth), abs=1)
    assert azimuth == 180 or read.azimuth_deg == pytest.approx(azimuth, abs=1)
    assert read.elevation_deg == pytest.approx(elevation, abs=1)
