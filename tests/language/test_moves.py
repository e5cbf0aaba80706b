"""Lights that are somewhere and are mirrored, turned or moved on."""

import pytest

from lasagna_relight.language.exact import exact_direction


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("currently upper right, mirror it horizontally", "top left"),
        ("it is at the top left now, flip it vertically", "bottom left"),
        ("it comes from the left now, take it a quarter turn clockwise around the picture", "top"),
        ("the light is on the right now, rotate it 90 degrees counterclockwise", "top"),
        ("the lamp is at the bottom, turn it half a turn", "top"),
        ("swap the light to the other side; it is on the left now", "right"),
        ("wrong side! you've got the light on the left, go across", "right"),
        ("the light's upper left; other side", "top right"),
        ("it's lit from the top now, I want the reverse", "bottom"),
        ("you have the light at the right, lift it so it also comes from above", "top right"),
        ("was top right; drop it to the bottom, same side", "bottom right"),
        ("the light's top left, bring it straight down", "bottom left"),
        ("from bottom right raise it up", "top right"),
        ("right now it is left, flip it", "right"),
        ("the light is on the left, push it behind the object, same side", "behind left"),
    ],
)
def test_a_light_that_is_moved_on_ends_there(prompt: str, name: str):
    direction = exact_direction(prompt)
    assert direction is not None
    assert direction.nearest_name == name


@pytest.mark.parametrize(
    "prompt",
    [
        "flip it horizontally",
        "move it up",
        "mirror the picture",
        "the cat is on the left, flip it horizontally",
        "the picture hangs on the left, flip it",
        "the camera is on the left, other side please",
        "it is right now upside down",
        "the light's upper left; the opposite",
        "the light is on the left, mirror it, then lift it",
        "the light is on the left or the right, flip it",
        "the shadow is on the left, flip it",
        "it is not on the left, flip it",
        "the other side of the moon",
    ],
)
def test_other_moves_are_left_to_the_network(prompt: str):
    assert exact_direction(prompt) is None
