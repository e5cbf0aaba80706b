"""Directions said with numbers: degrees, clock faces, compasses and the dataset's ids.

Each function takes its randomness and returns words with their direction; ``in_degrees`` says any
direction exactly.
"""

from __future__ import annotations

import random

from lasagna_relight.language.numerals import SMALL
from lasagna_relight.light_direction import (
    DIRECTION_NAMES,
    NAMED_DIRECTIONS,
    LightDirection,
    around,
)
from lasagna_relight.relit.caption_places import Place
from lasagna_relight.relit.caption_terms import (
    CLOCK_PHRASES,
    COMPASS,
    COMPASS_PHRASES,
    DATASET_PHRASES,
    HOURS,
)

_TENS = [
    "zero",
    "ten",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
]


_HANDS = (
    "where the minute hand points at {t}", "where the minute hand is at {t}",
    "the minute hand's place at {t}", "the big hand at {t}, from there", "minute hand at {t}",
    "where the long hand is at {t}", "from where the big hand points at {t}",
    "light where the minute hand stands at {t}",
)  # fmt: skip
_HOUR_HANDS = (
    "the hour hand shows {h} and so does the lamp", "where the hour hand is at {h}",
    "the short hand at {h}", "where the {h} is on a dial", "from the {h} on the clock face",
    "light from the {h} of a watch", "the {h} on the dial, that's where the light is",
)  # fmt: skip
_FROM_THE_RIGHT = (
    "{n} degrees counterclockwise from the right", "{n}° in the picture plane, 0° is right",
    "angle {n}° in the image plane, with 0 right and 90 up",
    "counterclockwise from the right in the picture: {n} degrees",
    "{n} degrees, counting counterclockwise from the right-hand side",
    "polar angle {n} degrees on the picture, as in maths", "{n}° anticlockwise of the right",
)  # fmt: skip
_FROM_THE_TOP = (
    "{n} degrees clockwise from the top", "{n}° clockwise from straight up, seen on the picture",
    "{n} degrees clockwise of up in the image", "clockwise from the top by {n} degrees",
)  # fmt: skip
_OVER_THE_HORIZON = (
    "{n} degrees {o} the {h}, from the {s}", "from the {s}, {n} degrees {o} the {h}",
    "{n}° {o} the {h}, coming from the {s}", "on the {s}, {n} degrees {o} the {h}",
    "light from the {s} with an elevation of {n} degrees {o} the {h}",
    "{s} side, {n} degrees {o} the {h}", "{n} degrees {o} the {h} on the {s}",
    "light {n}° {o} the {h}, {s}",
)  # fmt: skip


def on_a_clock(rng: random.Random) -> Place:
    """A place on a clock's face: "light at 2 o'clock"."""
    hour = rng.randrange(12)
    spoken = HOURS[hour] if rng.random() < 0.3 else str(hour or 12)
    words = rng.choice(CLOCK_PHRASES).replace("{h}", spoken)
    if rng.random() < 0.08:
        words = words.replace(spoken, f"half past {spoken}")
        return Place(words=words, direction=around(30 * hour + 15))
    return Place(words=words, direction=around(30 * hour))


def by_minute_hand(rng: random.Random) -> Place:
    """A place on a clock's face by its hands: "where the minute hand is at quarter past"."""
    hour = rng.choice((0, 3, 3, 6, 9, 9, rng.randrange(12)))
    times = {0: ("the full hour", "twelve"), 3: ("quarter past",), 6: ("half past",),
             9: ("quarter to",)}  # fmt: skip
    minutes = 5 * hour if hour <= 6 else 60 - 5 * hour
    said = f"{minutes} minutes {'past' if hour <= 6 else 'to'} the hour"
    when = rng.choice((said, *times.get(hour, ()), *times.get(hour, ())))
    words = rng.choice(_HANDS).format(t=when)
    if rng.random() < 0.3:
        h = HOURS[hour]
        words = rng.choice(_HOUR_HANDS).format(h=h if rng.random() < 0.6 else str(hour or 12))
    return Place(words=words, direction=around(30 * hour))


def in_the_picture_plane(rng: random.Random) -> Place:
    """An angle seen on the picture: counted from the right, or clockwise from straight up."""
    degrees = 15 * rng.randrange(24)
    if rng.random() < 0.6:
        words, clock = rng.choice(_FROM_THE_RIGHT), 90 - degrees
    else:
        words, clock = rng.choice(_FROM_THE_TOP), degrees
    return Place(words=words.format(n=degrees), direction=around(clock))


def over_the_horizon(rng: random.Random) -> Place:
    """So many degrees above or below the horizontal, on one side."""
    degrees, side = 5 * rng.randint(2, 16), rng.choice((-1, 1))
    up = rng.random() < 0.75
    words = rng.choice(_OVER_THE_HORIZON).format(
        n=degrees if rng.random() < 0.8 or degrees % 10 else _TENS[degrees // 10],
        s="left" if side < 0 else "right",
        o=rng.choice(("above", "over", "up from") if up else ("below", "under", "down from")),
        h=rng.choice(("horizon", "horizontal", "horizontal plane")),
    )
    return Place.at(words, (68 * side, degrees if up else -degrees))


def on_a_compass(rng: random.Random) -> Place:
    """A place on a map whose north is the top of the picture: "from the north-east"."""
    point = rng.randrange(16) if rng.random() < 0.2 else 2 * rng.randrange(8)
    words = rng.choice(COMPASS_PHRASES).replace("{c}", rng.choice(COMPASS[point].split("|")))
    return Place(words=words, direction=around(22.5 * point))


def by_dataset_id(rng: random.Random) -> Place:
    """A direction by its id, as in the paper's "A photo of a {object} with {k} lighting"."""
    k = rng.randrange(len(DIRECTION_NAMES))
    words = rng.choice(DATASET_PHRASES).replace("{k}", str(k))
    return Place(words=words, direction=NAMED_DIRECTIONS[DIRECTION_NAMES[k]])


def at_random_degrees(rng: random.Random) -> Place:
    """Any direction, said in degrees; round numbers are common."""
    if rng.random() < 0.5:
        azimuth, elevation = 15 * rng.randint(-12, 12), 15 * rng.randint(-6, 6)
    else:
        azimuth, elevation = rng.randint(-180, 180), rng.randint(-90, 90)
    if rng.random() < 0.35:
        elevation = 0
    if rng.random() < 0.15:
        azimuth = 0
    return in_degrees(LightDirection(azimuth_deg=azimuth, elevation_deg=elevation), rng)


def in_degrees(direction: LightDirection, rng: random.Random) -> Place:
    """``direction`` said in whole degrees, as a pair of angles or in sentences."""
    azimuth, elevation = round(direction.azimuth_deg), round(direction.elevation_deg)
    words = rng.choice(_FORMS)(azimuth, elevation, rng)
    return Place.at(words, (azimuth, elevation))


def _pair(azimuth: int, elevation: int, rng: random.Random) -> str:
    a, e, join = rng.choice(
        (("azimuth", "elevation", " "), ("az", "el", " "), ("azimuth", "elevation", "="),
         ("azimuth", "elevation", ": "), ("azimuth", "altitude", " "), ("az", "elev", "="),
         ("azimuth of", "elevation of", " "), ("an azimuth of", "an elevation of", " "),
         ("yaw", "pitch", " "), ("pan", "tilt", " "),
         ("azimuth at", "elevation at", " "), ("azimuth is", "elevation is", " ")),
    )  # fmt: skip
    unit = rng.choice(("", "", "", "°", " degrees", " deg"))
    said = [f"{a}{join}{azimuth}{unit}", f"{e}{join}{elevation}{unit}"]
    if a in ("azimuth", "az") and rng.random() < 0.2:
        said = [f"{azimuth}{unit} {a}", f"{elevation}{unit} {e}"]
    if elevation == 0 and rng.random() < 0.7:
        said.pop()
    elif azimuth == 0 and rng.random() < 0.3:
        said.pop(0)
    return rng.choice((", ", " ", " and ", "; ")).join(said)


def _sentence(azimuth: int, elevation: int, rng: random.Random) -> str:
    side = "right" if azimuth > 0 else "left"
    said = []
    if azimuth:
        degrees = _degrees(abs(azimuth), rng)
        said.append(
            rng.choice(
                ("{d} to the {s}", "{d} {s}", "{d} to the {s} of the camera", "{d} from the {s}",
                 "at {d} to the {s}", "rotated {d} to the {s}", "at an angle of {d} to the {s}",
                 "{s} by {d}", "{d} camera {s}", "{d} to camera {s}", "{d} to its {s}",
                 "{d} toward the {s}", "{d} on the {s}", "moved {d} to the {s}", "{d} {s} of it",
                 "at {d} on the {s}", "{d} {s} of the lens", "swung {d} to the {s}",
                 "turned {d} {s}", "{d} off axis to the {s}"),
            ).format(d=degrees, s=side)
        )  # fmt: skip
    if elevation or not azimuth:
        up = rng.choice(
            (
                "up",
                "above",
                "high",
                "above the horizon",
                "upwards",
                "above eye level",
                "raised",
                "higher",
                "above it",
                "elevated",
                "over the horizon",
                "upward",
            )
            if elevation >= 0
            else (
                "down",
                "below",
                "low",
                "below the horizon",
                "downwards",
                "below eye level",
                "lowered",
                "lower",
                "below it",
                "under the horizon",
                "downward",
            )
        )
        last = "{u} {d}" if " " not in up else "{d} {u}"
        form = rng.choice(("{d} {u}", "{d} {u}", "{u} by {d}", "{u} {d}", last))
        said.append(form.format(d=_degrees(abs(elevation), rng), u=up))
    return rng.choice((", ", " and ", ", ", " ")).join(said)


_FORMS = (_pair, _sentence, _sentence)


def _degrees(value: int, rng: random.Random) -> str:
    if rng.random() < 0.3:
        return f"{_spelled(value)} degrees"
    return rng.choice(("{} degrees", "{}°", "{} deg", "{}", "{} degrees")).format(value)


def _spelled(value: int) -> str:
    if value >= 100:
        rest = value % 100
        return "one hundred" + (f" {_spelled(rest)}" if rest else "")
    if value < 20:
        return SMALL[value]
    return _TENS[value // 10] + (f" {SMALL[value % 10]}" if value % 10 else "")
