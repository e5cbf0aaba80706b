"""Numbers in words, and what is said in passing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lasagna_relight.language.numerals import with_digits
from lasagna_relight.language.said_aside import without_asides
from lasagna_relight.relit.caption_angles import _spelled


@given(st.integers(0, 180))
def test_every_number_in_words_becomes_its_digits(value: int):
    assert with_digits(f"{_spelled(value)} degrees") == f"{value} degrees"


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("forty five degrees", "45 degrees"),
        ("a hundred and twenty degrees", "120 degrees"),
        ("two hundred seventy", "270"),
        ("minus thirty degrees", "-30 degrees"),
        ("minus 30", "-30"),
        ("one thirty", "1 30"),
        ("at a right angle", "at 90 degrees"),
        ("half a right angle", "45 degrees"),
        ("two thirds of the way up", "60 degrees up"),
        ("halfway up the stairs", "halfway up the stairs"),
        ("three quarters of the way round to the back", "135 degrees around"),
        ("someone often weighs a stone", "someone often weighs a stone"),
    ],
)
def test_numbers_in_words(words: str, digits: str):
    assert with_digits(words) == digits


@pytest.mark.parametrize(
    "aside",
    [
        "f/8", "f 2.8", "1/125 s", "iso 400", "85 mm", "85mm lens", "5600 k", "3200k", "2 m away",
        "3 feet", "60x90", "60 x 90 cm", "20%", "20 degrees celsius", "45 degree grid",
        "360 degrees", "2 lights", "100 w", "2024", "3/4", "10 o'clock in the morning", "7 pm",
        "5 o'clock shadow",
    ],
)  # fmt: skip
def test_what_is_said_in_passing_leaves_no_number(aside: str):
    left = without_asides(f"light {aside}, please")
    assert not any(character.isdigit() for character in left)
    assert left.startswith("light ")


@pytest.mark.parametrize("place", ["45 degrees left", "3 o'clock", "azimuth 40", "45° up", "30 up"])
def test_places_in_numbers_stay(place: str):
    assert without_asides(place) == place
