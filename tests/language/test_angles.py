"""Degrees in sentences: which coordinate each number says, and where the rules must not answer."""

import math

import pytest

from lasagna_relight.language.angles import RIGHT_BEHIND_DEG, SIDE_DEG
from lasagna_relight.language.exact import exact_direction
from lasagna_relight.light_direction import LightDirection


def read(prompt: str) -> tuple[float, float] | None:
    direction = exact_direction(prompt)
    return direction and (round(direction.azimuth_deg, 1), round(direction.elevation_deg, 1))


@pytest.mark.parametrize(
    ("prompt", "azimuth", "elevation"),
    [
        ("azimuth -40 elevation 20", -40, 20),
        ("azimuth=-60 elevation=-20", -60, -20),
        ("az: 10, el: 75", 10, 75),
        ("light at an azimuth of 135 degrees", 135, 0),
        ("elevation 30 azimuth 120", 120, 30),
        ("light at -45 degrees azimuth and 15 degrees elevation", -45, 15),
        ("azimuth 270", -90, 0),
        ("azimuth 40 to the left, elevation 10", -40, 10),
        ("elevation -45", 0, -45),
    ],
)
def test_coordinates_by_their_names(prompt: str, azimuth: float, elevation: float):
    assert read(prompt) == (azimuth, elevation)


@pytest.mark.parametrize(
    ("prompt", "azimuth", "elevation"),
    [
        ("45° left of the lens, 30° up", -45, 30),
        ("light at 120 degrees to the right", 120, 0),
        ("30 degrees above the camera axis", 0, 30),
        ("light 45 degrees below the lens, centred", 0, -45),
        ("from 10 degrees below the horizon line of the object and 70 to the left", -70, -10),
        ("raking at 80 degrees from the left", -80, 0),
        ("40 degrees to camera left and 15 degrees higher than it", -40, 15),
        ("lit at 75 degrees from straight ahead, on the right", 75, 0),
        ("a lamp 30 degrees off the lens axis to the left", -30, 0),
        ("light at 90° to the camera, right side", 90, 0),
        ("90° to the right, raised by 45°", 90, 45),
        ("swing the lamp 35 degrees to the left", -35, 0),
        ("walk from the camera around the subject, to the right, by 135° and put the light there",
         135, 0),
        ("20° above, 110° around to the left", -110, 20),
        ("30 to 40 degrees left of the camera, light", -35, 0),
        ("lamp two thirds of the way up, 20 degrees left", -20, 60),
        ("light three quarters of the way round to the back, on the right", 135, 0),
        ("light half a right angle to the left", -45, 0),
    ],
)  # fmt: skip
def test_degrees_beside_and_above_the_camera(prompt: str, azimuth: float, elevation: float):
    assert read(prompt) == (azimuth, elevation)


@pytest.mark.parametrize(
    ("prompt", "azimuth", "elevation"),
    [
        ("light tilted 20 degrees to the left of straight overhead", -90, 70),
        ("30 degrees off vertical, on the right", SIDE_DEG, 60),
        ("light 90 degrees above the horizon", 0, 90),
        ("sun 10 degrees over the horizon on the right", SIDE_DEG, 10),
        ("steep light: 70 degrees up, from the right rear", 130, 70),
        ("from the front left, light 30 degrees up", -45, 30),
        ("the sun is 15 degrees above the horizon, behind the subject", -180, 15),
        ("light from the left, 20 degrees lower than the lens", -SIDE_DEG, -20),
        ("light on the left but 30 degrees behind the plane of the picture", -120, 0),
        ("a lamp on the right, swung 30 degrees from the side towards the camera", 60, 0),
        ("light 45 degrees behind the subject, camera right", 135, 0),
        ("light 10 degrees left of being directly behind", -170, 0),
        ("light 180 degrees from the camera", -180, RIGHT_BEHIND_DEG),
        ("light 180 degrees from the camera, at its height", -180, 0),
        ("light sits 150 degrees to the right, slightly raised", 150, 20),
    ],
)
def test_what_has_no_number_comes_from_the_words(prompt: str, azimuth: float, elevation: float):
    assert read(prompt) == (azimuth, elevation)


@pytest.mark.parametrize(
    ("prompt", "elevation"),
    [
        ("light from the right, tilted down 45 degrees", 45),
        ("lamp high on the left, aimed 30 degrees down", 30),
        ("direct the light 45 degrees downward", 45),
        ("a lamp pointing up at 30 degrees from the floor", -30),
    ],
)
def test_a_lamp_that_looks_down_stands_above(prompt: str, elevation: float):
    direction = exact_direction(prompt)
    assert direction is not None
    assert direction.elevation_deg == elevation


@pytest.mark.parametrize(
    ("prompt", "clock"),
    [
        ("light 30 degrees counterclockwise from the right in the picture plane", 60),
        ("angle 150° in the picture plane, where 0° is right and 90° is up", -60),
        ("30 degrees clockwise from straight up, seen on the picture", 30),
        ("315 degrees counterclockwise, starting from the right-hand direction", -225),
    ],
)
def test_angles_on_the_picture_are_counted_from_the_right_or_the_top(prompt: str, clock: float):
    direction = exact_direction(prompt)
    assert direction is not None
    x, y, z = direction.vector
    assert math.degrees(math.atan2(x, y)) % 360 == pytest.approx(clock % 360)
    assert z > 0


@pytest.mark.parametrize(
    ("prompt", "azimuth"),
    [
        ("light rotated 60 degrees clockwise seen from above from the camera", -60),
        ("light 60 degrees counterclockwise around it, seen from above, from the camera", 60),
    ],
)
def test_angles_seen_from_above_turn_around_the_object(prompt: str, azimuth: float):
    assert read(prompt) == (azimuth, 0)


@pytest.mark.parametrize(
    "prompt",
    [
        "light from the left at 45 degrees",
        "light from upper left at 45 degrees",
        "light 30 degrees left, from the right",
        "light 40 degrees to the right, behind it",
        "light 20 degrees up, 30 degrees up",
        "light 120 degrees up",
        "light 500 degrees to the left",
        "light from 315 degrees",
        "light 30 degrees off the lens axis",
        "light at 45 degrees",
        "light 45 degrees clockwise",
        "light 45 degrees left of its own left",
        "light on the left, 3 and 4",
    ],
)
def test_what_is_not_sure_is_left_to_the_network(prompt: str):
    assert exact_direction(prompt) is None


def test_a_side_and_its_mirror_image_agree():
    for words in ("light 35 degrees to the {}, 20 up", "light 30 degrees up on the {}"):
        left, right = (exact_direction(words.format(side)) for side in ("left", "right"))
        assert left is not None
        assert right == LightDirection(
            azimuth_deg=-left.azimuth_deg, elevation_deg=left.elevation_deg
        )
