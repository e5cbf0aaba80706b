"""English for where a light stands: tables of places, each with its direction.

``{s}`` stands for left or right, ``{o}`` for the other side; a sided entry's azimuth is that of its
right-hand form. Angles are (azimuth, elevation) in degrees, as in ``light_direction``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from lasagna_relight.light_direction import LightDirection
from lasagna_relight.relit.caption_vocabulary import SUBJECTS, word_list

Angles = tuple[int, int]

CORNER_EL = 35
"""Elevation of the named corner directions; their azimuth is 45 degrees."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place in words (one of the three forms of the tables below) and its direction."""

    words: str
    direction: LightDirection

    @classmethod
    def at(cls, words: str, angles: tuple[float, float]) -> Place:
        """``words`` for (azimuth, elevation) in degrees."""
        azimuth, elevation = map(float, angles)
        return cls(
            words=words, direction=LightDirection(azimuth_deg=azimuth, elevation_deg=elevation)
        )


# Answers "where does it come from": "light ... ".
FROM_SIDED: dict[Angles, str] = {
    (55, 0): "from the {s}|from the {s} side|from {s}|from the {s} hand side"
    "|from the {s}-hand side|from the {s} edge|from the {s} of the frame"
    "|from the {s} of the picture|from your {s}|from the {s} side of the image|from camera {s}"
    "|from screen {s}|from picture {s}|coming in from the {s}|from {s} of frame"
    "|from the {s} at eye level|from the viewer's {s}|from the side, on the {s}"
    "|from the {s}ward side|on the {s} side of it|{s}wards of it|across from the {s}"
    "|in from the {s}|entering {s}|from its {s}|from the {s} margin|from offscreen {s}"
    "|from out of frame on the {s}|from the side ({s})|from my {s}|from our {s}|from my {s} side"
    "|from my {s}-hand side|from the {s} as i see it|from off camera {s}"
    "|from just outside the frame, {s}|in through the {s}|in through the {s} side|via the {s}"
    "|via the {s} edge|through the {s} side|out of the {s}|off the {s} edge|past the {s} edge"
    "|across the {s} border|in at the {s}|out of the {s} margin|over the {s} edge"
    "|by way of the {s} side|from the direction of the {s}|from somewhere on the {s}"
    "|over from the {s}|level, from the {s}|toward it from the {s}",
    (85, 0): "from the far {s}|from hard {s}|straight from the {s}|directly from the {s}"
    "|exactly from the {s} side|from the side, directly {s}|from the extreme {s}"
    "|fully from the {s}|raking in from the {s}|grazing from the {s}|purely from the {s}"
    "|perpendicular from the {s}|at right angles from the {s}|entirely from the {s}",
    (22, 0): "from slightly {s} of the camera|from a little to the {s}|from just {s} of the lens"
    "|slightly from the {s}|a bit from the {s}|from near the camera, a touch {s}"
    "|from the front, slightly {s}|from a bit {s} of the viewer|from almost the front, to the {s}"
    "|from right beside the camera on its {s} side|mostly frontal, slightly {s}"
    "|a tad {s} of center|just off axis to the {s}|from a hair {s} of the camera",
    (40, 0): "from the front {s}|from front-{s}|from the {s} front|from in front and to the {s}"
    "|from the front and the {s}|diagonally from the front {s}|three quarters from the {s}",
    (45, CORNER_EL): "from the upper {s}|from the top {s}|from top {s}|from upper {s}"
    "|from top-{s}|from the top {s} corner|from the upper {s} corner|from above {s}"
    "|from above and to the {s}|from above on the {s}|from the {s} and above"
    "|from high on the {s}|from overhead on the {s}|from the upper {s}-hand corner"
    "|from the {s}, above|from up on the {s}|from the {s} top|from above, {s} side"
    "|from the {s} from above|down from the {s}|from up {s}|from high {s}"
    "|from the upper {s} side|from over on the {s}, high up|from above the {s} shoulder"
    "|over the {s} shoulder|diagonally from above {s}|from the {s}, high up|from up high {s}"
    "|slanting down from the {s}|through the upper {s} corner|via the top {s} corner"
    "|out of the upper {s}|in through the top {s}|down through the upper {s}"
    "|off the top {s} corner|from aloft on the {s}|from above at the {s}"
    "|from a height on the {s}|from {s} above|from the {s}, a bit above|from above and {s}"
    "|from over the {s} edge of the top",
    (50, 18): "from slightly above on the {s}|from the {s} and slightly above"
    "|from the {s}, a bit up"
    "|from a little above, {s}|from just above eye level on the {s}",
    (45, 58): "from very high on the {s}|from almost overhead on the {s}|from steeply above, {s}"
    "|from nearly overhead, slightly {s}|from high overhead to the {s}",
    (45, -CORNER_EL): "from the lower {s}|from the bottom {s}|from bottom {s}|from lower {s}"
    "|from bottom-{s}|from the bottom {s} corner|from the lower {s} corner|from below {s}"
    "|from below and to the {s}|from below on the {s}|from the {s} and below|from low {s}"
    "|from down on the {s}|from underneath on the {s}|from the {s}, below|up from the {s}"
    "|from the {s} from below|from the lower {s}-hand corner|from beneath on the {s}"
    "|from the floor on the {s}|from the ground to the {s}|from below, {s} side|from down {s}"
    "|from down low on the {s}|slanting up from the {s}|from {s} below"
    "|from the {s}, close to the ground"
    "|through the lower {s} corner|via the bottom {s} corner|out of the lower {s}"
    "|in through the bottom {s}|up through the lower {s}|off the bottom {s} corner"
    "|from knee height on the {s}|from below at the {s}|from under the {s} side",
    (50, -18): "from slightly below on the {s}|from the {s} and slightly below"
    "|from the {s}, a bit down",
    (125, 0): "from behind on the {s}|from behind {s}|from behind and to the {s}|from the back {s}"
    "|from the {s} and behind|from back {s}|from behind-{s}|from the rear {s}|from the {s} rear"
    "|from the {s} back|from behind, on the {s} side|from the back on the {s}"
    "|from the {s} behind it"
    "|from over its {s} shoulder from behind|from the {s} from behind|from {s} behind|from rear {s}"
    "|from the background on the {s}|from the far side on the {s}|from beyond it to the {s}"
    "|from the back {s} corner|diagonally from behind, {s}|from three quarters behind on the {s}"
    "|from behind the object on the {s}|from the backside, {s}",
    (105, 0): "from the {s} and slightly behind|from slightly behind on the {s}"
    "|from just behind, {s}",
    (150, 10): "from almost behind, slightly {s}|from nearly behind on the {s}"
    "|from behind, a little to the {s}|from behind and slightly {s}"
    "|from almost straight behind, {s}",
    (130, 40): "from behind and above on the {s}|from the upper {s} behind it"
    "|from behind, upper {s}"
    "|from high behind on the {s}|from above and behind, {s}|from the back, top {s}"
    "|from the upper {s} back|from behind at the top {s}",
    (130, -35): "from behind and below on the {s}|from the lower {s} behind it"
    "|from behind, lower {s}",
}

FROM_CENTRAL: dict[Angles, str] = {
    (0, 55): "from above|from the top|from overhead|from up above|from on top|from high above"
    "|from up|from above the object|from the top of the frame|from the top of the picture"
    "|from upstairs|from the top edge|down from above|falling from above|from over it"
    "|from over its head|top down|from the upper edge|from the upper side|from the top side"
    "|pouring down from above|from top|downwards|coming down on it|down onto it|from the ceiling"
    "|from the sky|from the heavens|through the top|via the top|through the roof|out of the sky"
    "|off the ceiling|in over the top|onto its head|on its head|onto its top|on top of it"
    "|from aloft|from on high|out of the ceiling|from above, centered|vertically from above"
    "|downward from above|from up top",
    (0, 80): "from directly above|from straight above|straight down|from directly overhead"
    "|from right above|from exactly above|vertically down|perpendicular from above"
    "|from straight overhead|right over it",
    (0, 28): "from slightly above the camera|from just above the lens"
    "|from the front and slightly above"
    "|from a bit above the viewer|from slightly above|from a little above",
    (0, 42): "from the front and above|from above and in front|from high in front"
    "|from the front, high up"
    "|from above the camera|from high above the camera|from above the viewer|from front top",
    (0, -55): "from below|from the bottom|from underneath|from beneath|from down below"
    "|from under it|from the floor|from the ground|up from below|from the bottom edge"
    "|from the lower edge|from the bottom of the frame|upwards|from the bottom of the picture"
    "|rising from below|bottom up|through the floor|out of the ground|up through the floor"
    "|off the floor|out of the floor|from the ground up|from the bottom up|from floor level"
    "|from ground level|up out of the ground|via the bottom|from its feet|from under"
    "|from beneath its feet|upward from beneath|from below, centered|from under the object"
    "|from under its chin|from bottom|from the underside|from down under|shining upward"
    "|from the bottom side|from low down|from the feet",
    (0, -80): "from directly below|from straight below|straight up from underneath"
    "|from exactly below",
    (0, -28): "from slightly below the camera|from just below the lens|from a bit below"
    "|from slightly below"
    "|from the front and slightly below",
    (0, 0): "from the front|from the camera|from the viewer|from in front|from where the camera is"
    "|from the camera's position|straight on|head on|head-on|from the lens|from my side"
    "|from your side"
    "|from the front side|directly from the front|from straight ahead|from the photographer"
    "|from the viewer's position|from where i stand|along the viewing axis|from our side|from front"
    "|from us|from me|from our direction|from our position|from behind us|from behind me"
    "|from behind the camera|from behind the photographer|from over my shoulder|from where we look"
    "|from the same side as the camera|from the same direction as the camera|out of the camera"
    "|from the eye of the viewer|frontally|from dead ahead|face on|from the camera direction"
    "|from in front of it|from before it|into its face|onto the face from the front"
    "|flat from the front",
    (180, 45): "from behind|from the back|from the rear|from behind it|from behind the object"
    "|from back|from the background|from the back side|from the far side|from in back"
    "|into the lens from behind|toward the camera from behind|from the other side of it"
    "|directly from behind|from beyond it|past it toward us|through it from behind"
    "|from the opposite side of the camera|from across, facing the camera|out of the background"
    "|out of the back|in from the back|from the hind side|from the other end|from right behind"
    "|straight from behind|from behind towards us|from its back|from the backside",
    (180, 55): "from behind and above|from above and behind|from the top back|from high behind"
    "|from behind, above|from the back and above|from the back top|from over the back"
    "|from behind at the top"
    "|from above behind it|from the top and behind|from behind the top|from behind, high up"
    "|from top behind",
    (180, 10): "from low behind it|from behind, at its level|from behind, low",
    (180, -45): "from behind and below|from below and behind|from behind, below"
    "|from the bottom back",
}

# Answers "where is it": "the light is ...".
AT_SIDED: dict[Angles, str] = {
    (55, 0): "on the {s}|to the {s}|at the {s}|on the {s} side|on the {s} hand side"
    "|at the {s} edge|{s} of the subject|to its {s}|at the {s} of the frame|beyond the {s} edge"
    "|on your {s}|to the {s} of the object|at the {s} side|off to the {s}|camera {s}|screen {s}"
    "|stage {s} as we see it|next to it on the {s}|over on the {s}|on the {s} of the picture"
    "|{s} of the picture|by the {s}|at the {s} border|just off the {s} edge"
    "|out of view on the {s}|standing {s} of it|{s}|on my {s}|to my {s}|at my {s}|on our {s}"
    "|off camera {s}|offscreen {s}|out of frame on the {s}|just outside the frame to the {s}"
    "|on the viewer's {s}|at its {s}|{s} of the camera's view",
    (85, 0): "on the far {s}|hard {s}|directly {s} of it|exactly to the {s}|all the way to the {s}"
    "|due {s}|at the extreme {s}|square to the {s}",
    (22, 0): "slightly {s} of the camera|just {s} of the lens|a little to the {s} of the viewer"
    "|a bit {s} of the camera|near the camera, slightly {s}|a step {s} of the photographer"
    "|close to the lens on its {s}",
    (40, 0): "in front on the {s}|in front and to the {s}|front {s}"
    "|between the camera and the {s} edge",
    (45, CORNER_EL): "at the top {s}|in the upper {s}|in the top {s} corner"
    "|in the upper {s} corner|high on the {s}|high up on the {s}|above on the {s}"
    "|above and to the {s}|at the upper {s}|up {s}|up on the {s}|above {s}|top {s}|upper {s}"
    "|over the {s} shoulder|in the {s} top corner|above to the {s}|on the {s}, up high"
    "|in the sky on the {s}|overhead {s}|high {s}|aloft on the {s}|at top {s} of the frame"
    "|on the upper {s} side|above it, to its {s}|hanging on the {s}|high in the {s} corner"
    "|up in the {s} corner|high, in the {s} corner|up top on the {s}|above, on the {s}"
    "|in the {s} corner of the ceiling|in the upper {s}-hand corner|{s} and high",
    (45, -CORNER_EL): "at the bottom {s}|in the lower {s}|in the bottom {s} corner"
    "|in the lower {s} corner"
    "|on the floor to the {s}|on the ground on the {s}|below on the {s}|below and to the {s}"
    "|at the lower {s}|down {s}|down on the {s}|below {s}|bottom {s}|lower {s}"
    "|in the {s} bottom corner"
    "|beneath it on the {s}|underneath, to the {s}|on the floor on the {s}|at foot level on the {s}"
    "|down in the {s} corner|low in the {s} corner|low, in the {s} corner|low down on the {s}"
    "|lying on the ground to the {s}|at its feet on the {s}|in the lower {s}-hand corner",
    (60, 10): "low on the {s}|low over the horizon on the {s}|near the horizon at the {s}"
    "|low {s} in the sky",
    (125, 0): "behind on the {s}|behind and to the {s}|behind {s}|at the back {s}|back {s}|rear {s}"
    "|behind it on the {s}|in the background on the {s}|behind its {s} side|in the back on the {s}"
    "|behind the object, {s} side|on the {s} behind it|to the {s} and behind|behind to the {s}"
    "|at the rear {s}|in the {s} background|on the {s} in the distance behind it",
    (130, 40): "behind and above on the {s}|high behind on the {s}|behind the top {s} corner"
    "|up behind it on the {s}",
    (150, 12): "almost behind it, slightly {s}|nearly behind, a bit {s}|behind it and slightly {s}",
}

AT_CENTRAL: dict[Angles, str] = {
    (0, 55): "above|above it|overhead|at the top|on top|over it|over its head|up above"
    "|high above it"
    "|on the ceiling|hanging from the ceiling|above the object|over the object|up high"
    "|in the sky above"
    "|at the top of the frame|above its head|at the top edge|above the scene|in the zenith",
    (0, 80): "directly above|straight above it|right overhead|exactly overhead|right on top of it",
    (0, 38): "above the camera|over the camera|above the viewer|in front and above|high in front",
    (0, -55): "below|underneath|beneath it|below it|at the bottom|under it|on the floor"
    "|on the ground"
    "|at its feet|on the floor below it|below the frame|under its chin|underneath the object"
    "|down below"
    "|at the bottom edge|beneath the object|set into the floor|on the ground in front of its feet",
    (0, 0): "in front|at the camera|on the camera|at the front|next to the lens"
    "|where the viewer stands"
    "|on camera|on the camera's axis|behind the camera|behind the viewer|behind the photographer"
    "|in front of it|right in front|facing it|in the photographer's hand|at the viewer|in our hands"
    "|behind me|in my hand|mounted on the camera|around the lens|held by the viewer"
    "|in front of the object",
    (180, 45): "behind|behind it|at the back|in the background|behind the object|in back"
    "|at the rear"
    "|right behind it|hidden behind it|on the far side|directly behind|at its back"
    "|behind the subject",
    (180, 55): "behind and above|above and behind it|high behind it|behind the top|up behind it"
    "|over and behind it|on a boom behind and above it",
    (180, 10): "low behind it|behind it, close to the horizon|on the horizon behind it",
    (180, -45): "behind and below|below and behind it|on the floor behind it",
}

# Goes before "light", "lighting", "lit".
ADJECTIVE_SIDED: dict[Angles, str] = {
    (55, 0): "{s}|{s} side|{s}-side|{s}ward|{s} sided|{s}-hand|{s}-hand side|camera-{s}"
    "|{s} lateral",
    (45, CORNER_EL): "top {s}|top-{s}|upper {s}|upper-{s}|top{s}|upper{s}|{s} top|{s} upper"
    "|high {s}"
    "|top {s} corner|upper {s} corner|upper {s}-hand|{s} overhead",
    (45, -CORNER_EL): "bottom {s}|bottom-{s}|lower {s}|lower-{s}|bottom{s}|lower{s}|{s} bottom"
    "|low {s}"
    "|bottom {s} corner|lower {s} corner|{s} lower|lower {s}-hand",
    (125, 0): "back {s}|back-{s}|behind {s}|behind-{s}|rear {s}|{s} back|{s} rear|{s} rim|rim {s}"
    "|{s} edge rim|back {s} rim",
    (40, 0): "front {s}|front-{s}|{s} front",
    (130, 40): "top {s} back|upper {s} rear|back top {s}",
}

ADJECTIVE_CENTRAL: dict[Angles, str] = {
    (0, 55): "top|overhead|top-down|upper|high|downward|ceiling|top edge|zenithal|down",
    (0, -55): "bottom|under|lower|low-angle upward|floor|upward|bottom-up|ground-level upward|base",
    (0, 0): "front|frontal|on-camera|head-on|on-axis|straight-on|flat front|axial|camera-mounted",
    (180, 45): "back|rear|background|behind|counter",
    (180, 55): "behind top|top back|back top|rear overhead|top rim|top-back|high back|rear top",
    (0, 40): "high front|front top|high frontal|top front",
}


def _entries(sided: dict[Angles, str], central: dict[Angles, str]) -> list[tuple[Angles, str]]:
    """Every (angles, words) of two tables, sided entries twice as often as central ones."""
    spread = [(angles, words) for angles, many in sided.items() for words in many.split("|")]
    middle = [(angles, words) for angles, many in central.items() for words in many.split("|")]
    return spread + spread + middle


_FROM = _entries(FROM_SIDED, FROM_CENTRAL)
_AT = _entries(AT_SIDED, AT_CENTRAL)
_ADJECTIVE = _entries(ADJECTIVE_SIDED, ADJECTIVE_CENTRAL)


def _common(table: list[tuple[Angles, str]]) -> dict[Angles, list[str]]:
    grouped: dict[Angles, list[str]] = {}
    for angles, words in table:
        grouped.setdefault(angles, []).append(words)
    return grouped


_BY_ANGLES = {"from": _common(_FROM), "at": _common(_AT), "adjective": _common(_ADJECTIVE)}
_TABLES = {"from": _FROM, "at": _AT, "adjective": _ADJECTIVE}

HEDGES = word_list("""
more or less|pretty much|roughly|approximately|about|around|sort of|kind of|basically|exactly
|precisely|essentially|just|quite|somewhere|simply|only|straight|definitely|clearly|mostly|mainly
|nearly|almost|not quite|close to|strictly|really|maybe|perhaps|probably|generally|solely|as if
|like|preferably|ideally|entirely
""")
"""What may go before a place and leaves its direction as it is."""


def place(form: str, rng: random.Random) -> Place:
    """A random place in one of the forms "from", "at" and "adjective".

    Half of the draws choose the angles first, so that rarely worded directions are as frequent as
    richly worded ones. At times "it" becomes somebody or something.
    """
    if rng.random() < 0.5:
        angles, words = rng.choice(_TABLES[form])
    else:
        grouped = _BY_ANGLES[form]
        angles = rng.choice(list(grouped))
        words = rng.choice(grouped[angles])
    if rng.random() < 0.3:
        words = re.sub(r"\b(it|the object|the subject)\b", rng.choice(SUBJECTS), words, count=1)
    if form != "adjective" and rng.random() < 0.08:
        words = f"{rng.choice(HEDGES)} {words}"
    return sided(words, angles, rng)


def sided(words: str, angles: Angles, rng: random.Random) -> Place:
    """``words``, a random side in ``{s}`` and the other in ``{o}``, and their direction."""
    azimuth, elevation = angles
    side = rng.choice(("left", "right"))
    if side == "left" and ("{s}" in words or "{o}" in words):
        azimuth = -azimuth
    other = "left" if side == "right" else "right"
    return Place.at(words.replace("{s}", side).replace("{o}", other), (azimuth, elevation))


def drawn_from(table: dict[Angles, str], rng: random.Random) -> Place:
    """A place of ``table``: its angles first, then one of their wordings."""
    angles, many = rng.choice(list(table.items()))
    return sided(rng.choice(many.split("|")), angles, rng)


def in_table(table: dict[Angles, str]) -> Callable[[random.Random], Place]:
    """What draws from ``table``."""
    return partial(drawn_from, table)
