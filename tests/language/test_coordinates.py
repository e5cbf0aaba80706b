"""Coordinates on the picture, keys of a number pad and vectors of 3D programs are places."""

import pytest

from lasagna_relight.language.exact import exact_direction


@pytest.mark.parametrize(
    ("prompt", "azimuth", "elevation"),
    [
        ("lamp at 90% across, 10% down", 45.3, 35.4),
        ("ten percent across, ninety percent down: the torch", -45.3, -35.4),
        ("the heater glows at 10% / 50%, origin top left", -55, 0),
        ("pixel (1000, 10) of a 2000 x 1000 frame holds the lamp", 0, 55),
        ("numpad 6 is where the light goes", 55, 0),
        ("tic tac toe board on top: light in row 3, column 2", 0, -55),
        ("camera on +Z, light at (4, 0, 4), head at the origin", 45, 0),
        ("camera at (0,0,10), point light at (-3,0,-3)", -135, 0),
    ],
)
def test_coordinates_are_read(prompt: str, azimuth: float, elevation: float):
    read = exact_direction(prompt)
    assert read is not None
    assert read.azimuth_deg == pytest.approx(azimuth, abs=3)
    assert read.elevation_deg == pytest.approx(elevation, abs=3)


@pytest.mark.parametrize(
    "prompt",
    [
        "light at (4, 0, 4)",
        "resize to 60% across, 40% down",
        "in the front view (numpad 1) the point light is on the left",
        "move the face to x=0.3, y=0.4, y counts down, same light",
        "numpad 4 holds the light, not numpad 6",
    ],
)
def test_coordinates_of_which_the_rules_are_not_sure_are_left_to_the_network(prompt: str):
    assert exact_direction(prompt) is None
