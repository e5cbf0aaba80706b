"""The sun by the compass and the hour, where the words say which way the camera looks."""

from __future__ import annotations

import random

from lasagna_relight.light_direction import LightDirection
from lasagna_relight.relit.caption_places import Place
from lasagna_relight.relit.caption_vocabulary import word_list

_BEARINGS = {
    "north": 0, "north-east": 45, "east": 90, "south-east": 135, "south": 180, "south-west": 225,
    "west": 270, "north-west": 315,
}  # fmt: skip
_LOOKING = word_list("""
we look {c}|looking {c}|the camera looks {c}|the camera faces {c}|shooting towards the {c}
|i'm facing {c}|facing {c}|the lens points {c}|we face {c}|the view is to the {c}|camera facing {c}
|i look to the {c}|looking out to the {c}|photographed looking {c}|with the camera pointing {c}
|if the camera points {c}|seen facing {c}
""")
_SUN = word_list("""
the sun in the {d}|the sun is in the {d}|sunlight from the {d}|the light comes from the {d}
|the sun stands in the {d}|light from the {d}|the lamp is to the {d}|a light in the {d}
|the moon is in the {d}|the sun low in the {d}|light from due {d}|lit from the {d}
""")
_HOURS = {
    "the sun is rising": 90, "at sunrise": 90, "the morning sun": 90,
    "the rising sun lights it": 90,
    "the sun is setting": 270, "at sunset": 270, "the evening sun": 270,
    "the setting sun lights it": 270, "low evening sun": 270, "early morning sun": 90,
}  # fmt: skip
_JOINS = (", ", " and ", "; ", ", with ", " - ", ". ")


def by_bearing(rng: random.Random) -> Place:
    """A light in the west as we look north is on the left; by the hour for the northern half."""
    looking = rng.choice(("north", "south", "east", "west"))
    if rng.random() < 0.3:
        lit, bearing = rng.choice(list(_HOURS.items()))
    else:
        said, bearing = rng.choice(list(_BEARINGS.items()))
        lit = rng.choice(_SUN).format(d=said)
    parts = [rng.choice(_LOOKING).format(c=looking), lit]
    rng.shuffle(parts)
    azimuth = (180 - (bearing - _BEARINGS[looking]) + 180) % 360 - 180
    elevation = 30.0 if abs(azimuth) == 180 else 8.0
    return Place(
        words=rng.choice(_JOINS).join(parts),
        direction=LightDirection(azimuth_deg=float(azimuth), elevation_deg=elevation),
    )
