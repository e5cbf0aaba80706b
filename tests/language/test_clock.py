"""Places on a clock: its hours and hands, one that lies flat, and hours of the day."""

import pytest

from lasagna_relight.language.exact import exact_direction


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("light at 12 o'clock", "top"),
        ("light from three o'clock", "right"),
        ("6 o'clock light", "bottom"),
        ("nine o'clock, as if the picture were a clock face", "left"),
        ("light at 10:30", "top left"),
        ("light at half past one", "top right"),
        ("lit from seven thirty on an imaginary dial", "bottom left"),
        ("between 4 and 5 o'clock", "bottom right"),
        ("halfway from seven to eight on the clock face", "bottom left"),
        ("the light is where the three would be on a watch", "right"),
        ("where the minute hand points at quarter past", "right"),
        ("the minute hand's place at quarter to", "left"),
        ("where both hands meet at midnight", "top"),
        ("hour hand shows nine and so does my lamp", "left"),
        ("two o'clock high", "top right"),
        ("light at 3 o'clock, low", "bottom right"),
        ("move the light from 9 o'clock to 3 o'clock", "right"),
        ("the light travels from 9 o'clock to 3 o'clock", "left"),
        ("its shadow falls at 3 o'clock", "left"),
        ("light at 2 o'clock, f/8", "top right"),
    ],
)
def test_hours_are_places_on_the_picture(prompt: str, name: str):
    direction = exact_direction(prompt)
    assert direction is not None
    assert direction.nearest_name == name


def test_an_hour_and_its_half_lie_fifteen_degrees_apart_around_the_axis():
    whole, half = (exact_direction(f"light at {hour}") for hour in ("3 o'clock", "half past two"))
    assert whole is not None
    assert half is not None
    assert whole.vector[2] == pytest.approx(half.vector[2])
    assert 0 < half.vector[1] < half.vector[0] < whole.vector[0]


def test_an_hour_behind_is_a_rim_light():
    behind = exact_direction("from the 4 o'clock position, behind")
    before = exact_direction("from the 4 o'clock position")
    assert behind is not None
    assert before is not None
    assert behind.vector[:2] == pytest.approx(before.vector[:2])
    assert behind.vector[2] == pytest.approx(-before.vector[2])


@pytest.mark.parametrize(
    ("prompt", "azimuth"),
    [
        ("on a clock seen from above with the camera at six, the lamp stands at four", 60),
        ("clock laid flat, camera at six o'clock, light at nine o'clock", -90),
        ("one o'clock on our seating plan, me with the phone being at six", 150),
        ("1 o'clock on the plan of the room (camera: 6)", 150),
        ("seen from the ceiling, with the photographer at the six, a lantern at the eleven", -150),
        ("seen from above, camera at 6 o'clock, light at 12 o'clock", -180),
        ("if the camera is at 12 o'clock on a clock seen from above, light at 3 o'clock", -90),
    ],
)
def test_a_clock_that_lies_flat_is_a_plan(prompt: str, azimuth: float):
    direction = exact_direction(prompt)
    assert direction is not None
    assert direction.azimuth_deg == azimuth
    assert direction.elevation_deg == 0


@pytest.mark.parametrize(
    "prompt",
    [
        "light at 10 o'clock in the morning",
        "sunlight at 7 o'clock in the evening",
        "it's ten o'clock",
        "see you at 3 o'clock",
        "5 o'clock shadow",
        "a watch that shows 3 o'clock",
        "the plate stands at 3 o'clock",
        "around the clock",
        "light between 2 and 9 o'clock",
        "light at 3 o'clock and at 9 o'clock",
        "light at 13 o'clock",
        "light at 2 o'clock, its shadow at 8 o'clock",
        "clock laid flat, light at nine o'clock",
        "lunch at 12 o'clock in the sun",
        "light hits the watch from the left",
        "6 o'clock, high up",
    ],
)
def test_hours_that_are_no_places_are_left_to_the_network(prompt: str):
    assert exact_direction(prompt) is None


@pytest.mark.parametrize(
    ("prompt", "azimuth", "elevation"),
    [
        ("plan view: I'm at six, lamp at four, head height", 60, 0),
        ("plan view with the lens at 6: light at 4.30", 45, 0),
        ("on a floor plan with me at six, the light's at eleven, a bit raised", -150, 12),
        ("from above the scene is a clock, I stand on the six, light on the three", 90, 0),
        ("knife at 3 o'clock, fork at 12, light at 9", -55, 0),
        ("moth at six o'clock, lamp at twelve", 0, 55),
        ("coin relief: low angle lamp, three o'clock side", 80, 0),
        ("Dump behind. Sun is 3 o'clock in frame.", 55, 0),
    ],
)
def test_the_hour_of_the_light_among_others(prompt: str, azimuth: float, elevation: float):
    read = exact_direction(prompt)
    assert read is not None
    assert read.azimuth_deg == pytest.approx(azimuth, abs=1)
    assert read.elevation_deg == pytest.approx(elevation, abs=1)


@pytest.mark.parametrize(
    "prompt",
    [
        "set the hands of the watch to 2 o'clock",
        "at 10 past 10, like in watch adverts",
        "clock on the wall at five to twelve, hard light from the left edge",
    ],
)
def test_the_time_is_no_place(prompt: str):
    assert exact_direction(prompt) is None


@pytest.mark.parametrize(
    "prompt",
    [
        "9-o'clock-in-the-morning sun, behind my left shoulder while I shoot",
        "half past five, the sun is nearly down on the left side of the picture",
        "from twelve o'clock, where the crown is printed; in the proof it was at half past one",
    ],
)
def test_times_of_the_day_and_two_hours_are_left_to_the_readers(prompt: str):
    assert exact_direction(prompt) is None
