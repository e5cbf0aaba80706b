"""Light by the compass, with the way that the camera looks."""

import pytest

from lasagna_relight.language.exact import exact_direction


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("we look north and the sun is in the east", "right"),
        ("looking north, the sun in the west", "left"),
        ("the camera faces south, light from the east", "left"),
        ("sunlight from the south, camera pointing north", "front"),
        ("I'm facing west, the sun stands in the west", "behind top"),
        ("shooting towards the east; the lamp is to the south", "right"),
        ("we look north at sunset", "left"),
        ("the morning sun, camera facing north", "right"),
        ("facing east, the sun is setting", "front"),
    ],
)
def test_a_bearing_is_read_from_where_the_camera_looks(prompt: str, name: str):
    direction = exact_direction(prompt)
    assert direction is not None
    assert direction.nearest_name == name


def test_bearings_between_lie_between():
    direction = exact_direction("we look north, the sun is in the north-east")
    assert direction is not None
    assert direction.azimuth_deg == 135


@pytest.mark.parametrize(
    "prompt",
    [
        "light from the north-east",
        "the house faces north, sun in the east",
        "she looks north, the sun is in the east",
        "a light facing east, from the north",
        "we look north",
        "we look north, the house is in the east",
        "we look north, the sun goes from east to west",
        "it was shot looking north, not with the sun in the east",
        "a train from north to south",
    ],
)
def test_bearings_without_the_camera_or_a_light_are_left_to_the_network(prompt: str):
    assert exact_direction(prompt) is None


@pytest.mark.parametrize(
    ("prompt", "azimuth", "elevation"),
    [
        ("camera heading 60 deg, sun bearing 240 deg, altitude 35", 0, 35),
        ("cam looks to 270 degrees, sun sits at 180 degrees on the compass, 30 up", -90, 30),
        ("facing north; solar azimuth 225°, altitude 40°", -45, 40),
        ("looking SE with the sun in the SW, altitude 20", 90, 20),
        ("lens towards the south, evening sun in the south-west", 135, 10),
        ("NNE please", 29, 49),
        ("NE, 5000 K", 45, 35),
    ],
)
def test_bearings_in_numbers_or_short(prompt: str, azimuth: float, elevation: float):
    read = exact_direction(prompt)
    assert read is not None
    assert read.azimuth_deg == pytest.approx(azimuth, abs=1)
    assert read.elevation_deg == pytest.approx(elevation, abs=1)


@pytest.mark.parametrize(
    "prompt",
    [
        "SW corner of the photo is scratched",
        "heading 270, altitude 30000 ft, crisp light",
        "facing east, southern sun twenty degrees above the sea",
        "light from the NE, sorry, SW",
    ],
)
def test_bearings_that_may_be_others_are_left_to_the_network(prompt: str):
    assert exact_direction(prompt) is None
