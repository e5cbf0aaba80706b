"""Sun and moon stand above the horizon."""

import pytest

from lasagna_relight.language.horizon import LOW_DEG, above_horizon
from lasagna_relight.language.reader import read_light
from lasagna_relight.light_direction import LightDirection

BELOW = LightDirection(azimuth_deg=60, elevation_deg=-20)


@pytest.mark.parametrize("words", ["sun low on the right", "a setting moon", "sunset, right"])
def test_a_low_sun_is_raised_above_the_horizon(words: str) -> None:
    raised = above_horizon(words, BELOW)
    assert (raised.azimuth_deg, raised.elevation_deg) == (60, LOW_DEG)


@pytest.mark.parametrize(
    "words", ["lamp low on the right", "sun glitter from the water below", "sun bounced by snow"]
)
def test_other_light_stays_below(words: str) -> None:
    assert above_horizon(words, BELOW) == BELOW


def test_a_sun_above_stays_where_it_is() -> None:
    high = LightDirection(azimuth_deg=10, elevation_deg=40)
    assert above_horizon("high sun", high) == high


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_example_of_the_readme_is_read_above_the_horizon(side: str) -> None:
    direction = read_light(f"sun low on the {side}").direction
    assert direction.elevation_deg > 0
    assert (direction.azimuth_deg > 0) == (side == "right")
